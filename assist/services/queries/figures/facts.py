"""The dated facts that figures count, as they stood at a time: clocks, answers, confirmations, ratings.

`AsOf(now, live=True)` reads the stored columns and their indexes; any other time undoes what came later, so that a
figure for a fixed time never changes. Nothing here knows which figure it serves.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    and_,
    case,
    exists,
    func,
    or_,
    select,
    true,
)
from sqlalchemy.orm import aliased

from assist.domain.rates import Period
from assist.domain.status import ClockKind, Verdict
from assist.models import Clock, ClockMove, ContactRecord, Pairing, Pause, Ticket, TicketEvent, TicketRound
from assist.services.queries.figures.old_values import NONE, OldOwner, first_change

Condition = ColumnElement[bool]


@dataclass(frozen=True)
class AsOf:
    """The time a figure is told for. `live`: it is the present, so the stored columns are the answer.

    `heard_at`: objections count that were approved by then; by `at` unless said otherwise.
    """

    at: datetime
    live: bool
    heard_at: datetime | None = None

    @property
    def objections_at(self) -> datetime:
        return self.at if self.heard_at is None else self.heard_at


@dataclass(frozen=True)
class Counted:
    """What a figure counts: a fact table joined to `Ticket`, which rows count (d), and which of those are met (n).

    `at` is the instant by which a row belongs to a period; `unit` whose row it is, where that is not the ticket's;
    `facts` those of the clock that is counted. `alone`: which rows of the source count, told without going to each
    ticket (for the whole city, of which nothing of `Ticket` is asked); None where that cannot be told.

    Of a family, `shared` are the rows among which each of it counts those that are its `own`; `given` leads to them.
    """

    source: Any
    on: Condition
    counts: Condition
    met: Condition
    at: Any
    unit: Any = None
    facts: "ClockFacts | None" = None
    alone: Condition | None = None
    shared: Condition | None = None
    own: Condition = field(default_factory=true)
    given: Any = None

    @property
    def among(self) -> Condition:
        return self.counts if self.shared is None else self.shared


@dataclass(frozen=True)
class ClockFacts:
    """A clock as it stood: when it stopped (NULL: running), when due, and min of both."""

    stopped: Any
    due: Any
    counts_at: Any

    def is_late(self, as_of: AsOf) -> Condition:
        """Past its due time, answered late or not at all."""
        return and_(self.due < as_of.at, or_(self.stopped.is_(None), self.stopped > self.due))

    def is_met(self) -> Condition:
        return and_(self.stopped.is_not(None), self.stopped <= self.due)


def within(period: Period, at: Any) -> Condition:
    return and_(at >= period.start, at < period.end)


def clock_facts(clock: Any, as_of: AsOf, *, original: bool = False) -> ClockFacts:
    due = clock.original_due_at if original else clock.due_at
    if as_of.live:
        return ClockFacts(clock.stopped_at, due, clock.original_counts_at if original else clock.counts_at)
    move = aliased(ClockMove)
    before = (
        select(move.old_original_due_at if original else move.old_due_at)
        .where(move.clock_id == clock.id, move.at > as_of.at)
        .order_by(move.id)
        .limit(1)
        .correlate(clock)
        .scalar_subquery()
    )
    due = case((clock.version == 1, due), else_=func.coalesce(before, due))
    stopped = case((clock.stopped_at <= as_of.at, clock.stopped_at), else_=None)
    return ClockFacts(stopped, due, _sooner(stopped, due))


def in_period(period: Period, facts: ClockFacts, as_of: AsOf) -> Condition:
    """The clock belongs to the period, by then."""
    return and_(within(period, facts.counts_at), facts.counts_at <= as_of.at)


def clocks_in(
    period: Period, as_of: AsOf, *kinds: ClockKind, round_no: int = 0, original: bool = False
) -> tuple[Any, ClockFacts]:
    """The clocks of these kinds (and round) as they stood, among them all that belong to the period.

    Of a time in the past an index leads to them, too: whatever belonged to the period still stands there, but for what
    was moved since. Everything of a clock that may have changed since is told as it was.
    """
    own = aliased(Clock)
    if as_of.live:
        return own, clock_facts(own, as_of, original=original)
    clock = aliased(Clock, _as_they_stood(period, as_of, kinds, round_no, original), adapt_on_names=True)
    due = clock.original_due_at if original else clock.due_at
    return clock, ClockFacts(clock.stopped_at, due, clock.original_counts_at if original else clock.counts_at)


def _as_they_stood(period: Period, as_of: AsOf, kinds: Sequence[ClockKind], round_no: int, original: bool) -> Any:
    """What has not been moved since stands where it stood; what has is told by the first move that came later."""
    own, moved, before = aliased(Clock), aliased(ClockMove), aliased(ClockMove)
    counts = own.original_counts_at if original else own.counts_at
    these = [own.kind.in_(kinds), own.started_at <= as_of.at, *([own.round_no == round_no] if round_no else [])]
    since = exists().where(moved.clock_id == own.id, moved.at > as_of.at)
    still = select(*_stood(own, as_of, own.due_at, own.original_due_at)).where(*these, within(period, counts), ~since)
    earlier = exists().where(moved.clock_id == before.clock_id, moved.at > as_of.at, moved.id < before.id)
    changed = (
        select(*_stood(own, as_of, before.old_due_at, before.old_original_due_at))
        .join(before, before.clock_id == own.id)
        .where(*these, before.at > as_of.at, ~earlier)
    )
    return still.union_all(changed).subquery("stood")


def _stood(own: Any, as_of: AsOf, due: Any, original: Any) -> list[Any]:
    stopped = case((own.stopped_at <= as_of.at, own.stopped_at))
    same = (own.id, own.ticket_id, own.task_id, own.unit_id, own.kind, own.round_no, own.seq, own.started_at)
    return [
        *same,
        stopped.label("stopped_at"),
        due.label("due_at"),
        original.label("original_due_at"),
        case((own.stopped_at <= as_of.at, own.verdict)).label("verdict"),
        _sooner(stopped, due).label("counts_at"),
        _sooner(stopped, original).label("original_counts_at"),
    ]


def _sooner(stopped: Any, due: Any) -> Any:
    return case((and_(stopped.is_not(None), stopped < due), stopped), else_=due)


def not_void(clock: Any, as_of: AsOf) -> Condition:
    """Declined, merged, withdrawn while not late is out; it is counted beside the rates."""
    is_void: Condition = clock.verdict == Verdict.VOID
    if not as_of.live:
        is_void = and_(is_void, clock.stopped_at <= as_of.at)
    return or_(clock.verdict.is_(None), ~is_void)


def entry_counts(as_of: AsOf, is_late: Condition) -> Condition:
    """代录 counts once the enterprise has confirmed it, or once it is late."""
    verified: Condition = Ticket.entry_verified_at.is_not(None)
    if not as_of.live:
        verified = and_(verified, Ticket.entry_verified_at <= as_of.at)
    return or_(Ticket.is_entered.is_(False), verified, is_late)


def entered(clock: Any, *, is_waiting: bool = False) -> Condition:
    """The clock's ticket is a 代录 (`is_waiting`: not confirmed by the enterprise). By indexes of those alone."""
    ticket = aliased(Ticket)
    waits = [ticket.entry_verified_at.is_(None)] if is_waiting else []
    return exists().where(ticket.id == clock.ticket_id, ticket.is_entered, *waits)


