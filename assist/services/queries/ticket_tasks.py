"""承办任务 of one ticket for its case side: unit, state, time left, the last reply, and what the reader may do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, bindparam, func, select
from sqlalchemy.orm import aliased

from assist.domain import policy
from assist.domain.clock import local
from assist.domain.date_words import moment_text
from assist.domain.deadlines import Remaining, remaining_text
from assist.domain.policy import Standing, TaskRelation
from assist.domain.status import ClockKind, Verdict
from assist.domain.tasks import TASK_OPEN, TaskAction, TaskKind, TaskResult, TaskStatus
from assist.models import Account, Clock, Task, TaskReply, Ticket, Unit
from assist.services import task_access
from assist.services.task_endings import open_words
from assist.services.work import Work

A = TaskAction
ORDER = (A.DISPATCH, A.ACCEPT_REPLY, A.SEND_BACK, A.NUDGE, A.CANCEL)


@dataclass(frozen=True)
class TaskLine:
    """One task in the panel. `clock` is the one due next; `missed` are the kinds whose time was not kept."""

    id: int
    number: str
    unit_id: int
    unit: str
    is_with_unit: bool
    kind: TaskKind
    status: TaskStatus
    status_title: str
    text: str
    asked_at: datetime
    since: datetime
    handler: str
    clock: ClockKind | None
    due_at: datetime | None
    left: Remaining | None
    missed: list[ClockKind]
    result: TaskResult | None
    reply: str
    replied_at: datetime | None
    promised_on: date | None
    end_reason: str
    version: int
    open_words: str
    acts: list[TaskAction]

    @property
    def is_open(self) -> bool:
        return self.status in TASK_OPEN

    @property
    def is_late(self) -> bool:
        return self.left is not None and self.left.tone == "late"


def _statement() -> Any:
    last = (
        select(func.max(TaskReply.no))
        .where(TaskReply.task_id == Task.id, TaskReply.sent_at.is_not(None))
        .correlate(Task)
        .scalar_subquery()
    )
    handler = aliased(Account)
    return (
        select(Task, Unit.name, Unit.short_name, handler.name.label("handler_name"), TaskReply, Clock)
        .join(Unit, Unit.id == Task.unit_id)
        .outerjoin(handler, handler.id == Task.handler_id)
        .outerjoin(TaskReply, and_(TaskReply.task_id == Task.id, TaskReply.no == last))
        .outerjoin(Clock, and_(Clock.ticket_id == Task.ticket_id, Clock.task_id == Task.id))
        .where(Task.ticket_id == bindparam("ticket_id"))
        .order_by(Task.no, Clock.due_at)
    )


# Built once: putting a statement of this size together costs more than running it.
TASKS = _statement()


def read(work: Work, ticket: Ticket, standing: Standing) -> list[TaskLine]:
    """Every task of the ticket, the open ones first. One statement."""
    rows = work.session.execute(TASKS, {"ticket_id": ticket.id}).all()
    by_task: dict[int, list[Any]] = {}
    for row in rows:
        by_task.setdefault(row.Task.id, []).append(row)
    relations = task_access.relations_of(work.actor, standing)
    found = [_line(work, group, relations) for group in by_task.values()]
    return sorted(found, key=lambda line: (not line.is_open, line.number))


def _line(work: Work, rows: Sequence[Any], relations: frozenset[TaskRelation]) -> TaskLine:
    task, reply = rows[0].Task, rows[0].TaskReply
    clocks = [row.Clock for row in rows if row.Clock is not None]
    running = next((clock for clock in clocks if clock.stopped_at is None), None)
    unit, since = rows[0].short_name or rows[0].name, task.with_unit_at or task.asked_at
    return TaskLine(
        id=task.id,
        number=task.number,
        unit_id=task.unit_id,
        unit=unit,
        is_with_unit=task.with_unit_at is not None,
        kind=task.kind,
        status=task.status,
        status_title=task_access.status_title(task),
        text=task.text,
        asked_at=task.asked_at,
        since=since,
        handler=rows[0].handler_name or "",
        clock=running.kind if running else None,
        due_at=running.due_at if running else None,
        left=remaining_text(work.settings.calendar, work.now, running.due_at) if running else None,
        missed=list(dict.fromkeys(clock.kind for clock in clocks if clock.verdict is Verdict.MISSED)),
        result=reply.result if reply else None,
        reply=reply.text if reply else "",
        replied_at=reply.sent_at if reply else None,
        promised_on=task.promised_on,
        end_reason=task.end_reason,
        version=task.version,
        open_words=open_words(task.number, unit, moment_text(since, local(work.now).year)),
        acts=_acts(task, relations),
    )


def _acts(task: Task, relations: frozenset[TaskRelation]) -> list[TaskAction]:
    is_promised = task.promised_on is not None
    return [
        action
        for action in ORDER
        if policy.may_act_on_task(
            action, relations, task.status, is_promised=is_promised, needs_dispatch=task.needs_dispatch
        )
    ]
