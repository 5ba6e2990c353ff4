"""What moves a due time: a reason with its fact, a pause, a deferral that is waited for, another grading.

Nothing moves a due time that has passed, but a deferral or suspension asked in time. Rules: design 2, "Clocks".
"""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import select

from assist.domain.clock import local_date
from assist.domain.deadlines import Budget, after_pause, due
from assist.domain.limits import CASE_LABELS, resolution_case
from assist.domain.status import ClockKind
from assist.models import Clock, ClockMove, Pause, Ticket
from assist.services.clock_rows import arm, give_id, go_on, put, running
from assist.services.work import Work

PAUSED_BY_SUPPLEMENT = (ClockKind.ACCEPTANCE, ClockKind.OPINION, ClockKind.RESOLUTION)
PAUSED_BY_DECLINE = (ClockKind.OPINION, ClockKind.RESOLUTION)
MERGED = "并入"  # so the reason of a move by a merge begins
PAUSED_BY_SUSPENSION = (ClockKind.RESOLUTION, ClockKind.PROGRESS)


def move(
    work: Work, clock: Clock, new_due_at: datetime, why: str, *, original: bool = False, is_granted: bool = False
) -> bool:
    """Move a due time, with its fact. False (and nothing changed) when it has passed already, or stays the same.

    `original` moves the original due time by the same rule: the first accept and supplement pauses only. `is_granted`:
    a deferral asked in time (the clock waits for it) moves a due time that has passed meanwhile; nothing else does.
    """
    may_pass = is_granted and clock.waits_since is not None
    if work.now > clock.due_at and clock.paused_at is None and not may_pass:
        return False
    new_original = new_due_at if original else clock.original_due_at
    return put(work, clock, new_due_at, new_original, why)


def wait(work: Work, clock: Clock) -> None:
    """A deferral or suspension was asked before the due time: the red card waits for its decision."""
    clock.waits_since = work.now
    arm(work.settings, clock)


def wait_no_more(work: Work, clock: Clock) -> None:
    """It is decided (or dropped): what the ladder held back is due again. Call after a granted `move` or `pause`."""
    if clock.waits_since is None:
        return
    clock.waits_since = None
    if clock.stopped_at is None and clock.paused_at is None:
        arm(work.settings, clock)


def pause(
    work: Work, ticket: Ticket, kinds: Iterable[ClockKind], why: str, *, moves_original: bool = True
) -> None:
    """Let clocks stand still from now. One that is overdue already runs on: its lateness is a fact.

    One that waits for a suspension asked in time, and has come due meanwhile, stands still from when it was asked.
    `moves_original`: the original due time goes along, which only a supplement may do.
    """
    for kind in kinds:
        clock = running(work, ticket).get(kind)
        if clock is None or clock.paused_at is not None:
            continue
        since = work.now
        if work.now > clock.due_at:
            if clock.waits_since is None:
                continue
            since = clock.waits_since
        give_id(work, clock)
        clock.paused_at = since
        clock.next_fire_at = None
        clock.next_step = ""
        work.session.add(
            Pause(
                clock_id=clock.id,
                why=why,
                started_at=since,
                entered_at=work.now if since != work.now else None,
                moves_original=moves_original,
            )
        )


def resume(work: Work, ticket: Ticket, kinds: Iterable[ClockKind] | None = None) -> None:
    """Let paused clocks of the ticket (all, or these kinds) go on; what the pause cost is added to their due times."""
    found = running(work, ticket)
    for kind in list(kinds if kinds is not None else found):
        clock = found.get(kind)
        if clock is not None and clock.paused_at is not None:
            go_on(work, clock)


def resolution_budget(work: Work, ticket: Ticket, started_on: date | None = None) -> tuple[Budget, str]:
    """(budget, case) of a ticket's resolution clock as it is graded now, by the limits of the day it started."""
    case = resolution_case(ticket.type, ticket.difficulty, ticket.round_no)
    category = work.settings.categories.get(ticket.category_id or 0)
    if category and category.days and case != "round":
        return Budget.working_days(category.days), ""
    return work.settings.budget(ClockKind.RESOLUTION, case, started_on or local_date(work.now)), case


def budget_label(work: Work, ticket: Ticket, case: str) -> str:
    """What the budget of a resolution clock is called: 复杂事项, or the category that has days of its own."""
    if case:
        return CASE_LABELS.get(case, "")
    category = work.settings.categories.get(ticket.category_id or 0)
    return category.name if category else ""


def regrade(
    work: Work, ticket: Ticket, *, why: str = "受理定为", is_first: bool = True, keeps_later: bool = False
) -> Clock | None:
    """Set the resolution clock anew by what the first accept found: from the submission, with its pauses.

    `is_first`: the original due time is set with it, which the first accept alone may do. Not once it has passed. A
    new due time that would lie behind us already becomes the close of today. `keeps_later`: a due time that was
    deferred beyond it stays.
    """
    clock = running(work, ticket).get(ClockKind.RESOLUTION)
    if clock is None:
        return None
    budget, case = resolution_budget(work, ticket, local_date(clock.started_at))
    new_due = regraded_due(work, clock, budget)
    if keeps_later:
        new_due = max(new_due, clock.due_at)
    if move(work, clock, new_due, f"{why}{budget_label(work, ticket, case) or '原难度'}", original=is_first):
        clock.measure, clock.amount = budget.measure, budget.amount
        clock.budget_label = budget_label(work, ticket, case)
    return clock


def regrade_at_acceptance(work: Work, ticket: Ticket) -> None:
    """As `regrade`; but the earlier due time that a merge brought before (并单取较早的时限) stays the ticket's."""
    clock = running(work, ticket).get(ClockKind.RESOLUTION)
    moves = _moves(work, clock) if clock is not None and clock.version > 1 else ()
    regrade(work, ticket)
    kept = merged_due(moves)
    if clock is not None and kept is not None and work.now <= kept < clock.due_at:
        move(work, clock, kept, f"{MERGED}的诉求时限较早，仍取较早的时限")


def _moves(work: Work, clock: Clock) -> Iterable[ClockMove]:
    return work.session.scalars(select(ClockMove).where(ClockMove.clock_id == clock.id)).all()


def merged_due(moves: Iterable[ClockMove]) -> datetime | None:
    """The earliest due time that a merge brought to a clock."""
    return min((one.new_due_at for one in moves if one.why.startswith(MERGED)), default=None)


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
