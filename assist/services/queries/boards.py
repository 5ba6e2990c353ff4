"""蓝黄红榜 as they are counted: the figures of areas and units over the rolling months, and everybody's place.

`numbers` counts, `boards` places by rules; both are told as of any time. What a frozen month said is `read`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import and_, or_, select

from assist.domain.board_rules import BoardRules
from assist.domain.boards import FIGURES, Band, BoardKind, Contender, Placed, placed
from assist.domain.months import SnapshotKind, spanning
from assist.domain.rates import Period, Rate
from assist.models import Snapshot, SnapshotFigure, SnapshotPlace, Unit
from assist.services.queries.figures import frozen, own_rates
from assist.services.queries.figures.facts import AsOf
from assist.services.work import Work

Numbers = dict[tuple[str, str, int], Rate]  # (figure, dimension, key)
COUNTED: Mapping[str, tuple[str, ...]] = {
    kind.value: tuple(key for key in keys if key != own_rates.KEY) for kind, keys in FIGURES.items()
}
# What is counted for them: own lateness is worked out from the original rate.
WANTED: Mapping[str, tuple[str, ...]] = {**COUNTED, "area": (*COUNTED["area"], "original_on_time")}


@dataclass(frozen=True)
class Name:
    """Who may stand on a board."""

    key: int
    name: str
    is_apart: bool = False


@dataclass(frozen=True)
class Line:
    """One line of a board: the rolling figures with those of the month beside them, and where it stood before."""

    key: int
    name: str
    place: int | None
    band: Band
    is_apart: bool
    is_tied: bool
    reasons: tuple[str, ...]
    rates: Mapping[str, Rate]
    month: Mapping[str, Rate] = field(default_factory=dict)
    before: int | None = None


def numbers(work: Work, last: Period, months: int, at: AsOf) -> Numbers:
    """Everything a board asks of so many months; two statements."""
    period = spanning(last, months)
    return _with_own(work, frozen.now_by(work, WANTED, period, at), period, at)


def written_numbers(work: Work, snapshot: Snapshot, period: Period, at: AsOf) -> Numbers:
    """The same of one month whose figures its snapshot holds already: they are not counted twice."""
    return _with_own(work, _held(work, snapshot, 1, WANTED), period, at)


def _with_own(work: Work, found: Numbers, period: Period, at: AsOf) -> Numbers:
    """The areas' original rate gives way to that by their own lateness."""
    original = {place[2]: found.pop(place) for place in list(found) if place[0] == "original_on_time"}
    own = own_rates.excusing(work, period, at, original)
    return {**found, **{(own_rates.KEY, "area", key): rate for key, rate in own.items()}}


def _held(work: Work, snapshot: Snapshot, span: int, wanted: Mapping[str, Sequence[str]]) -> Numbers:
    F = SnapshotFigure
    these = [and_(F.dimension == dimension, F.figure.in_(list(keys))) for dimension, keys in wanted.items()]
    rows = work.session.execute(
        select(F.figure, F.dimension, F.key, F.n, F.d).where(
            F.snapshot_id == snapshot.id, F.span == span, or_(*these)
        )
    )
    return {(row.figure, row.dimension, row.key): Rate(row.n, row.d) for row in rows}


def frozen_numbers(work: Work, snapshot: Snapshot, span: int) -> Numbers:
    """The same as a frozen month holds them; empty where it holds none of that span."""
    keys = [key for keys in FIGURES.values() for key in keys]
    return _held(work, snapshot, span, {"area": keys, "unit": keys})


def who(work: Work) -> dict[BoardKind, list[Name]]:
    """All areas, and the units that are in use, in their usual order. One statement."""
    areas = [Name(id, one.name) for id, one in work.settings.areas.items()]
    rows = work.session.scalars(select(Unit).where(Unit.is_active).order_by(Unit.sort, Unit.id))
    return {BoardKind.AREA: areas, BoardKind.UNIT: [Name(one.id, one.shown, one.is_vertical) for one in rows]}


def boards(
    rules: BoardRules, names: Mapping[BoardKind, list[Name]], rolling: Numbers, month: Numbers
) -> dict[BoardKind, list[Line]]:
    """Everybody's line on both boards. A unit that was asked for nothing is not there."""
    return {kind: _board(kind, rules, names[kind], rolling, month) for kind in BoardKind}


def _board(kind: BoardKind, rules: BoardRules, names: list[Name], rolling: Numbers, month: Numbers) -> list[Line]:
    there = [one for one in names if kind is BoardKind.AREA or any(_rates(kind, one.key, rolling).values())]
    given = [Contender(one.key, _rates(kind, one.key, rolling), one.is_apart) for one in there]
    by_key = {one.key: one for one in there}
    return [
        _line(one, by_key[one.key].name, _rates(kind, one.key, rolling), _rates(kind, one.key, month))
        for one in placed(kind, given, rules)
    ]


def _rates(kind: BoardKind, key: int, found: Numbers) -> dict[str, Rate]:
    rates = {figure: found.get((figure, str(kind.value), key), Rate(0, 0)) for figure in FIGURES[kind]}
    return rates if any(rate.d for rate in rates.values()) else {}


def _line(one: Placed, name: str, rates: dict[str, Rate], month: dict[str, Rate]) -> Line:
    return Line(one.key, name, one.place, one.band, one.is_apart, one.is_tied, one.reasons, rates, month)


def read(work: Work, snapshot: Snapshot) -> dict[BoardKind, list[Line]]:
    """The boards as a month was frozen, with everybody's place in the month before. Two statements."""
    before = _before(work, snapshot)
    rows = work.session.scalars(
        select(SnapshotPlace).where(SnapshotPlace.snapshot_id == snapshot.id).order_by(SnapshotPlace.line)
    )
    found: dict[BoardKind, list[Line]] = {kind: [] for kind in BoardKind}
    for row in rows:
        kind = BoardKind.of(row.board)
        found[kind].append(_frozen_line(row, before.get((row.board, row.key))))
    return found


def _frozen_line(row: SnapshotPlace, before: int | None) -> Line:
    facts: dict[str, Any] = row.facts
    rolling, month = ({key: Rate(*pair) for key, pair in facts[name].items()} for name in ("rates", "month"))
    return Line(
        row.key,
        facts["name"],
        row.place,
        Band.of(row.band),
        facts["is_apart"],
        facts["is_tied"],
        tuple(facts["reasons"]),
        rolling,
        month,
        before,
    )


def _before(work: Work, snapshot: Snapshot) -> dict[tuple[str, int], int]:
    """上期位次: of the last month that was frozen before."""
    last = (
        select(Snapshot.id)
        .where(Snapshot.kind == SnapshotKind.FINAL, Snapshot.month_on < snapshot.month_on)
        .order_by(Snapshot.month_on.desc())
        .limit(1)
        .scalar_subquery()
    )
    P = SnapshotPlace
    rows = work.session.execute(
        select(P.board, P.key, P.place).where(P.snapshot_id == last, P.place.is_not(None))
    )
    return {(row.board, row.key): row.place for row in rows}

