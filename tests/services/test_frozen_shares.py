"""Frozen months for who does not see all: his area's or his enterprises' share, less what is restricted there."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from assist.domain.clock import shanghai
from assist.domain.rates import Rate, month
from assist.models.engine import begin_writing
from assist.services import freezing, settings
from assist.services.queries.figures import counting, narrowing
from assist.services.queries.figures.catalogue import FIGURES
from assist.services.queries.figures.frozen import told_frozen
from assist.services.queries.figures.narrowing import Narrowing
from tests.cast import Cast, Person, name_for_restricted
from tests.make import Make
from tests.statements import counted

NOVEMBER = month(2026, 11)
FROZEN_AT = shanghai(2026, 12, 7, 17, 30)
ALL_OF_THEM = ("zhao", "qian", "liu")  # the city's coordinator, that of 甲's area, the leader of 甲's group


@pytest.fixture
def november(make: Make, cast: Cast) -> Make:
    """Of 甲 three matters, one of them restricted; one of 乙. Frozen; then one of 甲's is returned."""
    name_for_restricted(make.session, cast.wang.id)
    make.closed()
    waiting = make.answered()
    make.closed(make.answered(make.handled(make.ticket(by=cast.sun))))
    assert make.answered(make.ticket("专员态度冷淡。", category="1302")).is_restricted
    make.at(FROZEN_AT)
    begin_writing(make.session)
    freezing.freeze(make.work(), NOVEMBER)
    make.session.commit()
    settings.forget()
    make.at(FROZEN_AT + timedelta(days=2))
    make.returned(waiting)
    return make


def told(make: Make, who: Person, *keys: str) -> dict[str, Rate]:
    work = make.work(who)
    return narrowing.told(work, keys, [NOVEMBER], Narrowing(), counting.as_of(work))[0]


def test_each_is_told_his_share_of_the_month_as_it_was_frozen(november: Make, cast: Cast) -> None:
    expected = {"wang": Rate(4, 4), "zhao": Rate(3, 3), "qian": Rate(2, 2), "liu": Rate(2, 2)}
    assert {name: told(november, getattr(cast, name), "on_time")["on_time"] for name in expected} == expected


@pytest.mark.parametrize("name", ALL_OF_THEM)
def test_every_figure_of_a_share_is_what_its_list_holds_as_of_then(november: Make, cast: Cast, name: str) -> None:
    work = november.work(getattr(cast, name))
    then = counting.as_of(work, FROZEN_AT)
    listed = counting.rates(work, list(FIGURES), [NOVEMBER], then)[0]
    assert told(november, getattr(cast, name), *FIGURES) == listed
    assert narrowing.told_at(work, NOVEMBER, Narrowing()) == FROZEN_AT


def test_the_person_named_for_restricted_matters_is_told_of_the_month_as_of_now(november: Make, cast: Cast) -> None:
    name_for_restricted(november.session, cast.zhao.id)
    assert told(november, cast.zhao, "on_time")["on_time"] == Rate(2, 3)
    assert narrowing.told_at(november.work(cast.zhao), NOVEMBER, Narrowing()) is None


def test_what_is_narrowed_and_an_officer_s_own_are_told_as_of_now(november: Make, cast: Cast) -> None:
    work = november.work(cast.zhao)
    assert told_frozen(work, NOVEMBER, "area") is None
    assert told_frozen(november.work(cast.zhang), NOVEMBER) is None
    assert told(november, cast.zhang, "on_time")["on_time"] == Rate(1, 2)


def test_a_share_of_many_months_is_one_statement(november: Make, cast: Cast, session: Session) -> None:
    work = november.work(cast.liu)
    assert work.settings.frozen_months
    months = [month(2026, 12 - back) for back in range(12)]
    with counted(session) as statements:
        narrowing.told(work, ["on_time", "rated"], months, Narrowing(), counting.as_of(work))
    assert len(statements) == 1
