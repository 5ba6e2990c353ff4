"""工作日历: a year's days off from its file. The official notice replaces what was foreseen, never the other way round.

A change is looked at first (`preview_year`), then applied; what it does to running clocks says `calendar_moves`.
Office hours are `office_hours`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from assist.domain.errors import Conflict
from assist.domain.holidays import parse_holidays
from assist.domain.office_hours import DayOverride, HolidayYear, YearStatus
from assist.models import CalendarOverride, CalendarYear
from assist.services import auditing, calendar_moves, settings
from assist.services.calendar_moves import MovedClock, Parts
from assist.services.work import Work


@dataclass(frozen=True)
class CalendarChange:
    """What importing a year does or did: days that are different, and clocks moved by it."""

    year: int
    status: YearStatus
    days_changed: int
    is_new: bool
    moved: tuple[MovedClock, ...]

    @property
    def is_nothing(self) -> bool:
        return not self.days_changed and not self.is_new and not self.moved


def preview_year(work: Work, content: object) -> tuple[CalendarChange, Parts]:
    """What `import_year` would do now, and the calendar it was looked at with. Writes nothing; raises the same."""
    calendar_moves.keeper(work)
    year, now = parse_holidays(content), calendar_moves.parts(work)
    _not_backwards(now.statuses.get(year.year), year)
    after = _with(now, year)
    changed, is_new = _difference(now, year)
    moved = calendar_moves.foreseen(work, after.calendar()) if changed or is_new else ()
    return CalendarChange(year.year, year.status, changed, is_new, moved), now


def import_year(work: Work, content: object, fingerprint: str | None = None) -> CalendarChange:
    """Put a year's file (parsed JSON) in place of what is known of the year, and move the clocks.

    Raises CalendarError (an Invalid) for a bad file, Conflict for a provisional one over an official one or when the
    calendar is not that of the `fingerprint` any more, Forbidden for all but supervisors and the command line.
    """
    calendar_moves.keeper(work)
    year = parse_holidays(content)
    row = work.session.scalar(select(CalendarYear).where(CalendarYear.year == year.year).with_for_update())
    calendar_moves.unchanged_since(work, fingerprint)
    _not_backwards(row.status if row else None, year)
    before, now = work.settings.calendar, calendar_moves.parts(work)
    changed, is_new = _difference(now, year)
    if not changed and not is_new:
        return CalendarChange(year.year, year.status, 0, False, ())
    _put(work, row, year, content)
    settings.changed(work.session)
    work.__dict__.pop("settings", None)  # what this work does from here on goes by the new calendar
    moved = calendar_moves.carry_out(work, before, f"{year.year}年放假安排{year.status.title}")
    auditing.record(
        work,
        "import_calendar",
        f"{year.year}年{year.status.title}",
        days=changed,
        clocks=len(moved),
        before=_before(now, year.year),
    )
    return CalendarChange(year.year, year.status, changed, is_new, moved)


def _before(now: Parts, year: int) -> dict[str, object]:
    """What stood there, so that the calendar of any day can be told from the log: dates off, dates worked, status."""
    days = [one for one in now.overrides if one.on.year == year]
    return {
        "off": [one.on.isoformat() for one in days if one.is_off],
        "working": [one.on.isoformat() for one in days if not one.is_off],
        "status": now.statuses.get(year, YearStatus.ABSENT).value,
    }


def _not_backwards(known: YearStatus | None, year: HolidayYear) -> None:
    if known is YearStatus.OFFICIAL and year.status is YearStatus.PROVISIONAL:
        raise Conflict(f"{year.year}年放假安排已按正式公布的导入，不能改回暂定。")


def _with(now: Parts, year: HolidayYear) -> Parts:
    """The calendar with this year in place of what was known of it."""
    others = [one for one in now.overrides if one.on.year != year.year]
    return Parts(now.hours, [*others, *year.overrides], {**now.statuses, year.year: year.status})


def _difference(now: Parts, year: HolidayYear) -> tuple[int, bool]:
    """(how many days differ from before, whether the year is new or is official now)."""
    old = {(one.on, one.is_off) for one in now.overrides if one.on.year == year.year}
    new = {(one.on, one.is_off) for one in year.overrides}
    return len({on for on, _ in old ^ new}), now.statuses.get(year.year) is not year.status


def _put(work: Work, row: CalendarYear | None, year: HolidayYear, content: object) -> None:
    note = content.get("note", "") if isinstance(content, Mapping) else ""
    if row is None:
        row = CalendarYear(year=year.year)
        work.session.add(row)
    row.status, row.note = year.status, str(note)[:200]
    work.session.flush()
    held = work.session.scalars(select(CalendarOverride).where(CalendarOverride.year_id == row.id)).all()
    for one in held:
        work.session.delete(one)
    work.session.flush()  # a date stands once: the old must go before the new come
    work.session.add_all(_row(one, row.id) for one in year.overrides)
    work.session.flush()


def _row(one: DayOverride, year_id: int) -> CalendarOverride:
    return CalendarOverride(on=one.on, year_id=year_id, name=one.name[:40], is_working=not one.is_off)
