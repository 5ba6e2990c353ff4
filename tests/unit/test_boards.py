"""蓝黄红榜: places, ties and bands by the rules, on plain figures."""

import pytest

from assist.domain.board_rules import SPECS, BoardRules
from assist.domain.boards import Band, BoardKind, Contender, placed
from assist.domain.errors import Invalid
from assist.domain.rates import Rate

USUAL = BoardRules({})


def area(
    key: int,
    on_time: tuple[int, int],
    satisfied: tuple[int, int] = (100, 100),
    rated: tuple[int, int] = (80, 100),
    solved: tuple[int, int] = (90, 100),
    cards: tuple[int, int] = (0, 100),
) -> Contender:
    rates = {"own_on_time": on_time, "satisfied": satisfied, "rated": rated, "solved": solved, "red_cards": cards}
    return Contender(key, {name: Rate(*pair) for name, pair in rates.items()})


def unit(key: int, feedback: tuple[int, int], promise: tuple[int, int] = (1, 1), **more: bool) -> Contender:
    rates = {"feedback": Rate(*feedback), "promise": Rate(*promise), "unit_red_cards": Rate(0, 100)}
    return Contender(key, rates, **more)


def bands(kind: BoardKind, given: list[Contender], rules: BoardRules = USUAL) -> dict[int, Band]:
    return {one.key: one.band for one in placed(kind, given, rules)}


def places(kind: BoardKind, given: list[Contender], rules: BoardRules = USUAL) -> list[tuple[int, int | None]]:
    return [(one.key, one.place) for one in placed(kind, given, rules)]


FINE = [area(number, (100 - number, 100)) for number in range(1, 5)]


def test_the_first_three_that_are_good_in_everything_are_blue() -> None:
    found = bands(BoardKind.AREA, [*FINE, area(5, (80, 100))])
    assert [key for key, band in found.items() if band is Band.BLUE] == [1, 2, 3]
    assert found[4] is Band.NORMAL


@pytest.mark.parametrize(
    "one",
    [
        area(1, (100, 100), satisfied=(94, 100)),
        area(1, (100, 100), cards=(6, 100)),
        area(1, (94, 100)),
    ],
)
def test_what_falls_short_of_95_or_has_many_red_cards_is_yellow_and_not_blue(one: Contender) -> None:
    assert bands(BoardKind.AREA, [one])[1] is Band.YELLOW


@pytest.mark.parametrize("one", [area(1, (100, 100), rated=(49, 100)), area(1, (100, 100), satisfied=(0, 0))])
def test_few_ratings_keep_from_blue_but_are_no_fault(one: Contender) -> None:
    assert bands(BoardKind.AREA, [one])[1] is Band.NORMAL


def test_exactly_the_limit_is_enough() -> None:
    edge = area(1, (95, 100), satisfied=(95, 100), rated=(50, 100), cards=(5, 100))
    assert bands(BoardKind.AREA, [edge])[1] is Band.BLUE


def test_under_90_and_among_the_last_two_of_six_is_red_and_of_five_yellow() -> None:
    bad = [area(8, (85, 100)), area(9, (80, 100))]
    assert bands(BoardKind.AREA, [*FINE, *bad]) | {8: Band.RED, 9: Band.RED} == bands(BoardKind.AREA, [*FINE, *bad])
    assert bands(BoardKind.AREA, [*FINE, bad[1]])[9] is Band.YELLOW


def test_under_90_but_not_among_the_last_two_is_yellow() -> None:
    given = [*FINE, area(7, (89, 100)), area(8, (85, 100)), area(9, (80, 100))]
    assert bands(BoardKind.AREA, given)[7] is Band.YELLOW


def test_low_satisfaction_among_the_last_is_red_too() -> None:
    given = [*FINE, area(8, (95, 100)), area(9, (94, 100), satisfied=(89, 100))]
    assert bands(BoardKind.AREA, given)[9] is Band.RED


def test_the_order_is_on_time_then_solved_then_satisfied_and_equals_share_a_place() -> None:
    given = [
        area(1, (96, 100), solved=(80, 100)),
        area(2, (96, 100), solved=(90, 100)),
        area(3, (48, 50), solved=(45, 50)),
        area(4, (95, 100)),
    ]
    assert places(BoardKind.AREA, given) == [(2, 1), (3, 1), (1, 3), (4, 4)]
    assert [one.is_tied for one in placed(BoardKind.AREA, given, USUAL)] == [True, True, False, False]


def test_those_who_share_the_last_place_are_red_together() -> None:
    bad = [area(number, (80, 100)) for number in (7, 8, 9)]
    found = bands(BoardKind.AREA, [*FINE, *bad])
    assert [key for key, band in found.items() if band is Band.RED] == [7, 8, 9]


def test_who_has_too_few_due_is_listed_and_not_ranked() -> None:
    found = placed(BoardKind.AREA, [area(1, (9, 9)), area(2, (10, 10))], USUAL)
    assert [(one.key, one.place, one.band) for one in found] == [(2, 1, Band.BLUE), (1, None, Band.NONE)]
    assert found[1].reasons == ("到期9件，不足10件，不排名",)


def test_units_are_asked_for_replies_and_promises_alone_and_those_of_the_state_stand_apart() -> None:
    given = [unit(1, (10, 10), (1, 2)), unit(2, (10, 10), (2, 2)), unit(3, (20, 20), is_apart=True)]
    found = placed(BoardKind.UNIT, given, USUAL)
    assert [(one.key, one.place, one.is_apart) for one in found] == [(2, 1, False), (1, 2, False), (3, 1, True)]
    assert {one.band for one in found} == {Band.BLUE}


def test_every_number_label_and_order_is_configuration() -> None:
    rules = BoardRules({"least_due": 5, "blue_on_time": 80, "yellow_under": 70, "blue_label": "优秀"})
    found = placed(BoardKind.AREA, [area(1, (4, 5))], rules)
    assert (found[0].place, found[0].band) == (1, Band.BLUE)
    assert Band.BLUE.label(rules) == "优秀"
    by_satisfied = BoardRules({"area_order": ["satisfied", "own_on_time", "solved"]})
    given = [area(1, (100, 100), satisfied=(90, 100)), area(2, (90, 100), satisfied=(99, 100))]
    assert [key for key, _ in places(BoardKind.AREA, given, by_satisfied)] == [2, 1]


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("blue_on_time", "96%", 96),
        ("least_due", " 20 ", 20),
        ("blue_label", "先进", "先进"),
        ("unit_order", "承诺兑现率，承办首次反馈率", ["promise", "feedback"]),
    ],
)
def test_a_rule_is_read_as_people_write_it(name: str, text: str, value: object) -> None:
    assert SPECS[name].read(text) == value


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("blue_on_time", "101"),
        ("months", "0"),
        ("least_due", "很多"),
        ("blue_label", "A"),
        ("unit_order", "承诺兑现率"),
        ("area_order", "满意率、满意率、解决率"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_in_words(name: str, text: str) -> None:
    with pytest.raises(Invalid, match=SPECS[name].title):
        SPECS[name].read(text)
