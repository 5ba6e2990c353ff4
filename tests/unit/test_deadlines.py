"""Time limits: when they end, how pauses and deferrals move them, where steps fall and how they read."""

import json
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from assist.domain.clock import shanghai
from assist.domain.deadlines import (
    Budget,
    Measure,
    StepOffset,
    after_pause,
    due,
    half_budget,
    later,
    offset,
    remaining_text,
)
from assist.domain.holidays import parse_holidays
from assist.domain.office_hours import WindowSet, parse_windows
from assist.domain.workdays import WorkCalendar

HOLIDAYS = Path(__file__).parents[2] / "assist" / "defaults" / "holidays"
YEARS = [parse_holidays(json.loads(path.read_text("utf-8"))) for path in sorted(HOLIDAYS.glob("*.json"))]
SUMMER = WindowSet(parse_windows("08:30-12:00,15:00-18:00"), date(2026, 6, 1), date(2026, 9, 30))
CALENDAR = WorkCalendar.from_years(YEARS)
WITH_SUMMER = WorkCalendar.from_years(YEARS, [WindowSet(), SUMMER])

DAYS_15 = Budget.working_days(15)
HOURS_4 = Budget.working_minutes(240)
ANY_HOURS_2 = Budget.any_minutes(120)

calendars = st.sampled_from([CALENDAR, WITH_SUMMER])
instants = st.builds(
    lambda day, time: shanghai(2025, 1, 1) + timedelta(days=day) + time,
    st.integers(0, 2 * 365),
    st.timedeltas(timedelta(0), timedelta(hours=23, minutes=59)),
)
lengths = st.timedeltas(timedelta(0), timedelta(days=20))
budgets = st.one_of(
    st.integers(1, 30).map(Budget.working_days),
    st.integers(1, 3000).map(Budget.working_minutes),
    st.integers(1, 30).map(Budget.calendar_days),
    st.integers(1, 3000).map(Budget.any_minutes),
)
working_budgets = st.one_of(
    st.integers(1, 30).map(Budget.working_days), st.integers(1, 3000).map(Budget.working_minutes)
)


@pytest.mark.parametrize(
    ("budget", "expected"),
    [
        (DAYS_15, shanghai(2026, 12, 11, 17, 30)),
        (HOURS_4, shanghai(2026, 11, 20, 15, 12)),
        (ANY_HOURS_2, shanghai(2026, 11, 20, 11, 12)),
        (Budget.calendar_days(30), shanghai(2026, 12, 21, 17, 30)),
        (Budget.calendar_days(4), shanghai(2026, 11, 24, 17, 30)),
        (Budget.fixed(shanghai(2026, 11, 25, 17, 30)), shanghai(2026, 11, 25, 17, 30)),
    ],
)
def test_each_measure_ends_in_its_own_way(budget: Budget, expected: datetime) -> None:
    assert due(CALENDAR, shanghai(2026, 11, 20, 9, 12), budget) == expected


def test_a_pressing_matter_runs_at_any_hour() -> None:
    assert due(CALENDAR, shanghai(2026, 10, 2, 23), ANY_HOURS_2) == shanghai(2026, 10, 3, 1)


@pytest.mark.parametrize(
    ("measure", "amount", "fixed_at"),
    [
        (Measure.WORKING_DAYS, 0, None),
        (Measure.WORKING_MINUTES, -5, None),
        (Measure.FIXED, 0, None),
        (Measure.FIXED, 3, shanghai(2026, 11, 25)),
        (Measure.CALENDAR_DAYS, 3, shanghai(2026, 11, 25)),
    ],
)
def test_a_budget_is_exactly_one_positive_amount_or_one_instant(
    measure: Measure, amount: int, fixed_at: datetime | None
) -> None:
    with pytest.raises(ValueError, match="budget"):
        Budget(measure, amount, fixed_at)


