"""承办: a unit's tasks for its own staff: late first, this week and next, to sign, replied; and the ended ones.

What the actor's unit may see says `task_access.of_own_unit`. Reading only; one statement a list. Of a shielded task
neither the enterprise's name nor its short one leaves this module.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, case, exists, func, literal, or_, select
from sqlalchemy.orm import aliased

from assist.domain.clock import local_date
from assist.domain.deadlines import Remaining, remaining_text
from assist.domain.shielding import shielded
from assist.domain.status import TASK_CLOCKS, ClockKind
from assist.domain.tasks import TASK_ENDED, TASK_OPEN, TaskAction, TaskKind, TaskStatus
from assist.models import Account, Clock, Enterprise, Task, TaskReply, Ticket
from assist.services.task_access import of_own_unit
from assist.services.work import Work

PAGE = 50
MOST = 500  # of the open ones; no unit has as many in hand
HIDDEN = "企业名称不公开"


@dataclass(frozen=True)
class TaskFilter:
    """`q`: number, title or (where not hidden) enterprise; `mine`: those in the actor's own hand; `state`: ended."""

    q: str = ""
    mine: str = ""
    kind: str = ""
    state: str = ""

    def as_query(self) -> dict[str, str]:
        return {each.name: getattr(self, each.name) for each in fields(self) if getattr(self, each.name)}

    @property
    def narrows(self) -> bool:
        return bool(self.q or self.mine or self.kind)


@dataclass(frozen=True)
class TaskRow:
    """One task in a list. `act` is the one that comes next for this reader."""

    id: int
    number: str
    kind: TaskKind
    status: TaskStatus
    title: str
    enterprise: str
    handler: str
    owner: str
    with_unit_at: datetime
    clock: ClockKind | None
    due_at: datetime | None
    left: Remaining | None
    is_late: bool
    has_draft: bool
    ended_at: datetime | None
    end_reason: str
    act: TaskAction | None


@dataclass(frozen=True)
class UnitDesk:
    """The open tasks in the order of their urgency; `replied` wait for the owner's word."""

    late: list[TaskRow]
    this_week: list[TaskRow]
    next_week: list[TaskRow]
    later: list[TaskRow]
    to_sign: list[TaskRow]
    replied: list[TaskRow]

    @property
    def count(self) -> int:
        return sum(map(len, (self.late, self.this_week, self.next_week, self.later, self.replied)))

    @property
    def unsigned(self) -> list[TaskRow]:
        """Not 签收 yet, whenever they are due."""
        in_hand = (*self.late, *self.this_week, *self.next_week, *self.later)
        return [row for row in in_hand if row.act is TaskAction.SIGN]

    @property
    def rows(self) -> Iterable[TaskRow]:
        return (*self.late, *self.this_week, *self.next_week, *self.later, *self.replied)


def desk(work: Work, wanted: TaskFilter) -> UnitDesk:
    """The unit's open tasks. A week ends on Sunday."""
    # Two clocks may be due at the same time: the task stands once.
    rows = {found[0].id: _row(work, found) for found in work.session.execute(_open(work, wanted))}.values()
    today = local_date(work.now)
    sunday = today + timedelta(days=6 - today.weekday())
    made = UnitDesk([], [], [], [], [], [])
    for row in rows:
        on = local_date(row.due_at) if row.due_at else None
        if row.has_draft:
            made.to_sign.append(row)
        if row.status is TaskStatus.REPLIED and not row.is_late:
            made.replied.append(row)
        elif row.is_late:
            made.late.append(row)
        elif on is not None and on <= sunday:
            made.this_week.append(row)
        elif on is not None and on <= sunday + timedelta(days=7):
            made.next_week.append(row)
        else:
            made.later.append(row)
    return made


def ended(work: Work, wanted: TaskFilter, page: int, size: int = PAGE) -> tuple[list[TaskRow], bool]:
    """(a page of the unit's ended tasks, the last asked first; whether there are more). They are not counted."""
    query = _base(wanted, work).where(Task.status.in_(TASK_ENDED)).order_by(Task.id.desc())
    rows = work.session.execute(query.limit(size + 1).offset((page - 1) * size)).all()
    return [_row(work, row) for row in rows[:size]], len(rows) > size


