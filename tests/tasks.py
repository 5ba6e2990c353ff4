"""What tests ask of tasks: their clocks, the ticket's events, what a person was told, a unit of 甲's own county."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from assist.domain.status import ClockKind
from assist.models import Clock, Message, Task, TicketEvent, Unit
from tests.cast import Cast

# 环保整改: units read it without the enterprise's name.
SHIELDED = "1202"


def county_unit(session: Session, cast: Cast) -> int:
    """A unit of 甲's own county, asked directly."""
    unit = Unit(name="东昌府区住建局", short_name="区住建局", level="county", area_id=cast.qian.actor.area_id)
    session.add(unit)
    session.commit()
    return unit.id


def clocks(session: Session, task: Task) -> dict[ClockKind, Clock]:
    """The last clock of each kind of a task."""
    session.expire_all()
    rows = session.scalars(select(Clock).where(Clock.task_id == task.id).order_by(Clock.id))
    return {row.kind: row for row in rows}


def running(session: Session, task: Task) -> set[ClockKind]:
    return {kind for kind, clock in clocks(session, task).items() if clock.stopped_at is None}


def events(session: Session, ticket_id: int) -> list[TicketEvent]:
    rows = select(TicketEvent).where(TicketEvent.ticket_id == ticket_id).order_by(TicketEvent.seq)
    return list(session.scalars(rows))


def told(session: Session, person: int, kind: str) -> list[Message]:
    query = select(Message).where(Message.recipient_id == person, Message.kind == kind)
    return list(session.scalars(query.order_by(Message.id)))
