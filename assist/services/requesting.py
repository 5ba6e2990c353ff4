"""提出申请: one mechanism for all that cannot be done alone. Which kinds there are says `domain.requests`.

`ask` writes the request, starts the decision's clock, lets stand still what waits for it, and tells who decides. What
a kind asks for is checked in `request_checks`; deciding is `deciding`, falling away `request_endings`.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from assist.domain.clock import local
from assist.domain.date_words import moment_text
from assist.domain.errors import Conflict, Forbidden, NotFound
from assist.domain.policy import Relation, may_see
from assist.domain.requests import (
    SPECS,
    TASK_SPECS,
    WAITING,
    RequestKind,
    RequestSpec,
    RequestStatus,
    decider_of,
)
from assist.domain.status import ClockHolder, ClockKind
from assist.domain.tasks import TaskAction
from assist.domain.transitions import Action
from assist.models import Clock, Request, Task, Ticket, TicketEvent
from assist.services import (
    access,
    clocks,
    request_access,
    request_checks,
    request_pauses,
    searching,
    task_access,
    task_log,
    telling,
    transitions,
)
from assist.services.request_checks import Asking, Kept
from assist.services.request_objections import objection
from assist.services.work import Work

K = RequestKind
CHECKS: dict[RequestKind, Callable[[Asking], Kept]] = {
    K.DECLINE: request_checks.decline,
    K.DECLINE_REVIEW: request_checks.decline_review,
    K.WITHDRAWAL: request_checks.withdrawal,
    K.DIFFICULTY: request_checks.difficulty,
    K.URGENCY: request_checks.urgency,
    K.DEFERRAL: request_checks.deferral,
    K.SUSPENSION: request_checks.suspension,
    K.COORDINATION: request_checks.coordination,
    K.OBJECTION: objection,
}
TASK_CHECKS: dict[RequestKind, Callable[[Asking], Kept]] = {
    K.DEFERRAL: request_checks.task_deferral,
    K.TASK_RETURN: request_checks.task_return,
    K.OBJECTION: objection,
}
# What the enterprise asks itself, and so reads.
OWN_KINDS = frozenset({K.DECLINE_REVIEW, K.WITHDRAWAL, K.URGENCY})


def check(work: Work, ticket: Ticket, kind: RequestKind, *, task: Task | None = None) -> RequestSpec:
    """Raise unless the actor may ask this kind, it can be asked now, and none of it is pending (in this order).

    Errors: NotFound, Forbidden, Conflict.
    """
    spec = (TASK_SPECS if task is not None else SPECS).get(kind)
    if spec is None:
        raise NotFound()
    if task is not None:
        if kind is not K.OBJECTION:
            task_access.check(work, task, TaskAction.REQUEST)
        elif work.actor.unit_id != task.unit_id or not task_access.relations(work, task):
            raise Forbidden("您没有对这项承办任务提出异议的权限。")
    else:
        _may_ask(work, ticket, spec)
    if ticket.status not in spec.statuses:
        raise Conflict(f"这件诉求现在是“{ticket.status.title}”，不能{kind.verb}。")
    if kind is not K.OBJECTION and _is_pending(work, ticket, kind, task):
        raise Conflict(f"已有一项{kind.noun}在等待审批，请等审批后再申请。")
    return spec


def _may_ask(work: Work, ticket: Ticket, spec: RequestSpec) -> None:
    if work.actor.is_system:
        return
    standing = access.standing(work, ticket)
    if not may_see(standing):
        raise NotFound()
    held = standing.relations - ({Relation.STAND_IN} if standing.is_restricted else set())
    if not held & spec.asked_by:
        raise Forbidden(f"您没有对这件诉求{spec.kind.verb}的权限。")


def _is_pending(work: Work, ticket: Ticket, kind: RequestKind, task: Task | None) -> bool:
    own = Request.task_id == task.id if task is not None else Request.task_id.is_(None)
    query = select(Request.id).where(
        Request.ticket_id == ticket.id, Request.kind == kind, own, Request.status == RequestStatus.PENDING
    )
    return work.session.scalar(query.limit(1)) is not None


def ask(
    work: Work,
    ticket: Ticket,
    kind: RequestKind,
    reason: str,
    facts: dict[str, Any] | None = None,
    *,
    task: Task | None = None,
    version: int | None = None,
) -> Request:
    """申请: who decides it is found and told, and has the limit of its kind. Asking moves no status.

    `reason` is free words or, for kinds with a list, one of its values; `facts` what the kind asks beside. Raises
    what `check` raises, Invalid naming the field, and StaleTicket when a version is given that is no longer true.
    """
    spec = check(work, ticket, kind, task=task)
    if version is not None and version != ticket.version:
        raise transitions.stale(work, ticket)
    asked = Asking(work, ticket, reason, dict(facts or {}), task)
    why, kept = (TASK_CHECKS if task is not None else CHECKS)[kind](asked)
    return put(work, ticket, spec, why, kept, task=task)


def put(
    work: Work, ticket: Ticket, spec: RequestSpec, why: str, kept: dict[str, Any], *, task: Task | None = None
) -> Request:
    """Write a request whose facts are checked already, with its event, clock, pauses and messages."""
    request = Request(
        ticket_id=ticket.id,
        task_id=task.id if task is not None else None,
        unit_id=task.unit_id if task is not None else None,
        round_no=ticket.round_no,
        kind=spec.kind,
        status=RequestStatus.PENDING,
        decider=_decider(work, ticket, spec),
        reason=why,
        facts=kept,
        in_time=True,
        asked_by_id=work.actor.account_id,
        asked_by_name=work.actor.name,
        asked_at=work.now,
    )
    request.ticket, request.task = ticket, task
    work.session.add(request)
    work.session.flush()
    event = _record(work, request)
    clock = clocks.start(
        work, ticket, ClockKind.DECISION, spec.limit_case, of=request, holder=request.decider
    )
    request_pauses.begin(work, request)
    clocks.mirror(work, ticket)
    _tell(work, request, event, clock)
    return request


def _decider(work: Work, ticket: Ticket, spec: RequestSpec) -> ClockHolder:
    found = decider_of(spec, before=ticket.deferral_count, is_restricted=ticket.is_restricted)
    if found is ClockHolder.LEADER and not request_access.has_head(work, ticket.enterprise_id):
        return ClockHolder.CITY  # an enterprise without a work group: the city coordinates
    return found


def _record(work: Work, request: Request) -> TicketEvent:
    ticket, task = request.ticket, request.task
    told = {"request": request.id, "kind": request.kind, "decider": request.decider, **request.facts}
    if task is not None:
        searching.index(work, ticket, internal=request.reason)
        return task_log.write(work, task, TaskAction.REQUEST, request.reason, **told)
    is_own = request.kind in OWN_KINDS and Relation.CONTACT in access.standing(work, ticket).relations
    searching.index(work, ticket, **{"public" if is_own else "internal": request.reason})
    return transitions.act(
        work,
        ticket,
        Action.REQUEST,
        fields=told,
        note=request.reason,
        is_visible=is_own,
        is_authorised=True,
    )


def deciders(work: Work, request: Request) -> list[int]:
    """Account ids of those who decide it."""
    ticket, holder = request.ticket, request.decider
    if holder is ClockHolder.SUPERVISOR:
        return telling.supervisors(work)
    if holder is ClockHolder.LEADER:
        return telling.leaders(work, ticket.enterprise_id)
    if holder is ClockHolder.OWNER:
        return telling.owners(work, ticket)
    return telling.coordinators(work, None if holder is ClockHolder.CITY else ticket.area_id)


def _tell(work: Work, request: Request, event: TicketEvent, clock: Clock) -> None:
    ticket = request.ticket
    what = request.task.number if request.task is not None else ticket.number
    until = moment_text(clock.due_at, local(work.now).year)
    telling.tell(
        work,
        deciders(work, request),
        "coordination" if request.kind is K.COORDINATION else "request",
        f"待审批：{request.asked_by_name}{request.kind.verb}（{what}），请在{until}前审批",
        key=f"event:{ticket.id}:{event.seq}",
        body=f"{ticket.title}\n{request.reason}",
        ticket=ticket,
        tone="late" if request.kind is K.URGENCY else "soon",
        location=f"/requests/{request.id}",
        is_urgent=request.kind is K.URGENCY,
    )
    if request.kind in WAITING and request.task is None:
        _tell_enterprise(work, request, event)


def _tell_enterprise(work: Work, request: Request, event: TicketEvent) -> None:
    """Of a deferral or suspension the enterprise reads that it is asked, never that it is granted already."""
    ticket = request.ticket
    telling.tell(
        work,
        telling.contacts_of(work, ticket.enterprise_id),
        "request",
        f"服务专员就诉求 {ticket.number} 申请{request.kind.title}，正在审批",
        key=f"event:{ticket.id}:{event.seq}",
        body=f"{request.reason}。未获同意前，原办理时限照旧。",
        ticket=ticket,
    )
