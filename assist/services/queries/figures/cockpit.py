"""驾驶舱: everything its charts show, each read when it is asked for, at most once. Seven statements for all of it."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from assist.domain import periods
from assist.domain.rates import Period, Rate, month_of
from assist.services.queries.figures import durations, frozen, narrowing, standing
from assist.services.queries.figures.catalogue import HEADLINE
from assist.services.queries.figures.counting import as_of, names_of
from assist.services.queries.figures.durations import Spent
from assist.services.queries.figures.facts import AsOf
from assist.services.queries.figures.narrowing import Narrowing
from assist.services.queries.figures.standing import Age, Load
from assist.services.work import Work

TREND_MONTHS = 24
TOLD = (*HEADLINE, "rated")
OF_UNITS = ("feedback", "promise")


@dataclass(frozen=True)
class UnitFigures:
    id: int
    name: str
    feedback: Rate
    promise: Rate

    @property
    def missed(self) -> int:
        return self.feedback.d - self.feedback.n + self.promise.d - self.promise.n


class Cockpit:
    """One reading of a period within a narrowing; `heat_key` is the figure of the heat table."""

    def __init__(self, work: Work, period: Period, narrowed: Narrowing, heat_key: str = "on_time") -> None:
        self.work, self.period, self.narrowing, self.heat_key = work, period, narrowed, heat_key
        self.before = periods.before(period)
        self.at: AsOf = as_of(work)

    @cached_property
    def months(self) -> list[Period]:
        """The months of the trend, up to the period's last that has begun."""
        return frozen.months_to(month_of(min(self.period.end - timedelta(microseconds=1), self.at.at)), TREND_MONTHS)

    @cached_property
    def _told(self) -> dict[tuple[object, object], dict[str, Rate]]:
        wanted = {(one.start, one.end): one for one in (*self.months, self.period, self.before)}
        found = narrowing.told(self.work, TOLD, list(wanted.values()), self.narrowing, self.at)
        return dict(zip(wanted, found, strict=True))

    def told(self, period: Period) -> dict[str, Rate]:
        """The figures of one of the trend's months, of the period or the one before."""
        return self._told[period.start, period.end]

    @cached_property
    def heat(self) -> dict[frozen.Key, Rate]:
        return narrowing.heat(self.work, self.heat_key, self.period, self.narrowing, self.at)

    @cached_property
    def ages(self) -> list[Age]:
        return standing.ages(self.work, self.narrowing)

    @cached_property
    def loads(self) -> list[Load]:
        return standing.loads(self.work, self.narrowing)

    @cached_property
    def units(self) -> list[UnitFigures]:
        """Those with something due, the most misses first. Two statements: the names, too."""
        found = narrowing.by_unit(self.work, OF_UNITS, self.period, self.narrowing, self.at)
        names = names_of(self.work, "unit", list(found))
        none = Rate(0, 0)
        units = [
            UnitFigures(id, names[id], *(rates.get(key, none) for key in OF_UNITS)) for id, rates in found.items()
        ]
        return sorted(units, key=lambda one: (-one.missed, -one.feedback.d, one.name))

    @cached_property
    def spent(self) -> dict[int, Spent]:
        return durations.by_area(self.work, self.period, self.narrowing, self.at)
