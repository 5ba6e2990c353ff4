"""基准办结时限: 15 working days for every ticket, whatever its category and difficulty; nothing moves it.

It is set when a first round's time starts; `fill` gives it to what was there before there was such a thing.
"""

from datetime import datetime

from sqlalchemy import select

from assist.domain.deadlines import Budget, due
from assist.domain.status import ClockKind
from assist.domain.workdays import WorkCalendar
from assist.models import Clock, Ticket
from assist.services import bulk
from assist.services.work import Work

DAYS = 15
MOST = 5000


def base_due(calendar: WorkCalendar, started_at: datetime) -> datetime:
    return due(calendar, started_at, Budget.working_days(DAYS))


def fill(work: Work) -> int:
    """Give the base time to first rounds that have none, so many at a time; imported history has no start."""
    rows = work.session.execute(
        select(Clock.id, Clock.started_at, Clock.stopped_at)
        .join(Ticket, Ticket.id == Clock.ticket_id)
        .where(
            Clock.kind == ClockKind.RESOLUTION,
            Clock.round_no == 1,
            Clock.base_due_at.is_(None),
            Ticket.is_imported.is_(False),
        )
        .limit(MOST)
    ).all()
    given = []
    for row in rows:
        at = base_due(work.settings.calendar, row.started_at)
        given.append({"id": row.id, "base_due_at": at, "base_counts_at": min(row.stopped_at or at, at)})
    bulk.update_by_id(work.session, Clock, given)
    return len(given)
