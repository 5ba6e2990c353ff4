"""What approving a request does, by kind. One function a kind: it says what the decision's event carries (`Grant`),
and what is to be done to clocks, tasks and callbacks right after it (`then`).

Errors: Conflict when it cannot be granted as things stand now. What a refusal or a falling away does is
`request_pauses.end`; who decides, and the order of a decision, is `deciding`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from assist.domain.clock import local, local_date
from assist.domain.date_words import date_text, moment_text
from assist.domain.deadlines import Budget
from assist.domain.errors import Conflict
from assist.domain.requests import REVIEW_WITHIN, RequestKind
from assist.domain.status import (
    CallbackReason,
    ClockHolder,
    ClockKind,
    Difficulty,
    Status,
    TicketType,
    Urgency,
)
from assist.models import ContactRecord, Request, Ticket
from assist.services import (
    callbacks,
    clocks,
    due_times,
    handling,
    request_endings,
    request_pauses,
    task_endings,
)
from assist.services.work import Work

K = RequestKind
URGENT_FOR = timedelta(hours=2)


@dataclass
class Grant:
    """`to`, `changes`, `fields`: for the decision's event. `news`: what the enterprise is told, (title, body)."""

    to: Status | None = None
    changes: dict[str, Any] = field(default_factory=dict)
    fields: dict[str, Any] = field(default_factory=dict)
    is_visible: bool = False
    news: tuple[str, str] | None = None
    then: Callable[[], None] = lambda: None


def _year(work: Work) -> int:
    return local(work.now).year


def new_due_at(work: Work, asked_on: str) -> datetime:
    """The close of the day that was asked for; of today, where the decision came later than that day."""
    calendar = work.settings.calendar
    asked, today = calendar.close_on(date.fromisoformat(asked_on)), calendar.close_on(local_date(work.now))
    return asked if asked >= work.now else today


def decline(work: Work, request: Request) -> Grant:
    """不予受理: the ticket ends, its clocks are void, the enterprise hears why and where to go instead."""
    ticket, facts = request.ticket, request.facts
    guidance = str(facts["guidance"])
    why = f"原因：{request.reason}。\n依据：{facts['basis']}\n可以这样办：{guidance}"
    body = f"{why}\n如有异议，可在{REVIEW_WITHIN}个工作日内申请复核一次。"

    def then() -> None:
        clocks.void(work, ticket)
        request_endings.drop_for(work, ticket)

    return Grant(
        to=Status.DECLINED,
        changes={"declined_at": work.now},
        fields={"reason": request.reason, "basis": facts["basis"], "guidance": guidance},
        is_visible=True,
        news=(f"诉求 {ticket.number} 未予受理，请查看原因和办理途径", body),
        then=then,
    )


def decline_review(work: Work, request: Request) -> Grant:
    """复核成立: submitted again, with new clocks; the contact's only where nobody has spoken to the enterprise yet."""
    ticket = request.ticket

    def then() -> None:
        for kind in (ClockKind.ACCEPTANCE, *_contact_owed(work, ticket), ClockKind.OPINION):
            clocks.start(work, ticket, kind)
        clocks.start_resolution(work, ticket, seq=None)

    return Grant(
        to=Status.SUBMITTED,
        changes={"declined_at": None},
        is_visible=True,
        news=(f"诉求 {ticket.number} 复核成立，已重新办理", "服务专员会尽快与您联系。"),
        then=then,
    )


def _contact_owed(work: Work, ticket: Ticket) -> tuple[ClockKind, ...]:
    called = select(ContactRecord.id).where(ContactRecord.ticket_id == ticket.id).limit(1)
    return () if work.session.scalar(called) is not None else (ClockKind.CONTACT,)


def withdrawal(work: Work, request: Request) -> Grant:
    """撤回 from handling: what was asked of units is cancelled; after a contact a callback is owed."""
    ticket = request.ticket
    was_contacted = ClockKind.CONTACT not in clocks.running(work, ticket)
    task_endings.cancel_open(work, ticket, "企业撤回诉求")

    def then() -> None:
        clocks.void(work, ticket)
        request_endings.drop_for(work, ticket)
        if was_contacted:
            callbacks.owe(work, ticket, CallbackReason.WITHDRAWN)

    return Grant(to=Status.WITHDRAWN, changes={"withdrawn_at": work.now}, is_visible=True, then=then)


def difficulty(work: Work, request: Request) -> Grant:
    """定级: another difficulty, type or category; the due time follows unless it has passed or was deferred further."""
    ticket, facts = request.ticket, request.facts
    category = work.settings.by_code(str(facts.get("category") or ""))
    changes: dict[str, Any] = {}
    if "difficulty" in facts:
        changes["difficulty"] = Difficulty.of(facts["difficulty"])
    if "type" in facts:
        changes["type"] = TicketType.of(facts["type"])
    if category is not None:
        changes["category_id"] = category.id

    def then() -> None:
        due_times.regrade(work, ticket, why="审定为", is_first=False, keeps_later=ticket.deferral_count > 0)
        if category is not None and category.is_restricted and not ticket.is_restricted:
            task_endings.cancel_open(work, ticket, "转为专人办理事项")
            clocks.mirror(work, ticket)
            handling.pass_to_named(work, ticket)

    return Grant(
        changes=changes,
        is_visible=True,
        news=(f"诉求 {ticket.number} 的类别、类型或难度已审定", "办理时限见诉求页。"),
        then=then,
    )


