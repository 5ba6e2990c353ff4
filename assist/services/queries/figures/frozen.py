"""What is shown of months: the frozen value where a month is frozen, else the present one; all in one statement.

Which months are frozen the settings know, so that nobody has to ask first. Whoever does not see all tickets is told
his share of frozen months (`readers`), and of the rest what he sees now.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    CompoundSelect,
    Integer,
    Select,
    and_,
    case,
    func,
    literal,
    literal_column,
    select,
    union_all,
)

from assist.domain.months import whole_month
from assist.domain.rates import Period, Rate, month
from assist.models import SnapshotFigure
from assist.models.base import UtcDateTime
from assist.services.access import sees_all
from assist.services.queries.figures import counting
from assist.services.queries.figures.catalogue import FIGURES
from assist.services.queries.figures.dimensions import CROSSINGS, columns
from assist.services.queries.figures.facts import AsOf, Condition
from assist.services.queries.figures.readers import Share, share
from assist.services.settings import FrozenMonth
from assist.services.work import Work

Key = tuple[int, int]  # (the value of a dimension, the second value of a crossing or 0); 0 is nobody
Table = dict[Key, dict[str, Rate]]
CITY: Key = (0, 0)
FEW_PERIODS = 3
ENDED = "ended"  # the family of figures about how rounds ended


def is_frozen(work: Work, period: Period) -> FrozenMonth | None:
    """The frozen month that a period is, if it is one."""
    on = whole_month(period)
    return work.settings.frozen_months.get(on) if on is not None else None


def tables(
    work: Work,
    keys: Sequence[str],
    periods: Sequence[Period],
    at: AsOf,
    dimension: str = "city",
    *,
    is_present: bool = False,
    extra: Condition | None = None,
) -> list[Table]:
    """For each period the named figures by the values of a dimension. One statement.

    `is_present`: 现值, of frozen months too. A figure that a frozen month does not hold is told as of now; so is
    everything when `extra` narrows it further (a condition on `Ticket`).
    """
    reads_frozen = at.live and not is_present and extra is None
    own = [told_frozen(work, period, dimension) if reads_frozen else None for period in periods]
    held = {month.snapshot_id: number for number, month in enumerate(own) if month is not None}
    parts: list[Select[Any]] = []
    lists: dict[tuple[int, ...], list[str]] = {}
    for key in keys:
        numbers = tuple(number for number, month in enumerate(own) if month is None or key not in month.figures)
        lists.setdefault(numbers, []).append(key)
    for numbers, those in lists.items():
        live = {number: periods[number] for number in numbers}
        is_alone = dimension == "city" and extra is None and sees_all(work.actor)
        found_in = series(those, live, at, dimension, is_alone=is_alone)
        parts += [counting.scoped(work, one, extra) for one in found_in]
    if held:
        part = share(work)
        parts.append(_frozen(keys, held, dimension) if part is None else _share(keys, held, part))
    found: list[Table] = [{} for _ in periods]
    times: dict[str, datetime] = {"at": at.at, "heard": at.objections_at}
    for number, period in enumerate(periods):
        times |= {f"start_{number}": period.start, f"end_{number}": period.end}
    for number, figure, key, other, n, d in work.session.execute(union_all(*parts), times):
        found[number].setdefault((key or 0, other or 0), {})[figure] = Rate(int(n), int(d))
    if dimension == "city":
        for table in found:
            table.setdefault(CITY, {}).update({key: Rate(0, 0) for key in keys if key not in table.get(CITY, {})})
    return found


def series(
    keys: Sequence[str], periods: Mapping[int, Period], at: AsOf, dimension: str, *, is_alone: bool = False
) -> list[Select[Any]]:
    """SELECTs of (number of the period, figure, key, other, n, d). Many periods are one table that facts join.

    Only for the present: of the past, a figure leads its facts to one period by itself.
    """
    if len(periods) <= FEW_PERIODS or not at.live:
        together = tuple(key for key in keys if is_alone and FIGURES[key].family == ENDED)
        apart = [key for key in keys if key not in together]
        found = [_left_open(key, number, at.live, dimension, is_alone) for number in periods for key in apart]
        return [*found, *(one for number in periods for one in _rounds_once(together, number, at.live))]
    spans = union_all(
        *(
            select(
                literal(number, Integer).label("no"),
                literal(period.start, UtcDateTime()).label("starts_at"),
                literal(period.end, UtcDateTime()).label("ends_at"),
            )
            for number, period in periods.items()
        )
    ).cte("spans")
    starts_at: Any = spans.c.starts_at
    ends_at: Any = spans.c.ends_at
    each = Period(starts_at, ends_at, "")
    counted = [_counting(key, spans.c.no, each, at, dimension, is_alone=is_alone) for key in keys]
    return [one.select_from(spans).group_by(spans.c.no) for one in counted]


@lru_cache(maxsize=64)
def _rounds_once(keys: tuple[str, ...], number: int, live: bool) -> list[Select[Any]]:
    """The city's figures about how rounds ended, in one go: they count among the same rounds."""
    if not keys:
        return []
    period = Period(counting.time_of(f"start_{number}"), counting.time_of(f"end_{number}"), "")
    at = AsOf(counting.time_of("at"), live, counting.time_of("heard"))
    first = FIGURES[keys[0]].build(period, at)
    family = [first, *(FIGURES[key].build(period, at, given=first.given) for key in keys[1:])]
    sums = [
        func.coalesce(func.sum(case((condition, 1), else_=0)), 0).label(f"{name}_{place}")
        for place, one in enumerate(family)
        for name, condition in (("n", and_(one.own, one.met)), ("d", one.own))
    ]
    once = select(*sums).select_from(first.source).where(first.among).cte(f"rounds_{number}")
    zero = literal_column("0", Integer)
    before = (literal_column(str(number), Integer), zero.label("a"), zero.label("b"))
    return [
        select(before[0], literal_column(f"'{key}'"), *before[1:], once.c[f"n_{place}"], once.c[f"d_{place}"])
        for place, key in enumerate(keys)
    ]


