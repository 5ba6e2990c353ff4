"""督查工作台: what is red now, the month's rates beside the month before, and the trend. Reading only.

Frozen months are told as they were frozen, with the lists as of then; the others as of now. A month that is not frozen
is counted once: the city's 按期办结率 is the sum of its areas'.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from assist.domain.rates import Period, Rate, month_of
from assist.domain.status import ClockKind, Status
from assist.domain.supervision import SupervisionStatus
from assist.models import Clock, Enterprise, Pairing, Supervision, Ticket
from assist.models.callback import is_owed
from assist.models.ticket import is_open
from assist.services.queries.deliveries import is_stuck
from assist.services.queries.figures import frozen, left_out
from assist.services.queries.figures.catalogue import HEADLINE
from assist.services.queries.figures.counting import as_of
from assist.services.queries.figures.left_out import LeftOut
from assist.services.work import Work

S = SupervisionStatus
TREND_MONTHS = 12
ON_TIME = "on_time"
SHOWN = (*HEADLINE, "rated", "self_reported", "acceptance", "contact", "opinion")


@dataclass(frozen=True)
class Alarms:
    """Counts of what stands in red or amber; each opens its list."""

    late: int
    vacant_tickets: int
    unaccepted: int
    callbacks: int
    callbacks_late: int
    proposals: int
    proposals_running: int
    unanswered: int
    unanswered_late: int
    to_accept: int
    stuck_deliveries: int
    unpaired: int
    paired: int
    open: int
    answered: int


@dataclass(frozen=True)
class Overview:
    """`told_at`: when the month was frozen; None while it is told as of now."""

    month: Period
    told_at: datetime | None
    rates: dict[str, Rate]
    before: dict[str, Rate]
    trend: list[tuple[Period, Rate]]
    areas: dict[Any, Rate]
    left_out: LeftOut
    alarms: Alarms
    provisional_years: list[int]


def overview(work: Work, period: Period | None = None) -> Overview:
    """Everything on the supervisor's page, in five statements whatever the number of tickets."""
    month = period or month_of(work.now)
    others = [key for key in SHOWN if key != ON_TIME]
    at, own = as_of(work), frozen.is_frozen(work, month)
    months = frozen.months_to(month, TREND_MONTHS)
    present, before = frozen.rates(work, others, [month, months[-2]], at)
    (by_area,) = frozen.tables(work, [ON_TIME], [month], at, "area")
    areas = {area_id: found[ON_TIME] for (area_id, _), found in by_area.items()}
    told = [found[ON_TIME] for found in frozen.rates(work, [ON_TIME], months[:-1], at)]
    city = Rate(sum(one.n for one in areas.values()), sum(one.d for one in areas.values()))
    year_end = work.now.replace(month=12, day=31)
    calendar = work.settings.calendar
    return Overview(
        month=month,
        told_at=own.told_at if own is not None else None,
        rates={**present, ON_TIME: city},
        before={**before, ON_TIME: told[-1]},
        trend=list(zip(months, [*told, city], strict=True)),
        areas=areas,
        left_out=left_out.frozen(work, own) if own is not None else left_out.left_out(work, month),
        alarms=alarms(work),
        provisional_years=calendar.provisional_years_between(work.now, max(year_end, calendar.day_due(work.now, 30))),
    )


def alarms(work: Work) -> Alarms:
    """One statement of small counts, each by a partial index."""
    still_open = is_open()
    active = select(Pairing.enterprise_id).where(Pairing.ended_at.is_(None))
    counts = {
        "late": select(func.count()).where(still_open, Ticket.due_at < work.now),
        "vacant_tickets": select(func.count()).where(still_open, Ticket.owner_id.is_(None)),
        "unaccepted": select(func.count()).where(
            Clock.kind == ClockKind.ACCEPTANCE, Clock.stopped_at.is_(None), Clock.due_at < work.now
        ),
        "callbacks": select(func.count()).where(is_owed()),
        "callbacks_late": select(func.count()).where(
            Clock.kind == ClockKind.CALLBACK, Clock.stopped_at.is_(None), Clock.due_at < work.now
        ),
        "proposals": _supervised(S.PROPOSED),
        "proposals_running": select(func.count())
        .select_from(Supervision)
        .join(Clock, Clock.id == Supervision.clock_id)
        .where(Supervision.status == S.PROPOSED, Clock.stopped_at.is_(None)),
        "unanswered": _supervised(S.ISSUED),
        "unanswered_late": select(func.count()).where(
            Clock.kind == ClockKind.SUPERVISION_REPLY, Clock.stopped_at.is_(None), Clock.due_at < work.now
        ),
        "to_accept": _supervised(S.REPLIED),
        "stuck_deliveries": select(func.count()).where(is_stuck(work.now)),
        "unpaired": select(func.count()).where(Enterprise.is_active, Enterprise.id.not_in(active)),
        "paired": select(func.count()).where(Enterprise.is_active, Enterprise.id.in_(active)),
        "open": select(func.count()).where(still_open),
        "answered": select(func.count()).where(Ticket.status == Status.ANSWERED),
    }
    row = work.session.execute(select(*(each.scalar_subquery() for each in counts.values()))).one()
    return Alarms(**dict(zip(counts, (int(value) for value in row), strict=True)))


def _supervised(status: SupervisionStatus) -> Any:
    return select(func.count()).where(Supervision.status == status)
