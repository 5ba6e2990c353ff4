"""What another calendar does to running clocks: shown first, then done, by the same count.

The later date wins, what has passed stays, verdicts stay. Every clock is counted again from its start, or from what
moved it last: what it was given in working time, it keeps.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from assist.domain.clock import local
from assist.domain.deadlines import Measure, due
from assist.domain.errors import Conflict, Forbidden
from assist.domain.office_hours import DayOverride, WindowSet, YearStatus
from assist.domain.policy import Deed, may
from assist.domain.status import TICKET_CLOCKS, ClockKind
from assist.domain.workdays import WorkCalendar
from assist.models import Clock, ClockMove, Ticket
from assist.services import clocks, due_times, settings
from assist.services.work import Work

COUNTED = (Measure.WORKING_DAYS, Measure.WORKING_MINUTES, Measure.CALENDAR_DAYS)


class Parts(NamedTuple):
    """What a calendar is made of, as it stands in the rows."""

    hours: list[WindowSet]
    overrides: list[DayOverride]
    statuses: dict[int, YearStatus]

    def calendar(self) -> WorkCalendar:
        """Raises CalendarError for one without any window, or with nothing that holds for ever."""
        return WorkCalendar(self.hours, self.overrides, self.statuses)

    def fingerprint(self) -> str:
        """The same for the same calendar: what was looked at is what is applied."""
        words = [*map(repr, self.hours), *sorted(map(repr, self.overrides)), *sorted(map(repr, self.statuses.items()))]
        return hashlib.sha256("\n".join(words).encode()).hexdigest()[:32]


@dataclass(frozen=True)
class MovedClock:
    """A running clock whose due time the new calendar puts later."""

    ticket_number: str
    title: str
    old_due_at: datetime
    new_due_at: datetime


def parts(work: Work) -> Parts:
    return Parts(*settings.calendar_parts(work.session))


def keeper(work: Work) -> None:
    """Supervisors and the command line keep the calendar. Raises Forbidden."""
    if not work.actor.is_system and not may(work.actor, Deed.KEEP_CALENDAR):
        raise Forbidden()


def unchanged_since(work: Work, fingerprint: str | None) -> None:
    """Raises Conflict when the calendar is not the one that was looked at."""
    if fingerprint is not None and fingerprint != parts(work).fingerprint():
        raise Conflict("工作日历刚刚已由他人改动，请重新查看会变动哪些时限，再决定是否应用。")


def foreseen(work: Work, after: WorkCalendar) -> tuple[MovedClock, ...]:
    """What would be moved if this were the calendar. Writes nothing."""
    found = _counted(work, lock=False)
    return tuple(_told(clock, ticket, at) for clock, ticket, at in _moves(work, found, work.settings.calendar, after))


def carry_out(work: Work, before: WorkCalendar, why: str) -> tuple[MovedClock, ...]:
    """Move them, once the new calendar is in the rows and `work.settings` knows it."""
    found = _counted(work, lock=True)
    _remember(work, found)
    told = []
    for clock, ticket, new_due in _moves(work, found, before, work.settings.calendar):
        moved = _told(clock, ticket, new_due)
        if due_times.move(work, clock, new_due, why):
            clocks.mirror(work, ticket)
            told.append(moved)
    return tuple(told)


def _told(clock: Clock, ticket: Ticket, new_due: datetime) -> MovedClock:
    return MovedClock(ticket.number, clock.kind.title, clock.due_at, new_due)


def _counted(work: Work, *, lock: bool) -> list[tuple[Clock, Ticket]]:
    """Every clock that runs, with its ticket: tickets first in the order of locks."""
    query = (
        select(Clock, Ticket)
        .join(Ticket, Ticket.id == Clock.ticket_id)
        .where(Clock.stopped_at.is_(None))
        .order_by(Ticket.id, Clock.id)
    )
    rows = work.session.execute(query.with_for_update() if lock else query)
    return [(clock, ticket) for clock, ticket in rows]


def _remember(work: Work, found: Iterable[tuple[Clock, Ticket]]) -> None:
    """The running clocks by ticket, so that no ticket is asked for its own again."""
    by_ticket: dict[int, dict[ClockKind, Clock]] = defaultdict(dict)
    for clock, _ in found:
        if clock.kind in TICKET_CLOCKS:
            by_ticket[clock.ticket_id][clock.kind] = clock
    work.clocks.update(by_ticket)


def _moves(
    work: Work, found: list[tuple[Clock, Ticket]], before: WorkCalendar, after: WorkCalendar
) -> Iterator[tuple[Clock, Ticket, datetime]]:
    open_ones = [
        (clock, ticket) for clock, ticket in found if clock.due_at >= work.now and clock.measure in COUNTED
    ]
    anchors = _last_moves(work, [clock for clock, _ in open_ones])
    for clock, ticket in open_ones:
        new_due = recounted(before, after, clock, anchors.get(clock.id))
        if new_due > clock.due_at:
            yield clock, ticket, new_due


def _last_moves(work: Work, found: list[Clock]) -> dict[int, datetime]:
    """When each clock was moved last; those never moved are left out."""
    ids = [clock.id for clock in found if clock.version > 1]
    anchors: dict[int, datetime] = {}
    for start in range(0, len(ids), 500):
        part = ids[start : start + 500]
        rows = work.session.execute(
            select(ClockMove.clock_id, ClockMove.at)
            .where(ClockMove.clock_id.in_(part))
            .order_by(ClockMove.id)
        )
        anchors.update({row.clock_id: row.at for row in rows})
    return anchors


def recounted(before: WorkCalendar, after: WorkCalendar, clock: Clock, moved_at: datetime | None) -> datetime:
    """When a clock is due by another calendar: what it was given in working time, it keeps."""
    if moved_at is None:
        return due(after, clock.started_at, clock.budget)
    if clock.measure is Measure.WORKING_MINUTES:
        return after.advance(moved_at, before.elapsed(moved_at, clock.due_at))
    if clock.measure is Measure.CALENDAR_DAYS:
        return clock.due_at
    days = before.workdays_between(moved_at, clock.due_at)
    if days < 1:
        return clock.due_at
    close = after.day_due(moved_at, days)
    if before.is_close(clock.due_at):
        return close
    return datetime.combine(local(close).date(), local(clock.due_at).timetz()).astimezone(clock.due_at.tzinfo)
