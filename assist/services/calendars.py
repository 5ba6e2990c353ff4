"""工作日历: importing a year's days off. The official notice replaces what was foreseen, never the other way round.

A change of the calendar moves the due times of running clocks: the later date wins, what has passed stays, verdicts
stay. Every clock is counted again from its start, or from what moved it last. Office hours are not changed here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from assist.domain.clock import local
from assist.domain.deadlines import Measure, due
from assist.domain.errors import Conflict, Forbidden
from assist.domain.holidays import parse_holidays
from assist.domain.office_hours import HolidayYear, YearStatus
from assist.domain.policy import Deed, may
from assist.domain.workdays import WorkCalendar
from assist.models import CalendarOverride, CalendarYear, Clock, ClockMove, Ticket
from assist.services import auditing, clocks, due_times, settings
from assist.services.work import Work

COUNTED = (Measure.WORKING_DAYS, Measure.WORKING_MINUTES, Measure.CALENDAR_DAYS)


@dataclass(frozen=True)
class MovedClock:
    """A running clock whose due time the new calendar puts later."""

    ticket_number: str
    title: str
    old_due_at: datetime
    new_due_at: datetime


@dataclass(frozen=True)
class CalendarChange:
    """What importing a year did: days that are different now, and clocks moved by it."""

    year: int
    status: YearStatus
    days_changed: int
    is_new: bool
    moved: tuple[MovedClock, ...]

    @property
    def is_nothing(self) -> bool:
        return not self.days_changed and not self.is_new and not self.moved


def import_year(work: Work, content: object) -> CalendarChange:
    """Put a year's file (parsed JSON) in place of what is known of the year, and move the clocks.

    Raises CalendarError (an Invalid) for a bad file, Conflict for a provisional one over an official one, Forbidden
    for all but supervisors and the command line. To preview, roll the transaction back.
    """
    if not work.actor.is_system and not may(work.actor, Deed.KEEP_CALENDAR):
        raise Forbidden()
    year = parse_holidays(content)
    row = work.session.scalar(select(CalendarYear).where(CalendarYear.year == year.year).with_for_update())
    if row is not None and row.status is YearStatus.OFFICIAL and year.status is YearStatus.PROVISIONAL:
        raise Conflict(f"{year.year}年放假安排已按正式公布的导入，不能改回暂定。")
    before = work.settings.calendar
    changed, is_new = _put(work, row, year, content)
    if not changed and not is_new:
        return CalendarChange(year.year, year.status, 0, False, ())
    settings.changed(work.session)
    work.__dict__.pop("settings", None)  # what this work does from here on goes by the new calendar
    moved = tuple(_move(work, before, f"{year.year}年放假安排{year.status.title}"))
    auditing.record(
        work, "import_calendar", f"{year.year}年{year.status.title}", days=changed, clocks=len(moved)
    )
    return CalendarChange(year.year, year.status, changed, is_new, moved)


def _put(work: Work, row: CalendarYear | None, year: HolidayYear, content: object) -> tuple[int, bool]:
    """(how many days differ from before, whether the year is new or is official now)."""
    note = content.get("note", "") if isinstance(content, dict) else ""
    is_new = row is None or row.status is not year.status
    if row is None:
        row = CalendarYear(year=year.year)
        work.session.add(row)
    row.status, row.note = year.status, str(note)[:200]
    work.session.flush()
    held = work.session.scalars(select(CalendarOverride).where(CalendarOverride.year_id == row.id)).all()
    old = {(one.on, one.is_working) for one in held}
    new = {(one.on, not one.is_off) for one in year.overrides}
    for one in held:
        work.session.delete(one)
    work.session.flush()  # a date stands once: the old must go before the new come
    work.session.add_all(
        CalendarOverride(on=one.on, year_id=row.id, name=one.name[:40], is_working=not one.is_off)
        for one in year.overrides
    )
    work.session.flush()
    return len({on for on, _ in old ^ new}), is_new


def _move(work: Work, before: WorkCalendar, why: str) -> Iterator[MovedClock]:
    query = (
        select(Clock, Ticket)
        .join(Ticket, Ticket.id == Clock.ticket_id)
        .where(Clock.stopped_at.is_(None), Clock.due_at >= work.now, Clock.measure.in_(COUNTED))
        .order_by(Ticket.id, Clock.id)
        .with_for_update()
    )
    found = work.session.execute(query).all()
    anchors = _last_moves(work, [clock for clock, _ in found])
    for clock, ticket in found:
        new_due = recounted(before, work.settings.calendar, clock, anchors.get(clock.id))
        old_due = clock.due_at
        if new_due > old_due and due_times.move(work, clock, new_due, why):
            clocks.mirror(work, ticket)
            yield MovedClock(ticket.number, clock.kind.title, old_due, new_due)


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
