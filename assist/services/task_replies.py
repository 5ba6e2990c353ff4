"""承办反馈: what a unit replies, who signs it inside the unit, and the owner's word on it (认可, 退回重报).

A reply stops the unit's clock when it *leaves* the unit: at once, or (where the unit wants it) when its approver has
signed; time inside is the unit's. 需继续办理 promises a day, which is a clock of its own until the unit's next reply:
accepted by the owner it leaves the task open (`signed` again, and still blocking the answer), for a promise is not a
result; before the owner has spoken the unit may already reply again. 退回重报 gives one more working day.
"""

from datetime import date

from sqlalchemy import func, select, update

from assist.domain.deadlines import Budget
from assist.domain.errors import Conflict, Invalid
from assist.domain.status import ClockHolder, ClockKind
from assist.domain.tasks import TaskAction, TaskResult, TaskStatus
from assist.models import Attachment, Task, TaskReply, TicketEvent
from assist.services import clocks, request_endings, searching, task_access, task_log
from assist.services.conversing import words
from assist.services.task_endings import pending_draft
from assist.services.work import Work


def reply(
    work: Work,
    task: Task,
    result: TaskResult,
    text: str,
    promised_on: date | None = None,
    basis: str = "",
) -> TicketEvent:
    """反馈办理结果: `promised_on` for 需继续办理, `basis` for 职权所限. A draft where an approver has to sign."""
    task_access.check(work, task, TaskAction.REPLY)
    said = words(text, "reply", "办理情况")
    _promise(work, result, promised_on)
    why = words(basis, "basis", "职权所限的依据") if result is TaskResult.BEYOND_POWERS else ""
    if pending_draft(work, task) is not None:
        raise Conflict("已有一份反馈等待签发，请先由签发人签发或退回修改。")
    is_draft = task.unit.needs_signature and not work.actor.is_approver
    if is_draft and not any(one.is_approver for one in task_log.staff(work, task.unit_id)):
        raise Conflict("本单位的反馈须经签发，但还没有签发人账号，请联系助企办。")
    last = work.session.scalar(select(func.max(TaskReply.no)).where(TaskReply.task_id == task.id)) or 0
    made = TaskReply(
        task_id=task.id,
        no=last + 1,
        result=result,
        text=said,
        promised_on=promised_on if result is TaskResult.CONTINUING else None,
        basis=why,
        written_by_id=work.actor.account_id,
        written_at=work.now,
    )
    work.session.add(made)
    if task.handler_id is None:
        task.handler_id = work.actor.account_id
    if not is_draft:
        made.signed_by_id = work.actor.account_id if work.actor.is_approver else None
        return _send(work, task, made, TaskAction.REPLY)
    # What is not signed yet is the unit's own: the event says that there is a draft, not what is in it.
    event = task_log.write(work, task, TaskAction.REPLY, reply=made.no, is_draft=True)
    _tell_approvers(work, task, event)
    return event


def _promise(work: Work, result: TaskResult, promised_on: date | None) -> None:
    if result is not TaskResult.CONTINUING:
        return
    if promised_on is None:
        raise Invalid("需继续办理的，请填写承诺办结日期。", "promised_on")
    task_log.close_of(work, promised_on, "promised_on")


def _tell_approvers(work: Work, task: Task, event: TicketEvent) -> None:
    told = [one.id for one in task_log.staff(work, task.unit_id) if one.is_approver]
    title = f"承办反馈待您签发：{task.number}"
    task_log.tell_people(work, task, event, told, "task_to_sign", title, task.text)


def _send(work: Work, task: Task, made: TaskReply, action: TaskAction) -> TicketEvent:
    """The reply leaves the unit: its clock stops, a promise begins, the owner is told."""
    made.sent_at = work.now
    task.status, task.version = TaskStatus.REPLIED, task.version + 1
    task.replied_at, task.promised_on = work.now, made.promised_on
    request_endings.drop_for_task(work, task)
    for kind in (ClockKind.TASK_REPLY, ClockKind.TASK_PROMISE):
        clocks.stop(work, task.ticket, kind, of=task)
    if made.promised_on is not None:
        clocks.start(
            work,
            task.ticket,
            ClockKind.TASK_PROMISE,
            budget=Budget.fixed(work.settings.calendar.close_on(made.promised_on)),
            of=task,
            holder=ClockHolder.UNIT,
            unit_id=task.unit_id,
        )
    event = task_log.write(
        work,
        task,
        action,
        made.text,
        reply=made.no,
        result=made.result,
        promised_on=made.promised_on.isoformat() if made.promised_on else None,
        basis=made.basis,
    )
    searching.index(work, task.ticket, internal=f"{made.text}\n{made.basis}")
    title = f"{task.unit.shown}反馈{made.result.title} {task.number}，请认可或退回"
    task_log.tell_owner(work, task, event, "task_replied", title, made.text, "soon")
    return event


