"""What is asked in the demo world and decided: gradings, deferrals, suspensions, coordination; the offices' half-days.

Every chance is drawn from the ticket's number, so that no other story of the world changes by it.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import select

from assist.demo.case import DAY_MINUTES, Case
from assist.demo.population import People
from assist.demo.stage import Stage, Story
from assist.domain.clock import local, local_date
from assist.domain.errors import Refused
from assist.domain.requests import RequestKind, RequestStatus
from assist.domain.status import ClockHolder, Difficulty, Status
from assist.models import Enterprise, Request, Ticket, WorkGroupMember
from assist.services import deciding, requesting, suspending
from assist.services.work import Work

K = RequestKind
ROUNDS = ((9, 20), (11, 10), (15, 50))  # when the offices look at what waits for them
DEFERRED_WHEN_LATE, DEFERRED, SUSPENDED, COORDINATED = 0.45, 0.05, 0.02, 0.05
APPROVED = {K.DIFFICULTY: 0.86, K.DEFERRAL: 0.8, K.SUSPENSION: 0.7, K.COORDINATION: 0.92}
WHY_LATER = (
    ("设备供应商到货延迟，验收需要顺延。", "已会同有关部门现场查看两次，施工方承诺下周完成整改。"),
    ("第三方检测报告尚未出具。", "已送检并每周催问，检测机构答复本周内出具。"),
    ("涉及省级系统调整，需等待上级开通权限。", "已向省厅窗口报备，取得受理回执。"),
    ("企业补充材料较晚，后续环节需要相应时间。", "已逐项核对材料，联审会已排定日期。"),
)
WHY_STILL = (
    ("land", "土地组卷已报省厅，每周五与自然资源部门对接一次。"),
    ("funds", "已列入下一年度预算申报，每月跟进一次。"),
    ("policy", "已书面请示上级主管部门，每半月询问一次进展。"),
)
STUCK = (
    ("两个部门对适用标准理解不一致。", "分别沟通三次，均表示需上级明确。", "请两家单位一起明确标准。"),
    ("跨县配套管线没有牵头单位。", "已召集两地有关部门现场会商一次。", "请指定牵头单位和完成时间。"),
)
YES = ("同意。", "情况属实，同意。", "同意，请抓紧办理并随时告知企业。")
NO = ("理由不充分，请按期办结。", "请先与企业和承办部门再沟通一次。", "材料不足，暂不同意。")
MINUTES = "已召开协调会，明确牵头单位和完成时间，纪要已印发。"


def plan(case: Case) -> None:
    """What the owner of a problem in handling will ask, if anything; each a story of its own."""
    rng = Random(f"{case.ticket.number}:asks")
    due_at = case.ticket.due_at
    if due_at is None or case.fate.difficulty is Difficulty.GENERAL:
        return
    calendar = case.stage.calendar
    if rng.random() < (DEFERRED_WHEN_LATE if case.fate.late_days else DEFERRED):
        case.stage.plan(calendar.shift_days(due_at, -1), deferred(case, rng))
    elif rng.random() < SUSPENDED:
        case.stage.plan(case.stage.office(case.now, 2 * DAY_MINUTES), suspended(case, rng))
    elif rng.random() < COORDINATED:
        case.stage.plan(case.stage.office(case.now, 3 * DAY_MINUTES), stuck(case, rng))


def _ask(case: Case, kind: RequestKind, reason: str, **facts: Any) -> None:
    """Asked if it still can be: the problem may have been answered, or be late, by then."""
    with suppress(Refused):
        if case.ticket.status is Status.HANDLING and case.ticket.owner_id is not None:
            case.owner(requesting.ask, kind, reason, facts)


def deferred(case: Case, rng: Random) -> Story:
    due_at = case.ticket.due_at
    if due_at is not None:
        why, done = rng.choice(WHY_LATER)
        on = local_date(case.stage.calendar.day_due(due_at, rng.randint(2, 6)))
        _ask(case, K.DEFERRAL, why, new_due_on=on, work_done=done, is_told=True)
    yield from ()


def suspended(case: Case, rng: Random) -> Story:
    why, how = rng.choice(WHY_STILL)
    on = local_date(case.now) + timedelta(days=rng.randint(18, 28))
    _ask(case, K.SUSPENSION, why, plan=how, review_on=on)
    yield case.days(rng.uniform(6, 14))
    with suppress(Refused):
        if case.ticket.suspended_at is not None and case.ticket.owner_id is not None:
            case.owner(suspending.resume, "条件已经具备，恢复办理。")


def stuck(case: Case, rng: Random) -> Story:
    why, done, who = rng.choice(STUCK)
    on = local_date(case.stage.calendar.day_due(case.now, 5))
    _ask(case, K.COORDINATION, why, work_done=done, who_does=who, due_on=on)
    yield from ()


def half_days(stage: Stage, people: People) -> Story:
    """Three times a working day whoever decides looks at what waits; each request has its own patience."""
    known = heads(stage)
    while True:
        for request, ticket in _pending(stage):
            decider = _decider(people, known, request, ticket)
            if decider is not None and _is_time(stage, request):
                _decided(stage, decider, request, ticket)
        yield _next_round(stage)


def _pending(stage: Stage) -> list[Any]:
    query = select(Request, Ticket).join(Ticket, Ticket.id == Request.ticket_id)
    query = query.where(Request.status == RequestStatus.PENDING).order_by(Request.id)
    with stage.session.no_autoflush:  # a request is in the database from the moment it is asked
        return list(stage.session.execute(query))


def heads(stage: Stage) -> dict[int, int]:
    """The first leader of each enterprise's work group."""
    rows = stage.session.execute(
        select(Enterprise.id, WorkGroupMember.account_id)
        .join(WorkGroupMember, WorkGroupMember.work_group_id == Enterprise.work_group_id)
        .where(WorkGroupMember.is_head)
        .order_by(WorkGroupMember.sort.desc())
    )
    return {row[0]: row[1] for row in rows}


