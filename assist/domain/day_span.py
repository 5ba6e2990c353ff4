"""Counted days: arrays over consecutive days, so that a walk through working time is an index look-up.

Days are numbered from 1970-01-01 and times of day are microseconds, both on Shanghai's clock. It has stood
at UTC+8 without summer time since 1992; before that there is no counting. What a day's windows are is not
decided here: the caller says.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from assist.domain.office_hours import CalendarError, Windows

FIRST_YEAR, LAST_YEAR = 1992, 2199
MINUTE = 60_000_000
_MARGIN_YEARS = 2
_MIDNIGHT = datetime(1969, 12, 31, 16, tzinfo=UTC)
_EPOCH = date(1970, 1, 1).toordinal()

Rule = Callable[[int], Windows]


def day_number(on: date) -> int:
    return on.toordinal() - _EPOCH


def day_date(day: int) -> date:
    return date.fromordinal(day + _EPOCH)


def to_local(at: datetime) -> tuple[int, int]:
    """Day number and microsecond of the day. A subtraction, because `astimezone` is ten times slower."""
    since = at - _MIDNIGHT
    return since.days, since.seconds * 1_000_000 + since.microseconds


def to_instant(day: int, micros: int) -> datetime:
    return _MIDNIGHT + timedelta(day, 0, micros)


def out_of_range() -> CalendarError:
    return CalendarError(f"日期超出了可以计算的范围（{FIRST_YEAR}年至{LAST_YEAR}年）。")


class DaySpan:
    """Whole years, counted; nothing is counted before the day `zero`. Never changed once built."""

    def __init__(self, first_year: int, last_year: int, zero: int, rule: Rule) -> None:
        self.first_year, self.last_year = first_year, last_year
        self.first = day_number(date(first_year, 1, 1))
        self.last = day_number(date(last_year, 12, 31))
        self.windows = [rule(day) for day in range(self.first, self.last + 1)]
        self.open_days = [day for day, windows in enumerate(self.windows, start=self.first) if windows]
        self.ordinals: list[int] = []
        self.minutes: list[int] = []
        ordinal = minutes = 0
        for windows in self.windows:
            self.minutes.append(minutes)
            if windows:
                ordinal += 1
                minutes += sum(window.closes - window.opens for window in windows)
            self.ordinals.append(ordinal)
        self.minutes.append(minutes)
        self.ordinal_before = 0
        self._count_from(zero)

    def _count_from(self, zero: int) -> None:
        index = zero - self.first
        ordinal, minutes = self.ordinals[index] - bool(self.windows[index]), self.minutes[index]
        if ordinal or minutes:
            self.ordinals = [each - ordinal for each in self.ordinals]
            self.minutes = [each - minutes for each in self.minutes]
            self.ordinal_before = -ordinal

    def worked(self, day: int, micros: int) -> int:
        """Working microseconds up to this time: a position on the line of working time."""
        index = day - self.first
        total = self.minutes[index] * MINUTE
        for opens, closes in self.windows[index]:
            if micros <= opens * MINUTE:
                break
            total += min(micros, closes * MINUTE) - opens * MINUTE
        return total

    def earliest(self, worked: int) -> datetime:
        """The first instant with so much worked: a window's end rather than the next one's start."""
        index = bisect_left(self.minutes, -(-worked // MINUTE)) - 1
        rest = worked - self.minutes[index] * MINUTE
        for opens, closes in self.windows[index]:
            length = (closes - opens) * MINUTE
            if rest <= length:
                return to_instant(self.first + index, opens * MINUTE + rest)
            rest -= length
        raise AssertionError("a position inside the span lies in one of its windows")

    def latest(self, worked: int) -> datetime:
        """The last instant with so much worked: a window's start rather than the one before's end."""
        index = bisect_right(self.minutes, worked // MINUTE) - 1
        rest = worked - self.minutes[index] * MINUTE
        for opens, closes in self.windows[index]:
            length = (closes - opens) * MINUTE
            if rest < length:
                return to_instant(self.first + index, opens * MINUTE + rest)
            rest -= length
        raise AssertionError("a position inside the span lies in one of its windows")


class CountedDays:
    """A span that grows by whole years when somebody asks beyond it.

    The span is replaced whole, so a reader in another thread sees the old one or the new one, both right.
    """

    def __init__(self, first_year: int, last_year: int, zero: int, rule: Rule) -> None:
        self._zero, self._rule = zero, rule
        self._span = self._counted(first_year, last_year)

    def reach(self, *days: int) -> DaySpan:
        """A span that holds all these days."""
        span = self._span
        for day in days:
            if not span.first <= day <= span.last:
                span = self._widen(day_date(day).year)
        return span

    def windows(self, day: int) -> Windows:
        span = self.reach(day)
        return span.windows[day - span.first]

    def ordinal(self, day: int) -> int:
        span = self.reach(day)
        return span.ordinals[day - span.first]

    def worked(self, day: int, micros: int) -> int:
        return self.reach(day).worked(day, micros)

    def open_day(self, ordinal: int) -> int:
        """The working day with this ordinal."""
        span = self._span
        while ordinal > span.ordinals[-1]:
            span = self._widen(span.last_year + 1)
        while ordinal <= span.ordinal_before:
            span = self._widen(span.first_year - 1)
        return span.open_days[ordinal - span.ordinal_before - 1]

    def earliest(self, worked: int) -> datetime:
        span = self._span
        while worked > span.minutes[-1] * MINUTE:
            span = self._widen(span.last_year + 1)
        while worked <= span.minutes[0] * MINUTE:
            span = self._widen(span.first_year - 1)
        return span.earliest(worked)

    def latest(self, worked: int) -> datetime:
        span = self._span
        while worked >= span.minutes[-1] * MINUTE:
            span = self._widen(span.last_year + 1)
        while worked < span.minutes[0] * MINUTE:
            span = self._widen(span.first_year - 1)
        return span.latest(worked)

    def _widen(self, year: int) -> DaySpan:
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise out_of_range()
        first = min(self._span.first_year, max(FIRST_YEAR, year - _MARGIN_YEARS))
        last = max(self._span.last_year, min(LAST_YEAR, year + _MARGIN_YEARS))
        self._span = self._counted(first, last)
        return self._span

    def _counted(self, first_year: int, last_year: int) -> DaySpan:
        if first_year < FIRST_YEAR or last_year > LAST_YEAR:
            raise out_of_range()
        return DaySpan(first_year, last_year, self._zero, self._rule)
