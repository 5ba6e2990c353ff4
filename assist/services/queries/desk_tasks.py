"""待单位反馈: the open tasks of an officer's tickets on his desk: who has it, since when, and which wait for him."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, case, func, or_, select

from assist.domain.deadlines import Remaining, remaining_text
from assist.domain.status import ClockHolder, ClockKind
from assist.domain.tasks import TASK_OPEN, TaskKind, TaskStatus
from assist.models import Clock, Enterprise, Task, Ticket, Unit
from assist.models.ticket import is_open
from assist.services import task_access
from assist.services.work import Work


@dataclass(frozen=True)
class Waiting:
    """One open task. `with_whom` has it now (the unit, or 市助企办 until it is dispatched), since `since`."""

    number: str
    ticket_number: str
    title: str
    enterprise: str
    unit: str
    kind: TaskKind
    status: TaskStatus
    status_title: str
    with_whom: str
    since: datetime
    clock: ClockKind | None
    due_at: datetime | None
    left: Remaining | None

    @property
    def is_mine(self) -> bool:
        """It waits for the officer's own word."""
        return self.status is TaskStatus.REPLIED


def waiting(work: Work) -> list[Waiting]:
    """The open tasks of the tickets the actor owns, or stands in for now; what is due first comes first."""
    owners = [work.actor.account_id, *work.actor.stands_in_for]
    due_at = (
        select(func.min(Clock.due_at))
        .where(Clock.task_id == Task.id, Clock.stopped_at.is_(None))
        .correlate(Task)
        .scalar_subquery()
    )
    query = (
        select(Task, Ticket, Enterprise.name, Enterprise.short_name, Unit, Clock)
        .join(Ticket, Ticket.id == Task.ticket_id)
        .join(Enterprise, Enterprise.id == Ticket.enterprise_id)
        .join(Unit, Unit.id == Task.unit_id)
        .outerjoin(
            Clock, and_(Clock.task_id == Task.id, Clock.stopped_at.is_(None), Clock.due_at == due_at)
        )
        .where(
            Ticket.owner_id.in_(owners),
            is_open(),
            or_(Ticket.owner_id == work.actor.account_id, Ticket.is_restricted.is_(False)),
            Task.status.in_(TASK_OPEN),
        )
        .order_by(case((Clock.due_at.is_(None), 1), else_=0), Clock.due_at, Task.id)
    )
    # Two clocks may be due at the same time: the task stands once.
    return list({row[0].id: _waiting(work, *row) for row in work.session.execute(query)}.values())


def _waiting(
    work: Work, task: Task, ticket: Ticket, name: str, short_name: str, unit: Unit, clock: Clock | None
) -> Waiting:
    at_city = clock is not None and clock.holder is ClockHolder.CITY
    return Waiting(
        number=task.number,
        ticket_number=ticket.number,
        title=ticket.title,
        enterprise=short_name or name,
        unit=unit.shown,
        kind=task.kind,
        status=task.status,
        status_title=task_access.status_title(task),
        with_whom="市助企办" if at_city else unit.shown,
        since=_since(task),
        clock=clock.kind if clock else None,
        due_at=clock.due_at if clock else None,
        left=remaining_text(work.settings.calendar, work.now, clock.due_at) if clock else None,
    )


def _since(task: Task) -> datetime:
    """Since when it has been where it is."""
    if task.status is TaskStatus.REPLIED and task.replied_at is not None:
        return task.replied_at
    return task.with_unit_at or task.asked_at
