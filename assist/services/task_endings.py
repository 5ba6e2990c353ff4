"""How a task ends without the owner's 认可, and what moves its due time: cancelled, returned, deferred.

An ended task has no running clock; one whose due time had passed stays a miss (`clocks.void`). Open tasks block the
answer, and the sentence says which. Errors: NotFound, Forbidden, StaleTicket, Conflict, Invalid.
"""

from datetime import date

from sqlalchemy import bindparam, select, text
from sqlalchemy.orm import joinedload

from assist.domain.clock import local
from assist.domain.date_words import moment_text
from assist.domain.errors import Conflict
from assist.domain.status import ClockKind
from assist.domain.tasks import TaskAction, TaskStatus
from assist.models import Clock, Task, TaskReply, Ticket, TicketEvent
from assist.models.task import TASK_IS_OPEN
from assist.services import clock_rows, clocks, due_times, request_endings, task_access, task_log
from assist.services.conversing import words
from assist.services.work import Work

OPEN_TASKS = (
    select(Task)
    .where(Task.ticket_id == bindparam("ticket_id"), text(f"task.{TASK_IS_OPEN}"))
    .options(joinedload(Task.unit))
    .order_by(Task.no)
)


def open_tasks(work: Work, ticket: Ticket) -> list[Task]:
    """The ticket's open tasks with their units, in the order of their numbers. One statement."""
    return list(work.session.scalars(OPEN_TASKS, {"ticket_id": ticket.id}))


def open_words(number: str, unit: str, asked_at_text: str) -> str:
    """市生态环境局（LC-20261123-0007-01，自11月23日09:30）"""
    return f"{unit}（{number}，自{asked_at_text}）"


def refuse_while_open(work: Work, ticket: Ticket) -> None:
    """Raise Conflict, saying which, while a task of the ticket is open: nobody answers past a unit that still works."""
    found = open_tasks(work, ticket)
    if not found:
        return
    year = local(work.now).year
    told = "、".join(
        open_words(one.number, one.unit.shown, moment_text(one.with_unit_at or one.asked_at, year)) for one in found
    )
    raise Conflict(f"还有承办任务没有办结：{told}。请先认可、退回重报或取消，再答复。")


def cancel(work: Work, task: Task, reason: str, *, version: int | None = None) -> TicketEvent:
    """取消任务, by the owner. After its due time it stays a miss."""
    task_access.check(work, task, TaskAction.CANCEL, version)
    return _cancel(work, task, words(reason, "reason", "取消原因"))


def cancel_open(work: Work, ticket: Ticket, why: str) -> list[Task]:
    """Cancel every open task of a ticket that ends or moves away otherwise; the caller has decided that already."""
    found = open_tasks(work, ticket)
    for task in found:
        _cancel(work, task, why)
    return found


def _cancel(work: Work, task: Task, why: str) -> TicketEvent:
    _end(work, task, TaskStatus.CANCELLED, why)
    event = task_log.write(work, task, TaskAction.CANCEL, why)
    if task.with_unit_at is not None:
        title = f"承办任务已取消：{task.number}"
        task_log.tell_unit(work, task, event, "task_cancelled", title, why)
    return event


def returned(work: Work, task: Task, note: str) -> TicketEvent:
    """退回任务, granted: the unit is rid of it. Who decides, and that it is asked once and early, is `deciding`."""
    if task.status not in (TaskStatus.ASKED, TaskStatus.DISPATCHED, TaskStatus.SIGNED):
        raise Conflict(f"这项任务现在是“{task_access.status_title(task)}”，不能退回。")
    _end(work, task, TaskStatus.RETURNED, note)
    event = task_log.write(work, task, TaskAction.RETURN, note)
    title = f"{task.unit.shown}的任务已退回 {task.number}，请另行提请"
    task_log.tell_owner(work, task, event, "task_returned", title, note, "soon")
    task_log.tell_unit(work, task, event, "task_returned", f"已同意退回 {task.number}", note)
    return event


def _end(work: Work, task: Task, status: TaskStatus, why: str) -> None:
    clocks.void(work, task.ticket, of=task)
    task.status, task.ended_at, task.end_reason = status, work.now, why[:400]
    task.version += 1
    request_endings.drop_for_task(work, task)
    draft = pending_draft(work, task)
    if draft is not None:
        draft.handed_back_at, draft.back_reason = work.now, why


def pending_draft(work: Work, task: Task) -> TaskReply | None:
    """The reply that waits inside the unit for its approver."""
    return work.session.scalars(
        select(TaskReply).where(
            TaskReply.task_id == task.id, TaskReply.sent_at.is_(None), TaskReply.handed_back_at.is_(None)
        )
    ).one_or_none()


def replying(work: Work, task: Task) -> Clock | None:
    """The clock by which the unit's next reply is due: that of the reply, or of its promise."""
    running = clock_rows.running_of(work, task)
    return running.get(ClockKind.TASK_REPLY) or running.get(ClockKind.TASK_PROMISE)


def defer(work: Work, task: Task, new_due_on: date, why: str) -> bool:
    """延期 of a task, granted: the next reply is due at the close of `new_due_on`. False when nothing moves.

    The event is the decision's own (`deciding`); a due time that has passed moves only where the clock waited.
    """
    clock = replying(work, task)
    if clock is None:
        return False
    new_due_at = work.settings.calendar.close_on(new_due_on)
    is_moved = due_times.move(work, clock, new_due_at, why[:120], is_granted=True)
    due_times.wait_no_more(work, clock)
    if not is_moved:
        return False
    task.deferral_count += 1
    if clock.kind is ClockKind.TASK_PROMISE:
        task.promised_on = new_due_on
    title = f"{task.number} 反馈时限调整为{moment_text(new_due_at, local(work.now).year)}"
    task_log.tell_moved(work, task, f"task_moved:{clock.id}:{clock.version}", title, why)
    return True
