"""Working time: which days and hours the offices work, and how far apart two instants are in it.

`WorkCalendar` is a value: the same calendar gives the same answer for ever. Instants go in and come out as
aware UTC. What a time limit is made of (days, hours, pauses) is not here but in `deadlines`; storing is the
services' part.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from assist.domain.day_span import (
    MINUTE,
    CountedDays,
    day_date,
    day_number,
    to_instant,
    to_local,
)
from assist.domain.office_hours import (
    CalendarError,
    DayOverride,
    HolidayYear,
    Windows,
    WindowSet,
    YearStatus,
)

_START_YEAR = 2020
_MICROSECOND = timedelta(microseconds=1)
_NO_WINDOWS: Windows = ()


def _began_and_ends(hours: WindowSet) -> tuple[date, int]:
    """Sorts the set that counts last: begun later, or begun together and ending sooner."""
    return hours.from_on or date.min, -(hours.to_on or date.max).toordinal()


class WorkCalendar:
    """Office windows, special days and year statuses, counted so that lateness is a subtraction.

    Of several window sets that hold on a date the one that began last counts (summer hours over the ordinary
    ones). One set must be open-ended; the earliest such set also serves the time before it, so that every
    date has hours. Years without a status are absent: Monday to Friday.
    """

    def __init__(
        self,
        window_sets: Iterable[WindowSet] = (WindowSet(),),
        overrides: Iterable[DayOverride] = (),
        statuses: Mapping[int, YearStatus] | None = None,
    ) -> None:
        self._sets = sorted(window_sets, key=_began_and_ends, reverse=True)
        if not self._sets:
            raise CalendarError("工作日历没有任何办公时间，至少应有一组。")
        endless = [each for each in self._sets if each.to_on is None]
        if not endless:
            raise CalendarError("工作日历应有一组长期有效（没有截止日期）的办公时间。")
        if len({_began_and_ends(each) for each in self._sets}) < len(self._sets):
            raise CalendarError("有两组办公时间的起止日期相同，无法确定用哪一组。")
        self._base = endless[-1]
        self._overrides: dict[int, DayOverride] = {}
        for override in overrides:
            if self._overrides.setdefault(day_number(override.on), override) != override:
                raise CalendarError(f"日期{override.on}有两条不同的放假或上班安排。")
        self._statuses = dict(statuses or {})
        years = [_START_YEAR, *self._statuses]
        self._days = CountedDays(min(years), max(years), day_number(date(_START_YEAR, 1, 1)), self._rule)

    @classmethod
    def from_years(
        cls, years: Iterable[HolidayYear], window_sets: Iterable[WindowSet] = (WindowSet(),)
    ) -> "WorkCalendar":
        known = list(years)
        overrides = [override for year in known for override in year.overrides]
        return cls(window_sets, overrides, {year.year: year.status for year in known})

    def is_working(self, on: date) -> bool:
        return bool(self.windows_on(on))

    def windows_on(self, on: date) -> Windows:
        return self._days.windows(day_number(on))

    def override_on(self, on: date) -> DayOverride | None:
        """The holiday or make-up day of this date, when it is one."""
        return self._overrides.get(day_number(on))

    def status_of(self, year: int) -> YearStatus:
        return self._statuses.get(year, YearStatus.ABSENT)

    def provisional_years_between(self, a: datetime, b: datetime) -> list[int]:
        """The years from a to b (in either order) that are not official: what rests on them is 暂定."""
        first, last = sorted((day_date(to_local(a)[0]).year, day_date(to_local(b)[0]).year))
        return [year for year in range(first, last + 1) if self.status_of(year) is not YearStatus.OFFICIAL]

    def day_due(self, start: datetime, n: int) -> datetime:
        """The end of the last window of the n-th working day after the start day (which does not count)."""
        if n < 1:
            raise ValueError("a time limit has at least one working day")
        return self._close(self._days.open_day(self._ordinal(start) + n))

    def close_on(self, on: date) -> datetime:
        """When the offices close on this date, or on the next working day when they do not work on it."""
        day = day_number(on)
        if not self._days.windows(day):
            day = self._days.open_day(self._days.ordinal(day) + 1)
        return self._close(day)

    def is_close(self, at: datetime) -> bool:
        """Whether the offices close for the day at this very instant."""
        day, micros = to_local(at)
        windows = self._days.windows(day)
        return bool(windows) and windows[-1].closes * MINUTE == micros

    def hour_due(self, start: datetime, minutes: int) -> datetime:
        """So many working minutes on; it lands on a window's end, not on the next one's start."""
        return self.advance(start, timedelta(minutes=minutes))

    def minutes_back(self, at: datetime, minutes: int) -> datetime:
        """So many working minutes before; it lands on a window's start, not on the end of the one before."""
        return self.retreat(at, timedelta(minutes=minutes))

    def advance(self, at: datetime, amount: timedelta) -> datetime:
        """`hour_due` to the microsecond. Nothing added is nothing moved."""
        if amount <= timedelta(0):
            return at
        return self._days.earliest(self._worked(at) + amount // _MICROSECOND)

    def retreat(self, at: datetime, amount: timedelta) -> datetime:
        """`minutes_back` to the microsecond."""
        if amount <= timedelta(0):
            return at
        return self._days.latest(self._worked(at) - amount // _MICROSECOND)

    def working_from(self, at: datetime) -> datetime:
        """When work goes on from here: the instant itself inside a window, else the next window's start."""
        return self._days.latest(self._worked(at))

    def shift_days(self, at: datetime, n: int) -> datetime:
        """So many working days on (or back), at the same time of day; outside hours, the next window's start.

        A window's own end is still inside. From a day off, the next working day is the first, on or back.
        """
        day, micros = to_local(at)
        if n:
            is_off_going_back = n < 0 and not self._days.windows(day)
            day = self._days.open_day(self._days.ordinal(day) + n + is_off_going_back)
        for opens, closes in self._days.windows(day):
            if micros <= closes * MINUTE:
                return to_instant(day, max(micros, opens * MINUTE))
        following = self._days.open_day(self._days.ordinal(day) + 1)
        return to_instant(following, self._days.windows(following)[0].opens * MINUTE)

    def elapsed(self, a: datetime, b: datetime) -> timedelta:
        """Working time from a to b; negative when b is the earlier."""
        return timedelta(microseconds=self._worked(b) - self._worked(a))

    def minutes_between(self, a: datetime, b: datetime) -> int:
        """Whole working minutes from a to b, cut off towards zero; negative when b is the earlier."""
        worked = self._worked(b) - self._worked(a)
        return worked // MINUTE if worked >= 0 else -(-worked // MINUTE)

    def workdays_between(self, a: datetime, b: datetime) -> int:
        """Working days after a's date up to and including b's date; negative when b's date is the earlier.

        Time of day plays no part: from Monday morning to Wednesday evening is 2, from Friday evening to
        Monday morning is 1, within a day (or a weekend) 0. So 还剩N个工作日 counts the due day and not today,
        超期N个工作日 counts today and not the due day.
        """
        return self._ordinal(b) - self._ordinal(a)

    def closes_between(self, a: datetime, b: datetime) -> int:
        """How often the offices closed for the day after a, up to and including b."""
        return self._closes_until(b) - self._closes_until(a)

    def pieces_between(self, a: datetime, b: datetime) -> list[tuple[datetime, datetime]]:
        """The stretches of office time from a to b, in order."""
        (first, _), (last, _) = to_local(a), to_local(b)
        span = self._days.reach(first, last)
        pieces = []
        begin, end = bisect_left(span.open_days, first), bisect_right(span.open_days, last)
        for day in span.open_days[begin:end]:
            for opens, closes in span.windows[day - span.first]:
                begins = max(a, to_instant(day, opens * MINUTE))
                ends = min(b, to_instant(day, closes * MINUTE))
                if begins < ends:
                    pieces.append((begins, ends))
        return pieces

    def _rule(self, day: int) -> Windows:
        override = self._overrides.get(day)
        if override is None:
            # Day 0 was a Thursday.
            return self._hours(day) if (day + 3) % 7 < 5 else _NO_WINDOWS
        if override.is_off:
            return _NO_WINDOWS
        return override.windows or self._hours(day)

    def _hours(self, day: int) -> Windows:
        if len(self._sets) == 1:
            return self._base.windows
        on = day_date(day)
        return next((each for each in self._sets if each.covers(on)), self._base).windows

    def _ordinal(self, at: datetime) -> int:
        return self._days.ordinal(to_local(at)[0])

    def _worked(self, at: datetime) -> int:
        return self._days.worked(*to_local(at))

    def _close(self, day: int) -> datetime:
        return to_instant(day, self._days.windows(day)[-1].closes * MINUTE)

    def _closes_until(self, at: datetime) -> int:
        day, micros = to_local(at)
        windows = self._days.windows(day)
        is_still_open = bool(windows) and micros < windows[-1].closes * MINUTE
        return self._days.ordinal(day) - is_still_open