@pytest.mark.parametrize(
    ("budget", "text"),
    [
        (DAYS_15, "15个工作日"),
        (HOURS_4, "4个工作小时"),
        (Budget.working_minutes(90), "1小时30分工作时间"),
        (ANY_HOURS_2, "2小时（不分昼夜）"),
        (Budget.calendar_days(30), "30个自然日"),
        (Budget.fixed(shanghai(2026, 11, 25)), "约定日期"),
    ],
)
def test_a_budget_reads_as_people_say_it(budget: Budget, text: str) -> None:
    assert budget.text == text


@given(calendars, instants, lengths, budgets)
def test_due_is_monotone_in_start(
    calendar: WorkCalendar, start: datetime, wait: timedelta, budget: Budget
) -> None:
    assert due(calendar, start, budget) <= due(calendar, start + wait, budget)


@given(calendars, instants, budgets, st.integers(1, 20))
def test_due_is_monotone_in_budget(
    calendar: WorkCalendar, start: datetime, budget: Budget, more: int
) -> None:
    larger = Budget(budget.measure, budget.amount + more)
    assert start < due(calendar, start, budget) <= due(calendar, start, larger)


@pytest.mark.parametrize(
    ("resumed_at", "days"),
    [
        (shanghai(2026, 11, 23, 17, 29), 0),
        (shanghai(2026, 11, 23, 17, 30), 1),
        (shanghai(2026, 11, 24, 15), 1),
        (shanghai(2026, 11, 30, 8), 5),
    ],
)
def test_a_pause_costs_a_day_clock_one_day_for_each_close_of_office_inside_it(
    resumed_at: datetime, days: int
) -> None:
    start = shanghai(2026, 11, 20, 9, 12)
    moved = after_pause(
        CALENDAR, due(CALENDAR, start, DAYS_15), DAYS_15, shanghai(2026, 11, 23, 9), resumed_at
    )
    assert moved == due(CALENDAR, start, Budget.working_days(15 + days))


def test_a_pause_gives_an_hour_clock_its_working_minutes_back() -> None:
    due_at = shanghai(2026, 11, 23, 11)
    moved = after_pause(CALENDAR, due_at, HOURS_4, shanghai(2026, 11, 23, 10), shanghai(2026, 11, 24, 9))
    assert moved == shanghai(2026, 11, 24, 10)


def test_a_pause_gives_an_any_hour_clock_the_plain_time_and_a_named_date_nothing() -> None:
    due_at, paused_at = shanghai(2026, 11, 20, 23), shanghai(2026, 11, 20, 22)
    resumed_at = shanghai(2026, 11, 21, 5, 30)
    assert after_pause(CALENDAR, due_at, ANY_HOURS_2, paused_at, resumed_at) == shanghai(2026, 11, 21, 6, 30)
    assert after_pause(CALENDAR, due_at, Budget.fixed(due_at), paused_at, resumed_at) == due_at
    assert after_pause(CALENDAR, due_at, Budget.calendar_days(9), paused_at, resumed_at) == due_at


@given(calendars, instants, lengths, lengths, budgets)
def test_nothing_moves_a_due_time_that_had_passed_when_the_pause_began(
    calendar: WorkCalendar, start: datetime, late: timedelta, length: timedelta, budget: Budget
) -> None:
    assume(late)
    due_at = due(calendar, start, budget)
    paused_at = due_at + late
    assert after_pause(calendar, due_at, budget, paused_at, paused_at + length) == due_at


@given(calendars, instants, instants, st.floats(0, 1), st.floats(0, 1), working_budgets)
def test_a_pause_outside_office_hours_is_free(
    calendar: WorkCalendar, start: datetime, near: datetime, begin: float, end: float, budget: Budget
) -> None:
    # Somewhere between an end of office time and the next opening.
    opens = calendar.working_from(calendar.close_on((near + timedelta(days=1)).date()))
    closed = calendar.hour_due(calendar.minutes_back(opens, 1), 1)
    gap = opens - closed
    first, last = sorted((begin, end))
    due_at = due(calendar, start, budget)
    assert after_pause(calendar, due_at, budget, closed + gap * first, closed + gap * last) == due_at


