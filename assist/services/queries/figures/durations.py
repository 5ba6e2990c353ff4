"""办理时长: submission → the answer that the enterprise accepted, in working days. Median, mean and P90.

Days are counted as time limits are: the day of submission does not count, an answer on the same day is 0. What closed
in the period counts; what came from the old ledger has no times and does not.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Date, func, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import aliased
from sqlalchemy.sql.functions import FunctionElement

from assist.domain.clock import shanghai
from assist.domain.rates import Period
from assist.models import Ticket, TicketRound
from assist.services.queries.figures import counting
from assist.services.queries.figures.facts import AsOf, last_in
from assist.services.queries.figures.narrowing import Narrowing
from assist.services.work import Work


class LocalDay(FunctionElement[date]):
    """The date of an instant in Shanghai."""

    name = "local_day"
    type = Date()
    inherit_cache = True


@compiles(LocalDay)
def _local_day(element: LocalDay, compiler: Any, **kw: Any) -> str:
    return f"date({compiler.process(element.clauses, **kw)}, '+8 hours')"


@compiles(LocalDay, "postgresql")
def _local_day_postgres(element: LocalDay, compiler: Any, **kw: Any) -> str:
    return f"({compiler.process(element.clauses, **kw)} AT TIME ZONE 'Asia/Shanghai')::date"


@dataclass
class Spent:
    """How many answers took how many working days."""

    counts: Counter[int] = field(default_factory=Counter)

    @property
    def total(self) -> int:
        return self.counts.total()

    @property
    def mean(self) -> float | None:
        """To one decimal."""
        if not self.total:
            return None
        return round(sum(days * count for days, count in self.counts.items()) / self.total, 1)

    @property
    def median(self) -> int | None:
        return self.at(50)

    @property
    def p90(self) -> int | None:
        return self.at(90)

    def at(self, percent: int) -> int | None:
        """The least number of days within which so many per cent were answered."""
        seen = 0
        for days, count in sorted(self.counts.items()):
            seen += count
            if seen * 100 >= self.total * percent:
                return days
        return None

    def add(self, other: "Spent") -> None:
        self.counts.update(other.counts)


def by_area(work: Work, period: Period, narrowing: Narrowing, at: AsOf) -> dict[int, Spent]:
    """One statement: a row for each pair of dates, however many tickets lie between them."""
    ended = aliased(TicketRound)
    first, last = LocalDay(Ticket.submitted_at), LocalDay(ended.answered_at)
    query: Any = (
        select(Ticket.area_id, first, last, func.count())
        .select_from(Ticket)
        .join(ended, ended.ticket_id == Ticket.id)
        .where(
            last_in(period, at, ended, "confirmed_at"),
            ended.answered_at.is_not(None),
            Ticket.is_imported.is_(False),
        )
        .group_by(Ticket.area_id, first, last)
    )
    found: dict[int, Spent] = defaultdict(Spent)
    calendar = work.settings.calendar
    for area_id, submitted, answered, count in work.session.execute(
        counting.scoped(work, query, narrowing.condition)
    ):
        spent = calendar.workdays_between(_noon(submitted), _noon(answered))
        found[area_id].counts[max(spent, 0)] += count
    return dict(found)


def _noon(on: date) -> Any:
    return shanghai(on.year, on.month, on.day) + timedelta(hours=12)
