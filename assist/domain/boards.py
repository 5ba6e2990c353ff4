"""蓝黄红榜: who stands where, in which band and why, by the rules as they hold. Plain figures in, places out.

For areas and for units over the rolling months. Ties share a place (并列). Who has too few due is listed and not
ranked; 中央和省驻聊单位 stand apart, in a list of their own. Rules: design 4, "Boards".
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from assist.domain.board_rules import BoardRules
from assist.domain.rates import Rate
from assist.domain.status import Worded


class Band(Worded):
    BLUE = "blue", "蓝榜", "inf"
    NORMAL = "normal", "正常", "gr"
    YELLOW = "yellow", "黄榜", "soon"
    RED = "red", "红榜", "late"
    NONE = "none", "不排名", "gr"

    def label(self, rules: BoardRules) -> str:
        """蓝榜·先进, as it is configured."""
        return str(self.title) if self is Band.NONE else str(rules[f"{self.value}_label"])


class BoardKind(Worded):
    AREA = "area", "县（市、区）"
    UNIT = "unit", "承办单位"


# What is asked of an area, of a unit: on time, and for areas how satisfied and how many rated; the rate of red cards.
ON_TIME = {BoardKind.AREA: "own_on_time", BoardKind.UNIT: "feedback"}
RED_CARDS = {BoardKind.AREA: "red_cards", BoardKind.UNIT: "unit_red_cards"}
FIGURES = {
    BoardKind.AREA: ("own_on_time", "solved", "satisfied", "rated", "red_cards"),
    BoardKind.UNIT: ("feedback", "promise", "unit_red_cards"),
}
NOTHING = Rate(0, 0)


@dataclass(frozen=True)
class Contender:
    """An area or unit with its figures over the rolling months. `is_apart`: 中央和省驻聊单位."""

    key: int
    rates: Mapping[str, Rate]
    is_apart: bool = False

    def rate(self, figure: str) -> Rate:
        return self.rates.get(figure, NOTHING)


@dataclass(frozen=True)
class Placed:
    """`line`: in which line of the board it stands; `place` is None for who is not ranked. `reasons` in words."""

    key: int
    line: int
    place: int | None
    band: Band
    is_apart: bool
    is_tied: bool
    reasons: tuple[str, ...]


def placed(kind: BoardKind, contenders: Sequence[Contender], rules: BoardRules) -> list[Placed]:
    """Everybody in the order of the board: the ranked, then those apart, then who has too few. As given where equal."""
    found: list[Placed] = []
    for is_apart in (False, True):
        own = [one for one in contenders if one.is_apart is is_apart]
        ranked = [one for one in own if one.rate(ON_TIME[kind]).d >= rules["least_due"]]
        found += _ranked(kind, ranked, rules, len(found))
        few = [one for one in own if one not in ranked]
        found += [_unranked(kind, one, rules, len(found) + number) for number, one in enumerate(few)]
    return found


def _unranked(kind: BoardKind, one: Contender, rules: BoardRules, line: int) -> Placed:
    due = one.rate(ON_TIME[kind]).d
    why = f"到期{due}件，不足{rules['least_due']}件，不排名"
    return Placed(one.key, line, None, Band.NONE, one.is_apart, False, (why,))


def _ranked(kind: BoardKind, own: Sequence[Contender], rules: BoardRules, first_line: int) -> Iterable[Placed]:
    order = rules["area_order" if kind is BoardKind.AREA else "unit_order"]
    by_score = sorted(own, key=lambda one: _score(one, order), reverse=True)
    scores = [_score(one, order) for one in by_score]
    for number, one in enumerate(by_score):
        place = scores.index(scores[number]) + 1
        last = len(scores) - scores[::-1].index(scores[number])  # the worst of those who share the place
        band, why = _band(kind, one, rules, place=place, behind=len(scores) - last, of=len(scores))
        is_tied = scores.count(scores[number]) > 1
        yield Placed(one.key, first_line + number, place, band, one.is_apart, is_tied, why)


def _score(one: Contender, order: Sequence[str]) -> tuple[Fraction, ...]:
    """Exact, so that only what is really equal shares a place; what has nothing to count stands behind everything."""
    rates = (one.rate(figure) for figure in order)
    return tuple(Fraction(rate.n, rate.d) if rate.d else Fraction(-1) for rate in rates)


def _band(
    kind: BoardKind, one: Contender, rules: BoardRules, *, place: int, behind: int, of: int
) -> tuple[Band, tuple[str, ...]]:
    asked = [("按期率", one.rate(ON_TIME[kind]))]
    if kind is BoardKind.AREA:
        asked.append(("满意率", one.rate("satisfied")))
    red = [_below(name, rate, rules["red_under"]) for name, rate in asked if _is_below(rate, rules["red_under"])]
    if red and of >= rules["red_of"] and behind < rules["red_last"]:
        return Band.RED, (*red, f"居参加排名的{of}个之后{rules['red_last']}名")
    under = rules["yellow_under"]
    yellow = [_below(name, rate, under) for name, rate in asked if _is_below(rate, under)]
    cards = one.rate(RED_CARDS[kind])
    if cards.n * 100 > rules["yellow_cards"] * cards.d:
        yellow.append(f"红牌率{cards.percent}，高于{rules['yellow_cards']}%")
    if yellow:
        return Band.YELLOW, tuple(yellow)
    if place <= rules["blue_first"] and _is_blue(kind, one, rules):
        return Band.BLUE, (f"居前{rules['blue_first']}名，各项达到先进标准",)
    return Band.NORMAL, ()


def _is_blue(kind: BoardKind, one: Contender, rules: BoardRules) -> bool:
    asked = [(one.rate(ON_TIME[kind]), rules["blue_on_time"])]
    if kind is BoardKind.AREA:
        asked += [(one.rate("satisfied"), rules["blue_satisfied"]), (one.rate("rated"), rules["blue_rated"])]
    return all(rate.d and rate.n * 100 >= limit * rate.d for rate, limit in asked)


def _is_below(rate: Rate, limit: int) -> bool:
    """Nothing to count is below nothing."""
    return bool(rate.d) and rate.n * 100 < limit * rate.d


def _below(name: str, rate: Rate, limit: int) -> str:
    return f"{name}{rate.percent}，低于{limit}%"