@given(calendars, instants, st.floats(0, 1), lengths, working_budgets)
def test_a_pause_that_begins_in_time_never_shortens_what_was_left(
    calendar: WorkCalendar, start: datetime, part: float, length: timedelta, budget: Budget
) -> None:
    due_at = due(calendar, start, budget)
    paused_at = start + (due_at - start) * part
    assume(paused_at < due_at)
    resumed_at = paused_at + length
    moved = after_pause(calendar, due_at, budget, paused_at, resumed_at)
    assert moved >= due_at
    if budget.measure is Measure.WORKING_MINUTES:
        assert calendar.elapsed(resumed_at, moved) == calendar.elapsed(paused_at, due_at)
    else:
        assert calendar.closes_between(resumed_at, moved) == calendar.closes_between(paused_at, due_at)


def test_a_deferral_keeps_the_time_of_day_and_a_close_stays_a_close() -> None:
    assert later(CALENDAR, shanghai(2026, 9, 29, 17, 30), 7) == shanghai(2026, 10, 14, 17, 30)
    assert later(CALENDAR, shanghai(2026, 9, 29, 10), 2) == shanghai(2026, 10, 8, 10)
    assert later(WITH_SUMMER, shanghai(2026, 5, 29, 17, 30), 1) == shanghai(2026, 6, 1, 18)
    assert later(WITH_SUMMER, shanghai(2026, 9, 30, 18), 1) == shanghai(2026, 10, 8, 17, 30)
    assert later(CALENDAR, shanghai(2026, 9, 29, 10), 0) == shanghai(2026, 9, 29, 10)


@pytest.mark.parametrize(
    ("due_at", "step", "budget", "expected"),
    [
        (shanghai(2026, 12, 11, 17, 30), StepOffset(days=-1), DAYS_15, shanghai(2026, 12, 10, 17, 30)),
        (shanghai(2026, 12, 11, 17, 30), StepOffset(days=1), DAYS_15, shanghai(2026, 12, 14, 17, 30)),
        (shanghai(2026, 11, 23, 9), StepOffset(minutes=-60), HOURS_4, shanghai(2026, 11, 20, 17)),
        (
            shanghai(2026, 11, 23, 17, 30),
            StepOffset(minutes=-60),
            Budget.working_days(1),
            shanghai(2026, 11, 23, 16, 30),
        ),
        (shanghai(2026, 11, 23, 17, 30), StepOffset(minutes=30), HOURS_4, shanghai(2026, 11, 24, 9)),
        (shanghai(2026, 11, 23, 0, 30), StepOffset(minutes=-60), ANY_HOURS_2, shanghai(2026, 11, 22, 23, 30)),
        (shanghai(2026, 11, 22, 0, 30), StepOffset(days=1), ANY_HOURS_2, shanghai(2026, 11, 23, 8, 30)),
    ],
)
def test_a_step_walks_days_or_the_clocks_own_hours(
    due_at: datetime, step: StepOffset, budget: Budget, expected: datetime
) -> None:
    assert offset(CALENDAR, due_at, shanghai(2026, 11, 20, 9), step, budget) == expected


def test_the_breach_is_the_first_moment_after_the_due_time() -> None:
    due_at = shanghai(2026, 11, 23, 17, 30)
    at = offset(CALENDAR, due_at, shanghai(2026, 11, 20, 9), StepOffset(), DAYS_15)
    assert at == due_at + timedelta(microseconds=1)


