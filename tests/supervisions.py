"""What tests ask of 督办: an order, one that is issued or proposed, its clock, an act on it by somebody."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from assist.domain.supervision import Addressee, SupervisionLevel, SupervisionStatus
from assist.models import Clock, Supervision, Ticket
from assist.models.engine import begin_writing
from assist.services import supervising
from tests.cast import Person
from tests.make import Make

L, A, S = SupervisionLevel, Addressee, SupervisionStatus


def order(level: SupervisionLevel = L.NOTICE, who: Addressee = A.OWNER, task: str = "") -> supervising.Order:
    return supervising.Order(level, who, task, "请说明超期原因，尽快办理，并书面反馈。")


def act(make: Make, who: Person, deed: Callable[..., Any], *words: Any, **more: Any) -> Any:
    """`act(make, cast.wang, supervising.accept, row.id)`: committed."""
    begin_writing(make.session)
    made = deed(make.work(who), *words, **more)
    make.session.commit()
    return made


def issued(make: Make, ticket: Ticket, given: supervising.Order | None = None) -> Supervision:
    make.act(make.cast.wang, ticket, supervising.issue, given or order())
    return make.session.scalars(select(Supervision).order_by(Supervision.id.desc()).limit(1)).one()


def proposed(session: Session, ticket: Ticket, level: SupervisionLevel = L.NOTICE) -> Supervision:
    row = Supervision(
        ticket_id=ticket.id, level=level, status=S.PROPOSED, why="办结超期1个工作日", addressee=A.OWNER
    )
    session.add(row)
    session.commit()
    return row


def clock_of(session: Session, row: Supervision) -> Clock:
    session.expire_all()
    return session.scalars(select(Clock).where(Clock.supervision_id == row.id)).one()
