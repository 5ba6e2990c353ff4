"""办公时间: the windows of a working day from one date to another; of several the one that began last counts.

Looked at first, then applied, like a year's days off. Only from today on: what has been counted stays.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from assist.domain.cells import one_line
from assist.domain.clock import local_date
from assist.domain.errors import Conflict, Invalid, NotFound
from assist.domain.office_hours import CalendarError, WindowSet, parse_windows, windows_text
from assist.domain.workdays import WorkCalendar
from assist.models import OfficeHours
from assist.services import auditing, calendar_moves, settings
from assist.services.calendar_moves import MovedClock, Parts
from assist.services.work import Work


@dataclass(frozen=True)
class HoursWords:
    """Office hours as asked for: `windows` as `08:30-12:00,14:00-17:30`, `to_on` None for ever."""

    name: str
    from_on: date | None
    to_on: date | None
    windows: str


@dataclass(frozen=True)
class HoursChange:
    """What is or was changed, in words, and the clocks moved by it."""

    words: str
    moved: tuple[MovedClock, ...]


def preview(work: Work, words: HoursWords) -> tuple[HoursChange, Parts]:
    """What `put` would do now, and the calendar it was looked at with. Writes nothing; raises the same."""
    calendar_moves.keeper(work)
    wanted, now = _wanted(work, words), calendar_moves.parts(work)
    return _foreseen(work, _words(wanted), now, _with(now, wanted))


def put(work: Work, words: HoursWords, fingerprint: str | None = None) -> HoursChange:
    """Office hours from a date on, instead of those that begin on the same date. Raises Invalid naming the field,
    CalendarError, Conflict when the calendar is not that of the `fingerprint` any more."""
    calendar_moves.keeper(work)
    wanted = _wanted(work, words)
    row = _locked(work, OfficeHours.from_on == wanted.from_on)
    calendar_moves.unchanged_since(work, fingerprint)
    _with(calendar_moves.parts(work), wanted).calendar()
    before = work.settings.calendar
    old = _words(_set(row)) if row else None
    if row is None:
        row = OfficeHours(from_on=wanted.from_on)
        work.session.add(row)
    row.to_on, row.name = wanted.to_on, wanted.name
    row.windows = [window.text.split("-") for window in wanted.windows]
    return _carried_out(work, before, "change_hours", _words(wanted), old=old, new=_words(wanted))


def preview_removal(work: Work, hours_id: int) -> tuple[HoursChange, Parts]:
    """What `remove` would do now. Writes nothing."""
    calendar_moves.keeper(work)
    row, now = _to_come(work, hours_id), calendar_moves.parts(work)
    left = [one for one in now.hours if one.from_on != row.from_on]
    return _foreseen(work, f"取消{_words(_set(row))}", now, Parts(left, now.overrides, now.statuses))


def remove(work: Work, hours_id: int, fingerprint: str | None = None) -> HoursChange:
    """Take back office hours that have not begun. Raises NotFound, Conflict, CalendarError."""
    calendar_moves.keeper(work)
    row = _to_come(work, hours_id)
    calendar_moves.unchanged_since(work, fingerprint)
    now = calendar_moves.parts(work)
    left = [one for one in now.hours if one.from_on != row.from_on]
    Parts(left, now.overrides, now.statuses).calendar()
    words, old = f"取消{_words(_set(row))}", _words(_set(row))
    before = work.settings.calendar
    work.session.delete(row)
    return _carried_out(work, before, "change_hours", words, old=old, new=None)


def _foreseen(work: Work, words: str, now: Parts, after: Parts) -> tuple[HoursChange, Parts]:
    return HoursChange(words, calendar_moves.foreseen(work, after.calendar())), now


def _carried_out(work: Work, before: WorkCalendar, deed: str, words: str, **told: object) -> HoursChange:
    work.session.flush()
    settings.changed(work.session)
    work.__dict__.pop("settings", None)
    moved = calendar_moves.carry_out(work, before, "办公时间调整")
    auditing.record(work, deed, words, clocks=len(moved), **told)
    return HoursChange(words, moved)


def _wanted(work: Work, words: HoursWords) -> WindowSet:
    name, today = one_line(words.name), local_date(work.now)
    if not name:
        raise Invalid("请填写名称，如“夏季”。", "name")
    if words.from_on is None:
        raise Invalid("请填写从哪一天起。", "from_on")
    if words.from_on < today:
        raise Invalid("起始日期不能早于今天：已经过去的办公时间不再改动。", "from_on")
    if words.to_on is not None and words.to_on < words.from_on:
        raise Invalid("截止日期早于起始日期。", "to_on")
    try:
        return WindowSet(parse_windows(words.windows), words.from_on, words.to_on, name[:20])
    except CalendarError as error:
        raise Invalid(error.sentence, "windows") from None


def _with(now: Parts, wanted: WindowSet) -> Parts:
    others = [one for one in now.hours if one.from_on != wanted.from_on]
    return Parts([*others, wanted], now.overrides, now.statuses)


def _locked(work: Work, condition: object) -> OfficeHours | None:
    return work.session.scalar(select(OfficeHours).where(condition).with_for_update())  # type: ignore[arg-type]


def _to_come(work: Work, hours_id: int) -> OfficeHours:
    row = _locked(work, OfficeHours.id == hours_id)
    if row is None:
        raise NotFound()
    if row.from_on <= local_date(work.now):
        raise Conflict("这组办公时间已经开始执行，不能取消；可以从今天或以后起另设一组。")
    return row


def _set(row: OfficeHours) -> WindowSet:
    return settings.window_set(row)


def _words(hours: WindowSet) -> str:
    since = f"{hours.from_on:%Y-%m-%d}起" if hours.from_on else "一直以来"
    until = f"至{hours.to_on:%Y-%m-%d}" if hours.to_on else ""
    return f"{hours.name}办公时间 {windows_text(hours.windows)}（{since}{until}）"
