"""What stands still while a request is pending, and what a suspension (挂账) holds: the clocks' side of requests.

A decline pauses opinion and resolution; while the ticket is being supplemented they stand still for that already, and
each pause is followed by the other without a gap. A deferral or suspension asked in time lets the red card wait.
Only clocks are written here; who asked and decided is `requesting` and `deciding`.
"""

from sqlalchemy import select

from assist.domain.requests import RequestKind, RequestStatus
from assist.domain.status import ClockHolder, ClockKind, Status
from assist.models import Clock, Request, Ticket
from assist.services import clocks, due_times
from assist.services.work import Work

K = RequestKind
DECLINE, SUPPLEMENT, SUSPENSION = "不予受理待批", "补正", "挂账"
# What waits for the decision: a deferral is about the resolution alone.
WAITS = {K.DEFERRAL: (ClockKind.RESOLUTION,), K.SUSPENSION: due_times.PAUSED_BY_SUSPENSION}


def begin(work: Work, request: Request) -> None:
    """The request was asked: stop, pause or let wait what its kind says."""
    ticket = request.ticket
    if request.kind is K.DECLINE:
        clocks.stop(work, ticket, ClockKind.ACCEPTANCE)
        pause_for_decline(work, ticket)
    elif request.task is not None and request.kind is K.DEFERRAL:
        for clock in _of_task(work, request):
            due_times.wait(work, clock)
    elif request.task is None:
        for clock in waiting(work, request):
            if work.now <= clock.due_at:
                due_times.wait(work, clock)


def end(work: Work, request: Request) -> None:
    """It was refused or dropped: what stood still goes on, and the red card that waited comes."""
    if request.kind is K.DECLINE:
        _decline_over(work, request.ticket)
    else:
        wait_no_more(work, request)


def wait_no_more(work: Work, request: Request) -> None:
    """Nothing waits for this request any longer: call after a granted move or pause."""
    found = _of_task(work, request) if request.task is not None else waiting(work, request)
    for clock in found:
        due_times.wait_no_more(work, clock)


def waiting(work: Work, request: Request) -> list[Clock]:
    """The ticket's running clocks that wait, or would, for a request of this kind."""
    running = clocks.running(work, request.ticket)
    return [running[kind] for kind in WAITS.get(request.kind, ()) if kind in running]


def _of_task(work: Work, request: Request) -> list[Clock]:
    if request.task is None or request.kind is not K.DEFERRAL:
        return []
    running = clocks.running_of(work, request.task)
    return [running[kind] for kind in (ClockKind.TASK_REPLY, ClockKind.TASK_PROMISE) if kind in running]


def pause_for_decline(work: Work, ticket: Ticket) -> None:
    """Let opinion and resolution stand still; those that do for a supplement already are left alone."""
    due_times.pause(work, ticket, due_times.PAUSED_BY_DECLINE, DECLINE, moves_original=False)


def _decline_over(work: Work, ticket: Ticket) -> None:
    """Refused: a new acceptance clock, which stands still with the others while the enterprise supplements."""
    if ticket.status is Status.SUBMITTED:
        due_times.resume(work, ticket, due_times.PAUSED_BY_DECLINE)
    if ticket.status in (Status.SUBMITTED, Status.SUPPLEMENTING):
        clocks.start(work, ticket, ClockKind.ACCEPTANCE)
    elif ticket.status is Status.HANDLING:
        due_times.resume(work, ticket, due_times.PAUSED_BY_DECLINE)
    if ticket.status is Status.SUPPLEMENTING:
        due_times.pause(work, ticket, (ClockKind.ACCEPTANCE,), SUPPLEMENT)


def supplement_begins(work: Work, ticket: Ticket) -> None:
    """What stands still for a decline does so for the supplement now, which alone moves the original due time."""
    due_times.resume(work, ticket)
    work.session.flush()
    due_times.pause(work, ticket, due_times.PAUSED_BY_SUPPLEMENT, SUPPLEMENT)


def supplement_over(work: Work, ticket: Ticket) -> None:
    """The supplement is over: the clocks go on, but for those that a pending decline holds."""
    due_times.resume(work, ticket)
    if pending(work, ticket, K.DECLINE) is not None:
        work.session.flush()
        pause_for_decline(work, ticket)


def pending(work: Work, ticket: Ticket, kind: RequestKind) -> Request | None:
    """The ticket's own request of a kind that waits for its decision (there is at most one, objections apart)."""
    return work.session.scalars(
        select(Request)
        .where(
            Request.ticket_id == ticket.id,
            Request.kind == kind,
            Request.task_id.is_(None),
            Request.status == RequestStatus.PENDING,
        )
        .limit(1)
    ).one_or_none()


def hold(work: Work, request: Request) -> None:
    """挂账: resolution and progress stand still from now (from the asking, where it was due meanwhile)."""
    ticket = request.ticket
    due_times.pause(work, ticket, due_times.PAUSED_BY_SUSPENSION, SUSPENSION, moves_original=False)
    wait_no_more(work, request)


def hold_progress(work: Work, ticket: Ticket) -> None:
    """A progress time that begins in a suspension stands still like the others."""
    if ticket.suspended_at is not None:
        work.session.flush()
        due_times.pause(work, ticket, (ClockKind.PROGRESS,), SUSPENSION, moves_original=False)


def suspension_of(work: Work, ticket: Ticket) -> Request | None:
    """The suspension that lasts now."""
    return work.session.scalars(
        select(Request).where(
            Request.ticket_id == ticket.id,
            Request.kind == K.SUSPENSION,
            Request.status == RequestStatus.APPROVED,
            Request.ended_at.is_(None),
        )
    ).one_or_none()


def release(work: Work, request: Request, why: str) -> None:
    """The suspension is over: no review is owed, what stood still goes on. `suspended_at` is cleared by the act."""
    request.ended_at, request.end_reason = work.now, why[:400]
    clocks.void(work, request.ticket, [ClockKind.REVIEW], of=request)
    due_times.resume(work, request.ticket, due_times.PAUSED_BY_SUSPENSION)


def to_supervisors(work: Work, ticket: Ticket) -> None:
    """The ticket has become a restricted matter: what is pending is for a supervisor to decide from now."""
    for request in work.session.scalars(
        select(Request).where(Request.ticket_id == ticket.id, Request.status == RequestStatus.PENDING)
    ):
        if request.decider in (ClockHolder.OWNER, ClockHolder.SUPERVISOR):
            continue
        request.decider = ClockHolder.SUPERVISOR
        for clock in clocks.running_of(work, request).values():
            clock.holder = ClockHolder.SUPERVISOR
