"""What the 驾驶舱 is narrowed by (area, chain, category), and figures so narrowed.

Frozen months answer for one of them; what is narrowed by two is told as of now.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select

from assist.domain.rates import Period, Rate
from assist.models import Enterprise, Ticket
from assist.services.queries.figures import frozen
from assist.services.queries.figures.facts import AsOf, Condition
from assist.services.work import Work


@dataclass(frozen=True)
class Narrowing:
    """`category_ids` are those of one category of either level; empty when all count."""

    area_id: int | None = None
    chain_id: int | None = None
    category_ids: frozenset[int] = frozenset()

    @property
    def condition(self) -> Condition | None:
        """On `Ticket`, as it is now."""
        found: list[Condition] = []
        if self.area_id is not None:
            found.append(Ticket.area_id == self.area_id)
        if self.chain_id is not None:
            found.append(in_chain(self.chain_id))
        if self.category_ids:
            found.append(Ticket.category_id.in_(sorted(self.category_ids)))
        return and_(*found) if found else None

    @property
    def of_enterprise(self) -> list[Condition]:
        """On `Enterprise`."""
        found: list[Condition] = []
        if self.area_id is not None:
            found.append(Enterprise.area_id == self.area_id)
        if self.chain_id is not None:
            found.append(Enterprise.chain_id == self.chain_id)
        return found


def in_chain(chain_id: int) -> Condition:
    """The enterprise of a `Ticket` is of this chain."""
    of_chain = select(Enterprise.id).where(Enterprise.chain_id == chain_id)
    return Ticket.enterprise_id.in_(of_chain)


def told(
    work: Work, keys: Sequence[str], periods: Sequence[Period], narrowing: Narrowing, at: AsOf
) -> list[dict[str, Rate]]:
    """For each period the named figures within the narrowing, of frozen months as they were frozen. One statement."""
    dimension, wanted = _dimension(narrowing)
    if not dimension:
        found = frozen.tables(work, keys, periods, at, extra=narrowing.condition)
        return [table[frozen.CITY] for table in found]
    return [_summed(keys, table, wanted) for table in frozen.tables(work, keys, periods, at, dimension)]


def told_at(work: Work, period: Period, narrowing: Narrowing) -> datetime | None:
    """As of when `told` tells a period: None for now, else when it was frozen."""
    dimension = _dimension(narrowing)[0]
    own = frozen.told_frozen(work, period, dimension) if dimension else None
    return own.told_at if own is not None else None


def _dimension(n: Narrowing) -> tuple[str, set[frozen.Key]]:
    """(the dimension of frozen months that answers, which of its keys count); an empty one when none does."""
    if n == Narrowing():
        return "city", {frozen.CITY}
    if sum((n.area_id is not None, n.chain_id is not None, bool(n.category_ids))) > 1:
        return "", set()
    if n.category_ids:
        return "category", {(one, 0) for one in n.category_ids}
    return ("area", {(n.area_id, 0)}) if n.area_id is not None else ("chain", {(n.chain_id or 0, 0)})


def _summed(keys: Iterable[str], table: frozen.Table, wanted: set[frozen.Key]) -> dict[str, Rate]:
    found = dict.fromkeys(keys, Rate(0, 0))
    for one in wanted & table.keys():
        for key, rate in table[one].items():
            found[key] = Rate(found[key].n + rate.n, found[key].d + rate.d)
    return found


def heat(work: Work, key: str, period: Period, narrowing: Narrowing, at: AsOf) -> dict[frozen.Key, Rate]:
    """A headline figure by (area, category). One statement."""
    n = narrowing
    extra = Narrowing(chain_id=n.chain_id).condition
    (table,) = frozen.tables(work, [key], [period], at, "area_category", extra=extra)
    return {
        (area, category): found[key]
        for (area, category), found in table.items()
        if n.area_id in (None, area) and (not n.category_ids or category in n.category_ids)
    }


def by_unit(
    work: Work, keys: Sequence[str], period: Period, narrowing: Narrowing, at: AsOf
) -> dict[int, dict[str, Rate]]:
    """Figures of units, by unit. One statement."""
    (table,) = frozen.tables(work, keys, [period], at, "unit", extra=narrowing.condition)
    return {unit_id: found for (unit_id, _), found in table.items() if unit_id}
