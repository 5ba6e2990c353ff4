"""时限: a clock starts, stops with a verdict, or ends without one. The one writer, with `clock_rows` and `due_times`.

What moves or pauses a due time is `due_times`. After every change the ticket's mirrors (`due_at`, `next_due_at`) are
set by `mirror`. Rules: design 2, "Clocks".
"""

from collections.abc import Iterable, Mapping
from functools import cache

from sqlalchemy import Update, bindparam, func, inspect, select, update
from sqlalchemy.orm import object_session
from sqlalchemy.orm.attributes import set_committed_value

from assist.domain.clock import local_date
from assist.domain.deadlines import Budget, due
from assist.domain.ladder import OUTLIVES_TICKET
from assist.domain.limits import CASE_LABELS
from assist.domain.status import OWNER_CLOCKS, TICKET_CLOCKS, ClockHolder, ClockKind, Status, Verdict
from assist.models import Clock, Ticket
from assist.models.base import Base
from assist.services.base_times import base_due
from assist.services.clock_rows import SUBJECTS, Subject, arm, go_on, running, running_of, steps
from assist.services.due_times import budget_label, resolution_budget
from assist.services.work import Work

__all__ = ["arm", "mirror", "running", "running_of", "start", "start_resolution", "steps", "stop", "void"]
HELD_BY = {
    ClockKind.CONFIRMATION: ClockHolder.ENTERPRISE,
    ClockKind.SUPPLEMENT: ClockHolder.ENTERPRISE,
    ClockKind.CALLBACK: ClockHolder.SUPERVISOR,
}


def _found(work: Work, ticket: Ticket, of: Subject | None) -> Mapping[ClockKind, Clock]:
    return running(work, ticket) if of is None else running_of(work, of)


def start(
    work: Work,
    ticket: Ticket,
    kind: ClockKind,
    case: str = "",
    *,
    budget: Budget | None = None,
    seq: int | None = None,
    of: Subject | None = None,
    holder: ClockHolder | None = None,
    unit_id: int | None = None,
) -> Clock:
    """Start a clock now, by the limit of its kind and case (or an explicit budget), and arm its reminders.

    `of`: it belongs to that and not to the ticket itself. `holder` (with `unit_id` for a unit) owes what it measures;
    by default the owner, or who always owes this kind.
    """
    granted = budget or work.settings.budget(kind, case, local_date(work.now))
    due_at = due(work.settings.calendar, work.now, granted)
    clock = Clock(
        ticket_id=ticket.id,
        kind=kind,
        round_no=ticket.round_no,
        seq=seq or _next_seq(work, ticket, kind),
        measure=granted.measure,
        amount=granted.amount,
        budget_label=CASE_LABELS.get(case, ""),
        started_at=work.now,
        due_at=due_at,
        original_due_at=due_at,
        counts_at=due_at,
        original_counts_at=due_at,
        version=1,
        holder=holder or HELD_BY.get(kind, ClockHolder.OWNER),
        unit_id=unit_id,
    )
    if of is not None:
        setattr(clock, SUBJECTS[type(of)], of.id)
    arm(work.settings, clock)
    work.session.add(clock)
    if of is None:
        running(work, ticket)[kind] = clock
    return clock


def start_resolution(work: Work, ticket: Ticket, *, seq: int | None = 1) -> Clock:
    """办结: the category's own days, else by type and difficulty, else (later rounds) the round's.

    `seq` None: not the round's first (a decline that was reviewed).
    """
    budget, case = resolution_budget(work, ticket)
    clock = start(work, ticket, ClockKind.RESOLUTION, case, budget=budget, seq=seq)
    clock.budget_label = budget_label(work, ticket, case)
    if clock.round_no == 1:
        clock.base_due_at = clock.base_counts_at = base_due(work.settings.calendar, work.now)
    return clock


def _next_seq(work: Work, ticket: Ticket, kind: ClockKind) -> int:
    """The successor's number. Either way an ending is written first: the running index allows only one of a kind."""
    before = work.ended.get((ticket.id, kind))
    if before is not None and before.round_no == ticket.round_no:
        work.session.flush()
        return before.seq + 1
    last = work.session.scalar(
        select(func.max(Clock.seq)).where(
            Clock.ticket_id == ticket.id, Clock.kind == kind, Clock.round_no == ticket.round_no
        )
    )
    return (last or 0) + 1


def stop(work: Work, ticket: Ticket, kind: ClockKind, *, of: Subject | None = None) -> Clock | None:
    """Stop a running clock: met when it is not past its due time, else missed. None when none was running."""
    clock = _found(work, ticket, of).get(kind)
    if clock is not None:
        is_late = clock.paused_at is None and work.now > clock.due_at
        _end(work, clock, Verdict.MISSED if is_late else Verdict.MET)
    return clock


def void(
    work: Work, ticket: Ticket, kinds: Iterable[ClockKind] | None = None, *, of: Subject | None = None
) -> None:
    """End clocks without a verdict; those whose due time had passed are missed all the same.

    All but what outlives the ticket itself (a callback), unless `kinds` says which.
    """
    found = _found(work, ticket, of)
    ending = (kind for kind in found if of is not None or kind not in OUTLIVES_TICKET)
    for kind in list(kinds if kinds is not None else ending):
        if (clock := found.get(kind)) is not None:
            is_late = clock.paused_at is None and work.now > clock.due_at
            _end(work, clock, Verdict.MISSED if is_late else Verdict.VOID)


def _end(work: Work, clock: Clock, verdict: Verdict) -> None:
    if clock.paused_at is not None:
        go_on(work, clock)
    clock.stopped_at = work.now
    clock.verdict = verdict
    clock.counts_at = min(work.now, clock.due_at)
    clock.original_counts_at = min(work.now, clock.original_due_at)
    if clock.base_due_at is not None:
        clock.base_counts_at = min(work.now, clock.base_due_at)
    clock.next_fire_at = None
    clock.next_step = ""
    clock.waits_since = None
    if clock.kind in TICKET_CLOCKS:
        work.clocks.get(clock.ticket_id, {}).pop(clock.kind, None)
        work.ended[clock.ticket_id, clock.kind] = clock


def mirror(work: Work, ticket: Ticket) -> None:
    """Set the ticket's own due times from its running clocks, for lists that sort and page by them."""
    found = running(work, ticket)
    counting = [
        clock.due_at
        for kind in OWNER_CLOCKS
        if (clock := found.get(kind)) is not None and clock.paused_at is None
    ]
    resolution = found.get(ClockKind.RESOLUTION)
    due_at = resolution.due_at if resolution is not None and resolution.paused_at is None else None
    next_due_at = min(counting) if counting and ticket.status is not Status.ANSWERED else None
    if (ticket.due_at, ticket.next_due_at) == (due_at, next_due_at):
        return
    if object_session(ticket) is None or inspect(ticket).modified:
        ticket.due_at, ticket.next_due_at = due_at, next_due_at
        return
    values = {"due_at": due_at, "next_due_at": next_due_at}
    work.session.connection().execute(_mirroring(), {**values, "mirrored": ticket.id})
    for name, value in values.items():
        set_committed_value(ticket, name, value)


@cache
def _mirroring() -> Update:
    """Built once: the tail of nearly every act."""
    table = Base.metadata.tables[Ticket.__tablename__]
    names = ("due_at", "next_due_at")
    return update(table).where(table.c.id == bindparam("mirrored")).values({name: bindparam(name) for name in names})