def urgency(work: Work, request: Request) -> Grant:
    """特急: a contact that is still owed is due at the earlier of its due time and two hours from now."""
    ticket = request.ticket
    if ticket.urgency is Urgency.CRITICAL:
        raise Conflict("这件诉求已经是特急。")

    def then() -> None:
        clock = clocks.running(work, ticket).get(ClockKind.CONTACT)
        if clock is not None:
            due_times.move(work, clock, min(clock.due_at, work.now + URGENT_FOR), "审定为特急，2小时内联系")

    return Grant(
        changes={"urgency": Urgency.CRITICAL, "critical_at": work.now},
        is_visible=True,
        news=(f"诉求 {ticket.number} 已按特急办理", ""),
        then=then,
    )


def deferral(work: Work, request: Request) -> Grant:
    """延期: due at the close of the day asked for, even where the old due time passed while it was decided."""
    if request.task is not None:
        return _task_deferral(work, request)
    ticket = request.ticket
    clock = clocks.running(work, ticket).get(ClockKind.RESOLUTION)
    if clock is None:
        raise Conflict("这件诉求没有在走的办结时限，不能延期。")
    due_at = new_due_at(work, str(request.facts["new_due_on"]))
    if due_at <= clock.due_at:
        raise Conflict("现在的时限已不早于申请延期的日期，不需要延期，请退回申请。")
    at_text = moment_text(due_at, _year(work))

    def then() -> None:
        due_times.move(work, clock, due_at, f"第{ticket.deferral_count}次延期", is_granted=True)
        request_pauses.wait_no_more(work, request)

    return Grant(
        changes={"deferral_count": ticket.deferral_count + 1},
        fields={"new_due_at": due_at},
        is_visible=True,
        news=(f"诉求 {ticket.number} 已延期至{at_text}", f"延期原因：{request.reason}"),
        then=then,
    )


def _task_deferral(work: Work, request: Request) -> Grant:
    task = request.task
    assert task is not None
    due_at = new_due_at(work, str(request.facts["new_due_on"]))
    clock = task_endings.replying(work, task)
    if clock is None or due_at <= clock.due_at:
        raise Conflict("现在的时限已不早于申请延期的日期，不需要延期，请退回申请。")

    def then() -> None:
        task_endings.defer(work, task, local_date(due_at), f"延期：{request.reason}"[:120])
        request_pauses.wait_no_more(work, request)

    return Grant(fields={"task": task.number, "new_due_at": due_at}, then=then)


def suspension(work: Work, request: Request) -> Grant:
    """挂账: resolution and progress stand still until it is ended; looked at again on the day that was named."""
    ticket = request.ticket
    calendar = work.settings.calendar
    review_at = calendar.close_on(date.fromisoformat(str(request.facts["review_on"])))
    if review_at <= work.now:
        review_at = calendar.day_due(work.now, 1)
    on = date_text(local_date(review_at), _year(work))

    def then() -> None:
        request_pauses.hold(work, request)
        budget = Budget.fixed(review_at)
        clocks.start(work, ticket, ClockKind.REVIEW, budget=budget, of=request, holder=ClockHolder.CITY)

    return Grant(
        changes={"suspended_at": work.now},
        fields={"reason": request.reason, "review_on": local_date(review_at).isoformat()},
        is_visible=True,
        news=(
            f"诉求 {ticket.number} 暂缓办理（挂账），{on}前复核",
            f"原因：{request.reason}。条件具备后立即恢复办理，恢复时会告知您。",
        ),
        then=then,
    )


def task_return(work: Work, request: Request) -> Grant:
    """退回: the unit is rid of the task; the owner asks another."""
    task = request.task
    assert task is not None
    words = f"{request.reason}（建议由{request.facts['unit']}办理）"

    def then() -> None:
        task_endings.returned(work, task, words)

    return Grant(fields={"task": task.number, "unit": request.facts["unit"]}, then=then)


def on_record(work: Work, request: Request) -> Grant:
    """提请协调, 数据异议: the decision itself is the effect."""
    return Grant()


GRANTS: dict[RequestKind, Callable[[Work, Request], Grant]] = {
    K.DECLINE: decline,
    K.DECLINE_REVIEW: decline_review,
    K.WITHDRAWAL: withdrawal,
    K.DIFFICULTY: difficulty,
    K.URGENCY: urgency,
    K.DEFERRAL: deferral,
    K.SUSPENSION: suspension,
    K.TASK_RETURN: task_return,
    K.COORDINATION: on_record,
    K.OBJECTION: on_record,
}
