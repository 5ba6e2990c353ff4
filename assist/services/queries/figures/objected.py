"""What approved objections take back: a return without ground, a red card. Their facts are kept with keys in order."""

from typing import Any

from sqlalchemy import String, cast, exists, literal, type_coerce
from sqlalchemy.orm import aliased

from assist.domain.requests import RequestKind, RequestStatus
from assist.models import Request, TicketRound
from assist.services.queries.figures.facts import AsOf, Condition


def was_returned(as_of: AsOf, clock: Any) -> Condition:
    """The answer of the clock's round was not accepted by the enterprise, and the return stands."""
    answered = aliased(TicketRound)
    return exists().where(
        answered.ticket_id == clock.ticket_id,
        answered.no == clock.round_no,
        answered.returned_at <= as_of.at,
        ~_return_fell(as_of, answered),
    )


def _return_fell(as_of: AsOf, answered: Any) -> Condition:
    """理由不成立（政策所限）: said by an approved objection about the round."""
    return _objected(as_of, answered.ticket_id, "round_no", answered.no, "return")


def card_fell(as_of: AsOf, clock: Any) -> Condition:
    """Its red card was taken back by an approved objection."""
    return _objected(as_of, clock.ticket_id, "clock_id", clock.id, "card")


def _objected(as_of: AsOf, ticket_id: Any, key: str, about: Any, subject: str) -> Condition:
    """An approved objection says so of this round or clock; its facts are kept with their keys in order."""
    said = aliased(Request)
    words = literal(f'%"{key}":').concat(cast(about, String)).concat(f',"subject":"{subject}"%')
    return exists().where(
        said.ticket_id == ticket_id,
        said.kind == RequestKind.OBJECTION,
        said.status == RequestStatus.APPROVED,
        said.decided_at <= as_of.objections_at,
        type_coerce(said.facts, String).like(words),
    )