def sign_reply(work: Work, task: Task) -> TicketEvent:
    """签发: the unit's approver signs the draft, and it leaves."""
    task_access.check(work, task, TaskAction.SIGN_REPLY)
    draft = _draft(work, task)
    if draft.promised_on is not None and work.settings.calendar.close_on(draft.promised_on) <= work.now:
        raise Conflict("承诺办结日期已经过了，请退回修改。")
    draft.signed_by_id = work.actor.account_id
    event = _send(work, task, draft, TaskAction.SIGN_REPLY)
    _take_files_along(work, task, draft, event)
    return event


def _take_files_along(work: Work, task: Task, draft: TaskReply, event: TicketEvent) -> None:
    """The files of the draft belong to the signed reply from now, and so are the case side's to read."""
    written = work.session.execute(
        select(TicketEvent.seq, TicketEvent.fields).where(
            TicketEvent.ticket_id == task.ticket_id, TicketEvent.action == TaskAction.REPLY.event
        )
    )
    own = [row.seq for row in written if (row.fields.get("task"), row.fields.get("reply")) == (task.number, draft.no)]
    work.session.execute(
        update(Attachment)
        .where(Attachment.ticket_id == task.ticket_id, Attachment.event_seq.in_(own))
        .values(event_seq=event.seq)
    )


def hand_back(work: Work, task: Task, reason: str) -> TicketEvent:
    """退回修改, inside the unit: the approver's words are for who wrote the draft, and no clock stops."""
    task_access.check(work, task, TaskAction.HAND_BACK)
    draft = _draft(work, task)
    draft.handed_back_at, draft.back_reason = work.now, words(reason, "reason", "需要修改什么")
    event = task_log.write(work, task, TaskAction.HAND_BACK, reply=draft.no)
    title = f"承办反馈请修改：{task.number}"
    told = [draft.written_by_id]
    task_log.tell_people(work, task, event, told, "task_handed_back", title, draft.back_reason)
    return event


def _draft(work: Work, task: Task) -> TaskReply:
    draft = pending_draft(work, task)
    if draft is None:
        raise Conflict("没有等待签发的反馈。")
    return draft


def last_sent(work: Work, task: Task) -> TaskReply:
    """The reply the owner has before him."""
    query = select(TaskReply).where(TaskReply.task_id == task.id, TaskReply.sent_at.is_not(None))
    return work.session.scalars(query.order_by(TaskReply.no.desc()).limit(1)).one()


def accept_reply(work: Work, task: Task, *, version: int | None = None) -> TicketEvent:
    """认可, by the owner: the task is over; of 需继续办理 it is the promise that is accepted, and the task goes on."""
    task_access.check(work, task, TaskAction.ACCEPT_REPLY, version)
    given = last_sent(work, task)
    if work.actor.account_id in (given.written_by_id, given.signed_by_id):
        raise Conflict("这份反馈是您本人办理的，不能由您本人认可。")
    given.accepted_at = work.now
    task.version += 1
    if given.result is TaskResult.CONTINUING:
        task.status = TaskStatus.SIGNED
    else:
        task.status, task.ended_at = TaskStatus.ACCEPTED, work.now
        task.end_reason = given.result.title
    return task_log.write(work, task, TaskAction.ACCEPT_REPLY, reply=given.no, result=given.result)


def send_back(work: Work, task: Task, reason: str, *, version: int | None = None) -> TicketEvent:
    """退回重报, by the owner: the unit has it again for one working day; the earlier verdict stands."""
    task_access.check(work, task, TaskAction.SEND_BACK, version)
    why = words(reason, "reason", "退回原因")
    given = last_sent(work, task)
    given.sent_back_at, given.back_reason = work.now, why
    clocks.void(work, task.ticket, [ClockKind.TASK_PROMISE], of=task)
    task.status, task.version, task.promised_on = TaskStatus.SIGNED, task.version + 1, None
    clock = clocks.start(
        work,
        task.ticket,
        ClockKind.TASK_REPLY,
        "again",
        of=task,
        holder=ClockHolder.UNIT,
        unit_id=task.unit_id,
    )
    event = task_log.write(work, task, TaskAction.SEND_BACK, why, reply=given.no)
    title = f"反馈被退回 {task.number}，请在{task_log.by_when(work, clock)}前重新反馈"
    task_log.tell_unit(work, task, event, "task_sent_back", title, why, "late")
    return event
