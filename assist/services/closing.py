"""确认、退回、评价、重新办理、撤回、逾期未确认办结: how a ticket ends, by the enterprise's word or its silence.

The case side can never confirm or rate, and silence is never satisfaction.
"""

from dataclasses import dataclass, field
from datetime import datetime

from assist.domain.errors import Conflict, Invalid
from assist.domain.status import (
    LOW_RATINGS,
    CallbackReason,
    ClockKind,
    ConfirmedBy,
    Rating,
    RatingReason,
    Result,
    RoundStart,
    Status,
)
from assist.domain.transitions import Action
from assist.models import Ticket, TicketEvent, TicketRound
from assist.services import (
    callbacks,
    clocks,
    many_returns,
    request_endings,
    rounds,
    searching,
    telling,
    transitions,
)
from assist.services.callbacks import FOR_SILENCE
from assist.services.conversing import words
from assist.services.intake import active_officer
from assist.services.many_returns import MANY_RETURNS
from assist.services.work import Work

REOPEN_DAYS = 15
RATE_DAYS = 15
ENTERPRISE_RESULTS = frozenset({Result.SOLVED, Result.PARTLY, Result.ACKNOWLEDGED})


@dataclass
class Grade:
    """评价: one of five, nothing preselected; a low one with at least one reason."""

    rating: Rating | None = None
    reasons: list[RatingReason] = field(default_factory=list)
    comment: str = ""

    def checked(self) -> "Grade":
        if self.rating in LOW_RATINGS and not self.reasons:
            raise Invalid("请选择不满意的原因，我们好改进。", "reasons")
        if self.comment and len(self.comment) > 500:
            raise Invalid("评价内容请控制在500字以内。", "comment")
        return self


def confirm(
    work: Work, ticket: Ticket, result: Result, grade: Grade, *, version: int | None = None
) -> TicketEvent:
    """确认办结, by the enterprise, with its grade. A low grade gives a supervisor a callback."""
    transitions.check(work, ticket, Action.CONFIRM, version)
    if result not in ENTERPRISE_RESULTS:
        raise Invalid("请选择办理结果。", "result")
    if grade.rating is None:
        raise Invalid("请选择满意程度。", "rating")
    grade.checked()
    event = close(work, ticket, Action.CONFIRM, result, ConfirmedBy.ENTERPRISE, version, _grade_fields(grade))
    callbacks.drop(work, ticket, FOR_SILENCE)
    _put_grade(work, ticket, rounds.present(work, ticket), grade)
    telling.tell(
        work,
        telling.case_side(work, ticket),
        "confirm",
        f"企业确认办结 {ticket.number}：{result.title}",
        key=f"event:{ticket.id}:{event.seq}",
        ticket=ticket,
        tone="ok" if result is Result.SOLVED else "inf",
    )
    return event


def _grade_fields(grade: Grade) -> dict[str, object]:
    if grade.rating is None:
        return {}
    return {
        "rating": grade.rating.value,
        "rating_reasons": [reason.value for reason in grade.reasons],
        "rating_comment": grade.comment,
    }


def close(
    work: Work,
    ticket: Ticket,
    action: Action,
    result: Result,
    by: ConfirmedBy,
    version: int | None,
    fields: dict[str, object],
    *,
    note: str = "",
) -> TicketEvent:
    """Close an answered ticket with somebody's word on its round (or, lapsed, with nobody's)."""
    event = transitions.act(
        work,
        ticket,
        action,
        to=Status.CLOSED,
        version=version,
        changes={"closed_at": work.now},
        fields={"result": result, "confirmed_by": by, **fields},
        note=note,
    )
    request_endings.drop_for(work, ticket)
    present = rounds.present(work, ticket)
    present.result, present.confirmed_at, present.confirmed_by = result, work.now, by
    clocks.stop(work, ticket, ClockKind.CONFIRMATION)
    clocks.void(work, ticket)
    clocks.mirror(work, ticket)
    return event


def _put_grade(work: Work, ticket: Ticket, present: TicketRound, grade: Grade) -> None:
    present.rating, present.rated_at = grade.rating, work.now
    present.rating_reasons = [reason.value for reason in grade.reasons]
    present.rating_comment = grade.comment.strip()
    if grade.rating in LOW_RATINGS:
        callbacks.owe(work, ticket, CallbackReason.LOW_RATING)


def send_back(work: Work, ticket: Ticket, reason: str, *, version: int | None = None) -> TicketEvent:
    """未解决，请继续办理: the next round, with a resolution clock of its own; earlier verdicts stay.

    At the third return coordination is asked of the leaders by the system and the supervisors are told.
    """
    transitions.check(work, ticket, Action.RETURN, version)
    why = words(reason, "reason", "哪里还没有解决")
    present = rounds.present(work, ticket)
    present.returned_at, present.return_reason = work.now, why
    clocks.stop(work, ticket, ClockKind.CONFIRMATION)
    event = transitions.act(
        work,
        ticket,
        Action.RETURN,
        to=Status.HANDLING,
        version=version,
        changes={"round_no": ticket.round_no + 1},
        note=why,
    )
    next_round(work, ticket, RoundStart.RETURN)
    searching.index(work, ticket, public=why)
    telling.tell(
        work,
        telling.case_side(work, ticket),
        "return",
        f"企业未认可，请继续办理 {ticket.number}（第{ticket.round_no}轮）",
        key=f"event:{ticket.id}:{event.seq}",
        body=why,
        ticket=ticket,
        tone="late",
    )
    if ticket.round_no == MANY_RETURNS + 1:
        many_returns.escalate(work, ticket)
    return event


