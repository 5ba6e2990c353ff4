"""What approving a request would do, in sentences before the button: the new due time above all. No writing.

Computed with the very functions that grant it; given the ticket's running clocks, it asks for no more than the pauses.
"""

from datetime import date
from typing import Any

from assist.domain.clock import local, local_date
from assist.domain.date_words import date_text, moment_text
from assist.domain.deadlines import Budget
from assist.domain.limits import resolution_case
from assist.domain.requests import MAX_DEFERRALS, RequestKind
from assist.domain.status import ClockKind, Difficulty, TicketType
from assist.models import Clock, Pause, Request
from assist.services import due_times
from assist.services.request_grants import URGENT_FOR, new_due_at
from assist.services.work import Work

K = RequestKind
Running = dict[ClockKind, Clock]


def effects(
    work: Work, request: Request, running: Running, pauses: dict[ClockKind, list[Pause]], task_clock: Clock | None
) -> list[str]:
    """Sentences of what 同意 does now. `task_clock`: the one a unit's deferral would move."""
    year = local(work.now).year
    if request.kind is K.DEFERRAL:
        return _deferred(work, request, task_clock or running.get(ClockKind.RESOLUTION), year)
    if request.kind is K.DIFFICULTY:
        return _graded(work, request, running.get(ClockKind.RESOLUTION), pauses, year)
    if request.kind is K.URGENCY:
        return _urgent(work, running.get(ClockKind.CONTACT), year)
    if request.kind is K.SUSPENSION:
        on = date_text(date.fromisoformat(str(request.facts["review_on"])), year)
        return [
            "办结、进展反馈时限自同意时暂停（申请后已到期的，自申请时暂停），原办结时限不变。",
            f"{on}前由市助企办复核；专员恢复办理或答复即结束。企业会收到通知。",
        ]
    return list(PLAIN.get(request.kind, ()))


PLAIN = {
    K.DECLINE: ("诉求转为“不予受理”，各项时限终止；原因、依据和办理途径发给企业。",),
    K.DECLINE_REVIEW: ("诉求恢复为“待受理”，受理、初步意见、办结时限重新计算（没有联系过的还有首次联系）。",),
    K.WITHDRAWAL: ("诉求转为“已撤回”，未办结的承办任务取消；联系过企业的，督查员要回访。",),
    K.TASK_RETURN: ("任务退回，由责任专员另行提请其他单位；已超期的仍计超期。",),
    K.COORDINATION: ("记为已协调；请在意见中写明批示内容，或附会议纪要要点。",),
    K.OBJECTION: ("记为异议成立，流转记录和原结论不变，统计时按审核结果计算。",),
}


def _deferred(work: Work, request: Request, clock: Clock | None, year: int) -> list[str]:
    if clock is None:
        return ["没有在走的时限，不能延期。"]
    new_due = moment_text(new_due_at(work, str(request.facts["new_due_on"])), year)
    count = (request.task.deferral_count if request.task is not None else request.ticket.deferral_count) + 1
    return [
        f"{clock.kind.title}时限由{moment_text(clock.due_at, year)}延至{new_due}"
        f"（第{count}次，最多{MAX_DEFERRALS}次）。",
        "按原时限计算的比率不受延期影响。",
    ]


def _graded(
    work: Work, request: Request, clock: Clock | None, pauses: dict[ClockKind, list[Pause]], year: int
) -> list[str]:
    if clock is None or (work.now > clock.due_at and clock.paused_at is None):
        return ["办结时限已过，定级不再调整到期时间。"]
    budget = _budget(work, request, clock)
    new_due = due_times.regraded_due(work, clock, budget, pauses.get(ClockKind.RESOLUTION, []))
    if request.ticket.deferral_count:
        new_due = max(new_due, clock.due_at)
    old = moment_text(clock.due_at, year)
    if new_due == clock.due_at:
        return [f"办结时限仍为{old}。"]
    return [f"办结时限由{old}调整为{moment_text(new_due, year)}（{budget.text}，自提交起算）。"]


def _budget(work: Work, request: Request, clock: Clock) -> Budget:
    ticket, facts = request.ticket, request.facts
    entry = work.settings.by_code(str(facts.get("category") or "")) or work.settings.categories.get(
        ticket.category_id or 0
    )
    type_ = TicketType.of(facts["type"]) if "type" in facts else ticket.type
    difficulty = Difficulty.of(facts["difficulty"]) if "difficulty" in facts else ticket.difficulty
    case = resolution_case(type_, difficulty, ticket.round_no)
    if entry is not None and entry.days and case != "round":
        return Budget.working_days(entry.days)
    return work.settings.budget(ClockKind.RESOLUTION, case, local_date(clock.started_at))


def _urgent(work: Work, clock: Clock | None, year: int) -> list[str]:
    if clock is None:
        return ["标为特急；首次联系已完成，时限不变。"]
    due_at = min(clock.due_at, work.now + URGENT_FOR)
    if work.now > clock.due_at:
        return ["标为特急；首次联系时限已过，不再变动。"]
    return [f"标为特急；首次联系应在{moment_text(due_at, year)}前完成（同意后2小时内，不分昼夜）。"]


def refused(request: Request) -> str:
    """What 不同意 does."""
    words: dict[Any, str] = {
        K.DECLINE: "重新计算受理时限，暂停的时限恢复计时。",
        K.DEFERRAL: "时限不变；已经到期的，红牌随即发出。",
        K.SUSPENSION: "时限不变；已经到期的，红牌随即发出。",
        K.TASK_RETURN: "由该单位承办到底。",
        K.COORDINATION: "不由工作组协调，专员另想办法。",
    }
    return words.get(request.kind, "维持现状。")
