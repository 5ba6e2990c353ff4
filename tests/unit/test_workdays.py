"""Working days and working hours over the real holiday years, and what must hold for any calendar."""

import json
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assist.domain.clock import local, shanghai
from assist.domain.holidays import parse_holidays
from assist.domain.office_hours import (
    CalendarError,
    DayOverride,
    Window,
    WindowSet,
    YearStatus,
    parse_windows,
)
from assist.domain.workdays import WorkCalendar

HOLIDAYS = Path(__file__).parents[2] / "assist" / "defaults" / "holidays"
YEARS = [parse_holidays(json.loads(path.read_text("utf-8"))) for path in sorted(HOLIDAYS.glob("*.json"))]
ORDINARY = WindowSet()
SUMMER = WindowSet(parse_windows("08:30-12:00,15:00-18:00"), date(2026, 6, 1), date(2026, 9, 30), "夏季")

REAL = WorkCalendar.from_years(YEARS)
WITH_SUMMER = WorkCalendar.from_years(YEARS, [ORDINARY, SUMMER])

calendars = st.sampled_from([REAL, WITH_SUMMER])
# Edges of windows on purpose: that is where walks go wrong.
times = st.sampled_from([0, 510, 720, 840, 900, 1050, 1080]).map(lambda minute: timedelta(minutes=minute))
any_times = st.timedeltas(timedelta(0), timedelta(hours=23, minutes=59))
instants = st.builds(
    lambda day, time: shanghai(2025, 1, 1) + timedelta(days=day) + time,
    st.integers(0, 3 * 365),
    times | any_times,
)
budgets = st.integers(1, 40)
minutes = st.integers(1, 6000)
days_2026 = st.dates(date(2026, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("start", "days", "due_on"),
    [
        (shanghai(2026, 2, 13, 9), 1, date(2026, 2, 14)),
        (shanghai(2026, 2, 13, 9), 5, date(2026, 2, 27)),
        (shanghai(2026, 4, 30, 9), 5, date(2026, 5, 11)),
        (shanghai(2026, 9, 30, 9), 1, date(2026, 10, 8)),
        (shanghai(2026, 9, 30, 9), 15, date(2026, 10, 27)),
        (shanghai(2026, 10, 3, 9), 1, date(2026, 10, 8)),
        (shanghai(2026, 12, 11, 9), 15, date(2027, 1, 4)),
    ],
)
def test_the_known_deadlines_of_2026(start: datetime, days: int, due_on: date) -> None:
    assert REAL.day_due(start, days) == shanghai(due_on.year, due_on.month, due_on.day, 17, 30)


@pytest.mark.parametrize(
    ("start", "days", "due_on"),
    [
        (shanghai(2026, 2, 14, 9), 1, date(2026, 2, 24)),
        (shanghai(2026, 2, 14, 23, 59), 1, date(2026, 2, 24)),
        (shanghai(2026, 2, 18, 12), 1, date(2026, 2, 24)),
        (shanghai(2026, 2, 24, 0, 1), 4, date(2026, 2, 28)),
        (shanghai(2025, 1, 26, 10), 1, date(2025, 1, 27)),
        (shanghai(2025, 1, 27, 10), 1, date(2025, 2, 5)),
        (shanghai(2027, 2, 4, 10), 1, date(2027, 2, 11)),
    ],
)
def test_a_deadline_over_spring_festival_waits_for_the_first_working_day(
    start: datetime, days: int, due_on: date
) -> None:
    assert REAL.day_due(start, days) == shanghai(due_on.year, due_on.month, due_on.day, 17, 30)


def test_a_deadline_that_reaches_a_provisional_year_says_so() -> None:
    start = shanghai(2026, 12, 11, 9)
    assert REAL.provisional_years_between(start, REAL.day_due(start, 15)) == [2027]
    assert REAL.provisional_years_between(start, REAL.day_due(start, 14)) == []
    assert REAL.status_of(2026) is YearStatus.OFFICIAL
    assert REAL.status_of(2027) is YearStatus.PROVISIONAL


def test_an_absent_year_is_monday_to_friday_and_is_marked() -> None:
    assert REAL.status_of(2041) is YearStatus.ABSENT
    assert REAL.is_working(date(2041, 10, 1))
    assert not REAL.is_working(date(2041, 10, 5))
    assert REAL.day_due(shanghai(2041, 9, 30, 9), 1) == shanghai(2041, 10, 1, 17, 30)
    assert REAL.provisional_years_between(shanghai(2041, 1, 1), shanghai(2040, 12, 1)) == [2040, 2041]


def test_a_calendar_reaches_any_year_and_counts_across_it() -> None:
    calendar = WorkCalendar.from_years(YEARS)
    before = calendar.workdays_between(shanghai(2026, 1, 1), shanghai(2026, 12, 31))
    assert calendar.minutes_back(shanghai(1998, 1, 5, 9, 30), 120) == shanghai(1998, 1, 2, 16, 30)
    assert calendar.hour_due(shanghai(2110, 12, 31, 17), 60) == shanghai(2111, 1, 1, 9)
    assert calendar.workdays_between(shanghai(2026, 1, 1), shanghai(2026, 12, 31)) == before


def test_a_date_beyond_reason_is_refused_in_words() -> None:
    with pytest.raises(CalendarError, match="可以计算的范围"):
        REAL.close_on(date(9999, 12, 31))
    with pytest.raises(CalendarError, match="可以计算的范围"):
        REAL.is_working(date(1949, 10, 1))


@pytest.mark.parametrize(
    ("start", "amount", "expected"),
    [
        (shanghai(2026, 11, 20, 9, 12), 120, shanghai(2026, 11, 20, 11, 12)),
        (shanghai(2026, 11, 20, 10, 30), 120, shanghai(2026, 11, 20, 14, 30)),
        (shanghai(2026, 11, 20, 12, 30), 120, shanghai(2026, 11, 20, 16)),
        (shanghai(2026, 11, 20, 18), 120, shanghai(2026, 11, 23, 10, 30)),
        (shanghai(2026, 11, 20, 8, 30), 210, shanghai(2026, 11, 20, 12)),
        (shanghai(2026, 11, 20, 16, 30), 240, shanghai(2026, 11, 23, 11, 30)),
        (shanghai(2026, 2, 14, 16, 30), 90, shanghai(2026, 2, 24, 9)),
    ],
)
def test_hours_walk_the_windows_and_land_on_a_windows_end(
    start: datetime, amount: int, expected: datetime
) -> None:
    assert REAL.hour_due(start, amount) == expected


@pytest.mark.parametrize(
    ("at", "amount", "expected"),
    [
        (shanghai(2026, 11, 23, 17, 30), 60, shanghai(2026, 11, 23, 16, 30)),
        (shanghai(2026, 11, 23, 14, 30), 60, shanghai(2026, 11, 23, 11, 30)),
        (shanghai(2026, 11, 23, 9, 30), 60, shanghai(2026, 11, 23, 8, 30)),
        (shanghai(2026, 11, 23, 9), 60, shanghai(2026, 11, 20, 17)),
        (shanghai(2026, 11, 23, 17, 30), 210, shanghai(2026, 11, 23, 14)),
    ],
)
def test_a_walk_back_lands_on_a_windows_start(at: datetime, amount: int, expected: datetime) -> None:
    assert REAL.minutes_back(at, amount) == expected


def test_seconds_survive_a_walk() -> None:
    start = shanghai(2026, 11, 20, 16, 30) + timedelta(seconds=17, microseconds=3)
    due = REAL.hour_due(start, 120)
    assert due == shanghai(2026, 11, 23, 9, 30) + timedelta(seconds=17, microseconds=3)


def test_summer_hours_change_in_the_middle_of_a_walk() -> None:
    assert WITH_SUMMER.day_due(shanghai(2026, 5, 29, 9), 1) == shanghai(2026, 6, 1, 18)
    assert WITH_SUMMER.hour_due(shanghai(2026, 5, 29, 17), 270) == shanghai(2026, 6, 1, 15, 30)
    assert WITH_SUMMER.hour_due(shanghai(2026, 9, 30, 17), 300) == shanghai(2026, 10, 8, 14, 30)
    assert WITH_SUMMER.minutes_back(shanghai(2026, 6, 1, 9), 60) == shanghai(2026, 5, 29, 17)


def test_of_several_hours_the_ones_that_began_last_count() -> None:
    short = WindowSet(parse_windows("09:00-11:00"), date(2026, 7, 1), date(2026, 7, 31))
    calendar = WorkCalendar([short, ORDINARY, SUMMER])
    assert calendar.windows_on(date(2026, 7, 1)) == short.windows
    assert calendar.windows_on(date(2026, 8, 3)) == SUMMER.windows
    assert calendar.windows_on(date(2026, 12, 1)) == ORDINARY.windows


def test_a_make_up_day_has_the_hours_of_its_season_or_its_own() -> None:
    morning = DayOverride(date(2026, 8, 8), "调休", False, (Window(540, 660),))
    season = DayOverride(date(2026, 8, 9), "调休", False)
    calendar = WorkCalendar([ORDINARY, SUMMER], [morning, season])
    assert calendar.windows_on(date(2026, 8, 8)) == (Window(540, 660),)
    assert calendar.windows_on(date(2026, 8, 9)) == SUMMER.windows
    assert calendar.day_due(shanghai(2026, 8, 7, 9), 1) == shanghai(2026, 8, 8, 11)


@pytest.mark.parametrize(
    ("at", "days", "expected"),
    [
        (shanghai(2026, 12, 11, 17, 30), -1, shanghai(2026, 12, 10, 17, 30)),
        (shanghai(2026, 11, 20, 10, 15), 1, shanghai(2026, 11, 23, 10, 15)),
        (shanghai(2026, 11, 23, 10, 15), -1, shanghai(2026, 11, 20, 10, 15)),
        (shanghai(2026, 11, 20, 13), 1, shanghai(2026, 11, 23, 14)),
        (shanghai(2026, 11, 20, 7), 1, shanghai(2026, 11, 23, 8, 30)),
        (shanghai(2026, 11, 20, 22), 1, shanghai(2026, 11, 24, 8, 30)),
        (shanghai(2026, 11, 21, 10), 1, shanghai(2026, 11, 23, 10)),
        (shanghai(2026, 11, 21, 10), -1, shanghai(2026, 11, 20, 10)),
        (shanghai(2026, 11, 21, 10), 0, shanghai(2026, 11, 23, 8, 30)),
        (shanghai(2026, 10, 8, 9), -1, shanghai(2026, 9, 30, 9)),
    ],
)
def test_days_walk_to_the_same_time_of_day_or_the_next_windows_start(
    at: datetime, days: int, expected: datetime
) -> None:
    assert REAL.shift_days(at, days) == expected


def test_closes_are_counted_after_the_first_instant_up_to_the_last() -> None:
    close = shanghai(2026, 11, 23, 17, 30)
    assert REAL.closes_between(shanghai(2026, 11, 23, 9), shanghai(2026, 11, 24, 15)) == 1
    assert REAL.closes_between(shanghai(2026, 11, 23, 9), close) == 1
    assert REAL.closes_between(close, shanghai(2026, 11, 24, 9)) == 0
    assert REAL.closes_between(shanghai(2026, 11, 20, 18), shanghai(2026, 11, 23, 8)) == 0
    assert REAL.closes_between(shanghai(2026, 9, 30, 9), shanghai(2026, 10, 8, 9)) == 1


def test_the_offices_close_on_a_date_or_on_the_next_working_day() -> None:
    assert REAL.close_on(date(2026, 11, 23)) == shanghai(2026, 11, 23, 17, 30)
    assert REAL.close_on(date(2026, 10, 1)) == shanghai(2026, 10, 8, 17, 30)
    assert REAL.is_close(shanghai(2026, 11, 23, 17, 30))
    assert not REAL.is_close(shanghai(2026, 11, 23, 12))
    assert not REAL.is_close(shanghai(2026, 11, 22, 17, 30))


def test_work_goes_on_at_once_or_at_the_next_opening() -> None:
    assert REAL.working_from(shanghai(2026, 11, 20, 9)) == shanghai(2026, 11, 20, 9)
    assert REAL.working_from(shanghai(2026, 11, 20, 12)) == shanghai(2026, 11, 20, 14)
    assert REAL.working_from(shanghai(2026, 11, 20, 17, 30)) == shanghai(2026, 11, 23, 8, 30)


def test_working_minutes_are_signed_and_cut_off_towards_zero() -> None:
    nine = shanghai(2026, 11, 20, 9)
    later = shanghai(2026, 11, 23, 9) + timedelta(seconds=59)
    assert REAL.minutes_between(nine, later) == 420
    assert REAL.minutes_between(later, nine) == -420
    assert REAL.minutes_between(shanghai(2026, 11, 21), shanghai(2026, 11, 22)) == 0


@given(calendars, instants, instants, budgets)
def test_a_later_start_is_never_due_earlier(
    calendar: WorkCalendar, a: datetime, b: datetime, days: int
) -> None:
    earlier, following = sorted((a, b))
    assert calendar.day_due(earlier, days) <= calendar.day_due(following, days)
    assert calendar.hour_due(earlier, days * 60) <= calendar.hour_due(following, days * 60)


@given(calendars, instants, budgets, budgets)
def test_a_larger_budget_is_never_due_earlier(
    calendar: WorkCalendar, start: datetime, days: int, more: int
) -> None:
    assert calendar.day_due(start, days) < calendar.day_due(start, days + more)
    assert calendar.hour_due(start, days) < calendar.hour_due(start, days + more)


@given(calendars, instants, budgets)
def test_the_working_days_to_a_due_time_equal_the_budget(
    calendar: WorkCalendar, start: datetime, days: int
) -> None:
    due = calendar.day_due(start, days)
    assert calendar.workdays_between(start, due) == days
    assert calendar.workdays_between(due, start) == -days
    assert calendar.is_close(due)


@given(calendars, instants, minutes)
def test_the_working_minutes_to_a_due_time_equal_the_budget(
    calendar: WorkCalendar, start: datetime, amount: int
) -> None:
    due = calendar.hour_due(start, amount)
    assert calendar.minutes_between(start, due) == amount
    pieces = calendar.pieces_between(start, due)
    assert sum((end - begin for begin, end in pieces), timedelta(0)) == timedelta(minutes=amount)


@given(calendars, instants, minutes)
def test_walking_forward_and_back_returns_to_where_work_went_on(
    calendar: WorkCalendar, start: datetime, amount: int
) -> None:
    assert calendar.minutes_back(calendar.hour_due(start, amount), amount) == calendar.working_from(start)


@given(calendars, instants, minutes)
def test_walking_back_and_forward_elapses_the_same(calendar: WorkCalendar, at: datetime, amount: int) -> None:
    back = calendar.minutes_back(at, amount)
    assert calendar.minutes_between(back, at) == amount
    assert calendar.hour_due(back, amount) <= at
    assert calendar.elapsed(calendar.hour_due(back, amount), at) == timedelta(0)


@given(calendars, instants, budgets)
def test_days_on_and_back_return_to_the_same_time_in_office_hours(
    calendar: WorkCalendar, at: datetime, days: int
) -> None:
    start = calendar.working_from(at)
    there = calendar.shift_days(start, days)
    if local(there).time() == local(start).time():
        assert calendar.shift_days(there, -days) == start


@settings(deadline=None)  # each example counts a calendar from nothing
@given(days_2026, instants, budgets)
def test_another_holiday_never_brings_a_due_time_forward(on: date, start: datetime, days: int) -> None:
    kept = [override for year in YEARS for override in year.overrides if override.on != on]
    more = WorkCalendar([ORDINARY, SUMMER], [*kept, DayOverride(on, "放假", True)])
    assert more.day_due(start, days) >= WITH_SUMMER.day_due(start, days)
    assert more.hour_due(start, days * 60) >= WITH_SUMMER.hour_due(start, days * 60)


@given(calendars, instants, instants, instants)
def test_differences_add_up(calendar: WorkCalendar, a: datetime, b: datetime, c: datetime) -> None:
    assert calendar.elapsed(a, b) + calendar.elapsed(b, c) == calendar.elapsed(a, c)
    for between in (calendar.workdays_between, calendar.closes_between):
        assert between(a, b) + between(b, c) == between(a, c)
