"""What the rates leave out in a period, so that leaving out is seen: each count with the list behind it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import aliased

from assist.domain.rates import Period
from assist.domain.requests import RequestKind, RequestStatus
from assist.domain.status import ClockKind, Verdict
from assist.models import Clock, Request, Ticket
from assist.services.access import sees_all, visible
from assist.services.queries.figures.facts import (
    AsOf,
    ClockFacts,
    clock_facts,
    clocks_in,
    contact_denied,
    in_period,
    known,
    not_paused,
)
from assist.services.work import Work

Condition = ColumnElement[bool]
TITLES = {
    "withdrawn": "撤回且未超期",
    "declined": "不予受理且未超期",
    "merged": "并单且未超期",
    "unverified": "代录待企业确认",
    "paused": "暂停计时",
    "entered": "代录（不计入受理、首联、意见）",
    "denied": "企业表示没有接到联系（不计入首联）",
}
TIMELY = ("entered", "denied")  # of the first contact's time; the others are of the resolution's


@dataclass(frozen=True)
class LeftOut:
    """Withdrawn, declined, merged while not late; 代录 not yet confirmed while not late; standing still; and what the
    rates of acceptance, contact and opinion leave out.
    """

    withdrawn: int
    declined: int
    merged: int
    unverified: int
    paused: int
    entered: int
    denied: int


@dataclass(frozen=True)
class Term:
    """The first round's resolution clock as it stood."""

    clock: Any
    facts: ClockFacts
    at: AsOf

    def is_void(self, period: Period) -> Condition:
        void = and_(self._is_in(period), self.clock.verdict == Verdict.VOID)
        return void if self.at.live else and_(void, self.clock.stopped_at <= self.at.at)

    def _is_in(self, period: Period) -> Condition:
        return in_period(period, self.facts, self.at)

    def was_merged(self) -> Condition:
        merged: Condition = Ticket.merged_at.is_not(None)
        return merged if self.at.live else and_(merged, Ticket.merged_at <= self.at.at)

    def was_declined(self) -> Condition:
        """It ended by a decline, be it that the matter was taken up again after a review."""
        return (
            select(Request.id)
            .where(
                Request.ticket_id == self.clock.ticket_id,
                Request.kind == RequestKind.DECLINE,
                Request.status == RequestStatus.APPROVED,
                Request.decided_at == self.clock.stopped_at,
            )
            .exists()
        )

    def is_unverified(self, period: Period) -> Condition:
        verified: Condition = Ticket.entry_verified_at.is_not(None)
        if not self.at.live:
            verified = and_(verified, Ticket.entry_verified_at <= self.at.at)
        return and_(
            self._is_in(period),
            Ticket.is_entered,
            ~func.coalesce(verified, False),
            self.facts.is_met(),
            self.clock.verdict == Verdict.MET,
        )

    def is_paused(self, period: Period) -> Condition:
        if self.at.live:
            return and_(self.clock.paused_at.is_not(None), self.clock.stopped_at.is_(None))
        running = and_(self.facts.stopped.is_(None), self.clock.started_at <= self.at.at)
        return and_(running, ~not_paused(self.clock, self.at))


    def is_entered(self, period: Period) -> Condition:
        return and_(self._is_in(period), self.clock.seq == 1, Ticket.is_entered)

    def is_denied(self, period: Period) -> Condition:
        own = and_(self._is_in(period), self.clock.seq == 1, Ticket.is_entered.is_(False))
        return and_(own, contact_denied(self.at))


KINDS: dict[str, Callable[[Term, Period], Condition]] = {
    "withdrawn": lambda term, period: and_(term.is_void(period), ~term.was_merged(), ~term.was_declined()),
    "declined": lambda term, period: and_(term.is_void(period), ~term.was_merged(), term.was_declined()),
    "merged": lambda term, period: and_(term.is_void(period), term.was_merged()),
    "unverified": Term.is_unverified,
    "paused": Term.is_paused,
    "entered": Term.is_entered,
    "denied": Term.is_denied,
}


def rows(what: str, period: Period, at: AsOf, *columns: Any) -> Select[Any]:
    """The tickets left out for one reason; what is selected may name `Ticket`."""
    kind = ClockKind.CONTACT if what in TIMELY else ClockKind.RESOLUTION
    if what == "paused":
        clock = aliased(Clock)
        facts = clock_facts(clock, at)
    else:
        clock, facts = clocks_in(period, at, kind, round_no=1)
    query = select(*columns).select_from(clock).join(Ticket, Ticket.id == clock.ticket_id)
    query = query.where(clock.kind == kind, clock.round_no == 1, known(at))
    return query.where(KINDS[what](Term(clock, facts, at), period))


def left_out(work: Work, period: Period, at: AsOf | None = None) -> LeftOut:
    """All counts in one statement, inside what the reader may see; as of now unless another time is said."""
    counts = []
    for what in KINDS:
        query = rows(what, period, at or AsOf(work.now, live=True), func.count(Ticket.id.distinct()))
        counts.append(query if sees_all(work.actor) else query.where(visible(work.actor)))
    row = work.session.execute(select(*(each.scalar_subquery() for each in counts))).one()
    return LeftOut(**dict(zip(KINDS, (int(value) for value in row), strict=True)))


def tickets_left_out(what: str, period: Period, at: AsOf) -> Condition:
    """The condition on `Ticket` behind one of the counts."""
    return Ticket.id.in_(rows(what, period, at, Ticket.id))
