"""时限: the one writer of `Clock`, `ClockMove` and `Pause`.

A clock starts, stops with a verdict, moves with a reason, pauses and goes on. Whatever moves a due time raises the
clock's version, which re-arms its reminders. Nothing moves a due time that has passed. After every change the ticket's
mirrors (`due_at`, `next_due_at`) are set by `mirror`. Rules: design 2, "Clocks".
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cache

from sqlalchemy import Update, bindparam, func, inspect, select, update
from sqlalchemy.orm import object_session
from sqlalchemy.orm.attributes import set_committed_value

from assist.domain.clock import local_date
from assist.domain.deadlines import Budget, after_pause, due
from assist.domain.ladder import StepAt, walk
from assist.domain.limits import CASE_LABELS, resolution_case
from assist.domain.status import OWNER_CLOCKS, ClockKind, Status, Verdict
from assist.models import Clock, ClockMove, Pause, Ticket
from assist.models.base import Base
from assist.services.settings import Settings
from assist.services.work import Work

PAUSED_BY_SUPPLEMENT = (ClockKind.ACCEPTANCE, ClockKind.OPINION, ClockKind.RESOLUTION)


def running(work: Work, ticket: Ticket) -> dict[ClockKind, Clock]:
    """The ticket's running clocks by kind; asked once in a piece of work."""
    if ticket.id not in work.clocks:
        rows = work.session.scalars(select(Clock).where(Clock.ticket_id == ticket.id, Clock.stopped_at.is_(None)))
        work.clocks[ticket.id] = {row.kind: row for row in rows}
    return work.clocks[ticket.id]


def start(
    work: Work, ticket: Ticket, kind: ClockKind, case: str = "", *, budget: Budget | None = None, seq: int | None = None
) -> Clock:
    """Start a clock now, by the limit of its kind and case (or an explicit budget), and arm its reminders."""
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
    )
    arm(work.settings, clock)
    work.session.add(clock)
    running(work, ticket)[kind] = clock
    return clock


def start_resolution(work: Work, ticket: Ticket) -> Clock:
    """办结: the category's own days, else by type and difficulty, else (later rounds) the round's."""
    budget, case = resolution_budget(work, ticket)
    clock = start(work, ticket, ClockKind.RESOLUTION, case, budget=budget, seq=1)
    clock.budget_label = _label(work, ticket, case)
    return clock


def resolution_budget(work: Work, ticket: Ticket) -> tuple[Budget, str]:
    """(budget, case) of a ticket's resolution clock as it is graded now."""
    case = resolution_case(ticket.type, ticket.difficulty, ticket.round_no)
    category = work.settings.categories.get(ticket.category_id or 0)
    if category and category.days and case != "round":
        return Budget.working_days(category.days), ""
    return work.settings.budget(ClockKind.RESOLUTION, case, local_date(work.now)), case


def _label(work: Work, ticket: Ticket, case: str) -> str:
    if case:
        return CASE_LABELS.get(case, "")
    category = work.settings.categories.get(ticket.category_id or 0)
    return category.name if category else ""


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


def stop(work: Work, ticket: Ticket, kind: ClockKind) -> Clock | None:
    """Stop a running clock: met when it is not past its due time, else missed. None when none was running."""
    clock = running(work, ticket).get(kind)
    if clock is not None:
        is_late = clock.paused_at is None and work.now > clock.due_at
        _end(work, clock, Verdict.MISSED if is_late else Verdict.MET)
    return clock


def void(work: Work, ticket: Ticket, kinds: Iterable[ClockKind] | None = None) -> None:
    """End clocks without a verdict; those whose due time had passed are missed all the same."""
    found = running(work, ticket)
    for kind in list(kinds if kinds is not None else found):
        if (clock := found.get(kind)) is not None:
            is_late = clock.paused_at is None and work.now > clock.due_at
            _end(work, clock, Verdict.MISSED if is_late else Verdict.VOID)


def _end(work: Work, clock: Clock, verdict: Verdict) -> None:
    if clock.paused_at is not None:
        _go_on(work, clock)
    clock.stopped_at = work.now
    clock.verdict = verdict
    clock.counts_at = min(work.now, clock.due_at)
    clock.original_counts_at = min(work.now, clock.original_due_at)
    clock.next_fire_at = None
    clock.next_step = ""
    work.clocks[clock.ticket_id].pop(clock.kind, None)
    work.ended[clock.ticket_id, clock.kind] = clock


