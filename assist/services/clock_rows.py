"""Which clocks run, their ladder, and how a due time is written: what `clocks` and `due_times` both stand on.

A clock belongs to its ticket, or to a task, request, supervision or instruction of it.
"""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select

from assist.domain.clock import local_date
from assist.domain.deadlines import after_pause
from assist.domain.ladder import FROM_BREACH, StepAt, walk
from assist.domain.status import TICKET_CLOCKS, ClockKind
from assist.models import Clock, ClockMove, Instruction, Pause, Request, Supervision, Task, Ticket
from assist.services.settings import Settings
from assist.services.work import Work

# What a clock may belong to beside the ticket itself, and the column that says so.
Subject = Task | Request | Supervision | Instruction
SUBJECTS = {
    Task: "task_id",
    Request: "request_id",
    Supervision: "supervision_id",
    Instruction: "instruction_id",
}


def running(work: Work, ticket: Ticket) -> dict[ClockKind, Clock]:
    """The ticket's running clocks by kind; asked once in a piece of work."""
    if ticket.id not in work.clocks:
        rows = work.session.scalars(
            select(Clock).where(
                Clock.ticket_id == ticket.id, Clock.stopped_at.is_(None), Clock.kind.in_(TICKET_CLOCKS)
            )
        )
        work.clocks[ticket.id] = {row.kind: row for row in rows}
    return work.clocks[ticket.id]


def running_of(work: Work, of: Subject) -> dict[ClockKind, Clock]:
    """The running clocks of a task, request, supervision or instruction, by kind. One statement."""
    column = getattr(Clock, SUBJECTS[type(of)])
    rows = work.session.scalars(select(Clock).where(column == of.id, Clock.stopped_at.is_(None)))
    return {row.kind: row for row in rows}


def steps(settings: Settings, clock: Clock) -> Iterator[StepAt]:
    """A clock's whole ladder in the order of time, as its due time stands; endless when the last step repeats."""
    rules = settings.ladder_of(clock.kind, local_date(clock.started_at))
    return walk(settings.calendar, rules, clock.started_at, clock.due_at, clock.budget)


def arm(settings: Settings, clock: Clock) -> None:
    """Set the clock's next step to the first of its ladder; the sweep walks on from there."""
    step = next(steps(settings, clock), None)
    if step is not None and clock.waits_since is not None and step.rule.step in FROM_BREACH:
        step = None
    clock.next_fire_at = step.at if step else None
    clock.next_step = step.key if step else ""


def put(work: Work, clock: Clock, new_due_at: datetime, new_original: datetime, why: str) -> bool:
    """Write a due time with its fact; its reminders are armed anew. False when nothing changes."""
    if new_due_at == clock.due_at and new_original == clock.original_due_at:
        return False
    give_id(work, clock)
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


def give_id(work: Work, clock: Clock) -> None:
    """A clock just made is written before something points to it."""
    if clock in work.session.new:
        work.session.flush()


def go_on(work: Work, clock: Clock) -> None:
    """End a clock's open pause; what it cost is added to the due time."""
    span = work.session.scalars(select(Pause).where(Pause.clock_id == clock.id, Pause.ended_at.is_(None))).one()
    span.ended_at = work.now
    calendar = work.settings.calendar
    paused_at = span.started_at
    new_due = after_pause(calendar, clock.due_at, clock.budget, paused_at, work.now)
    new_original = clock.original_due_at
    if span.moves_original:
        new_original = after_pause(calendar, clock.original_due_at, clock.budget, paused_at, work.now)
    clock.paused_at = None
    if not put(work, clock, new_due, new_original, f"{span.why}顺延"):
        arm(work.settings, clock)
