"""Figures that hold in a meeting: each number is the length of its list, and nothing that is late is left out."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assist.domain.clock import shanghai
from assist.domain.rates import Period, Rate, month
from assist.domain.status import Difficulty, Rating, RatingReason, Result
from assist.models import Ticket
from assist.services import closing, conversing, handling
from assist.services.queries.figures import counting, frozen, time_rows
from assist.services.queries.figures.catalogue import FIGURES
from assist.services.queries.figures.facts import AsOf
from assist.services.queries.figures.left_out import left_out
from assist.services.work import Work
from tests.cast import Cast
from tests.make import Make
from tests.statements import counted

NOVEMBER = month(2026, 11)
ALL = tuple(FIGURES)


def told(make: Make, key: str, period: Period = NOVEMBER, at: AsOf | None = None, who: str = "wang") -> Rate:
    work = make.work(getattr(make.cast, who))
    return counting.rates(work, [key], [period], at or counting.as_of(work))[0][key]


def behind(make: Make, key: str, part: str, at: AsOf | None = None) -> list[str]:
    work = make.work(make.cast.wang)
    if FIGURES[key].counts_times:
        found = time_rows.behind(work, key, part, NOVEMBER, at or counting.as_of(work), {}, 1)
        assert len(found.rows) == found.total
        return [f"{row.number} {row.kind.title}" for row in found.rows]
    condition = counting.tickets_behind(key, part, NOVEMBER, at or counting.as_of(work))
    return sorted(make.session.scalars(select(Ticket.number).where(condition)))


def test_a_ticket_answered_in_time_is_met_in_the_period_of_its_answer(make: Make) -> None:
    make.closed()
    assert told(make, "on_time") == Rate(1, 1)
    assert told(make, "on_time", month(2026, 10)) == Rate(0, 0)


def test_an_open_ticket_counts_as_a_miss_from_the_day_it_falls_due(make: Make) -> None:
    make.closed()
    ticket = make.handled()
    due_at = ticket.due_at
    assert due_at is not None
    period = Period(NOVEMBER.start, due_at + timedelta(days=1), "")
    make.at(due_at - timedelta(seconds=1))
    assert told(make, "on_time", period) == Rate(1, 1)
    make.at(due_at + timedelta(seconds=1))
    assert told(make, "on_time", period) == Rate(1, 2)
    assert told(make, "original_on_time", period) == Rate(1, 2)


def test_a_returned_answer_is_not_on_time_even_when_it_came_early(make: Make) -> None:
    make.returned()
    assert told(make, "on_time") == Rate(0, 1)


def test_silence_enters_neither_the_solved_nor_the_satisfied_rate(make: Make, cast: Cast) -> None:
    ticket = make.answered()
    make.act(cast.chen, ticket, conversing.answer_opened)
    make.at(shanghai(2026, 12, 8, 9))
    make.act(None, ticket, closing.lapse)
    december = month(2026, 12)
    assert told(make, "solved", december) == Rate(0, 0)
    assert told(make, "satisfied", december) == Rate(0, 0)
    assert told(make, "rated", december) == Rate(0, 1)


def test_only_the_words_of_the_enterprise_make_a_ticket_solved(make: Make) -> None:
    make.closed(result=Result.PARTLY)
    make.closed(result=Result.SOLVED)
    assert told(make, "solved") == Rate(1, 2)
    assert told(make, "self_reported") == Rate(2, 2)


def test_the_two_lowest_grades_are_not_satisfied(make: Make) -> None:
    make.closed(rating=Rating.FAIR)
    make.closed(rating=Rating.UNSATISFIED, reasons=(RatingReason.SPEED,))
    assert told(make, "satisfied") == Rate(1, 2)


def test_a_withdrawn_ticket_is_left_out_and_shown_beside_unless_it_was_late(make: Make, cast: Cast) -> None:
    make.act(cast.chen, make.ticket(), closing.withdraw, "已经自行解决")
    assert told(make, "on_time") == Rate(0, 0)
    assert left_out(make.work(cast.wang), NOVEMBER).withdrawn == 1
    late = make.ticket()
    assert late.due_at is not None
    make.at(late.due_at + timedelta(minutes=1))
    period = Period(NOVEMBER.start, make.time.now() + timedelta(days=1), "")
    make.act(cast.chen, late, closing.withdraw, "等得太久了")
    assert told(make, "on_time", period) == Rate(0, 1)


def test_an_entered_ticket_counts_once_the_enterprise_has_confirmed_it(make: Make, cast: Cast) -> None:
    ticket = make.closed(make.answered(make.handled(make.ticket(by=cast.zhang))))
    assert told(make, "on_time") == Rate(0, 0)
    make.act(cast.chen, ticket, conversing.verify_entry, True)
    assert told(make, "on_time") == Rate(1, 1)


def test_an_entered_ticket_that_is_late_counts_without_anybodys_word(make: Make, cast: Cast) -> None:
    ticket = make.ticket(by=cast.zhang)
    assert ticket.due_at is not None
    make.at(ticket.due_at + timedelta(minutes=1))
    period = Period(NOVEMBER.start, make.time.now() + timedelta(days=1), "")
    assert told(make, "on_time", period) == Rate(0, 1)


def test_a_harder_grade_moves_both_due_times_but_only_at_the_first_accept(make: Make) -> None:
    ticket = make.handled(difficulty=Difficulty.COMPLEX)
    assert ticket.due_at == shanghai(2026, 12, 14, 17, 30)
    make.at(shanghai(2026, 12, 10, 9))
    make.answered(ticket)
    december = month(2026, 12)
    assert told(make, "original_on_time", december) == Rate(1, 1)


def test_a_figure_told_as_of_a_time_never_changes(make: Make, cast: Cast) -> None:
    make.closed()
    waiting = make.answered()
    late = make.handled(make.ticket("第二件", by=cast.sun))
    at = AsOf(make.time.now(), live=False)
    before = {key: told(make, key, at=at) for key in ALL}
    make.at(make.time.now() + timedelta(hours=3))
    make.returned(waiting)
    make.act(cast.li, late, handling.progress, "已协调", is_visible=True)
    make.at(shanghai(2026, 12, 9, 9))
    make.closed(make.answered(late), rating=Rating.VERY_UNSATISFIED, reasons=(RatingReason.ATTITUDE,))
    assert {key: told(make, key, at=at) for key in ALL} == before
    assert told(make, "on_time", at=AsOf(make.time.now(), live=True)) != before["on_time"]


@pytest.mark.parametrize("key", ALL)
def test_each_number_opens_a_list_of_exactly_that_length(key: str, make: Make, cast: Cast) -> None:
    make.closed()
    make.closed(result=Result.PARTLY, rating=Rating.UNSATISFIED, reasons=(RatingReason.OUTCOME,))
    make.closed(make.answered(make.returned()))
    make.ticket()
    make.at(shanghai(2026, 11, 27, 9))
    rate = told(make, key)
    assert len(behind(make, key, "d")) == rate.d
    assert len(behind(make, key, "n")) == rate.n
    assert len(behind(make, key, "missed")) == rate.d - rate.n


def test_a_reader_counts_only_what_he_may_see(make: Make) -> None:
    make.closed()
    make.closed(make.answered(make.handled(make.ticket(by=make.cast.sun))))
    assert told(make, "on_time").d == 2
    assert told(make, "on_time", who="zhang").d == 1
    assert told(make, "on_time", who="qian").d == 1
    assert told(make, "on_time", who="wu").d == 0


def test_areas_and_months_add_up_to_the_whole(make: Make) -> None:
    make.closed()
    make.returned(make.answered(make.handled(make.ticket(by=make.cast.sun))))
    work: Work = make.work(make.cast.wang)
    at = counting.as_of(work)
    whole = told(make, "on_time")
    parts = counting.by_dimension(work, "on_time", "area", NOVEMBER, at).values()
    assert (sum(one.n for one in parts), sum(one.d for one in parts)) == (whole.n, whole.d)
    assert frozen.trend(work, "on_time", NOVEMBER, 12, at)[-1][1] == whole


def test_nothing_to_count_is_a_dash_and_never_a_hundred() -> None:
    assert Rate(0, 0).percent == "—"
    assert Rate(1999, 2000).percent == "99.9%"
    assert Rate(1, 1).percent == "100%"


def test_statements_for_the_rates_do_not_grow_with_the_figures(make: Make, session: Session) -> None:
    make.closed()
    work = make.work(make.cast.wang)
    assert work.settings
    with counted(session) as statements:
        counting.rates(work, ALL, [NOVEMBER, month(2026, 10)], counting.as_of(work))
    assert len(statements) == 1
