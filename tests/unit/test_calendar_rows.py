"""Holiday files, office hours and the stored calendar: what is read, what is refused and in which words."""

import json
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assist.domain.clock import shanghai
from assist.domain.holidays import parse_holidays
from assist.domain.office_hours import (
    DEFAULT_WINDOWS,
    CalendarError,
    DayOverride,
    Window,
    WindowSet,
    YearStatus,
    parse_windows,
    windows_text,
)
from assist.domain.workdays import WorkCalendar

HOLIDAYS = Path(__file__).parents[2] / "assist" / "defaults" / "holidays"
FILES = sorted(HOLIDAYS.glob("*.json"))
SUMMER = WindowSet(parse_windows("08:30-12:00,15:00-18:00"), date(2026, 6, 1), date(2026, 9, 30), "夏季")
HOURS = [WindowSet(), SUMMER]

NEW_YEAR = {"name": "元旦", "date": "2026-01-01", "isOffDay": True}


def calendar() -> WorkCalendar:
    years = [parse_holidays(json.loads(path.read_text("utf-8"))) for path in FILES]
    return WorkCalendar.from_years(years, HOURS)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_shipped_year_is_read(path: Path) -> None:
    year = parse_holidays(json.loads(path.read_text("utf-8")), int(path.stem))
    assert year.overrides
    assert year.status is (YearStatus.PROVISIONAL if year.year > 2026 else YearStatus.OFFICIAL)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ([], "最外层"),
        ({"days": [NEW_YEAR]}, "year 应为年份"),
        ({"year": True, "days": [NEW_YEAR]}, "year 应为年份"),
        ({"year": 2025, "days": [NEW_YEAR]}, "是2025年的，不是2026年的"),
        ({"year": 2026, "status": "sure", "days": [NEW_YEAR]}, "status 应为"),
        ({"year": 2026}, "没有 days"),
        ({"year": 2026, "days": []}, "没有 days"),
        ({"year": 2026, "days": ["2026-01-01"]}, "第1条格式不正确"),
        ({"year": 2026, "days": [NEW_YEAR, NEW_YEAR]}, "第2条：日期2026-01-01重复"),
        ({"year": 2026, "days": [NEW_YEAR | {"date": "2025-12-31"}]}, "第1条：日期2025-12-31不在2026年内"),
        ({"year": 2026, "days": [NEW_YEAR | {"date": "2026-02-30"}]}, "日期“2026-02-30”不正确"),
        ({"year": 2026, "days": [NEW_YEAR | {"date": None}]}, "第1条的日期"),
        ({"year": 2026, "days": [NEW_YEAR | {"name": " "}]}, "第1条没有节日名称"),
        ({"year": 2026, "days": [NEW_YEAR | {"isOffDay": 1}]}, "isOffDay 应为"),
    ],
)
def test_a_malformed_holiday_file_is_refused_in_words(content: object, sentence: str) -> None:
    with pytest.raises(CalendarError, match=sentence):
        parse_holidays(content, 2026)


def test_a_file_without_a_status_is_official() -> None:
    year = parse_holidays({"year": 2026, "days": [NEW_YEAR]})
    assert year.status is YearStatus.OFFICIAL
    assert year.overrides == (DayOverride(date(2026, 1, 1), "元旦", True),)


def test_a_calendar_without_any_window_is_refused() -> None:
    with pytest.raises(ValueError, match="没有任何办公时间"):
        WorkCalendar([])
    with pytest.raises(ValueError, match="没有任何时段"):
        WindowSet(())


def test_hours_that_all_end_some_day_are_refused() -> None:
    with pytest.raises(CalendarError, match="长期有效"):
        WorkCalendar([SUMMER])


def test_two_sets_of_hours_for_the_same_dates_are_refused() -> None:
    with pytest.raises(CalendarError, match="起止日期相同"):
        WorkCalendar([WindowSet(), WindowSet(parse_windows("09:00-17:00"))])


def test_hours_that_end_before_they_begin_are_refused() -> None:
    with pytest.raises(CalendarError, match="早于起始日期"):
        WindowSet(from_on=date(2026, 6, 1), to_on=date(2026, 5, 1))


def test_the_first_endless_hours_also_serve_the_time_before_them() -> None:
    since = WorkCalendar([WindowSet(from_on=date(2026, 1, 1))])
    assert since.windows_on(date(2025, 12, 31)) == DEFAULT_WINDOWS


def test_two_different_words_on_one_day_are_refused() -> None:
    on = date(2026, 5, 1)
    with pytest.raises(CalendarError, match="2026-05-01有两条不同"):
        WorkCalendar(HOURS, [DayOverride(on, "劳动节", True), DayOverride(on, "调休", False)])


def test_a_holiday_has_no_hours_and_a_make_up_day_has_some() -> None:
    with pytest.raises(CalendarError, match="不能再有办公时间"):
        DayOverride(date(2026, 5, 1), "劳动节", True, DEFAULT_WINDOWS)
    with pytest.raises(CalendarError, match="至少应有一段"):
        DayOverride(date(2026, 5, 9), "调休", False, ())


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("8点到12点", "看不懂"),
        ("08:75-12:00", "看不懂"),
        ("12:00-08:30", "结束时间应晚于开始时间"),
        ("08:30-24:00", "不跨零点"),
        ("08:30-12:00,11:00-17:30", "重叠或相连"),
        ("08:30-12:00,12:00-17:30", "重叠或相连"),
    ],
)
def test_hours_that_make_no_sense_are_refused_in_words(text: str, sentence: str) -> None:
    with pytest.raises(CalendarError, match=sentence):
        parse_windows(text)


def test_hours_are_read_as_people_write_them_and_written_one_way() -> None:
    windows = parse_windows("14:00—17:30、8:30-12:00")
    assert windows == DEFAULT_WINDOWS == (Window(510, 720), Window(840, 1050))
    assert windows_text(windows) == "08:30-12:00,14:00-17:30"
    assert parse_windows(" ") == ()


@settings(max_examples=25, deadline=None)  # each example counts two calendars from nothing
@given(st.lists(st.dates(date(2014, 1, 1), date(2034, 1, 1)), min_size=1, max_size=4))
def test_counting_does_not_depend_on_which_years_were_asked_first(dates: list[date]) -> None:
    asked = WorkCalendar()
    for on in dates:
        asked.is_working(on)
    fresh = WorkCalendar()
    for first, last in pairwise(sorted({*dates, date(2026, 11, 23)})):
        begins, ends = (shanghai(on.year, on.month, on.day, 12) for on in (first, last))
        assert asked.windows_on(first) == fresh.windows_on(first)
        assert asked.workdays_between(begins, ends) == fresh.workdays_between(begins, ends)
        assert asked.minutes_between(begins, ends) == fresh.minutes_between(begins, ends)