def test_a_step_before_the_start_is_skipped() -> None:
    start = shanghai(2026, 11, 23, 16, 45)
    due_at = due(CALENDAR, start, Budget.working_minutes(30))
    assert offset(CALENDAR, due_at, start, StepOffset(minutes=-60), Budget.working_minutes(30)) is None
    assert offset(CALENDAR, due_at, start, StepOffset(days=-1), Budget.working_minutes(30)) is None


def test_a_step_is_offset_by_days_or_by_minutes() -> None:
    with pytest.raises(ValueError, match="not by both"):
        StepOffset(days=1, minutes=1)


@given(calendars, instants, budgets)
def test_half_the_budget_lies_in_the_middle_and_in_office_hours(
    calendar: WorkCalendar, start: datetime, budget: Budget
) -> None:
    due_at = due(calendar, start, budget)
    half = half_budget(calendar, due_at, start, budget)
    assert half is not None
    assert start <= half <= due_at
    if budget.measure is not Measure.ANY_MINUTES:
        before, after = calendar.elapsed(start, half), calendar.elapsed(half, due_at)
        assert abs(before - after) <= timedelta(microseconds=1)


def test_half_of_nothing_is_no_step() -> None:
    sunday = shanghai(2026, 11, 22, 9)
    fixed = Budget.fixed(sunday + timedelta(hours=2))
    assert half_budget(CALENDAR, sunday + timedelta(hours=2), sunday, fixed) is None
    assert half_budget(CALENDAR, sunday, sunday, ANY_HOURS_2) is None


@pytest.mark.parametrize(
    ("now", "due_at", "text", "tone"),
    [
        (shanghai(2026, 11, 23, 9, 30), shanghai(2026, 12, 11, 17, 30), "还剩14个工作日", "inf"),
        (shanghai(2026, 11, 23, 9, 30), shanghai(2026, 11, 25, 17, 30), "还剩2个工作日", "soon"),
        (shanghai(2026, 11, 23, 9, 30), shanghai(2026, 11, 23, 17, 30), "今日到期", "soon"),
        (shanghai(2026, 11, 23, 9, 48), shanghai(2026, 11, 23, 10, 30), "剩42分钟", "soon"),
        (shanghai(2026, 11, 23, 17, 30), shanghai(2026, 11, 23, 17, 30), "剩1分钟", "soon"),
        (shanghai(2026, 11, 23, 9, 30), shanghai(2026, 11, 20, 17, 30), "超期1个工作日", "late"),
        (shanghai(2026, 11, 23, 11, 5), shanghai(2026, 11, 23, 10, 30), "超期35分钟", "late"),
        (shanghai(2026, 11, 20, 18, 40), shanghai(2026, 11, 20, 17, 30), "超期1小时10分", "late"),
        (shanghai(2026, 11, 21, 9), shanghai(2026, 11, 20, 17, 30), "超期不足1个工作日", "late"),
        (shanghai(2026, 11, 20, 17), shanghai(2026, 11, 23, 17, 30), "还剩1个工作日", "soon"),
        (shanghai(2026, 11, 22, 17), shanghai(2026, 11, 23, 17, 30), "还剩1个工作日", "soon"),
        (shanghai(2026, 11, 20, 23), shanghai(2026, 11, 21, 0, 30), "00:30前，还剩1小时30分", "soon"),
        (shanghai(2026, 11, 20, 10), shanghai(2026, 11, 21, 10), "还剩不足1个工作日", "soon"),
    ],
)
def test_what_is_left_reads_as_a_person_would_say_it(
    now: datetime, due_at: datetime, text: str, tone: str
) -> None:
    assert remaining_text(CALENDAR, now, due_at) == (text, tone)


def test_the_ticket_page_tells_the_hours_of_today() -> None:
    now, due_at = shanghai(2026, 11, 23, 11, 40), shanghai(2026, 11, 23, 17, 30)
    assert remaining_text(CALENDAR, now, due_at, precise=True).text == "17:30前，还剩5小时50分"
    assert remaining_text(CALENDAR, now, due_at).text == "今日到期"