def move(work: Work, clock: Clock, new_due_at: datetime, why: str, *, original: bool = False) -> bool:
    """Move a due time, with its fact. False (and nothing changed) when it has passed already, or stays the same.

    `original` moves the original due time by the same rule: the first accept and supplement pauses only.
    """
    if work.now > clock.due_at and clock.paused_at is None:
        return False
    new_original = new_due_at if original else clock.original_due_at
    return _put(work, clock, new_due_at, new_original, why)


def _put(work: Work, clock: Clock, new_due_at: datetime, new_original: datetime, why: str) -> bool:
    if new_due_at == clock.due_at and new_original == clock.original_due_at:
        return False
    _give_id(work, clock)
    work.session.add(
        ClockMove(
            clock_id=clock.id,
            old_due_at=clock.due_at,
            new_due_at=new_due_at,
            old_original_due_at=clock.original_due_at,
            new_original_due_at=new_original,
            why=why,
            at=work.now,
        )
    )
    clock.due_at = new_due_at
    clock.original_due_at = new_original
    clock.counts_at = new_due_at
    clock.original_counts_at = new_original
    clock.version += 1
    arm(work.settings, clock)
    return True


def _give_id(work: Work, clock: Clock) -> None:
    if clock in work.session.new:
        work.session.flush()


def pause(work: Work, ticket: Ticket, kinds: Iterable[ClockKind], why: str) -> None:
    """Let clocks stand still from now. One that is overdue already runs on: its lateness is a fact."""
    for kind in kinds:
        clock = running(work, ticket).get(kind)
        if clock is None or clock.paused_at is not None or work.now > clock.due_at:
            continue
        _give_id(work, clock)
        clock.paused_at = work.now
        clock.next_fire_at = None
        clock.next_step = ""
        work.session.add(Pause(clock_id=clock.id, why=why, started_at=work.now))


def resume(work: Work, ticket: Ticket) -> None:
    """Let every paused clock of the ticket go on; what the pause cost is added to its due times."""
    for clock in list(running(work, ticket).values()):
        if clock.paused_at is not None:
            _go_on(work, clock)


def _go_on(work: Work, clock: Clock) -> None:
    span = work.session.scalars(select(Pause).where(Pause.clock_id == clock.id, Pause.ended_at.is_(None))).one()
    span.ended_at = work.now
    calendar = work.settings.calendar
    paused_at = span.started_at
    new_due = after_pause(calendar, clock.due_at, clock.budget, paused_at, work.now)
    new_original = after_pause(calendar, clock.original_due_at, clock.budget, paused_at, work.now)
    clock.paused_at = None
    if not _put(work, clock, new_due, new_original, f"{span.why}顺延"):
        arm(work.settings, clock)


def regrade(work: Work, ticket: Ticket) -> Clock | None:
    """Set the resolution clock anew by what the first accept found: from the submission, with its pauses.

    Not once it has passed. A new due time that would lie behind us already becomes the close of today.
    """
    clock = running(work, ticket).get(ClockKind.RESOLUTION)
    if clock is None:
        return None
    budget, case = resolution_budget(work, ticket)
    new_due = regraded_due(work, clock, budget)
    if move(work, clock, new_due, f"受理定为{_label(work, ticket, case) or '原难度'}", original=True):
        clock.measure, clock.amount = budget.measure, budget.amount
        clock.budget_label = _label(work, ticket, case)
    return clock


def regraded_due(work: Work, clock: Clock, budget: Budget, spans: Iterable[Pause] | None = None) -> datetime:
    """When the resolution clock would be due with another budget: shown before the button of 受理.

    `spans` are the clock's pauses where they are known already.
    """
    calendar = work.settings.calendar
    new_due = due(calendar, clock.started_at, budget)
    if work.session.is_modified(clock) or clock.id is None:
        work.session.flush()
    if spans is None and clock.version > 1:
        spans = work.session.scalars(
            select(Pause).where(Pause.clock_id == clock.id, Pause.ended_at.is_not(None)).order_by(Pause.id)
        )
    for span in spans or ():
        if span.ended_at is not None:
            new_due = after_pause(calendar, new_due, budget, span.started_at, span.ended_at)
    return new_due if new_due >= work.now else calendar.close_on(local_date(work.now))


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


def arm(settings: Settings, clock: Clock) -> None:
    """Set the clock's next step to the first of its ladder; the sweep walks on from there."""
    step = next(steps(settings, clock), None)
    clock.next_fire_at = step.at if step else None
    clock.next_step = step.key if step else ""


def steps(settings: Settings, clock: Clock) -> Iterator[StepAt]:
    """A clock's whole ladder in the order of time, as its due time stands; endless when the last step repeats."""
    rules = settings.ladder.get(clock.kind, [])
    return walk(settings.calendar, rules, clock.started_at, clock.due_at, clock.budget)
