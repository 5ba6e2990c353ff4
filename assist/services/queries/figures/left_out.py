"""What the rates leave out in a period, so that leaving out is seen: each count with the list behind it. As of now."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select

from assist.domain.rates import Period
from assist.domain.requests import RequestKind, RequestStatus
from assist.domain.status import ClockKind, Verdict
from assist.models import Clock, Request, Ticket
from assist.services.access import sees_all, visible
from assist.services.queries.figures.facts import within
from assist.services.work import Work

Condition = ColumnElement[bool]


@dataclass(frozen=True)
class LeftOut:
    """Withdrawn, declined, merged while not late; 代录 not yet confirmed while not late; standing still."""

    withdrawn: int
    declined: int
    merged: int
    unverified: int
    paused: int


def _void(period: Period) -> Condition:
    return and_(within(period, Clock.counts_at), Clock.verdict == Verdict.VOID)


def _was_declined() -> Condition:
    """The clock ended by a decline, be it that the matter was taken up again after a review."""
    return (
        select(Request.id)
        .where(
            Request.ticket_id == Clock.ticket_id,
            Request.kind == RequestKind.DECLINE,
            Request.status == RequestStatus.APPROVED,
            Request.decided_at == Clock.stopped_at,
        )
        .exists()
    )


def _unverified(period: Period) -> Condition:
    return and_(
        within(period, Clock.counts_at),
        Ticket.is_entered,
        Ticket.entry_verified_at.is_(None),
        Clock.verdict == Verdict.MET,
    )


# Of the first round's resolution clock.
KINDS: dict[str, Callable[[Period], Condition]] = {
    "withdrawn": lambda period: and_(_void(period), Ticket.merged_at.is_(None), ~_was_declined()),
    "declined": lambda period: and_(_void(period), Ticket.merged_at.is_(None), _was_declined()),
    "merged": lambda period: and_(_void(period), Ticket.merged_at.is_not(None)),
    "unverified": _unverified,
    "paused": lambda period: and_(Clock.paused_at.is_not(None), Clock.stopped_at.is_(None)),
}


def _rows(what: str, period: Period, column: Any) -> Select[Any]:
    query = select(column).select_from(Clock).join(Ticket, Ticket.id == Clock.ticket_id)
    query = query.where(Clock.kind == ClockKind.RESOLUTION, Clock.round_no == 1)
    return query.where(KINDS[what](period))


def left_out(work: Work, period: Period) -> LeftOut:
    """All counts in one statement, inside what the reader may see."""
    counts = []
    for what in KINDS:
        query = _rows(what, period, func.count(Ticket.id.distinct()))
        counts.append(query if sees_all(work.actor) else query.where(visible(work.actor)))
    row = work.session.execute(select(*(each.scalar_subquery() for each in counts))).one()
    return LeftOut(**dict(zip(KINDS, (int(value) for value in row), strict=True)))


def tickets_left_out(what: str, period: Period) -> Condition:
    """The condition on `Ticket` behind one of the counts."""
    return Ticket.id.in_(_rows(what, period, Ticket.id))
