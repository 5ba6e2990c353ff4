"""挂账 as it goes on: looked at again by the city's coordinator, ended by him or by the owner. An answer ends it too.

Granting it is `request_grants`; the clocks are `request_pauses`. Errors: NotFound, Forbidden, StaleTicket, Conflict,
Invalid.
"""

from datetime import date

from assist.domain.clock import local
from assist.domain.date_words import date_text
from assist.domain.deadlines import Budget
from assist.domain.errors import Conflict, Forbidden
from assist.domain.requests import RequestKind, RequestStatus
from assist.domain.status import ClockHolder, ClockKind
from assist.domain.transitions import Action
from assist.models import Request, Ticket, TicketEvent
from assist.services import clocks, deciding, request_access, request_pauses, telling, transitions
from assist.services.conversing import words
from assist.services.request_checks import review_day
from assist.services.work import Work


def resume(work: Work, ticket: Ticket, reason: str, *, version: int | None = None) -> TicketEvent:
    """恢复办理, by the owner: the conditions are there, the clocks go on, the enterprise is told."""
    transitions.check(work, ticket, Action.RESUME, version)
    why = words(reason, "reason", "恢复办理的原因")
    request = request_pauses.suspension_of(work, ticket)
    if ticket.suspended_at is None or request is None:
        raise Conflict("这件诉求没有挂账，不需要恢复。")
    event = transitions.act(
        work, ticket, Action.RESUME, version=version, changes={"suspended_at": None}, note=why
    )
    _release(work, request, event, why)
    return event


def check(work: Work, request: Request, version: int | None = None) -> None:
    """Raise unless the suspension lasts and is this person's to look at: Forbidden, StaleTicket, Conflict."""
    if not deciding.may_review(work, request):
        raise Forbidden("挂账由市助企办调度员复核。")
    if version is not None and version != request.ticket.version:
        raise transitions.stale(work, request.ticket)
    if request.kind is not RequestKind.SUSPENSION or request.status is not RequestStatus.APPROVED:
        raise Conflict("这项申请不是挂账，不需要复核。")
    if request.ended_at is not None:
        raise Conflict(f"挂账已经结束：{request.end_reason}。")


def review(
    work: Work,
    request_id: int,
    review_on: date | None,
    note: str,
    *,
    goes_on: bool,
    version: int | None = None,
) -> TicketEvent:
    """挂账复核, by the city's coordinator: it goes on until a new day (≤ 30 days), or ends."""
    request, _ = request_access.load(work, request_id, lock=True)
    check(work, request, version)
    ticket = request.ticket
    why = words(note, "note", "复核意见")
    on = review_day(work, review_on) if goes_on else None
    event = transitions.act(
        work,
        ticket,
        Action.REVIEW,
        changes={} if goes_on else {"suspended_at": None},
        fields={"request": request.id, "goes_on": goes_on, "review_on": on.isoformat() if on else None},
        note=why,
        is_authorised=True,
    )
    # Reviewed late is a miss of the city's, whether it goes on or not.
    clocks.stop(work, ticket, ClockKind.REVIEW, of=request)
    if on is None:
        _release(work, request, event, why)
        return event
    budget = Budget.fixed(work.settings.calendar.close_on(on))
    clocks.start(work, ticket, ClockKind.REVIEW, budget=budget, of=request, holder=ClockHolder.CITY)
    until = date_text(on, local(work.now).year)
    _tell(work, ticket, event, f"诉求 {ticket.number} 继续挂账，{until}前再次复核", why, "soon")
    return event


def _release(work: Work, request: Request, event: TicketEvent, why: str) -> None:
    ticket = request.ticket
    request_pauses.release(work, request, why)
    clocks.mirror(work, ticket)
    _tell(work, ticket, event, f"诉求 {ticket.number} 已恢复办理", why, "inf")


def _tell(work: Work, ticket: Ticket, event: TicketEvent, title: str, why: str, tone: str) -> None:
    """The enterprise and the case side, each but who did it."""
    contacts = telling.contacts_of(work, ticket.enterprise_id)
    told = [*contacts, *telling.case_side(work, ticket)]
    key = f"event:{ticket.id}:{event.seq}"
    telling.tell(work, told, "suspension", title, key=key, body=why, ticket=ticket, tone=tone)