def _decider(people: People, known: dict[int, int], request: Request, ticket: Ticket) -> int | None:
    return {
        ClockHolder.COORDINATOR: people.coordinators.get(ticket.area_id, people.city_coordinator),
        ClockHolder.CITY: people.city_coordinator,
        ClockHolder.SUPERVISOR: people.supervisors[0],
        ClockHolder.LEADER: known.get(ticket.enterprise_id),
        ClockHolder.OWNER: ticket.owner_id,
    }.get(request.decider)


def _is_time(stage: Stage, request: Request) -> bool:
    rng = Random(f"{request.id}:patience")
    days = 2.5 if request.kind is K.COORDINATION else 0.45
    patience = min(rng.expovariate(1 / days), 3 * days) * DAY_MINUTES
    return stage.calendar.minutes_between(request.asked_at, stage.time.at) >= patience


def _decided(stage: Stage, decider: int, request: Request, ticket: Ticket) -> None:
    rng = Random(f"{request.id}:decision")
    is_approved = rng.random() < APPROVED.get(request.kind, 0.9)
    note = rng.choice(YES if is_approved else NO)
    if is_approved and request.kind is K.COORDINATION:
        note = MINUTES
    decide: Callable[..., None] = _decide
    with suppress(Refused):
        stage.act(decider, decide, ticket, request.id, is_approved, note)


def _decide(work: Work, ticket: Ticket, request_id: int, is_approved: bool, note: str) -> None:
    deciding.decide(work, request_id, is_approved, note)


def _next_round(stage: Stage) -> datetime:
    """The next look at the desk, on a working day."""
    here = local(stage.time.at)
    for hour, minute in ROUNDS:
        at = here.replace(hour=hour, minute=minute, second=0, microsecond=0)
        if at > here:
            return at.astimezone(stage.time.at.tzinfo)
    following = here.replace(hour=ROUNDS[0][0], minute=ROUNDS[0][1], second=0, microsecond=0)
    following += timedelta(days=1)
    while not stage.calendar.is_working(following.date()):
        following += timedelta(days=1)
    return following.astimezone(stage.time.at.tzinfo)
