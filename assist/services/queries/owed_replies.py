"""待反馈: 督办 addressed to the reader (his unit, his area), and 批示 on his tickets, that wait for an answer."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import String, and_, cast, false, literal, or_, select

from assist.domain.deadlines import Remaining, remaining_text
from assist.domain.shielding import shielded
from assist.domain.supervision import SupervisionLevel
from assist.models import Clock, Enterprise, Instruction, Supervision, Task, Ticket
from assist.services import supervision_access
from assist.services.work import Work


@dataclass(frozen=True)
class OwedReply:
    """`what` is supervision or instruction; `head` its level and number, or the leader; `title` what it is about."""

    what: str
    id: int
    ticket_number: str
    head: str
    title: str
    text: str
    due_at: datetime | None
    left: Remaining | None


def owed(work: Work, *, instructions: bool = False) -> list[OwedReply]:
    """What waits for the actor's reply, due first. `instructions`: those on his tickets too. One statement."""
    parts = _supervisions(work)
    if instructions:
        parts = parts.union_all(_instructions(work))
    together = parts.subquery()
    query: Any = (
        select(together, Ticket.number, Ticket.title, Enterprise.name, Enterprise.short_name)
        .join(Ticket, Ticket.id == together.c.ticket_id)
        .join(Enterprise, Enterprise.id == Ticket.enterprise_id)
        .order_by(together.c.due_at.is_(None), together.c.due_at, together.c.id)
    )
    return [_owed(work, row) for row in work.session.execute(query)]


def _supervisions(work: Work) -> Any:
    running = and_(Clock.supervision_id == Supervision.id, Clock.stopped_at.is_(None))
    return (
        select(
            literal("supervision").label("what"),
            Supervision.id.label("id"),
            Supervision.ticket_id.label("ticket_id"),
            cast(Supervision.level, String).label("level"),
            Supervision.number.label("number_or_leader"),
            Supervision.demand.label("text"),
            Clock.due_at.label("due_at"),
            Task.is_shielded.label("is_shielded"),
        )
        .join(Ticket, Ticket.id == Supervision.ticket_id)
        .outerjoin(Task, Task.id == Supervision.task_id)
        .outerjoin(Clock, running)
        .where(supervision_access.owed_by(work.actor))
    )


def _instructions(work: Work) -> Any:
    running = and_(Clock.instruction_id == Instruction.id, Clock.stopped_at.is_(None))
    return (
        select(
            literal("instruction"),
            Instruction.id,
            Instruction.ticket_id,
            literal(""),
            Instruction.leader_name,
            Instruction.text,
            Clock.due_at,
            false(),
        )
        .join(Ticket, Ticket.id == Instruction.ticket_id)
        .outerjoin(Clock, running)
        .where(
            Instruction.replied_at.is_(None),
            Ticket.owner_id.in_(work.actor.officers),
            or_(Ticket.owner_id == work.actor.account_id, Ticket.is_restricted.is_(False)),
        )
    )


def _owed(work: Work, row: Any) -> OwedReply:
    names = (row.name, row.short_name) if row.is_shielded else ()
    head = f"{row.number_or_leader}批示"
    if row.what == "supervision":
        head = f"{SupervisionLevel.of(row.level).title} {row.number_or_leader}"
    return OwedReply(
        what=row.what,
        id=row.id,
        ticket_number=row.number,
        head=head,
        title=shielded(row.title, names) if names else row.title,
        text=shielded(row.text, names) if names else row.text,
        due_at=row.due_at,
        left=remaining_text(work.settings.calendar, work.now, row.due_at) if row.due_at else None,
    )
