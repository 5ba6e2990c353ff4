"""The reminder ladder: when the steps of a clock fall."""

import json
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

import pytest

from assist.domain.clock import shanghai
from assist.domain.deadlines import FIRST_MOMENT, Budget, due
from assist.domain.holidays import parse_holidays
from assist.domain.ladder import DEFAULTS, LadderRule, StepAt, reached, walk
from assist.domain.status import ClockKind, Step
from assist.domain.workdays import WorkCalendar

HOLIDAYS = Path(__file__).parents[2] / "assist" / "defaults" / "holidays"
CALENDAR = WorkCalendar.from_years(
    parse_holidays(json.loads((HOLIDAYS / f"{year}.json").read_text(encoding="utf-8")), year)
    for year in (2026, 2027)
)


def ladder(kind: ClockKind) -> list[LadderRule]:
    return [rule for rule in DEFAULTS if rule.kind is kind]


def steps(kind: ClockKind, start: datetime, budget: Budget, count: int = 12) -> list[StepAt]:
    rules = ladder(kind)
    return list(islice(walk(CALENDAR, rules, start, due(CALENDAR, start, budget), budget), count))


def times(kind: ClockKind, start: datetime, budget: Budget, count: int = 12) -> dict[str, datetime]:
    return {step.key: step.at for step in steps(kind, start, budget, count)}


MONDAY = shanghai(2026, 11, 23, 9, 30)


def test_a_clock_of_days_is_warned_one_working_day_before() -> None:
    found = times(ClockKind.RESOLUTION, MONDAY, Budget.working_days(7))
    assert found["warning:0"] == shanghai(2026, 12, 1, 17, 30)
    assert found["breach:0"] == shanghai(2026, 12, 2, 17, 30) + FIRST_MOMENT


def test_a_clock_of_hours_is_warned_one_working_hour_before() -> None:
    found = times(ClockKind.CONTACT, shanghai(2026, 11, 23, 11, 30), Budget.working_minutes(120))
    assert found["breach:0"] == shanghai(2026, 11, 23, 15, 30) + FIRST_MOMENT
    assert found["warning:0"] == shanghai(2026, 11, 23, 14, 30)


@pytest.mark.parametrize("kind", [ClockKind.OPINION, ClockKind.RESOLUTION])
def test_a_clock_of_one_day_is_warned_one_working_hour_before(kind: ClockKind) -> None:
    found = times(kind, MONDAY, Budget.working_days(1))
    assert found["warning:0"] == shanghai(2026, 11, 24, 16, 30)


def test_an_urgent_contact_is_warned_an_hour_before_at_any_hour() -> None:
    start = shanghai(2026, 11, 21, 22, 10)
    found = times(ClockKind.CONTACT, start, Budget.any_minutes(120))
    assert found["warning:0"] == start + timedelta(hours=1)


def test_half_the_budget_is_counted_in_working_time() -> None:
    found = times(ClockKind.RESOLUTION, shanghai(2026, 11, 27, 16, 30), Budget.working_days(2))
    # One hour on Friday and two days of seven: half of fifteen is an hour and six and a half.
    assert found["early:0"] == shanghai(2026, 11, 30, 17, 0)


def test_resolution_escalates_after_one_three_and_five_days_and_then_every_five() -> None:
    found = times(ClockKind.RESOLUTION, MONDAY, Budget.working_days(7), 9)
    assert list(found) == [
        "early:0",
        "warning:0",
        "breach:0",
        "escalate_1:0",
        "escalate_2:0",
        "escalate_3:0",
        "escalate_3:1",
        "escalate_3:2",
        "escalate_3:3",
    ]
    assert found["escalate_1:0"] == shanghai(2026, 12, 3, 17, 30)
    assert found["escalate_2:0"] == shanghai(2026, 12, 7, 17, 30)
    assert found["escalate_3:0"] == shanghai(2026, 12, 9, 17, 30)
    assert found["escalate_3:1"] == shanghai(2026, 12, 16, 17, 30)
    assert found["escalate_3:2"] == shanghai(2026, 12, 23, 17, 30)


@pytest.mark.parametrize(
    "kind", [ClockKind.ACCEPTANCE, ClockKind.CONTACT, ClockKind.OPINION, ClockKind.PROGRESS]
)
def test_the_other_clocks_of_the_officer_stop_at_the_first_escalation(kind: ClockKind) -> None:
    assert [step.rule.step for step in steps(kind, MONDAY, Budget.working_days(5))] == [
        Step.WARNING,
        Step.BREACH,
        Step.ESCALATE_1,
    ]


def test_the_enterprise_is_reminded_once_to_confirm() -> None:
    found = steps(ClockKind.CONFIRMATION, MONDAY, Budget.working_days(5))
    assert [(step.rule.step, step.rule.recipients) for step in found] == [(Step.WARNING, ("enterprise",))]


def test_a_step_before_the_start_is_left_out() -> None:
    start = shanghai(2026, 11, 23, 9, 30)
    due_at = shanghai(2026, 11, 23, 17, 30)
    found = walk(CALENDAR, ladder(ClockKind.RESOLUTION), start, due_at, Budget.working_days(5))
    assert [step.rule.step for step in islice(found, 2)] == [Step.EARLY, Step.BREACH]


def test_over_spring_festival_steps_walk_the_working_calendar() -> None:
    # 2026-02-13 + 5 working days: Saturday 14 works, 15 to 23 are off.
    start = shanghai(2026, 2, 13, 10, 0)
    found = times(ClockKind.PROGRESS, start, Budget.working_days(5))
    assert found["breach:0"] == shanghai(2026, 2, 27, 17, 30) + FIRST_MOMENT
    assert found["warning:0"] == shanghai(2026, 2, 26, 17, 30)
    assert found["escalate_1:0"] == shanghai(2026, 2, 28, 17, 30)


def test_what_is_reached_and_what_comes_next_are_told_even_of_an_endless_ladder() -> None:
    budget = Budget.working_days(7)
    rules = ladder(ClockKind.RESOLUTION)
    due_at = due(CALENDAR, MONDAY, budget)
    passed, following = reached(walk(CALENDAR, rules, MONDAY, due_at, budget), shanghai(2026, 12, 24, 9, 0))
    assert passed[-1].key == "escalate_3:2"
    assert following is not None
    assert following.key == "escalate_3:3"


def test_a_step_is_reached_at_its_very_instant() -> None:
    budget = Budget.working_days(5)
    rules = ladder(ClockKind.PROGRESS)
    walked = walk(CALENDAR, rules, MONDAY, due(CALENDAR, MONDAY, budget), budget)
    passed, _ = reached(walked, shanghai(2026, 11, 27, 17, 30))
    assert [step.rule.step for step in passed] == [Step.WARNING]


def test_steps_are_aware_instants() -> None:
    assert all(
        step.at.tzinfo is UTC for step in steps(ClockKind.RESOLUTION, MONDAY, Budget.working_days(7), 8)
    )
