"""督办: issued by a supervisor with a number, replied to by its addressee, accepted, raised to the next level, or void.

Reply within 3, 2, 1 working days by level (limits). The number (`聊助企督〔2026〕3号`) is taken late in the transaction
from a series of its own a year, so that there is no gap; a void one keeps it. Errors: NotFound, Forbidden, Conflict
(who was faster), Invalid. Whom it concerns is `supervision_access`, what the ladder proposes `supervision_proposals`.
"""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from assist.domain.clock import local_date
from assist.domain.date_words import moment_text
from assist.domain.errors import Conflict, Invalid
from assist.domain.setting_specs import SPECS
from assist.domain.status import ClockKind
from assist.domain.supervision import (
    SUPERVISION_MOVES,
    SUPERVISION_OPEN,
    Addressee,
    SupervisionAction,
    SupervisionLevel,
    SupervisionStatus,
    next_level,
)
from assist.domain.tasks import TaskStatus
from assist.domain.transitions import Action
from assist.models import Clock, Supervision, Task, Ticket, TicketEvent
from assist.services import (
    auditing,
    clock_rows,
    clocks,
    numbers,
    searching,
    supervision_access,
    supervision_notes,
    transitions,
)
from assist.services.conversing import MAX_WORDS, words
from assist.services.work import Work

A, S = SupervisionAction, SupervisionStatus
PREFIX = SPECS["supervision_prefix"]


@dataclass(frozen=True)
class Order:
    """What a supervisor signs. `task` is the number of the unit's task when a unit is addressed."""

    level: SupervisionLevel | None
    addressee: Addressee | None
    task: str = ""
    demand: str = ""


def tasks_of(work: Work, ticket: Ticket) -> list[Task]:
    """The tasks by which units may be supervised: those that have reached them and were not given back or cancelled."""
    gone = [TaskStatus.RETURNED, TaskStatus.CANCELLED]
    query = select(Task).where(
        Task.ticket_id == ticket.id, Task.with_unit_at.is_not(None), Task.status.not_in(gone)
    )
    return list(work.session.scalars(query.options(joinedload(Task.unit)).order_by(Task.no)))


def proposed(work: Work, ticket: Ticket) -> Supervision | None:
    """The proposal that waits for this ticket."""
    query = select(Supervision).where(Supervision.ticket_id == ticket.id, Supervision.status == S.PROPOSED)
    return work.session.scalars(query).one_or_none()


def issue(work: Work, ticket: Ticket, order: Order) -> tuple[Supervision, TicketEvent]:
    """签发 on a ticket: the proposal there is becomes it, else it is a fresh one."""
    transitions.check(work, ticket, Action.SUPERVISE, None)
    query = select(Supervision).where(Supervision.ticket_id == ticket.id, Supervision.status == S.PROPOSED)
    row = work.session.scalars(query.with_for_update(key_share=True)).one_or_none()
    return _sign(work, ticket, row or Supervision(ticket_id=ticket.id), order)


def issue_proposal(work: Work, supervision_id: int, order: Order) -> tuple[Supervision, TicketEvent]:
    """签发 from its proposal. Conflict when somebody has issued or dismissed it meanwhile."""
    row, relations = supervision_access.supervision(work, supervision_id, lock=True)
    supervision_access.check(work, row, relations, A.ISSUE)
    return _sign(work, row.ticket, row, order)


def _sign(
    work: Work, ticket: Ticket, row: Supervision, order: Order, raised_from: Supervision | None = None
) -> tuple[Supervision, TicketEvent]:
    if order.level is None:
        raise Invalid("请选择督办级别。", "level")
    demand = words(order.demand, "demand", "督办要求")
    task = _addressed(work, ticket, order)
    _refuse_second(work, ticket, order, task, raised_from)
    row.number = _next_number(work)
    row.level, row.status = order.level, S.ISSUED
    row.addressee, row.demand = order.addressee, demand
    row.account_id = ticket.owner_id if order.addressee is Addressee.OWNER else None
    row.unit_id, row.task_id = (task.unit_id, task.id) if task is not None else (None, None)
    row.issued_by_id, row.issued_at = work.actor.account_id, work.now
    row.raised_from_id = raised_from.id if raised_from is not None else None
    work.session.add(row)
    work.session.flush()
    clock = clocks.start(
        work,
        ticket,
        ClockKind.SUPERVISION_REPLY,
        str(order.level.value),
        of=row,
        holder=order.addressee.holder if order.addressee else None,
        unit_id=row.unit_id,
    )
    before = {"raised_from": raised_from.number} if raised_from is not None else {}
    event = _record(work, row, Action.SUPERVISE, demand, task, due_at=clock.due_at, **before)
    searching.index(work, ticket, internal=demand)
    supervision_notes.issued(work, row, event, clock, task)
    return row, event


