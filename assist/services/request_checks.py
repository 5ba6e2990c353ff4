"""What each kind of request asks for: one function a kind, from what was filled in to (reason, facts) as kept.

Each raises Invalid naming the field, or Conflict when it cannot be asked as things stand. Whose it is to ask, and in
which status, was checked before (`requesting`). Dates are kept as ISO text, choices by their value.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from assist.domain.clock import local, local_date
from assist.domain.date_words import date_text
from assist.domain.deadlines import later
from assist.domain.errors import Conflict, Invalid
from assist.domain.requests import (
    DEFERRAL_DAYS,
    MAX_DEFERRALS,
    REVIEW_DAYS,
    REVIEW_WITHIN,
    DeclineReason,
    RequestKind,
    SuspensionReason,
    UrgencyReason,
)
from assist.domain.status import ClockKind, Difficulty, TicketType, Urgency, Worded
from assist.models import Clock, Request, Task, Ticket
from assist.services import clocks, task_endings, task_log
from assist.services.conversing import words
from assist.services.work import Work

Kept = tuple[str, dict[str, Any]]


@dataclass
class Asking:
    """A request about to be made: what was filled in, by field."""

    work: Work
    ticket: Ticket
    reason: str
    facts: dict[str, Any] = field(default_factory=dict)
    task: Task | None = None

    def words(self, name: str, what: str) -> str:
        return words(str(self.facts.get(name) or ""), name, what)

    def why(self, what: str) -> str:
        return words(self.reason, "reason", what)

    def chosen(self, kind: type[Worded], sentence: str) -> Worded:
        """The reason as one of a list."""
        try:
            return kind.of(str(self.reason))
        except KeyError:
            raise Invalid(sentence, "reason") from None

    def day(self, name: str, sentence: str) -> date:
        on = self.facts.get(name)
        if not isinstance(on, date):
            raise Invalid(sentence, name)
        return on


def decline(asked: Asking) -> Kept:
    """不予受理: for a reason of the list, with its basis and where to go instead."""
    reason = asked.chosen(DeclineReason, "请选择不予受理的原因。")
    basis = asked.words("basis", "依据")
    return reason.title, {
        "reason": reason.value,
        "basis": basis,
        "guidance": asked.words("guidance", "请企业去哪里办"),
    }


def decline_review(asked: Asking) -> Kept:
    """复核: once, within 15 working days after the decline."""
    ticket, work = asked.ticket, asked.work
    if _asked_before(asked, RequestKind.DECLINE_REVIEW):
        raise Conflict("不予受理只能申请复核一次，这件诉求已经复核过。")
    if ticket.declined_at is None or work.now > work.settings.calendar.day_due(ticket.declined_at, REVIEW_WITHIN):
        raise Conflict(f"不予受理已超过{REVIEW_WITHIN}个工作日，不能再申请复核；如仍有问题，请提交新的诉求。")
    return asked.why("申请复核的理由"), {}


def withdrawal(asked: Asking) -> Kept:
    return asked.why("撤回原因"), {}


def difficulty(asked: Asking) -> Kept:
    """定级: another difficulty, type or category than the ticket has; at least one."""
    ticket, found = asked.ticket, {}
    hard, type_ = asked.facts.get("difficulty"), asked.facts.get("type")
    if isinstance(hard, Difficulty) and hard is not ticket.difficulty:
        found["difficulty"] = hard.value
    if isinstance(type_, TicketType) and type_ is not ticket.type:
        found["type"] = type_.value
    found.update(_category(asked))
    if not found:
        raise Invalid("请至少更改类别、类型、难度中的一项。", "difficulty")
    return asked.why("理由"), found


def _category(asked: Asking) -> dict[str, str]:
    code = str(asked.facts.get("category") or "")
    entry = asked.work.settings.by_code(code) if code else None
    if code and (entry is None or entry.parent_id is None):
        raise Invalid("请选择诉求类别。", "category")
    if entry is None or entry.id == asked.ticket.category_id:
        return {}
    if entry.is_restricted and asked.work.settings.restricted_owner_id is None:
        raise Invalid("这类诉求尚未指定专人办理，暂不能选择。", "category")
    return {"category": code}


def urgency(asked: Asking) -> Kept:
    if asked.ticket.urgency is Urgency.CRITICAL:
        raise Conflict("这件诉求已经是特急。")
    reason = asked.chosen(UrgencyReason, "请选择特急的原因。")
    return reason.title, {"reason": reason.value, "basis": asked.words("basis", "具体情况")}


def _before_due(asked: Asking) -> Clock:
    """The resolution clock, not yet due and not standing still."""
    work, ticket = asked.work, asked.ticket
    clock = clocks.running(work, ticket).get(ClockKind.RESOLUTION)
    if clock is None:
        raise Conflict("这件诉求没有在走的办结时限。")
    if ticket.suspended_at is not None or clock.paused_at is not None:
        raise Conflict("这件诉求正在暂停计时，恢复办理后再申请。")
    if work.now > clock.due_at:
        raise Conflict("办结时限已过，到期前才可以申请。请尽快办结并说明原因。")
    _one_waits(asked)
    return clock


def _one_waits(asked: Asking) -> None:
    """A clock waits for one decision at a time."""
    waits = asked.work.session.scalars(
        select(Request.kind).where(
            Request.ticket_id == asked.ticket.id,
            Request.task_id.is_(None),
            Request.decided_at.is_(None),
            Request.kind.in_([RequestKind.DEFERRAL, RequestKind.SUSPENSION]),
        )
    ).first()
    if waits is not None:
        raise Conflict(f"已有一项{waits.noun}在等待审批，请等审批后再申请。")


def _later_day(asked: Asking, clock: Clock) -> date:
    """The new date: after the present due time, and at most seven working days after it."""
    on = asked.day("new_due_on", "请填写延期至哪一天。")
    if on > local_date(asked.work.now) + timedelta(days=366):
        raise Invalid("日期请在一年以内。", "new_due_on")
    calendar = asked.work.settings.calendar
    new_due_at, most = calendar.close_on(on), latest(asked.work, clock)
    if new_due_at <= clock.due_at:
        raise Invalid("延期后的日期应晚于现在的时限。", "new_due_on")
    if new_due_at > most:
        year = local(asked.work.now).year
        raise Invalid(
            f"每次最多延期{DEFERRAL_DAYS}个工作日，最晚可到{date_text(local_date(most), year)}。", "new_due_on"
        )
    return local_date(new_due_at)


def latest(work: Work, clock: Clock) -> datetime:
    """The latest due time one deferral may bring."""
    return later(work.settings.calendar, clock.due_at, DEFERRAL_DAYS)


def deferral(asked: Asking) -> Kept:
    """延期: before the due time; ≤ 2 × 7 working days; with what was done, and that the enterprise was told."""
    if asked.ticket.deferral_count >= MAX_DEFERRALS:
        raise Conflict(f"这件诉求已延期{MAX_DEFERRALS}次，不能再延期。")
    clock = _before_due(asked)
    why, on = asked.why("延期原因"), _later_day(asked, clock)
    work_done = asked.words("work_done", "已做的工作")
    if not asked.facts.get("is_told"):
        raise Invalid("请先把延期的原因和日期告知企业，再申请延期。", "is_told")
    return why, {"new_due_on": on.isoformat(), "work_done": work_done, "is_told": True}


def suspension(asked: Asking) -> Kept:
    """挂账: before the due time; a reason of the list, a plan, and when it is looked at again (≤ 30 days)."""
    _before_due(asked)
    reason = asked.chosen(SuspensionReason, "请选择挂账的原因。")
    plan = asked.words("plan", "挂账期间的工作计划")
    return reason.title, {
        "reason": reason.value,
        "plan": plan,
        "review_on": review_day(asked.work, asked.facts.get("review_on")).isoformat(),
    }


def review_day(work: Work, on: Any) -> date:
    """When a suspension is looked at again: after today, 30 days at most."""
    if not isinstance(on, date):
        raise Invalid("请填写复核日期。", "review_on")
    today = local_date(work.now)
    if not today < on <= today + timedelta(days=REVIEW_DAYS):
        last = date_text(today + timedelta(days=REVIEW_DAYS), today.year)
        raise Invalid(f"复核日期应在明天至{last}之间（最长{REVIEW_DAYS}天）。", "review_on")
    return on


def coordination(asked: Asking) -> Kept:
    """提请协调: 卡点, what was done, who should do what, by when."""
    on = asked.day("due_on", "请填写希望何时前协调。")
    task_log.close_of(asked.work, on, "due_on")
    return asked.why("卡点"), {
        "work_done": asked.words("work_done", "已做的工作"),
        "who_does": asked.words("who_does", "请谁做什么"),
        "due_on": on.isoformat(),
    }


def task_deferral(asked: Asking) -> Kept:
    """延期 of a unit's task: before its reply is due; the same cap, decided by the owner."""
    task = _task(asked)
    if task.deferral_count >= MAX_DEFERRALS:
        raise Conflict(f"这项任务已延期{MAX_DEFERRALS}次，不能再延期。")
    clock = task_endings.replying(asked.work, task)
    if clock is None or clock.paused_at is not None:
        raise Conflict("这项任务没有在走的反馈时限。")
    if asked.work.now > clock.due_at:
        raise Conflict("反馈时限已过，到期前才可以申请延期。")
    why, on = asked.why("延期原因"), _later_day(asked, clock)
    return why, {"new_due_on": on.isoformat(), "work_done": asked.words("work_done", "已做的工作")}


