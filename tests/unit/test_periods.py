"""Spans of time as they stand in addresses."""

from datetime import date

import pytest

from assist.domain import periods
from assist.domain.clock import shanghai
from assist.domain.rates import days


@pytest.mark.parametrize(
    ("text", "first", "last", "label"),
    [
        ("2026-11", date(2026, 11, 1), date(2026, 11, 30), "2026年11月"),
        ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31), "2026年第四季度"),
        ("2026-Q1", date(2026, 1, 1), date(2026, 3, 31), "2026年第一季度"),
        ("2026", date(2026, 1, 1), date(2026, 12, 31), "2026年"),
    ],
)
def test_a_word_names_a_span_and_a_span_its_word(text: str, first: date, last: date, label: str) -> None:
    found = periods.parse(text)
    assert found is not None
    assert (found.first_on, found.last_on, found.label) == (first, last, label)
    assert periods.word(found) == text


@pytest.mark.parametrize("text", ["", "2026-13", "2026-Q5", "2026-Q", "20", "1999", "２０２６", "2026-", "2026-Q44"])
def test_anything_else_is_no_span(text: str) -> None:
    assert periods.parse(text) is None


@pytest.mark.parametrize(
    ("text", "earlier"),
    [("2026-01", "2025-12"), ("2026-11", "2026-10"), ("2026-Q1", "2025-Q4"), ("2026-Q3", "2026-Q2"), ("2026", "2025")],
)
def test_the_period_before_is_of_the_same_kind(text: str, earlier: str) -> None:
    found = periods.parse(text)
    assert found is not None
    assert periods.word(periods.before(found)) == earlier


def test_any_dates_are_compared_with_as_many_days_before() -> None:
    before = periods.before(days(date(2026, 11, 10), date(2026, 11, 16)))
    assert (before.first_on, before.last_on) == (date(2026, 11, 3), date(2026, 11, 9))
    assert periods.word(before) == ""


def test_what_is_offered_begins_with_the_present_and_names_each_span_once() -> None:
    offered = periods.offered(shanghai(2026, 11, 23, 10))
    words = [word for word, _ in offered]
    assert words[0] == "2026-11"
    assert {"2026-Q4", "2026-Q1", "2026", "2025"} <= set(words)
    assert len(words) == len(set(words))
