"""How a reminder reads: its title, body and tone. The title stands alone (e-mail carries nothing else of it).

Never the enterprise's name in a title: titles leave the house, and the problem's words stay in the inbox.
"""

from datetime import datetime

from assist.domain.clock import local_date
from assist.domain.date_words import moment_text
from assist.domain.deadlines import remaining_text
from assist.domain.ladder import HELD_BY_ENTERPRISE, StepAt
from assist.domain.outward import Sending, of_reminder
from assist.domain.shielding import shielded
from assist.domain.status import ClockKind, Step
from assist.domain.workdays import WorkCalendar
from assist.models import Clock
from assist.services.recipients import TaskFacts, TicketFacts


def location(ticket: TicketFacts, task: TaskFacts | None, clock: Clock) -> str:
    """Where a reminder leads: to what its clock belongs to (a task is all a unit may see), a callback's to its form."""
    if clock.supervision_id is not None:
        return f"/supervisions/{clock.supervision_id}"
    if clock.request_id is not None:
        return f"/requests/{clock.request_id}"
    if clock.kind is ClockKind.CALLBACK:
        return f"/tickets/{ticket.number}/callback"
    return f"/tasks/{task.number}" if task is not None else f"/tickets/{ticket.number}"


def title(
    calendar: WorkCalendar,
    ticket: TicketFacts,
    task: TaskFacts | None,
    clock: Clock,
    step: StepAt,
    now: datetime,
) -> str:
    """黄牌预警：LC-20261123-0007 首次联系，剩42分钟"""
    left = remaining_text(calendar, now, clock.due_at, precise=True).text
    if clock.kind in HELD_BY_ENTERPRISE:
        return _asked_kindly(ticket, clock, step, left)
    if task is not None:
        return f"{step.rule.step.title}：{task.number} {_what(clock)}，{left}"
    name = step.rule.step.title
    if step.rule.step is Step.EARLY:
        return f"{name}：{ticket.number} {clock.kind.title}时限已用一半，还没有反馈进展（{left}）"
    return f"{name}：{ticket.number} {clock.kind.title}，{left}"


def _asked_kindly(ticket: TicketFacts, clock: Clock, step: StepAt, left: str) -> str:
    if clock.kind is ClockKind.CONFIRMATION:
        return f"请您确认：诉求 {ticket.number} 已答复，{left}"
    if step.rule.step is Step.WARNING:
        return f"请您补充材料：诉求 {ticket.number}，{left}"
    return f"诉求 {ticket.number} 补充材料的时间已到，如仍需补充请尽快提交"


def _what(clock: Clock) -> str:
    """What a task's clock measures, for people: its 审批 is the city's dispatch."""
    return "任务核发" if clock.kind is ClockKind.DECISION else clock.kind.title


def unreachable(told: str) -> str:
    """The same title for the supervisors when nobody else can be told."""
    return f"无人可提醒，请督查员处置。{told}"


def body(
    ticket: TicketFacts,
    task: TaskFacts | None,
    clock: Clock,
    now: datetime,
    *,
    is_unreachable: bool = False,
) -> str:
    """What the inbox says beneath: whose matter (but of a shielded task), what it is about, the due time."""
    year = local_date(now).year
    about = f"{ticket.enterprise_name}：{ticket.title}"
    if task is not None and task.is_shielded:
        about = shielded(ticket.title, (*task.names, ticket.enterprise_name))
    what = clock.kind.title if task is None else _what(clock)
    lines = [about, f"{what}时限：{moment_text(clock.due_at, year)}"]
    if task is not None:
        lines.insert(1, f"承办单位：{task.unit}")
    if is_unreachable:
        lines.append("应提醒的人均不在岗（没有责任专员，或账号已停用）。")
    return "\n".join(lines)


def tone(clock: Clock, step: StepAt) -> str:
    """Cards have the step's own tone; what the enterprise owes is never red."""
    if clock.kind in HELD_BY_ENTERPRISE:
        return "soon"
    return step.rule.step.tone


def sending(ticket: TicketFacts, clock: Clock, step: StepAt) -> Sending:
    """How it leaves the house: a red card and whatever belongs to a 特急 matter are not held."""
    return of_reminder(
        clock.kind,
        step.rule.step,
        is_critical=ticket.is_critical,
        is_restricted=ticket.is_restricted,
    )
