"""What stands behind a number that counts times: one a row, as they stood at the time it is told for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from assist.domain.rates import Period
from assist.models import Enterprise, Task, Ticket, Unit
from assist.services.queries.figures import counting
from assist.services.queries.figures.catalogue import FIGURES
from assist.services.queries.figures.facts import AsOf
from assist.services.work import Work

PAGE = 50


@dataclass(frozen=True)
class Behind:
    """One page of rows and how many there are in all."""

    rows: list[Any]
    total: int


def behind(
    work: Work, key: str, part: str, period: Period, at: AsOf, narrowed: Mapping[str, Sequence[int]], page: int
) -> Behind:
    """The times of a figure's number, the latest due first; inside what the reader may see. Two statements."""
    counted = FIGURES[key].build(period, at)
    clock = counted.source
    query = counting.rows_of(counted, part, at, narrowed, clock.id)
    query = counting.scoped(work, query, None)
    total = work.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    shown: Any = counting.rows_of(
        counted,
        part,
        at,
        narrowed,
        Task.number.label("task"),
        Ticket.number,
        Ticket.title,
        Enterprise.name.label("enterprise"),
        Unit.name.label("unit"),
        clock.kind,
        clock.started_at,
        clock.due_at,
        clock.stopped_at,
    )
    shown = shown.outerjoin(Task, Task.id == clock.task_id).outerjoin(Unit, Unit.id == clock.unit_id)
    shown = shown.join(Enterprise, Enterprise.id == Ticket.enterprise_id)
    shown = counting.scoped(work, shown, None).order_by(clock.due_at.desc(), clock.id.desc())
    return Behind(list(work.session.execute(shown.limit(PAGE).offset((page - 1) * PAGE))), total)


def is_late(row: Any, at: datetime) -> bool:
    return bool(row.due_at < (row.stopped_at or at))
