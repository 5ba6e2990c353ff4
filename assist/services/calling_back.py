"""回访: a supervisor has talked with the enterprise. Marked 回访确认; its own word and grade are never overwritten.

On an answered ticket a callback closes or reopens; on a closed or withdrawn one it adds, or reopens.

Who handled a ticket never calls back on it. What is owed, and since when, is `callbacks`.
"""

from dataclasses import dataclass

from sqlalchemy import select

from assist.domain.errors import Forbidden, Invalid
from assist.domain.policy import TICKET_ACTS, Relation
from assist.domain.status import (
    CallbackReason,
    CallbackResult,
    ClockKind,
    ConfirmedBy,
    Method,
    Rating,
    RoundStart,
    Status,
)
from assist.domain.transitions import Action
from assist.models import Callback, ContactRecord, Ticket, TicketEvent
from assist.services import callbacks, clocks, closing, many_returns, rounds, searching, telling, transitions
from assist.services.conversing import words
from assist.services.many_returns import MANY_RETURNS
from assist.services.work import Work

# Acts that a supervisor may do himself although they are an owner's too.
_NOT_HANDLING = frozenset({Action.COMMENT, Action.REQUEST, Action.DECIDE, Action.GROUP, Action.REPLY_SUPERVISION})
HANDLING = frozenset(
    action for action, relations in TICKET_ACTS.items() if Relation.OWNER in relations
) - _NOT_HANDLING


@dataclass(frozen=True)
class Talk:
    """With whom, how, and what was heard. `rating` may be left out; nothing else."""

    method: Method | None
    person: str
    result: CallbackResult | None
    rating: Rating | None
    text: str


def callback(work: Work, ticket: Ticket, talk: Talk, *, version: int | None = None) -> TicketEvent:
    """Enter a callback: Forbidden for who handled it, Conflict where nothing can be reopened any more, Invalid."""
    transitions.check(work, ticket, Action.CALLBACK, version)
    _refuse_who_handled(work, ticket)
    said = words(talk.text, "text", "回访情况")
    person = words(talk.person, "person", "接听人")
    if talk.method is None:
        raise Invalid("请选择回访方式。", "method")
    if talk.result is None:
        raise Invalid("请选择企业的意见。", "result")
    if len(person) > 40:
        raise Invalid("接听人请控制在40字以内。", "person")
    row = callbacks.owed(work, ticket)
    is_reopening = talk.result is CallbackResult.UNSOLVED
    if row is None:
        _refuse_too_late(work, ticket, is_reopening)
        row = Callback(
            ticket_id=ticket.id, reason=CallbackReason.VOLUNTARY, owed_at=work.now, round_no=ticket.round_no
        )
        work.session.add(row)
    row.entered_at, row.entered_by_id, row.round_no = work.now, work.actor.account_id, ticket.round_no
    row.method, row.person, row.text = talk.method, person, said
    row.result, row.rating, row.is_reopening = talk.result.as_result, talk.rating, is_reopening
    clocks.stop(work, ticket, ClockKind.CALLBACK)
    work.session.flush()
    event = _move(work, ticket, talk, _fields(talk, person, said), version)
    searching.index(work, ticket, **{"internal" if _is_for_supervisors(talk) else "public": said})
    _tell(work, ticket, event, talk)
    return event


def _refuse_who_handled(work: Work, ticket: Ticket) -> None:
    handled = select(TicketEvent.id).where(
        TicketEvent.ticket_id == ticket.id,
        TicketEvent.actor_id == work.actor.account_id,
        TicketEvent.action.in_(HANDLING),
    )
    if work.session.scalar(handled.limit(1)) is not None:
        raise Forbidden("您经办过这件诉求，请由其他督查员回访。")


def _refuse_too_late(work: Work, ticket: Ticket, is_reopening: bool) -> None:
    """What nobody owed may reopen as long as the enterprise itself could have."""
    since = ticket.closed_at or ticket.withdrawn_at
    if is_reopening and since is not None:
        closing.refuse_after(work, since, closing.REOPEN_DAYS, "重新办理")


def _is_for_supervisors(talk: Talk) -> bool:
    """Words beside a grade are read by those who may read a grade's words; a reason to go on is the owner's to know."""
    return talk.rating is not None and talk.result is not CallbackResult.UNSOLVED