def known(as_of: AsOf) -> Condition:
    """What came from the old ledger is known from its import on: a figure for a time before that does not change."""
    if as_of.live:
        return true()
    event = aliased(TicketEvent)
    return or_(
        Ticket.is_imported.is_(False),
        exists().where(event.ticket_id == Ticket.id, event.seq == 1, event.at <= as_of.at),
    )


def not_paused(clock: Any, as_of: AsOf) -> Condition:
    """A clock that stands still before its due time is out, and listed beside."""
    if as_of.live:
        running: Condition = clock.paused_at.is_(None)
        return running
    pause = aliased(Pause)
    return ~exists().where(
        pause.clock_id == clock.id,
        func.coalesce(pause.entered_at, pause.started_at) <= as_of.at,
        or_(pause.ended_at.is_(None), pause.ended_at > as_of.at),
    )


def owner_at(at: Any) -> Any:
    """SQL: who was the ticket's owner at an instant, told by the pairings, so that a handover later changes nothing.

    Of a restricted matter, and of one from the old ledger, the ticket's own events tell it.
    """
    pairing = aliased(Pairing)
    paired = (
        select(pairing.officer_id)
        .where(
            pairing.enterprise_id == Ticket.enterprise_id,
            pairing.started_at <= at,
            or_(pairing.ended_at.is_(None), pairing.ended_at > at),
        )
        .order_by(pairing.started_at.desc(), pairing.id.desc())
        .limit(1)
        .correlate_except(pairing)
        .scalar_subquery()
    )
    return case((has_own_owner(), own_owner_at(at)), else_=paired)


def own_owner_at(at: Any) -> Any:
    """SQL: the owner at an instant as the ticket's own events tell it."""
    return func.nullif(func.coalesce(first_change(at, OldOwner, NONE), Ticket.owner_id), NONE)


def has_own_owner() -> Condition:
    """Its owner is not told by the pairings."""
    return or_(Ticket.is_restricted, Ticket.is_imported)


def contact_denied(as_of: AsOf, ticket_id: Any = None) -> Condition:
    """The enterprise said that it was not called, of the first contact that was entered."""
    ticket_id = Ticket.id if ticket_id is None else ticket_id
    said, before = aliased(ContactRecord), aliased(ContactRecord)
    earlier = exists().where(before.ticket_id == said.ticket_id, before.id < said.id)
    return exists().where(
        said.ticket_id == ticket_id, said.is_true.is_(False), said.verified_at <= as_of.at, ~earlier
    )


def no_earlier(clock: Any, *, base: bool = False) -> Condition:
    """No earlier time of the ticket's round was missed: who was late once (and declined after) is late once.

    `base`: missed by the base time.
    """
    before = aliased(Clock)
    missed = exists().where(
        before.ticket_id == clock.ticket_id,
        before.kind == clock.kind,
        before.round_no == clock.round_no,
        before.seq < clock.seq,
        before.stopped_at > before.base_due_at if base else before.verdict == Verdict.MISSED,
    )
    return or_(clock.seq == 1, ~missed)


def of_kind(clock: Any, kind: Any, round_no: int = 1) -> Condition:
    return and_(clock.ticket_id == Ticket.id, clock.kind == kind, clock.round_no == round_no)


def last_in(period: Period, as_of: AsOf, ended: Any, column: str) -> Condition:
    """Of several rounds of one ticket in the period the last one counts, so that a ticket is one row."""
    later = aliased(TicketRound)
    at, later_at = getattr(ended, column), getattr(later, column)
    return and_(
        within(period, at),
        at <= as_of.at,
        ~exists().where(
            later.ticket_id == ended.ticket_id,
            later.no > ended.no,
            later.no > 1,  # says nothing new: few rounds are later ones, and they are gathered at once
            within(period, later_at),
            later_at <= as_of.at,
        ),
    )
