"""The rounds of one ticket as one reader may see them: answers, outcomes, results, grades."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, select

from assist.domain.status import LOW_RATINGS, Outcome, Rating, RatingReason, Result, RoundStart
from assist.models import Ticket, TicketRound
from assist.services.work import Work

ROUNDS = select(TicketRound).where(TicketRound.ticket_id == bindparam("ticket_id")).order_by(TicketRound.no)


@dataclass(frozen=True)
class RoundLine:
    """One round. `account` and the grade's words are empty for those who may not read them."""

    no: int
    started_by: RoundStart
    opinion: str
    expected_on: date | None
    outcome: Outcome | None
    answer: str
    account: str
    answered_at: datetime | None
    corrected_at: datetime | None
    opened_at: datetime | None
    result: Result | None
    confirmed_title: str
    confirmed_at: datetime | None
    return_reason: str
    returned_at: datetime | None
    rating: Rating | None
    rating_words: str


def read(
    work: Work, ticket: Ticket, *, internal: bool, grade: bool, known: Iterable[TicketRound] = ()
) -> list[RoundLine]:
    """All rounds in one statement. `internal`: reads the case side's account; `grade`: a low grade's words too.

    `known`: what is known of them already, and not asked for again.
    """
    found = known or work.session.scalars(ROUNDS, {"ticket_id": ticket.id})
    return [_line(one, internal=internal, grade=grade) for one in found]


def _line(one: TicketRound, *, internal: bool, grade: bool) -> RoundLine:
    return RoundLine(
        no=one.no,
        started_by=one.started_by,
        opinion=one.opinion or "",
        expected_on=one.expected_on,
        outcome=one.outcome,
        answer=one.answer or "",
        account=one.internal_account if internal else "",
        answered_at=one.answered_at,
        corrected_at=one.corrected_at,
        opened_at=one.opened_at,
        result=one.result,
        confirmed_title=one.confirmed_by.title if one.confirmed_by else "",
        confirmed_at=one.confirmed_at,
        return_reason=one.return_reason,
        returned_at=one.returned_at,
        rating=one.rating,
        rating_words=_words(one) if grade or one.rating not in LOW_RATINGS else "",
    )


def _words(one: TicketRound) -> str:
    reasons = "、".join(RatingReason.of(reason).title for reason in one.rating_reasons)
    return "；".join(part for part in (reasons, one.rating_comment) if part)