def _base(wanted: TaskFilter, work: Work) -> Select[Any]:
    """One row a task: with its next due clock, people, and whether a draft waits inside the unit."""
    handler, owner = aliased(Account), aliased(Account)
    draft = exists().where(
        TaskReply.task_id == Task.id, TaskReply.sent_at.is_(None), TaskReply.handed_back_at.is_(None)
    )
    due_at = (
        select(func.min(Clock.due_at))
        .where(Clock.task_id == Task.id, Clock.stopped_at.is_(None), Clock.kind.in_(TASK_CLOCKS))
        .correlate(Task)
        .scalar_subquery()
    )
    query: Any = (
        select(
            Task,
            Ticket.title,
            Enterprise.name,
            Enterprise.short_name,
            handler.name,
            owner.name,
            draft,
            Clock.kind,
            Clock.due_at,
        )
        .join(Ticket, Ticket.id == Task.ticket_id)
        .join(Enterprise, Enterprise.id == Ticket.enterprise_id)
        .outerjoin(handler, handler.id == Task.handler_id)
        .outerjoin(owner, owner.id == Ticket.owner_id)
        .outerjoin(
            Clock,
            and_(
                Clock.task_id == Task.id,
                Clock.stopped_at.is_(None),
                Clock.kind.in_(TASK_CLOCKS),
                Clock.due_at == due_at,
            ),
        )
        .where(of_own_unit(work.actor))
    )
    return _narrowed(query, wanted, work)


def _narrowed(query: Select[Any], wanted: TaskFilter, work: Work) -> Select[Any]:
    if wanted.q:
        words = wanted.q.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        like = f"%{words}%"
        # What a shielded one says may hold the name itself: only its number is searched.
        said = or_(*(each.like(like, escape="\\") for each in (Ticket.title, Enterprise.name, Task.text)))
        query = query.where(
            or_(Task.number.like(like, escape="\\"), and_(Task.is_shielded.is_(False), said))
        )
    if wanted.mine:
        query = query.where(Task.handler_id == work.actor.account_id)
    if wanted.kind in {one.value for one in TaskKind}:
        query = query.where(Task.kind == TaskKind.of(wanted.kind))
    return query


def _open(work: Work, wanted: TaskFilter) -> Select[Any]:
    undated = case((Clock.due_at.is_(None), literal(1)), else_=literal(0))
    query = _base(wanted, work).where(Task.status.in_(TASK_OPEN))
    return query.order_by(undated, Clock.due_at, Task.id).limit(MOST)


def _row(work: Work, found: Any) -> TaskRow:
    task, title, name, short_name, handler, owner, has_draft, clock, due_at = found[:9]
    is_late = due_at is not None and work.now > due_at
    return TaskRow(
        id=task.id,
        number=task.number,
        kind=task.kind,
        status=task.status,
        title=shielded(title, (name, short_name)) if task.is_shielded else title,
        enterprise=HIDDEN if task.is_shielded else short_name or name,
        handler=handler or "",
        owner=owner or "",
        with_unit_at=task.with_unit_at,
        clock=clock,
        due_at=due_at,
        left=remaining_text(work.settings.calendar, work.now, due_at) if due_at else None,
        is_late=is_late,
        has_draft=has_draft,
        ended_at=task.ended_at,
        end_reason=task.end_reason,
        act=_next(work, task.status, has_draft),
    )


def _next(work: Work, status: TaskStatus, has_draft: bool) -> TaskAction | None:
    """The one act the row's button leads to."""
    if has_draft:
        return TaskAction.SIGN_REPLY if work.actor.is_approver else None
    if status in (TaskStatus.ASKED, TaskStatus.DISPATCHED):
        return TaskAction.SIGN
    return TaskAction.REPLY if status is TaskStatus.SIGNED else None
