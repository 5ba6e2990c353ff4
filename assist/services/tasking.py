"""承办任务: the owner draws a unit in; the city dispatches to its own; the unit signs, passes on, reports.

The ticket stays its owner's (一包到底): a task has clocks and verdicts of its own, and open ones block the answer. What
comes back from a unit is `task_replies`, how a task ends otherwise `task_endings`; all their verbs are here by name.
`due_on` is a date the owner asked for: due at the close of that day. Every act is an internal event of the ticket.
Errors: NotFound, Forbidden, StaleTicket (acts that carry the task's version), Conflict, Invalid naming the field.
"""

from datetime import UTC, date

from sqlalchemy import func, select

from assist.domain.clock import local
from assist.domain.deadlines import Budget
from assist.domain.errors import Conflict, Invalid
from assist.domain.status import ClockHolder, ClockKind
from assist.domain.tasks import TaskAction, TaskKind, TaskStatus
from assist.domain.transitions import Action
from assist.models import Task, Ticket, TicketEvent, Unit
from assist.services import clocks, searching, task_access, task_log, transitions
from assist.services.conversing import MAX_WORDS, words
from assist.services.task_endings import cancel, open_tasks
from assist.services.task_replies import accept_reply, hand_back, reply, send_back, sign_reply
from assist.services.work import Work

__all__ = [
    "accept_reply",
    "ask",
    "ask_with_event",
    "cancel",
    "dispatch",
    "hand_back",
    "nudge",
    "pass_on",
    "progress",
    "reply",
    "send_back",
    "sign",
    "sign_reply",
]


def ask(
    work: Work, ticket: Ticket, unit_id: int | None, kind: TaskKind, text: str, due_on: date | None = None
) -> Task:
    """提请承办, by the owner. A city-level unit's task waits for the city's dispatch; a county's own begins at once.

    One open task a unit, one open 牵头 a ticket. A restricted matter is no unit's to know.
    """
    return ask_with_event(work, ticket, unit_id, kind, text, due_on)[0]


def ask_with_event(
    work: Work, ticket: Ticket, unit_id: int | None, kind: TaskKind, text: str, due_on: date | None = None
) -> tuple[Task, TicketEvent]:
    """As `ask`, with the event to which files may belong."""
    transitions.check(work, ticket, Action.ASSIGN_TASK, None)
    if ticket.is_restricted:
        raise Conflict("专人办理事项不能提请承办单位。")
    unit = task_log.unit_of(work, unit_id)
    if unit is None:
        raise Invalid("请选择承办单位。", "unit")
    said = words(text, "text", "请单位办理的内容")
    if due_on is not None:
        task_log.close_of(work, due_on, "due_on")
    others = open_tasks(work, ticket)
    _one_each(others, unit, kind)
    task = _new(work, ticket, unit, kind, said, due_on)
    event = transitions.act(
        work,
        ticket,
        Action.ASSIGN_TASK,
        fields={
            "task": task.number,
            "unit": unit.shown,
            "kind": kind,
            "due_on": due_on.isoformat() if due_on else None,
        },
        note=said,
        is_visible=False,
    )
    searching.index(work, ticket, internal=said)
    if task.needs_dispatch:
        clocks.start(work, ticket, ClockKind.DECISION, "dispatch", of=task, holder=ClockHolder.CITY)
        title = f"待核发承办任务 {task.number}：责任专员{work.actor.name}提请{unit.shown}"
        task_log.tell_city(work, task, event, "task_to_dispatch", title, said)
    else:
        _reach_unit(work, task, event)
    return task, event


def _one_each(others: list[Task], unit: Unit, kind: TaskKind) -> None:
    for other in others:
        if other.unit_id == unit.id:
            raise Invalid(f"{unit.shown}还有一项没有办结的任务 {other.number}，请在那项任务里办理。", "unit")
        if kind is TaskKind.LEAD and other.kind is TaskKind.LEAD:
            raise Invalid(f"已由{other.unit.shown}牵头（{other.number}），其他单位请选“配合”。", "kind")


def _new(work: Work, ticket: Ticket, unit: Unit, kind: TaskKind, said: str, due_on: date | None) -> Task:
    last = work.session.scalar(select(func.max(Task.no)).where(Task.ticket_id == ticket.id)) or 0
    category = work.settings.categories.get(ticket.category_id or 0)
    task = Task(
        number=f"{ticket.number}-{last + 1:02d}",
        ticket_id=ticket.id,
        no=last + 1,
        round_no=ticket.round_no,
        unit_id=unit.id,
        kind=kind,
        status=TaskStatus.ASKED,
        text=said,
        due_on=due_on,
        needs_dispatch=unit.level == "city",
        is_shielded=category is not None and category.is_shielded,
        asked_by_id=work.actor.account_id,
        asked_at=work.now,
        version=1,
    )
    work.session.add(task)
    work.session.flush()
    return task