def next_round(work: Work, ticket: Ticket, why: RoundStart) -> None:
    """Open the round whose number the ticket already bears, with its clocks; what was owed about the last is not."""
    request_endings.drop_for(work, ticket)
    callbacks.drop(work, ticket)
    rounds.begin(work, ticket, why)
    clocks.start_resolution(work, ticket)
    clocks.start(work, ticket, ClockKind.PROGRESS, seq=1)
    clocks.mirror(work, ticket)


def lapse(work: Work, ticket: Ticket) -> TicketEvent:
    """逾期未确认办结: after silence on an opened answer. The system's act; never counted as satisfied."""
    event = close(work, ticket, Action.LAPSE, Result.LAPSED, ConfirmedBy.SYSTEM, None, {})
    telling.tell(
        work,
        [*telling.contacts_of(work, ticket.enterprise_id), *telling.case_side(work, ticket)],
        "lapsed",
        f"诉求 {ticket.number} 逾期未确认，系统已办结",
        key=f"event:{ticket.id}:{event.seq}",
        body=f"{REOPEN_DAYS}个工作日内仍可评价，或要求重新办理。",
        ticket=ticket,
    )
    return event


def rate(work: Work, ticket: Ticket, grade: Grade) -> TicketEvent:
    """评价 of a ticket that closed without one, within 15 working days."""
    transitions.check(work, ticket, Action.RATE, None)
    if grade.rating is None:
        raise Invalid("请选择满意程度。", "rating")
    grade.checked()
    present = rounds.present(work, ticket)
    if present.rating is not None:
        raise Conflict("这件诉求已经评价过了。")
    refuse_after(work, ticket.closed_at, RATE_DAYS, "评价")
    event = transitions.act(work, ticket, Action.RATE, fields=_grade_fields(grade))
    _put_grade(work, ticket, present, grade)
    return event


def refuse_after(work: Work, since: datetime | None, days: int, what: str) -> None:
    """Conflict when so many working days have gone by."""
    if since is None or work.now > work.settings.calendar.day_due(since, days):
        raise Conflict(f"办结已超过{days}个工作日，不能再{what}；如仍有问题，请提交新的诉求。")


def owner_now(work: Work, ticket: Ticket) -> int | None:
    """Whose a reopened ticket is: the officer who is active now, or the person named for a restricted matter."""
    if ticket.is_restricted:
        return work.settings.restricted_owner_id or ticket.owner_id
    return active_officer(work, ticket.enterprise_id)


def reopen(work: Work, ticket: Ticket, reason: str, *, version: int | None = None) -> TicketEvent:
    """重新办理, within 15 working days after closing; goes to the officer who is active now."""
    transitions.check(work, ticket, Action.REOPEN, version)
    why = words(reason, "reason", "重新办理的原因")
    refuse_after(work, ticket.closed_at, REOPEN_DAYS, "重新办理")
    owner_id = owner_now(work, ticket)
    event = transitions.act(
        work,
        ticket,
        Action.REOPEN,
        to=Status.HANDLING,
        version=version,
        changes={"closed_at": None, "round_no": ticket.round_no + 1, "owner_id": owner_id},
        note=why,
    )
    next_round(work, ticket, RoundStart.REOPEN)
    searching.index(work, ticket, public=why)
    told = telling.owners(work, ticket)
    telling.tell(
        work,
        told,
        "reopen",
        f"企业要求重新办理 {ticket.number}",
        key=f"event:{ticket.id}:{event.seq}",
        body=why,
        ticket=ticket,
        tone="late",
    )
    return event


def withdraw(work: Work, ticket: Ticket, reason: str, *, version: int | None = None) -> TicketEvent:
    """撤回 before acceptance. After a contact a supervisor owes a callback, so that nobody is talked into it."""
    transitions.check(work, ticket, Action.WITHDRAW, version)
    why = words(reason, "reason", "撤回原因")
    was_contacted = ClockKind.CONTACT not in clocks.running(work, ticket)
    event = transitions.act(
        work,
        ticket,
        Action.WITHDRAW,
        to=Status.WITHDRAWN,
        version=version,
        changes={"withdrawn_at": work.now},
        note=why,
    )
    request_endings.drop_for(work, ticket)
    clocks.void(work, ticket)
    clocks.mirror(work, ticket)
    if was_contacted:
        callbacks.owe(work, ticket, CallbackReason.WITHDRAWN)
    telling.tell(
        work,
        telling.case_side(work, ticket),
        "withdraw",
        f"企业撤回了 {ticket.number}",
        key=f"event:{ticket.id}:{event.seq}",
        body=why,
        ticket=ticket,
    )
    return event
