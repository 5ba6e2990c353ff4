"""Rates, break-downs and the lists behind them, all from the same three parts of a figure.

Trends and what frozen months show is `frozen`. Every reading narrows to what the reader may see
(`services.access.visible`), unless he sees all.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    bindparam,
    case,
    func,
    literal_column,
    select,
    union_all,
)

from assist.domain.rates import Period, Rate
from assist.models import Ticket
from assist.models.base import UtcDateTime
from assist.services.access import sees_all, visible_among_few
from assist.services.queries.figures.catalogue import FIGURES
from assist.services.queries.figures.dimensions import DIMENSIONS, NOBODY, names_of
from assist.services.queries.figures.facts import AsOf, Condition, Counted
from assist.services.work import Work

__all__ = [
    "NOBODY",
    "PARTS",
    "as_of",
    "by_dimension",
    "met",
    "names_of",
    "rates",
    "rows",
    "rows_behind",
    "rows_of",
    "scoped",
    "tickets_behind",
    "time_of",
]
PARTS = ("n", "d", "missed")


def as_of(work: Work, at: datetime | None = None) -> AsOf:
    """The present, or a time in the past (a time to come is the present)."""
    if at is None or at >= work.now:
        return AsOf(work.now, live=True)
    return AsOf(at, live=False)


def scoped(work: Work, query: Select[Any], extra: Condition | None) -> Select[Any]:
    if not sees_all(work.actor):
        query = query.where(visible_among_few(work.actor))
    return query if extra is None else query.where(extra)


def rows(counted: Counted, *columns: Any, is_alone: bool = False) -> Select[Any]:
    """The rows that count. `is_alone`: nothing of `Ticket` is asked for, so that it is left aside where it can be."""
    if is_alone and counted.alone is not None:
        return select(*columns).select_from(counted.source).where(counted.alone)
    return select(*columns).select_from(Ticket).join(counted.source, counted.on).where(counted.counts)


def met(counted: Counted) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((counted.met, 1), else_=0)), 0)


def rates(
    work: Work,
    keys: Sequence[str],
    periods: Sequence[Period],
    at: AsOf,
    extra: Condition | None = None,
    *,
    is_own: bool = False,
) -> list[dict[str, Rate]]:
    """For each period the named rates, in one statement. `extra` narrows further (a condition on `Ticket`).

    `is_own`: it narrows to what is the reader's anyway, so that nobody asks again what he may see.
    """
    if extra is None and sees_all(work.actor):
        query = _everywhere(tuple(keys), len(periods), at.live)
    else:
        parts = _parts(keys, len(periods), at.live)
        if is_own and extra is not None:
            query = union_all(*(part.where(extra) for part in parts))
        else:
            query = union_all(*(scoped(work, part, extra) for part in parts))
    times: dict[str, datetime] = {"at": at.at}
    for number, period in enumerate(periods):
        times |= {f"start_{number}": period.start, f"end_{number}": period.end}
    found: list[dict[str, Rate]] = [{} for _ in periods]
    for number, key, d, n in work.session.execute(query, times):
        found[number][key] = Rate(int(n), int(d))
    return found


@lru_cache(maxsize=64)
def _everywhere(keys: tuple[str, ...], count: int, live: bool) -> CompoundSelect[Any]:
    """The statement for one who sees all. Built once: building it costs more than answering it on a quiet day."""
    return union_all(*_parts(keys, count, live, is_alone=True))


def _parts(keys: Sequence[str], count: int, live: bool, *, is_alone: bool = False) -> list[Select[Any]]:
    """One SELECT for each rate and period, their times left open."""
    at = AsOf(time_of("at"), live)
    parts = []
    for number in range(count):
        period = Period(time_of(f"start_{number}"), time_of(f"end_{number}"), "")
        for key in keys:
            counted = FIGURES[key].build(period, at)
            told: Any = (literal_column(str(number)), _word(key), func.count(), met(counted))
            parts.append(rows(counted, *told, is_alone=is_alone))
    return parts


def time_of(name: str) -> Any:
    """A time that is put in when the statement is sent."""
    return bindparam(name, type_=UtcDateTime())


def _word(key: str) -> ColumnElement[str]:
    return literal_column(f"'{key}'")


def by_dimension(work: Work, key: str, dimension: str, period: Period, at: AsOf) -> dict[Any, Rate]:
    """A rate broken down by a column of the ticket: {its value: rate}. Dimensions: see `DIMENSIONS`."""
    counted = FIGURES[key].build(period, at)
    column = DIMENSIONS[dimension](counted, at).label("broken_down_by")
    query = rows(counted, column, func.count(), met(counted)).group_by(column)
    return {
        row[0]: Rate(int(row[2]), int(row[1])) for row in work.session.execute(scoped(work, query, None))
    }


def tickets_behind(
    key: str, part: str, period: Period, at: AsOf, narrowed: Mapping[str, Sequence[int]] | None = None
) -> Condition:
    """The condition on `Ticket` that holds exactly for the tickets behind a number: part n, d or missed.

    `narrowed`: to these values of a dimension (`NOBODY`: to none), as they were when each ticket counted.
    """
    return Ticket.id.in_(rows_behind(key, part, period, at, narrowed, Ticket.id))


def rows_behind(
    key: str,
    part: str,
    period: Period,
    at: AsOf,
    narrowed: Mapping[str, Sequence[int]] | None,
    *columns: Any,
) -> Select[Any]:
    """The rows behind a number; what is selected may name `Ticket`."""
    return rows_of(FIGURES[key].build(period, at), part, at, narrowed, *columns)


def rows_of(
    counted: Counted, part: str, at: AsOf, narrowed: Mapping[str, Sequence[int]] | None, *columns: Any
) -> Select[Any]:
    """As `rows_behind`, of what is counted; what is selected may name its source too."""
    query = rows(counted, *columns)
    for dimension, values in (narrowed or {}).items():
        column = DIMENSIONS[dimension](counted, at)
        if not any(values):
            query = query.where(column.is_(None))
        else:
            query = query.where(column.in_(list(values)) if len(values) > 1 else column == values[0])
    if part == "n":
        return query.where(counted.met)
    # What is not known (no difficulty yet) is not met.
    return query.where(case((counted.met, 1), else_=0) == 0) if part == "missed" else query
