"""Whose lateness: the parts of the bar add up, and a time that was not kept is its party's (design 4)."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assist.domain.clock import shanghai
from assist.domain.holidays import parse_holidays
from assist.domain.lateness import (
    Bearer,
    DecisionTime,
    Miss,
    Party,
    Share,
    Span,
    TaskTime,
    party_of,
    responsible,
    shares,
)
from assist.domain.status import ClockHolder
from assist.domain.workdays import WorkCalendar

HOLIDAYS = Path(__file__).parents[2] / "assist" / "defaults" / "holidays"
YEARS = [parse_holidays(json.loads(path.read_text("utf-8"))) for path in sorted(HOLIDAYS.glob("*.json"))]
CALENDAR = WorkCalendar.from_years(YEARS)
OFFICER, STAND_IN, UNIT = Party(Bearer.OFFICER, 1), Party(Bearer.STAND_IN, 2), Party(Bearer.UNIT, 7)
CITY, ENTERPRISE = Party(Bearer.DECIDER, holder=ClockHolder.CITY), Party(Bearer.ENTERPRISE)
# Monday to the second Friday: submitted on the 2nd, due on the 11th of November 2026.
SUBMITTED, DUE = shanghai(2026, 11, 2, 9), shanghai(2026, 11, 11, 17, 30)
LATER = shanghai(2026, 11, 20, 9)


def at(day: int, hour: int = 9, minute: int = 0) -> datetime:
    return shanghai(2026, 11, day, hour, minute)


def always(party: Party) -> list[Span]:
    return [Span(datetime.min.replace(tzinfo=SUBMITTED.tzinfo), None, party)]


def test_a_unit_s_part_is_what_its_own_clock_says_and_the_rest_is_the_officer_s() -> None:
    """Asked on Tuesday, replied on Friday: three working days, as its time limit counts them."""
    found = shares(CALENDAR, [(SUBMITTED, at(11))], [[Span(at(3, 10), at(6, 16), UNIT)], always(OFFICER)])
    assert found == [Share(OFFICER, 4), Share(UNIT, 3)]


def test_the_first_layer_that_covers_a_day_says_whose_it_is() -> None:
    layers = [[Span(at(4), at(6), ENTERPRISE)], [Span(at(3), at(10), UNIT)], always(OFFICER)]
    found = {one.party: one.days for one in shares(CALENDAR, [(SUBMITTED, at(11))], layers)}
    assert found == {OFFICER: 2, UNIT: 3, ENTERPRISE: 2}


def test_days_between_a_closing_and_a_reopening_are_nobody_s() -> None:
    stretches = [(SUBMITTED, at(4)), (at(16), at(18))]
    assert shares(CALENDAR, stretches, [always(OFFICER)]) == [Share(OFFICER, 4)]


def test_a_holiday_is_nobody_s_day_and_a_make_up_saturday_is_somebody_s() -> None:
    stretches = [(shanghai(2026, 9, 30, 9), shanghai(2026, 10, 10, 17))]
    assert shares(CALENDAR, stretches, [always(OFFICER)]) == [Share(OFFICER, 3)]  # 8, 9 and Saturday 10 October


PARTIES = [OFFICER, STAND_IN, UNIT, CITY, ENTERPRISE, Party(Bearer.VACANT), Party(Bearer.SUSPENDED)]
MOMENTS = st.integers(0, 24 * 400).map(lambda hours: shanghai(2026, 1, 1) + timedelta(hours=hours))


@st.composite
def spans(draw: Any) -> list[Span]:
    begun = [sorted(draw(st.tuples(MOMENTS, MOMENTS))) for _ in range(draw(st.integers(0, 5)))]
    return [Span(start, draw(st.sampled_from([end, None])), draw(st.sampled_from(PARTIES))) for start, end in begun]


@settings(max_examples=200, deadline=None)
@given(st.lists(MOMENTS, min_size=2, max_size=6), st.lists(spans(), max_size=4))
def test_the_parts_add_up_to_the_working_days_elapsed(moments: list[datetime], layers: list[list[Span]]) -> None:
    ordered = sorted(moments)
    stretches = list(zip(ordered[::2], ordered[1::2], strict=False))
    found = shares(CALENDAR, stretches, [*layers, always(OFFICER)])
    assert sum(one.days for one in found) == sum(CALENDAR.workdays_between(*one) for one in stretches)
    assert all(one.days >= 0 for one in found)
    assert len({one.party for one in found}) == len(found)


def miss(**facts: Any) -> Miss:
    return Miss(**{"started_at": SUBMITTED, "due_at": DUE, "owner_id": 1, **facts})


def task(started: datetime, due: datetime, stopped: datetime | None, **more: Any) -> TaskTime:
    whose = {"task_id": 1, "unit_id": 7, "is_lead": True, **more}
    return TaskTime(**whose, started_at=started, due_at=due, stopped_at=stopped)


def owed(started: datetime, due: datetime, stopped: datetime | None) -> DecisionTime:
    return DecisionTime(ClockHolder.CITY, started, due, stopped)


@pytest.mark.parametrize(
    ("facts", "whose"),
    [
        ({}, OFFICER),
        # Missed on the 6th and still with the unit when the last two working days began.
        ({"tasks": [task(at(3), at(6, 17, 30), None)]}, UNIT),
        ({"tasks": [task(at(3), at(6, 17, 30), at(10, 9))]}, UNIT),
        # Replied late, but before the last two working days: the owner had time.
        ({"tasks": [task(at(3), at(6, 17, 30), at(9, 17))]}, OFFICER),
        # Still with the unit, but within its own time: it was asked too late.
        ({"tasks": [task(at(10), at(13, 17, 30), None)]}, OFFICER),
        # Its reply was late, its promise runs: the task is still open.
        ({"tasks": [task(at(3), at(5, 17, 30), at(6)), task(at(6), at(20, 17, 30), None)]}, UNIT),
        # The lead before one that assists.
        (
            {
                "tasks": [
                    task(at(3), at(5, 17, 30), None, task_id=2, unit_id=8, is_lead=False),
                    task(at(4), at(9, 17, 30), None),
                ]
            },
            UNIT,
        ),
        ({"decisions": [owed(at(3), at(4, 9), at(9))]}, CITY),
        ({"decisions": [owed(at(3), at(4, 17, 30), at(4, 10))]}, OFFICER),
        # Asked in time and not decided when it should have been: the delay is the decider's.
        ({"decisions": [owed(at(11, 16), at(12, 17, 30), at(16))]}, CITY),
        # Asked only after the due time: it does not wait for that.
        ({"decisions": [owed(at(12), at(13, 17, 30), at(18))]}, OFFICER),
        # A unit comes before a decision.
        ({"tasks": [task(at(3), at(6, 17, 30), None)], "decisions": [owed(at(3), at(4), at(9))]}, UNIT),
        ({"stand_in_id": 2}, STAND_IN),
        ({"owner_id": None}, Party(Bearer.VACANT)),
        ({"handed_over_at": at(4, 10)}, Party(Bearer.HANDOVER)),  # the fifth working day after it
        ({"handed_over_at": at(3, 10)}, OFFICER),
        ({"handed_over_at": at(10), "tasks": [task(at(3), at(6, 17, 30), None)]}, UNIT),
        ({"objected": CITY, "tasks": [task(at(3), at(6, 17, 30), None)]}, CITY),
    ],
)
def test_a_time_that_was_not_kept_is_its_party_s(facts: dict[str, Any], whose: Party) -> None:
    assert responsible(CALENDAR, miss(**facts), LATER) == whose


def test_a_decision_is_late_from_its_own_due_time_on() -> None:
    found = miss(decisions=[owed(at(11, 16), at(12, 17, 30), None)])
    assert responsible(CALENDAR, found, at(12, 17)) == OFFICER
    assert responsible(CALENDAR, found, at(12, 17, 31)) == CITY


@pytest.mark.parametrize("party", [*PARTIES, Party(Bearer.NOBODY), Party(Bearer.HANDOVER)])
def test_a_party_is_read_from_its_word(party: Party) -> None:
    assert party_of(party.word) == party


@pytest.mark.parametrize("word", ["", "unit", "unit:", "unit:x", "decider:5", "handover:1", "somebody"])
def test_other_words_are_no_party(word: str) -> None:
    assert party_of(word) is None


def test_of_two_who_were_asked_at_the_same_moment_it_is_always_the_same_one() -> None:
    asked, by = DUE - timedelta(days=5), DUE - timedelta(days=3)
    both = [DecisionTime(holder, asked, by, None) for holder in (ClockHolder.CITY, ClockHolder.LEADER)]
    told = {responsible(CALENDAR, miss(decisions=order), DUE + timedelta(days=1)) for order in (both, both[::-1])}
    assert told == {Party(Bearer.DECIDER, holder=ClockHolder.LEADER)}
