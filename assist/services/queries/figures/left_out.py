"""What the rates leave out in a period, so that leaving out is seen: each count with the list behind it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, reduce
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select, true
from sqlalchemy.orm import aliased

from assist.domain.rates import Period
from assist.domain.requests import RequestKind, RequestStatus
from assist.domain.status import ClockKind, Verdict
from assist.models import Clock, Request, SnapshotItem, Ticket
from assist.services.access import sees_all, visible
from assist.services.queries.figures.counting import time_of
from assist.services.queries.figures.facts import (
    AsOf,
    ClockFacts,
    clock_facts,
    clocks_in,
    contact_denied,
    entered,
    in_period,
    known,
    not_paused,
)
from assist.services.settings import FrozenMonth
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
# What is counted in one go, because it stands in the same rows.
TOGETHER = (("withdrawn", "declined", "merged"), ("unverified",), ("paused",), TIMELY)


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
    """The first round's clock as it stood; `is_alone`: told without its ticket, of the present."""

    clock: Any
    facts: ClockFacts
    at: AsOf
    is_alone: bool = False

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
        kept = and_(self._is_in(period), self.facts.is_met(), self.clock.verdict == Verdict.MET)
        if self.is_alone:
            return and_(kept, entered(self.clock, is_waiting=True))
        verified: Condition = Ticket.entry_verified_at.is_not(None)
        if not self.at.live:
            verified = and_(verified, Ticket.entry_verified_at <= self.at.at)
        return and_(kept, Ticket.is_entered, ~func.coalesce(verified, False))

    def is_paused(self, period: Period) -> Condition:
        if self.at.live:
            return and_(self.clock.paused_at.is_not(None), self.clock.stopped_at.is_(None))
        running = and_(self.facts.stopped.is_(None), self.clock.started_at <= self.at.at)
        return and_(running, ~not_paused(self.clock, self.at))

    def is_first(self, period: Period) -> Condition:
        return and_(self._is_in(period), self.clock.seq == 1)

    def is_entered(self, period: Period) -> Condition:
        return and_(self.is_first(period), entered(self.clock) if self.is_alone else Ticket.is_entered)

    def is_denied(self, period: Period) -> Condition:
        own = ~entered(self.clock) if self.is_alone else Ticket.is_entered.is_(False)
        return and_(self.is_first(period), contact_denied(self.at, self.clock.ticket_id), own)  # few are denied


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
    kind, term = _term(what, period, at)
    clock = term.clock
    query = select(*columns).select_from(clock).join(Ticket, Ticket.id == clock.ticket_id)
    return query.where(clock.kind == kind, clock.round_no == 1, known(at), KINDS[what](term, period))


def _term(what: str, period: Period, at: AsOf, *, is_alone: bool = False) -> tuple[ClockKind, Term]:
    kind = ClockKind.CONTACT if what in TIMELY else ClockKind.RESOLUTION
    if what == "paused":
        clock = aliased(Clock)
        return kind, Term(clock, clock_facts(clock, at), at, is_alone)
    return kind, Term(*clocks_in(period, at, kind, round_no=1), at, is_alone)


def left_out(work: Work, period: Period, at: AsOf | None = None) -> LeftOut:
    """All counts in one statement, inside what the reader may see; as of now unless another time is said."""
    at, is_all = at or AsOf(work.now, live=True), sees_all(work.actor)
    counts: list[Any] = []
    for whats in TOGETHER:
        query = _together(whats, at.live, at.live and is_all and whats[0] != "withdrawn")
        counts.append((query if is_all else query.where(visible(work.actor))).subquery())
    columns = [column for each in counts for column in each.c]
    beside = reduce(lambda one, other: one.join(other, true()), counts)
    times = {"start": period.start, "end": period.end, "at": at.at}
    row = work.session.execute(select(*columns).select_from(beside), times).one()
    return LeftOut(**{what: int(row._mapping[what]) for what in KINDS})


@lru_cache(maxsize=32)
def _together(whats: tuple[str, ...], live: bool, is_alone: bool) -> Any:
    """One row of counts, its times left open, built once; `is_alone`: without going to each ticket."""
    at, period = AsOf(time_of("at"), live), Period(time_of("start"), time_of("end"), "")
    kind, term = _term(whats[0], period, at, is_alone=is_alone)
    clock = term.clock
    conditions = {what: KINDS[what](term, period) for what in whats}
    counted = clock.ticket_id if whats == TIMELY else clock.ticket_id.distinct()  # a ticket has one first time
    if len(whats) == 1:
        query: Any = select(func.count(counted).label(whats[0])).where(*conditions.values())
    else:
        query = select(*(func.count(counted).filter(each).label(what) for what, each in conditions.items()))
        query = query.where(term.is_void(period) if whats[0] == "withdrawn" else term.is_first(period))
    query = query.select_from(clock).where(clock.kind == kind, clock.round_no == 1)
    return query if is_alone else query.join(Ticket, Ticket.id == clock.ticket_id).where(known(at))


def frozen(work: Work, month: FrozenMonth) -> LeftOut:
    """The counts that a frozen month lists."""
    query = select(SnapshotItem.what, func.count()).where(SnapshotItem.snapshot_id == month.snapshot_id)
    found = {row[0]: int(row[1]) for row in work.session.execute(query.group_by(SnapshotItem.what))}
    return LeftOut(**{what: found.get(what, 0) for what in KINDS})


def tickets_left_out(what: str, period: Period, at: AsOf) -> Condition:
    """The condition on `Ticket` behind one of the counts."""
    return Ticket.id.in_(rows(what, period, at, Ticket.id))