@lru_cache(maxsize=1024)
def _left_open(key: str, number: int, live: bool, dimension: str, is_alone: bool) -> Select[Any]:
    """A figure of the period of this number, its times left open. Built once: building costs as much as a quiet day's
    answer."""
    period = Period(counting.time_of(f"start_{number}"), counting.time_of(f"end_{number}"), "")
    at = AsOf(counting.time_of("at"), live, counting.time_of("heard"))
    return _counting(key, literal_column(str(number), Integer), period, at, dimension, is_alone=is_alone)


def _counting(
    key: str, no: Any, period: Period, at: AsOf, dimension: str, *, is_alone: bool = False
) -> Select[Any]:
    counted = FIGURES[key].build(period, at)
    first, second = (column.label(name) for column, name in zip(columns(dimension, counted, at), "ab", strict=True))
    word: Any = literal_column(f"'{key}'")
    told = (no, word, first, second, counting.met(counted), func.count())
    query = counting.rows(counted, *told, is_alone=is_alone)
    if dimension == "city":
        return query
    return query.group_by(first, second) if dimension in CROSSINGS else query.group_by(first)


def told_frozen(work: Work, period: Period, dimension: str = "city") -> FrozenMonth | None:
    """The frozen month by which a period is told to the reader, if it is told by one."""
    month = is_frozen(work, period)
    if month is None or sees_all(work.actor):
        return month
    return month if dimension == "city" and month.tells_closed and share(work) is not None else None


def _share(keys: Sequence[str], held: dict[int, int], part: Share) -> Select[Any]:
    """What of frozen months is somebody's, less what is restricted there."""
    F = SnapshotFigure
    zero: Any = literal_column("0", Integer)
    n, d = (func.sum(case((F.dimension == part.dimension, one), else_=-one)) for one in (F.n, F.d))
    number = case(held, value=F.snapshot_id).label("number")
    query = select(number, F.figure, zero, zero, n, d).where(
        F.snapshot_id.in_(list(held)), F.figure.in_(list(keys)), F.dimension.in_(part.dimensions), F.span == 1
    )
    if part.keys is not None:
        query = query.where(F.key.in_(part.keys))
    return query.group_by(F.snapshot_id, F.figure)


def _frozen(keys: Sequence[str], held: dict[int, int], dimension: str) -> Select[Any]:
    F = SnapshotFigure
    number = case(held, value=F.snapshot_id)
    return select(number, F.figure, F.key, F.other, F.n, F.d).where(
        F.snapshot_id.in_(list(held)), F.figure.in_(list(keys)), F.dimension == dimension, F.span == 1
    )


def rates(work: Work, keys: Sequence[str], periods: Sequence[Period], at: AsOf) -> list[dict[str, Rate]]:
    """The city's figures of each period as they are shown."""
    return [table[CITY] for table in tables(work, keys, periods, at)]


def months_to(last: Period, count: int) -> list[Period]:
    """So many calendar months up to that of `last`, the oldest first."""
    on: date = last.first_on
    return [month(on.year, on.month - back) for back in range(count - 1, -1, -1)]


def trend(work: Work, key: str, last: Period, months: int, at: AsOf) -> list[tuple[Period, Rate]]:
    """A figure for so many calendar months up to that of `last`, as they are shown."""
    periods = months_to(last, months)
    return [(period, found[key]) for period, found in zip(periods, rates(work, [key], periods, at), strict=True)]


def now_by(
    work: Work, wanted: Mapping[str, Sequence[str]], period: Period, at: AsOf
) -> dict[tuple[str, str, int], Rate]:
    """现值 of a period, {(figure, dimension, key): rate}, by several dimensions at once; no reader's narrowing."""
    asked = tuple((dimension, tuple(keys)) for dimension, keys in wanted.items())
    times = {"at": at.at, "heard": at.objections_at, "start": period.start, "end": period.end}
    return {
        (figure, asked[number][0], key or 0): Rate(int(n), int(d))
        for number, figure, key, _, n, d in work.session.execute(_now_by(asked, at.live), times)
    }


@lru_cache(maxsize=64)
def _now_by(asked: tuple[tuple[str, tuple[str, ...]], ...], live: bool) -> CompoundSelect[Any]:
    """The statement, its times left open. Built once: building it costs more than a small city's answer."""
    at = AsOf(counting.time_of("at"), live, counting.time_of("heard"))
    period = Period(counting.time_of("start"), counting.time_of("end"), "")
    return union_all(
        *(
            _counting(key, literal_column(str(number), Integer), period, at, dimension)
            for number, (dimension, keys) in enumerate(asked)
            for key in keys
        )
    )
