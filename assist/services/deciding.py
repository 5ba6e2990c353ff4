"""审批: approve or refuse what was asked, with a note. Who asked never decides; one decision, by whoever is first.

The ticket is locked first, then the request. What approving does is `request_grants`, what refusing does
`request_pauses.end`. Errors: NotFound, Forbidden, StaleTicket, Conflict (decided already: by whom and when), Invalid.
"""

from assist.domain.clock import local
from assist.domain.date_words import moment_text
from assist.domain.errors import Conflict, Forbidden, Invalid
from assist.domain.policy import Relation
from assist.domain.requests import RequestKind, RequestStatus
from assist.domain.status import ClockKind
from assist.domain.transitions import Action
from assist.models import Request, TicketEvent
from assist.services import access, clocks, request_access, request_pauses, searching, telling, transitions
from assist.services.conversing import MAX_WORDS
from assist.services.request_grants import GRANTS, Grant
from assist.services.requesting import OWN_KINDS
from assist.services.work import Work

K = RequestKind
# Without words these decisions say nothing: the minutes of a meeting, why an objection holds.
NEEDS_NOTE = frozenset({K.COORDINATION, K.OBJECTION})


def decide(
    work: Work, request_id: int, is_approved: bool, note: str, *, version: int | None = None
) -> Request:
    """同意 or 不同意. `version`: that of the ticket as the page showed it. Returns the request as decided."""
    request, decides = request_access.load(work, request_id, lock=True)
    check(work, request, decides, version)
    said = _note(request, is_approved, note)
    grant = GRANTS[request.kind](work, request) if is_approved else Grant()
    request.status = RequestStatus.APPROVED if is_approved else RequestStatus.REFUSED
    request.decided_by_id, request.decided_by_name = work.actor.account_id, work.actor.name
    request.decided_at, request.note = work.now, said
    clocks.stop(work, request.ticket, ClockKind.DECISION, of=request)
    event = _record(work, request, grant)
    if is_approved:
        grant.then()
    else:
        request_pauses.end(work, request)
    clocks.mirror(work, request.ticket)
    if said:
        searching.index(work, request.ticket, **{"public" if event.is_visible else "internal": said})
    _tell(work, request, event, grant)
    return request


def check(work: Work, request: Request, decides: bool, version: int | None = None) -> None:
    """Raise unless it waits for this person's decision: Forbidden, Conflict (who was faster), StaleTicket."""
    if request.status is not RequestStatus.PENDING and _was_ones_own(request, decides):
        raise Conflict(_over(work, request))
    if not decides:
        is_own = request.asked_by_id in work.actor.officers
        raise Forbidden("您是申请人，由他人审批。" if is_own else "这项申请不由您审批。")
    if version is not None and version != request.ticket.version:
        raise transitions.stale(work, request.ticket)


def _was_ones_own(request: Request, decides: bool) -> bool:
    return decides or request.status is RequestStatus.DROPPED


def _over(work: Work, request: Request) -> str:
    at = moment_text(request.decided_at, local(work.now).year) if request.decided_at else ""
    if request.status is RequestStatus.DROPPED:
        return f"这项申请已于{at}失效（{request.note}），您这次的审批没有生效。"
    word = "同意" if request.status is RequestStatus.APPROVED else "不同意"
    return f"{request.decided_by_name} 已于{at}审批“{word}”，您这次的审批没有生效，填写的意见已为您保留。"


def _note(request: Request, is_approved: bool, note: str) -> str:
    said = note.strip()
    if len(said) > MAX_WORDS:
        raise Invalid(f"审批意见请控制在{MAX_WORDS}字以内，现在有{len(said)}字。", "note")
    if not is_approved and not said:
        raise Invalid("请填写不同意的理由。", "note")
    if not said and request.kind in NEEDS_NOTE:
        what = "批示内容或会议纪要" if request.kind is K.COORDINATION else "审核意见"
        raise Invalid(f"请填写{what}。", "note")
    return said


def _is_own(work: Work, request: Request) -> bool:
    """Asked by the enterprise itself."""
    contacts = telling.contacts_of(work, request.ticket.enterprise_id)
    return request.kind in OWN_KINDS and request.asked_by_id in contacts


def _record(work: Work, request: Request, grant: Grant) -> TicketEvent:
    return transitions.act(
        work,
        request.ticket,
        Action.DECIDE,
        to=grant.to,
        changes=grant.changes,
        fields={"request": request.id, "kind": request.kind, "decision": request.status, **grant.fields},
        note=request.note,
        is_visible=grant.is_visible or _is_own(work, request),
        is_authorised=True,
    )


def _tell(work: Work, request: Request, event: TicketEvent, grant: Grant) -> None:
    """Who asked, the case side where the enterprise asked, and the enterprise where it concerns it."""
    ticket, kind = request.ticket, request.kind
    key, word = f"event:{ticket.id}:{event.seq}", request.status.title
    contacts = telling.contacts_of(work, ticket.enterprise_id)
    what = request.task.number if request.task is not None else ticket.number
    title = f"{kind.noun}{word}：{what}"
    tone = "ok" if request.status is RequestStatus.APPROVED else "late"
    place = f"/requests/{request.id}"
    told = {request.asked_by_id, *telling.case_side(work, ticket)} - set(contacts)
    telling.tell(work, told, "decision", title, key=key, body=request.note, ticket=ticket, tone=tone, location=place)
    if grant.news is not None:
        head, body = grant.news
        telling.tell(work, contacts, "decision", head, key=key, body=body, ticket=ticket)
    elif event.is_visible:
        telling.tell(
            work, contacts, "decision", title, key=key, body=request.note, ticket=ticket, tone=tone
        )


def may_review(work: Work, request: Request) -> bool:
    """Whether the actor looks at suspensions again: the city's coordinator (a supervisor for a restricted matter)."""
    standing = access.standing(work, request.ticket)
    if standing.is_case_owner:
        return False
    if standing.is_restricted:
        return Relation.SUPERVISOR in standing.relations
    return Relation.COORDINATOR in standing.relations and work.actor.area_id is None
