"""The words a working calendar is made of: office windows, special days, years and what is known of them.

Nothing is counted here: that is `workdays`. Reading a year's file is `holidays`.
"""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from assist.domain.errors import Invalid
from assist.domain.status import Worded

_DAY_MINUTES = 24 * 60
_WINDOW = re.compile(r"^\s*(\d{1,2})[:：](\d{2})\s*[-–—~至]\s*(\d{1,2})[:：](\d{2})\s*$")


class CalendarError(Invalid, ValueError):
    """A calendar that cannot be worked with; the sentence says what to correct."""


class YearStatus(Worded):
    """What is known of a year's holidays. An absent year is taken as Monday to Friday."""

    OFFICIAL = "official", "已公布", "ok"
    PROVISIONAL = "provisional", "暂定", "soon"
    ABSENT = "absent", "未导入", "late"


class Window(NamedTuple):
    """A stretch of office time, in minutes after midnight in Shanghai."""

    opens: int
    closes: int

    @property
    def text(self) -> str:
        return f"{self.opens // 60:02d}:{self.opens % 60:02d}-{self.closes // 60:02d}:{self.closes % 60:02d}"


Windows = tuple[Window, ...]

DEFAULT_WINDOWS: Windows = (Window(8 * 60 + 30, 12 * 60), Window(14 * 60, 17 * 60 + 30))


def checked_windows(windows: Iterable[Window]) -> Windows:
    """The windows of one day in order, or `CalendarError` when they run backwards or into each other."""
    ordered = tuple(sorted(Window(*window) for window in windows))
    for window in ordered:
        if not 0 <= window.opens < window.closes < _DAY_MINUTES:
            raise CalendarError(f"办公时间“{window.text}”不正确：结束时间应晚于开始时间，且不跨零点。")
    for earlier, following in zip(ordered, ordered[1:], strict=False):
        # Touching windows would make one instant both a close and an opening.
        if following.opens <= earlier.closes:
            raise CalendarError(f"办公时间“{earlier.text}”与“{following.text}”重叠或相连，请合并为一段。")
    return ordered


def parse_windows(text: str) -> Windows:
    """`08:30-12:00,14:00-17:30` as windows; empty text is a day without any."""
    windows = []
    for part in re.split(r"[,，、;；]", text):
        if not part.strip():
            continue
        match = _WINDOW.match(part)
        if match is None:
            raise CalendarError(f"办公时间“{part.strip()}”看不懂，请按“08:30-12:00”的样式填写。")
        from_hour, from_minute, to_hour, to_minute = (int(group) for group in match.groups())
        if max(from_minute, to_minute) > 59:
            raise CalendarError(f"办公时间“{part.strip()}”看不懂，请按“08:30-12:00”的样式填写。")
        windows.append(Window(from_hour * 60 + from_minute, to_hour * 60 + to_minute))
    return checked_windows(windows)


def windows_text(windows: Windows) -> str:
    """The inverse of `parse_windows`."""
    return ",".join(window.text for window in windows)


@dataclass(frozen=True)
class WindowSet:
    """Office hours that hold from one date to another, both included; `None` is open-ended."""

    windows: Windows = DEFAULT_WINDOWS
    from_on: dt.date | None = None
    to_on: dt.date | None = None
    name: str = ""

    def __post_init__(self) -> None:
        if not self.windows:
            raise CalendarError("这组办公时间没有任何时段，至少应有一段。")
        if self.from_on and self.to_on and self.to_on < self.from_on:
            raise CalendarError(f"办公时间的截止日期{self.to_on}早于起始日期{self.from_on}。")
        object.__setattr__(self, "windows", checked_windows(self.windows))

    def covers(self, on: dt.date) -> bool:
        return (self.from_on is None or self.from_on <= on) and (self.to_on is None or on <= self.to_on)


@dataclass(frozen=True)
class DayOverride:
    """A day that is not what its weekday says: a holiday, or a make-up day (perhaps with own windows)."""

    on: dt.date
    name: str
    is_off: bool
    windows: Windows | None = None

    def __post_init__(self) -> None:
        if self.is_off and self.windows:
            raise CalendarError(f"{self.on}已设为放假，不能再有办公时间。")
        if self.windows is not None and not self.is_off:
            if not self.windows:
                raise CalendarError(f"{self.on}设为上班，至少应有一段办公时间。")
            object.__setattr__(self, "windows", checked_windows(self.windows))


@dataclass(frozen=True)
class HolidayYear:
    """One year as published (or foreseen): its special days and what they are worth."""

    year: int
    status: YearStatus
    overrides: tuple[DayOverride, ...]
