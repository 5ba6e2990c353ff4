"""申请失效: what is pending falls when its ticket (or task) leaves the statuses in which its kind may be asked.

Every move calls `drop_for` right after it; an objection never falls. A suspension that lasts ends with the handling.
"""

from functools import cache

from sqlalchemy import Select, bindparam, select

from assist.domain.requests import SPECS, TASK_SPECS, RequestKind, RequestStatus
from assist.domain.status import ClockKind, Status
from assist.domain.transitions import Action
from assist.models import Request, Task, Ticket
from assist.services import clocks, request_pauses, telling, transitions
from assist.services.work import Work


def drop_for(work: Work, ticket: Ticket) -> list[Request]:
    """Let fall what may no longer be asked of the ticket as it stands now. Call after the move, before its clocks.

    One statement when nothing is pending. The clocks that stood still go on, so that the move's own end is true.
    """
    open_ones = work.session.scalars(_open_ones(), {"ticket": ticket.id}).all()
    dropped = []
    for request in open_ones:
        if request.status is RequestStatus.PENDING:
            if _may_stay(request, ticket):
                continue
            _drop(work, request, f"诉求已转为“{ticket.status.title}”")
            dropped.append(request)
        elif request.status is RequestStatus.APPROVED and ticket.status is not Status.HANDLING:
            request_pauses.release(work, request, f"诉求已转为“{ticket.status.title}”")
    return dropped


@cache
def _open_ones() -> Select[Request]:
    """Built once: a part of every move."""
    is_open = (Request.status == RequestStatus.PENDING) | (
        (Request.kind == RequestKind.SUSPENSION) & Request.ended_at.is_(None)
    )
    return select(Request).where(Request.ticket_id == bindparam("ticket"), is_open).order_by(Request.id)


def _may_stay(request: Request, ticket: Ticket) -> bool:
    specs = SPECS if request.task_id is None else TASK_SPECS
    return ticket.status in specs[request.kind].statuses


def drop_for_task(work: Work, task: Task) -> list[Request]:
    """The same for a task that has just replied or ended."""
    pending = work.session.scalars(
        select(Request)
        .where(Request.task_id == task.id, Request.status == RequestStatus.PENDING)
        .order_by(Request.id)
    ).all()
    dropped = [one for one in pending if task.status not in TASK_SPECS[one.kind].task_statuses]
    for request in dropped:
        _drop(work, request, f"任务已转为“{task.status.title}”")
    return dropped


def _drop(work: Work, request: Request, why: str) -> None:
    """Its decision is owed no longer. An event of the system; who asked is told."""
    ticket = request.ticket
    request.status, request.decided_at, request.note = RequestStatus.DROPPED, work.now, why
    clocks.void(work, ticket, [ClockKind.DECISION], of=request)
    request_pauses.end(work, request)
    event = transitions.act(
        work.as_system(),
        ticket,
        Action.DROP_REQUEST,
        fields={"request": request.id, "kind": request.kind},
        note=why,
        is_visible=False,
    )
    telling.tell(
        work,
        [request.asked_by_id],
        "request",
        f"{request.kind.noun}已失效：{request.task.number if request.task else ticket.number}",
        key=f"event:{ticket.id}:{event.seq}",
        body=why,
        ticket=ticket,
        location=f"/requests/{request.id}",
    )
