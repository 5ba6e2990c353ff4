"""扫描: what is due becomes a reminder, exactly once, however many sweeps run and whenever they die (design 3).

A claim takes up to 500 due clocks (and locks clocks only), writes the ledger (`Reminder`, unique by clock, version,
step, repeat and recipient), for each new row of it the message, and when the clock fires next. No ticket event is
written. Which step is sent and which is passed over is worked out in `due_steps`, who is told in `recipients`.
"""

import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from assist.domain.ladder import StepAt
from assist.models import Clock, Reminder
from assist.services import bulk, due_steps, recipients, reminder_words, supervision_proposals, telling
from assist.services.due_steps import Due
from assist.services.recipients import Directory
from assist.services.telling import Note
from assist.services.work import Work

log = logging.getLogger(__name__)

BATCH = 500
PUT_OFF = timedelta(hours=1)
PASSED = "passed"
NOBODY = "nobody"


@dataclass
class Counts:
    """What a sweep did: clocks taken, reminders sent, steps passed over, rows put off because they are broken."""

    clocks: int = 0
    reminders: int = 0
    passed_over: int = 0
    broken: int = 0

    def add(self, other: "Counts") -> None:
        self.clocks += other.clocks
        self.reminders += other.reminders
        self.passed_over += other.passed_over
        self.broken += other.broken

    def as_dict(self) -> dict[str, int]:
        return asdict(self)


def is_anything_due(work: Work) -> bool:
    """The plain read before any claim: it takes no lock."""
    return work.session.scalar(select(Clock.id).where(*_is_due(work)).limit(1)) is not None


def sweep_batch(work: Work, limit: int = BATCH) -> Counts:
    """Claim what is due and remind. The session has begun as a writer; the caller commits and calls again until
    nothing is claimed. Never raises for a broken row: that one is put off an hour and logged."""
    claimed = _claim(work, limit)
    counts = Counts(clocks=len(claimed))
    if not claimed:
        return counts
    dues, broken = due_steps.plan(work, claimed)
    found = recipients.directory(work, [due.ask for due in dues if due.ask is not None])
    try:
        with work.session.begin_nested():
            _write(work, dues, found, counts)
    except DBAPIError:
        log.warning("a batch of %s reminders was refused; writing them one by one", len(dues), exc_info=True)
        broken += _write_one_by_one(work, dues, found, counts)
    _put_off(work, broken)
    counts.broken = len(broken)
    return counts


def _is_due(work: Work) -> tuple[Any, ...]:
    return (Clock.next_fire_at <= work.now, Clock.stopped_at.is_(None), Clock.paused_at.is_(None))


def _claim(work: Work, limit: int) -> list[Clock]:
    """Due clocks that nobody else holds, locked until the commit (on SQLite the whole database is ours)."""
    return list(
        work.session.scalars(
            select(Clock)
            .where(*_is_due(work))
            .order_by(Clock.next_fire_at, Clock.id)
            .limit(limit)
            .with_for_update(skip_locked=True, key_share=True)
            .execution_options(populate_existing=True)
        )
    )


def _write(work: Work, dues: Sequence[Due], found: Directory, counts: Counts) -> None:
    rows: list[dict[str, Any]] = []
    notes: dict[tuple[Any, ...], Note] = {}
    for due in dues:
        rows += [_row(work, due, step, PASSED, due.ticket.owner_id) for step in due.passed]
        for row, note in _reminders(work, due, found):
            rows.append(row)
            if note is not None:
                notes[_key(row)] = note
    new = _record(work, rows)
    _tell(work, {reminder_id: notes[key] for key, reminder_id in new.items() if key in notes})
    supervision_proposals.propose(work, dues)
    bulk.update_by_id(work.session, Clock, [_next(due) for due in dues])
    counts.reminders += sum(1 for key in new if key[-1] != PASSED)
    counts.passed_over += sum(1 for key in new if key[-1] == PASSED)


def _reminders(work: Work, due: Due, found: Directory) -> list[tuple[dict[str, Any], Note | None]]:
    """The ledger row and the message for each recipient of the step that is sent."""
    step, asked = due.send, due.ask
    if step is None or asked is None:
        return []
    people = found.people(asked)
    is_unreachable = not people
    title = reminder_words.title(work.settings.calendar, due.ticket, due.task, due.clock, step, work.now)
    tone = reminder_words.tone(due.clock, step)
    if is_unreachable:
        people, title, tone = found.supervisors, reminder_words.unreachable(title), "late"
    if not people:
        log.warning("clock %s: nobody can be reminded, not even a supervisor", due.clock.id)
        return [(_row(work, due, step, NOBODY, None), None)]
    words = reminder_words.body(due.ticket, due.task, due.clock, work.now, is_unreachable=is_unreachable)
    key = f"clock:{due.clock.id}:{due.clock.version}:{step.key}"
    place = reminder_words.location(due.ticket, due.task, due.clock)
    sending = reminder_words.sending(due.ticket, due.clock, step)
    return [
        (
            _row(work, due, step, str(person), person),
            Note(
                person, "reminder", title, key, words, due.ticket.id, tone, place, step.rule.channels, sending
            ),
        )
        for person in people
    ]


def _row(work: Work, due: Due, step: StepAt, recipient_key: str, recipient_id: int | None) -> dict[str, Any]:
    return {
        "clock_id": due.clock.id,
        "clock_version": due.clock.version,
        "step": step.rule.step,
        "repeat": step.repeat,
        "recipient_key": recipient_key,
        "recipient_id": recipient_id,
        "is_passed_over": recipient_key == PASSED,
        "due_at": step.at,
        "at": work.now,
    }


def _key(row: dict[str, Any]) -> tuple[Any, ...]:
    return row["clock_id"], row["step"], row["repeat"], row["recipient_key"]


def _record(work: Work, rows: list[dict[str, Any]]) -> dict[tuple[Any, ...], int]:
    """Write the ledger; what stands there already stays. Returns the ids of the new rows by their key."""
    columns = Reminder.id, Reminder.clock_id, Reminder.step, Reminder.repeat, Reminder.recipient_key
    return {tuple(row[1:]): row[0] for row in bulk.insert_new(work.session, Reminder, rows, *columns)}


def _tell(work: Work, notes: dict[int, Note]) -> None:
    """The messages of new ledger rows, each row pointing to its own."""
    made = telling.write(work, list(notes.values()))
    linked = [
        {"id": reminder_id, "message_id": made[note.dedupe_key]}
        for reminder_id, note in notes.items()
        if note.dedupe_key in made
    ]
    bulk.update_by_id(work.session, Reminder, linked)


def _next(due: Due) -> dict[str, Any]:
    following = due.following
    return {
        "id": due.clock.id,
        "next_fire_at": following.at if following else None,
        "next_step": following.key if following else "",
    }


def _write_one_by_one(work: Work, dues: Sequence[Due], found: Directory, counts: Counts) -> list[int]:
    """After a refused batch: each in a savepoint of its own. Returns the clocks whose rows are refused."""
    broken = []
    for due in dues:
        try:
            with work.session.begin_nested():
                _write(work, [due], found, counts)
        except DBAPIError:
            log.exception("clock %s: its reminder was refused; put off an hour", due.clock.id)
            broken.append(due.clock.id)
    return broken


def _put_off(work: Work, clock_ids: Sequence[int]) -> None:
    later = work.now + PUT_OFF
    bulk.update_by_id(work.session, Clock, [{"id": one, "next_fire_at": later} for one in clock_ids])
