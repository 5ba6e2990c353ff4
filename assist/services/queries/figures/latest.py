"""最新动态 for a wall: what moved last, people and enterprises masked, restricted matters left out."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from assist.domain.masking import mask_enterprise, mask_person
from assist.domain.status import Status
from assist.models import Account, Enterprise, Ticket
from assist.services.access import sees_all, visible
from assist.services.queries.figures.narrowing import Narrowing
from assist.services.work import Work


@dataclass(frozen=True)
class Moved:
    """One ticket as a wall may show it."""

    number: str
    enterprise: str
    officer: str
    area: str
    category: str
    status: Status
    is_late: bool
    submitted_at: datetime


def latest(work: Work, narrowing: Narrowing, most: int) -> list[Moved]:
    """The newest submissions first. One statement, by the index of submissions."""
    query = (
        select(
            Ticket.number, Ticket.area_id, Ticket.category_id, Ticket.status, Ticket.due_at, Ticket.submitted_at,
            Enterprise.name, Account.name.label("officer"),
        )
        .join(Enterprise, Enterprise.id == Ticket.enterprise_id)
        .outerjoin(Account, Account.id == Ticket.owner_id)
        .where(Ticket.is_restricted.is_(False))
        .order_by(Ticket.submitted_at.desc(), Ticket.id.desc())
        .limit(most)
    )  # fmt: skip
    if not sees_all(work.actor):
        query = query.where(visible(work.actor))
    if narrowing.condition is not None:
        query = query.where(narrowing.condition)
    settings = work.settings
    return [
        Moved(
            row.number,
            mask_enterprise(row.name),
            mask_person(row.officer or "") or "无专员",
            settings.areas[row.area_id].name,
            settings.categories[row.category_id].name if row.category_id else "类别待定",
            row.status,
            bool(row.due_at and row.due_at < work.now),
            row.submitted_at,
        )
        for row in work.session.execute(query)
    ]
