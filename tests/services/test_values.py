"""Figures that are no share of tickets: working days and coverage, by city and area."""

from datetime import timedelta

from assist.domain.clock import FixedTime, shanghai
from assist.domain.rates import Rate, month
from assist.services import conversing
from assist.services.queries.figures import counting, values
from tests.cast import Cast
from tests.make import Make

NOVEMBER = month(2026, 11)


def told(make: Make, cast: Cast) -> dict[values.Place, Rate]:
    work = make.work(cast.wang)
    found = values.measured(work, NOVEMBER, counting.as_of(work))
    make.session.rollback()
    return found


def test_what_a_supplement_put_off_is_counted_in_working_days(make: Make, cast: Cast, time: FixedTime) -> None:
    ticket = make.contacted()
    make.act(cast.zhang, ticket, conversing.request_supplement, "请补充环评批复。")
    make.handled(make.ticket("没有补正过的一件"))
    assert told(make, cast)["supplement_days", "city", 0] == Rate(0, 0)
    make.at(shanghai(2026, 11, 26, 9, 30))  # three working days later
    make.act(cast.chen, ticket, conversing.supplement, "已补充。")
    found = told(make, cast)
    assert found["supplement_days", "city", 0] == Rate(3, 1)
    assert values.VALUES["supplement_days"].text(found["supplement_days", "city", 0]) == "3个工作日"


def test_how_long_what_is_late_has_been_late(make: Make, cast: Cast, time: FixedTime) -> None:
    late = make.handled()
    assert late.due_at is not None
    make.at(late.due_at + timedelta(hours=1))
    assert told(make, cast)["overdue_days", "city", 0] == Rate(0, 1), "late since today"
    make.at(late.due_at + timedelta(days=7))
    found = told(make, cast)
    assert found["overdue_days", "city", 0] == Rate(5, 1)
    assert found["overdue_days", "area", late.area_id] == Rate(5, 1)


def test_enterprises_with_an_officer_are_counted_of_all(make: Make, cast: Cast) -> None:
    found = told(make, cast)
    assert found["staffed", "city", 0] == Rate(2, 2)
    assert found["duration_median", "city", 0].d == 0
    assert values.VALUES["duration_median"].text(found["duration_median", "city", 0]) == "—"