def _addressed(work: Work, ticket: Ticket, order: Order) -> Task | None:
    """The task of the unit that is addressed; None for the owner and the area. Raises Invalid."""
    if order.addressee is None:
        raise Invalid("请选择督办对象。", "addressee")
    if order.addressee is Addressee.UNIT:
        found = next((one for one in tasks_of(work, ticket) if one.number == order.task), None)
        if found is None or ticket.is_restricted:
            raise Invalid("请选择这件诉求的承办单位。", "addressee")
        return found
    if order.addressee is Addressee.OWNER and ticket.owner_id is None:
        raise Invalid("这件诉求暂无责任专员，请督办县（市、区）助企办。", "addressee")
    if order.addressee is Addressee.AREA and ticket.is_restricted:
        raise Invalid("专人办理事项只能督办指定办理人。", "addressee")
    return None


def _refuse_second(
    work: Work, ticket: Ticket, order: Order, task: Task | None, raised_from: Supervision | None
) -> None:
    """One open 督办 an addressee: the next step is to accept, raise or void it."""
    unit_id = task.unit_id if task is not None else None
    rows = work.session.scalars(
        select(Supervision).where(
            Supervision.ticket_id == ticket.id,
            Supervision.status.in_(SUPERVISION_OPEN),
            Supervision.addressee == order.addressee,
        )
    )
    for other in rows:
        if other.unit_id == unit_id and other is not raised_from:
            sentence = f"对同一对象已有{other.status.title}的{other.level.title} {other.number}"
            raise Conflict(f"{sentence}，请先认可、升级或作废。")


def _next_number(work: Work) -> str:
    prefix = str(work.settings.values.get(PREFIX.name) or PREFIX.usual)
    series = f"{prefix}〔{local_date(work.now).year}〕"
    return f"{series}{numbers.next_value(work.session, series)}号"


def _record(
    work: Work, row: Supervision, action: Action, note: str, task: Task | None = None, **fields: object
) -> TicketEvent:
    """The event of an act, for the case side and (by the task's number) for the unit; who may was checked already."""
    about = task or (work.session.get(Task, row.task_id) if row.task_id else None)
    named: dict[str, object] = {"supervision": row.id, "number": row.number, "level": row.level}
    if row.addressee is not None:
        named["addressee"] = row.addressee
    if about is not None:
        named |= {"task": about.number, "unit": about.unit.shown}
    return transitions.act(
        work,
        row.ticket,
        action,
        fields={**named, **fields},
        note=note,
        is_visible=False,
        is_authorised=True,
    )


def reply(work: Work, supervision_id: int, text: str) -> tuple[Supervision, TicketEvent]:
    """反馈, by whom it is addressed to: the owner or his stand-in, staff of the unit, the area's coordinators."""
    row, relations = supervision_access.supervision(work, supervision_id, lock=True)
    supervision_access.check(work, row, relations, A.REPLY)
    said = words(text, "text", "反馈内容")
    row.status, row.reply = S.REPLIED, said
    row.replied_by_id, row.replied_at = work.actor.account_id, work.now
    clocks.stop(work, row.ticket, ClockKind.SUPERVISION_REPLY, of=row)
    event = _record(work, row, Action.REPLY_SUPERVISION, said)
    searching.index(work, row.ticket, internal=said)
    supervision_notes.replied(work, row, event)
    return row, event


def accept(work: Work, supervision_id: int, note: str = "") -> Supervision:
    """认可 the reply."""
    return _settle(work, supervision_id, A.ACCEPT, note.strip()[:MAX_WORDS])