def _reach_unit(work: Work, task: Task, event: TicketEvent) -> None:
    """The task is with the unit from now: its clocks start and the unit is told."""
    task.with_unit_at = work.now
    ticket, unit = task.ticket, ClockHolder.UNIT
    sign_by = clocks.start(work, ticket, ClockKind.TASK_SIGN, of=task, holder=unit, unit_id=task.unit_id)
    budget = None
    if task.due_on is not None:
        close = work.settings.calendar.close_on(task.due_on)
        # A day that passed while it waited for the dispatch is not held against the unit.
        budget = Budget.fixed(close) if close > work.now else None
    clocks.start(
        work, ticket, ClockKind.TASK_REPLY, budget=budget, of=task, holder=unit, unit_id=task.unit_id
    )
    title = f"新的承办任务 {task.number}，请在{task_log.by_when(work, sign_by)}前签收"
    task_log.tell_unit(work, task, event, "task_asked", title, task.text, "soon")


def dispatch(work: Work, task: Task, note: str = "") -> TicketEvent:
    """核发, by the city's coordinator in 市助企办's name (责任专员×××提请). Who asked never dispatches."""
    task_access.check(work, task, TaskAction.DISPATCH)
    if task.asked_by_id == work.actor.account_id:
        raise Conflict("您是提请人，请由市助企办其他调度员核发。")
    clocks.stop(work, task.ticket, ClockKind.DECISION, of=task)
    task.status, task.version = TaskStatus.DISPATCHED, task.version + 1
    task.dispatched_by_id, task.dispatched_at = work.actor.account_id, work.now
    event = task_log.write(work, task, TaskAction.DISPATCH, note.strip()[:MAX_WORDS])
    _reach_unit(work, task, event)
    return event


def sign(work: Work, task: Task) -> TicketEvent:
    """签收, by anybody of the unit; who signs has it in hand unless it was passed to somebody already."""
    task_access.check(work, task, TaskAction.SIGN)
    clocks.stop(work, task.ticket, ClockKind.TASK_SIGN, of=task)
    task.status, task.version, task.signed_at = TaskStatus.SIGNED, task.version + 1, work.now
    if task.handler_id is None:
        task.handler_id = work.actor.account_id
    event = task_log.write(work, task, TaskAction.SIGN)
    task_log.tell_owner(work, task, event, "task_signed", f"{task.unit.shown}已签收 {task.number}")
    return event


def pass_on(work: Work, task: Task, handler_id: int | None, note: str = "") -> TicketEvent:
    """转交同事: somebody else of the same unit has it in hand from now; the clocks run on."""
    task_access.check(work, task, TaskAction.PASS)
    person = next((one for one in task_log.staff(work, task.unit_id) if one.id == handler_id), None)
    if person is None:
        raise Invalid("请选择本单位的承办人员。", "handler")
    if person.id == task.handler_id:
        raise Invalid(f"这项任务已经由{person.name}承办。", "handler")
    task.handler_id = person.id
    event = task_log.write(work, task, TaskAction.PASS, note.strip()[:MAX_WORDS], handler=person.name)
    title = f"{work.actor.name}把承办任务 {task.number} 转交给您"
    task_log.tell_unit(work, task, event, "task_passed", title, note.strip() or task.text, "soon")
    return event


def progress(work: Work, task: Task, text: str) -> TicketEvent:
    """承办进展: how far the unit is, for the case side to read. No clock stops by it."""
    task_access.check(work, task, TaskAction.PROGRESS)
    said = words(text, "text", "进展情况")
    event = task_log.write(work, task, TaskAction.PROGRESS, said)
    searching.index(work, task.ticket, internal=said)
    return event


def nudge(work: Work, task: Task, text: str = "") -> TicketEvent:
    """催办承办单位, once a day each: to whoever the task waits for now (the city, the unit, or the owner)."""
    task_access.check(work, task, TaskAction.NUDGE)
    if _nudged_today(work, task):
        raise Conflict("您今天已经催办过这项任务，每天可催办一次，请明天再来。")
    said = text.strip()[:MAX_WORDS]
    event = task_log.write(work, task, TaskAction.NUDGE, said)
    title, body = f"{work.actor.name}催办承办任务 {task.number}", said or task.text
    if task.status is TaskStatus.REPLIED:
        task_log.tell_owner(work, task, event, "task_nudge", title, body, "soon")
    elif task.with_unit_at is None:
        task_log.tell_city(work, task, event, "task_nudge", title, body)
    else:
        task_log.tell_unit(work, task, event, "task_nudge", title, body, "soon")
    return event


def _nudged_today(work: Work, task: Task) -> bool:
    day = local(work.now).replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)
    rows = work.session.scalars(
        select(TicketEvent.fields).where(
            TicketEvent.ticket_id == task.ticket_id,
            TicketEvent.action == Action.TASK_NUDGE,
            TicketEvent.actor_id == work.actor.account_id,
            TicketEvent.at >= day,
        )
    )
    return any(fields.get("task") == task.number for fields in rows)