def task_return(asked: Asking) -> Kept:
    """退回: within one working day after it reached the unit, once, with the basis and who should do it instead."""
    task, work = _task(asked), asked.work
    if _asked_before(asked, RequestKind.TASK_RETURN):
        raise Conflict("每项任务只能申请退回一次，这项任务已经申请过。")
    if task.with_unit_at is None or work.now > work.settings.calendar.day_due(task.with_unit_at, 1):
        raise Conflict("任务到达单位已超过1个工作日，不能再申请退回。")
    unit = task_log.unit_of(work, asked.facts.get("unit"))
    if unit is None or unit.id == task.unit_id:
        raise Invalid("请选择建议的承办单位。", "unit")
    return asked.why("退回原因"), {
        "basis": asked.words("basis", "不属于本单位职责的依据"),
        "unit": unit.shown,
        "unit_id": unit.id,
    }


def _task(asked: Asking) -> Task:
    assert asked.task is not None
    return asked.task


def _asked_before(asked: Asking, kind: RequestKind) -> bool:
    own = Request.task_id == asked.task.id if asked.task else Request.task_id.is_(None)
    query = select(Request.id).where(Request.ticket_id == asked.ticket.id, Request.kind == kind, own)
    return asked.work.session.scalar(query.limit(1)) is not None