def _fields(talk: Talk, person: str, said: str) -> dict[str, object]:
    """`heard…` is what was said; `result` and `rating` stand only where they end a round."""
    fields: dict[str, object] = {"method": talk.method, "person": person, "heard": talk.result}
    if talk.rating is not None:
        fields["heard_rating"] = talk.rating
    if _is_for_supervisors(talk):
        fields["rating_comment"] = said
    return fields


def _move(
    work: Work, ticket: Ticket, talk: Talk, fields: dict[str, object], version: int | None
) -> TicketEvent:
    note = "" if _is_for_supervisors(talk) else talk.text.strip()
    if talk.result is CallbackResult.UNSOLVED:
        return _reopen(work, ticket, fields, note, version)
    if ticket.status is Status.ANSWERED:
        return _close(work, ticket, talk, fields, note, version)
    return transitions.act(work, ticket, Action.CALLBACK, version=version, fields=fields, note=note)


def _close(
    work: Work,
    ticket: Ticket,
    talk: Talk,
    fields: dict[str, object],
    note: str,
    version: int | None,
) -> TicketEvent:
    """回访确认: the round ends with what the enterprise said on the telephone, and its grade if it gave one."""
    result = talk.result.as_result if talk.result else None
    assert result is not None
    if talk.rating is not None:
        fields = {**fields, "rating": talk.rating}
    event = closing.close(
        work, ticket, Action.CALLBACK, result, ConfirmedBy.CALLBACK, version, fields, note=note
    )
    present = rounds.present(work, ticket)
    if talk.rating is not None:
        present.rating, present.rated_at, present.rating_comment = talk.rating, work.now, talk.text.strip()
    return event


def _reopen(
    work: Work, ticket: Ticket, fields: dict[str, object], note: str, version: int | None
) -> TicketEvent:
    """未解决: the next round, to the officer who is active now; before its acceptance the same round begins anew."""
    is_anew = ticket.status is Status.WITHDRAWN and ticket.accepted_at is None
    changes: dict[str, object] = {"closed_at": None, "withdrawn_at": None}
    is_returned = ticket.status is Status.ANSWERED
    if is_returned:
        present = rounds.present(work, ticket)
        present.returned_at, present.return_reason = work.now, note
        clocks.stop(work, ticket, ClockKind.CONFIRMATION)
    else:
        changes["owner_id"] = closing.owner_now(work, ticket)
    if not is_anew:
        changes["round_no"] = ticket.round_no + 1
    event = transitions.act(
        work,
        ticket,
        Action.CALLBACK,
        to=Status.SUBMITTED if is_anew else Status.HANDLING,
        version=version,
        changes=changes,
        fields=fields,
        note=note,
    )
    if is_anew:
        _start_anew(work, ticket)
    else:
        closing.next_round(work, ticket, RoundStart.CALLBACK)
        if is_returned and ticket.round_no == MANY_RETURNS + 1:
            many_returns.escalate(work, ticket)
    return event


def _start_anew(work: Work, ticket: Ticket) -> None:
    """As if submitted now; the contact's clock only where nobody has spoken to the enterprise yet."""
    called = select(ContactRecord.id).where(ContactRecord.ticket_id == ticket.id).limit(1)
    kinds = [ClockKind.ACCEPTANCE, ClockKind.OPINION]
    if work.session.scalar(called) is None:
        kinds.append(ClockKind.CONTACT)
    for kind in kinds:
        clocks.start(work, ticket, kind)
    clocks.start_resolution(work, ticket, seq=None)
    clocks.mirror(work, ticket)


def _tell(work: Work, ticket: Ticket, event: TicketEvent, talk: Talk) -> None:
    """The case side hears how it stands now; the enterprise hears when its matter goes on or is closed by its word."""
    key = f"event:{ticket.id}:{event.seq}"
    if talk.result is CallbackResult.UNSOLVED:
        title = f"督查回访：企业反映未解决，请继续办理 {ticket.number}"
        telling.tell(
            work, telling.owners(work, ticket), "reopen", title, key=key, body=event.note, ticket=ticket, tone="late"
        )
        own = f"根据回访，诉求 {ticket.number} 继续办理"
    else:
        word = talk.result.title if talk.result else ""
        title = f"督查回访 {ticket.number}：{word}"
        telling.tell(work, telling.case_side(work, ticket), "callback_done", title, key=key, ticket=ticket)
        own = f"督查员已回访诉求 {ticket.number}，记录为：{word}"
    telling.tell(work, telling.contacts_of(work, ticket.enterprise_id), "callback_done", own, key=key, ticket=ticket)
