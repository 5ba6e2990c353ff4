"""并单 as it is read: into which ticket one has been merged, what was answered there, which were merged into one.

A ticket may be merged into one that is merged further on: what counts is the ticket at the end of the way.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from assist.domain.status import Outcome, Result, Status
from assist.models import Ticket, TicketRound
from assist.services.work import Work


@dataclass(frozen=True)
class ParentAnswer:
    """The ticket that is worked on in this one's place. Its enterprise is told `answer` once it has opened it there."""

    number: str
    title: str
    status: Status
    outcome: Outcome | None
    answer: str
    answered_at: datetime | None
    is_opened: bool
    result: Result | None

    @property
    def is_answered(self) -> bool:
        return self.answered_at is not None


_way = (
    select(Ticket.id, Ticket.parent_id).where(Ticket.id == bindparam("ticket_id")).cte("way", recursive=True)
)
_way = _way.union(select(Ticket.id, Ticket.parent_id).join(_way, Ticket.id == _way.c.parent_id))
WAY = (
    select(Ticket.id, Ticket.parent_id, Ticket.number, Ticket.title, Ticket.status, TicketRound)
    .join(_way, _way.c.id == Ticket.id)
    .outerjoin(TicketRound, TicketRound.ticket_id == Ticket.id)
    .order_by(TicketRound.no)
)
_under = select(Ticket.id).where(Ticket.parent_id == bindparam("ticket_id")).cte("under", recursive=True)
_under = _under.union(select(Ticket.id).join(_under, Ticket.parent_id == _under.c.id))
UNDER = select(Ticket.number).join(_under, _under.c.id == Ticket.id).order_by(Ticket.id)


def way(work: Work, ticket: Ticket) -> Sequence[Any]:
    """A merged ticket and those it went into, each with its rounds (one statement; nothing for others)."""
    if ticket.parent_id is None:
        return []
    return work.session.execute(WAY, {"ticket_id": ticket.id}).all()


def rounds_of(found: Sequence[Any], ticket: Ticket) -> list[TicketRound]:
    """The ticket's own rounds among the rows of `way`."""
    return [row.TicketRound for row in found if row.id == ticket.id and row.TicketRound is not None]


def parent_of(found: Sequence[Any], *, is_contact: bool = False) -> ParentAnswer | None:
    """The ticket at the end of the way with its latest answer, or None when there is no way.

    `is_contact`: an answer that the enterprise has not opened is not shown here, so that opening it is written down.
    """
    rows = [row for row in found if row.parent_id is None]
    if not rows:
        return None
    head = rows[-1]
    last: TicketRound | None = next(
        (row.TicketRound for row in reversed(rows) if row.TicketRound and row.TicketRound.answered_at), None
    )
    if last is None:
        return ParentAnswer(head.number, head.title, head.status, None, "", None, False, None)
    is_told = last.opened_at is not None or not is_contact
    return ParentAnswer(
        head.number,
        head.title,
        head.status,
        last.outcome if is_told else None,
        (last.answer or "") if is_told else "",
        last.answered_at,
        last.opened_at is not None,
        last.result,
    )


def numbers_under(work: Work, ticket: Ticket) -> list[str]:
    """The numbers of all that were merged into this one, in the order they came (one statement)."""
    return list(work.session.scalars(UNDER, {"ticket_id": ticket.id}))