def void(work: Work, supervision_id: int, reason: str) -> Supervision:
    """作废, with a reason; the number is kept. A reply that was late by then stays a miss."""
    return _settle(work, supervision_id, A.VOID, words(reason, "note", "作废原因"))


def dismiss(work: Work, supervision_id: int, reason: str) -> Supervision:
    """不予督办: the proposal stays, dismissed, with who and why, and is in the audit log. It never had a number."""
    row, relations = supervision_access.supervision(work, supervision_id, lock=True)
    supervision_access.check(work, row, relations, A.DISMISS)
    why = words(reason, "note", "不予督办的理由")
    _put(work, row, A.DISMISS, why)
    auditing.record(work, "dismiss_supervision", row.ticket.number, level=row.level.title, note=row.why, reason=why)
    return row


def dismiss_made_good(work: Work, reason: str) -> int:
    """不予督办 all proposals whose lateness is over (done meanwhile), with one reason; returns how many."""
    why = words(reason, "note", "不予督办的理由")
    over = select(Clock.id).where(Clock.id == Supervision.clock_id, Clock.stopped_at.is_not(None)).exists()
    own = select(Ticket.id).where(Ticket.owner_id == work.actor.account_id)
    rows = work.session.scalars(
        select(Supervision)
        .where(Supervision.status == S.PROPOSED, over, Supervision.ticket_id.not_in(own))
        .order_by(Supervision.ticket_id)
        .with_for_update(skip_locked=True, key_share=True)
    ).all()
    for row in rows:
        _put(work, row, A.DISMISS, why)
    if rows:
        numbers_of = select(Ticket.number).where(Ticket.id.in_([row.ticket_id for row in rows]))
        listed = sorted(work.session.scalars(numbers_of))
        auditing.record(work, "dismiss_supervision", f"{len(rows)}件", count=len(rows), reason=why, tickets=listed)
    return len(rows)


def _put(work: Work, row: Supervision, action: SupervisionAction, note: str) -> None:
    row.status, row.note = SUPERVISION_MOVES[action].target, note
    row.settled_by_id, row.settled_at = work.actor.account_id, work.now


def _settle(work: Work, supervision_id: int, action: SupervisionAction, note: str) -> Supervision:
    row, relations = supervision_access.supervision(work, supervision_id, lock=True)
    supervision_access.check(work, row, relations, action)
    _put(work, row, action, note)
    clocks.void(work, row.ticket, of=row)
    event = _record(work, row, Action.SETTLE_SUPERVISION, note, decision=row.status)
    supervision_notes.settled(work, row, event)
    return row


def raise_level(work: Work, supervision_id: int, demand: str = "", note: str = "") -> Supervision:
    """升级督办: the next level with a number of its own, linked to this one. Without a reply only when that is late.

    `demand` empty: what was demanded before. In a vacancy it goes to the area. Returns the new one.
    """
    row, relations = supervision_access.supervision(work, supervision_id, lock=True)
    supervision_access.check(work, row, relations, A.RAISE)
    running = clock_rows.running_of(work, row).get(ClockKind.SUPERVISION_REPLY)
    _refuse_in_time(work, row, running)
    level = next_level(row.level)
    clocks.void(work, row.ticket, of=row)
    _put(work, row, A.RAISE, note.strip()[:MAX_WORDS])
    task = work.session.get(Task, row.task_id) if row.task_id else None
    addressee = row.addressee
    if addressee is Addressee.OWNER and row.ticket.owner_id is None:
        addressee = Addressee.AREA
    order = Order(level, addressee, task.number if task else "", demand.strip() or row.demand)
    query = select(Supervision).where(
        Supervision.ticket_id == row.ticket_id, Supervision.status == S.PROPOSED
    )
    proposal = work.session.scalars(query.with_for_update(key_share=True)).one_or_none()
    made, _ = _sign(work, row.ticket, proposal or Supervision(ticket_id=row.ticket_id), order, row)
    return made


def _refuse_in_time(work: Work, row: Supervision, running: Clock | None) -> None:
    if running is not None and work.now <= running.due_at:
        by = moment_text(running.due_at, local_date(work.now).year)
        raise Conflict(f"{row.number} 的反馈时限是{by}，还没有到；逾期未反馈或反馈不合格的才能升级。")
