"""回访: owed with a clock of its own, entered by a supervisor who has not handled it, beside the enterprise's word."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assist.domain.clock import shanghai
from assist.domain.errors import Conflict, Forbidden, Invalid
from assist.domain.status import (
    CallbackReason,
    CallbackResult,
    ClockKind,
    ConfirmedBy,
    Method,
    Rating,
    RatingReason,
    Result,
    RoundStart,
    Status,
    Verdict,
)
from assist.models import Callback, Clock, Message, Ticket, TicketEvent, TicketRound
from assist.models.engine import begin_writing
from assist.services import callbacks, calling_back, closing, conversing, lapsing, pairing
from assist.services.queries import invariants
from tests.cast import Cast, name_for_restricted
from tests.make import Make

Owed = Callable[[Ticket], list[Callback]]
LOW = closing.Grade(Rating.VERY_UNSATISFIED, [RatingReason.ATTITUDE])
SOLVED, UNSOLVED = CallbackResult.SOLVED, CallbackResult.UNSOLVED


def talk(
    result: CallbackResult | None = SOLVED, rating: Rating | None = None, text: str = "企业说已经领到意见书。"
) -> calling_back.Talk:
    return calling_back.Talk(Method.PHONE, "陈桂芳", result, rating, text)


@pytest.fixture
def rows(session: Session) -> Owed:
    def of(ticket: Ticket) -> list[Callback]:
        session.expire_all()
        query = select(Callback).where(Callback.ticket_id == ticket.id).order_by(Callback.id)
        return list(session.scalars(query))

    return of


def clock_of(session: Session, ticket: Ticket) -> Clock:
    query = select(Clock).where(Clock.ticket_id == ticket.id, Clock.kind == ClockKind.CALLBACK)
    return session.scalars(query.order_by(Clock.id.desc()).limit(1)).one()


def round_of(session: Session, ticket: Ticket, no: int) -> TicketRound:
    session.expire_all()
    query = select(TicketRound).where(TicketRound.ticket_id == ticket.id, TicketRound.no == no)
    return session.scalars(query).one()


def running(session: Session, ticket: Ticket) -> set[ClockKind]:
    query = select(Clock.kind).where(Clock.ticket_id == ticket.id, Clock.stopped_at.is_(None))
    return set(session.scalars(query))


def low(make: Make) -> Ticket:
    return make.closed(rating=LOW.rating or Rating.FAIR, reasons=tuple(LOW.reasons))


def test_a_low_grade_owes_a_callback_whose_clock_outlives_the_ticket(
    make: Make, rows: Owed, session: Session
) -> None:
    ticket = low(make)
    assert [(one.reason, one.round_no) for one in rows(ticket)] == [(CallbackReason.LOW_RATING, 1)]
    clock = clock_of(session, ticket)
    assert (ticket.status, clock.stopped_at) == (Status.CLOSED, None)
    assert (clock.holder.value, clock.due_at) == ("supervisor", shanghai(2026, 11, 30, 17, 30))
    last = session.scalars(select(TicketEvent).order_by(TicketEvent.id.desc()).limit(1)).one()
    assert (last.action.value, last.actor_name, last.is_visible) == ("owe_callback", "系统", False)
    assert list(invariants.broken(session)) == []


def test_on_a_closed_ticket_it_adds_and_leaves_the_enterprises_own_word_alone(
    make: Make, cast: Cast, rows: Owed, session: Session
) -> None:
    ticket = low(make)
    make.act(cast.wang, ticket, calling_back.callback, talk(SOLVED, Rating.SATISFIED))
    (row,) = rows(ticket)
    assert (row.result, row.rating, row.entered_by_id) == (Result.SOLVED, Rating.SATISFIED, cast.wang.id)
    ended = round_of(session, ticket, 1)
    assert (ended.rating, ended.confirmed_by) == (Rating.VERY_UNSATISFIED, ConfirmedBy.ENTERPRISE)
    assert ticket.status is Status.CLOSED
    assert clock_of(session, ticket).verdict is Verdict.MET
    assert list(invariants.broken(session)) == []


def test_entered_too_late_it_is_the_supervisors_miss(make: Make, cast: Cast, session: Session) -> None:
    ticket = low(make)
    make.at(shanghai(2026, 12, 1, 8, 31)).act(cast.wang, ticket, calling_back.callback, talk())
    assert clock_of(session, ticket).verdict is Verdict.MISSED


def test_on_an_answered_ticket_it_closes_with_what_was_heard_and_is_marked(
    make: Make, cast: Cast, session: Session
) -> None:
    ticket = make.answered()
    make.act(cast.wang, ticket, calling_back.callback, talk(CallbackResult.PARTLY, Rating.FAIR))
    ended = round_of(session, ticket, 1)
    assert (ticket.status, ended.result) == (Status.CLOSED, Result.PARTLY)
    assert (ended.confirmed_by, ended.rating) == (ConfirmedBy.CALLBACK, Rating.FAIR)
    assert running(session, ticket) == set()


def test_on_an_answered_ticket_unsolved_begins_the_next_round_with_its_clocks(
    make: Make, cast: Cast, session: Session
) -> None:
    ticket = make.answered()
    make.act(cast.wang, ticket, calling_back.callback, talk(UNSOLVED, text="窗口还没有出件。"))
    first, second = round_of(session, ticket, 1), round_of(session, ticket, 2)
    assert (ticket.status, ticket.round_no, second.started_by) == (Status.HANDLING, 2, RoundStart.CALLBACK)
    assert (first.return_reason, first.result) == ("窗口还没有出件。", None)
    assert running(session, ticket) == {ClockKind.RESOLUTION, ClockKind.PROGRESS}
    titles = session.scalars(select(Message.title).where(Message.recipient_id == cast.zhang.id)).all()
    assert f"督查回访：企业反映未解决，请继续办理 {ticket.number}" in titles


def test_a_closed_ticket_reopened_by_a_callback_goes_to_the_officer_of_today(
    make: Make, cast: Cast, session: Session
) -> None:
    ticket = low(make)
    pairing.end(make.work(cast.zhao), cast.jia, "岗位调整")
    pairing.pair(make.work(cast.zhao), cast.jia, cast.wu.id)
    session.commit()
    make.act(cast.wang, ticket, calling_back.callback, talk(UNSOLVED))
    assert (ticket.status, ticket.owner_id, ticket.closed_at) == (Status.HANDLING, cast.wu.id, None)
    assert round_of(session, ticket, 2).started_by is RoundStart.CALLBACK


def test_withdrawn_before_acceptance_and_not_meant_it_is_submitted_again_with_new_clocks(
    make: Make, cast: Cast, session: Session
) -> None:
    ticket = make.contacted()
    make.act(cast.chen, ticket, closing.withdraw, "专员说办不了。")
    make.at(shanghai(2026, 11, 25, 9, 0)).act(cast.wang, ticket, calling_back.callback, talk(UNSOLVED))
    assert (ticket.status, ticket.withdrawn_at, ticket.round_no) == (Status.SUBMITTED, None, 1)
    assert running(session, ticket) == {ClockKind.ACCEPTANCE, ClockKind.OPINION, ClockKind.RESOLUTION}
    assert ticket.due_at == shanghai(2026, 12, 4, 17, 30)
    assert list(invariants.broken(session)) == []


def test_a_withdrawal_that_was_meant_stays_one(make: Make, cast: Cast, rows: Owed) -> None:
    ticket = make.contacted()
    make.act(cast.chen, ticket, closing.withdraw, "自己解决了。")
    make.act(cast.wang, ticket, calling_back.callback, talk())
    assert ticket.status is Status.WITHDRAWN
    assert rows(ticket)[0].entered_at is not None


def test_what_the_enterprise_says_itself_ends_a_callback_about_its_silence(
    make: Make, cast: Cast, rows: Owed, session: Session
) -> None:
    ticket = make.answered()
    make.at(shanghai(2026, 12, 1, 9, 0))
    begin_writing(session)
    lapsing.one(make.work(), ticket.id)
    session.commit()
    assert [one.reason for one in rows(ticket)] == [CallbackReason.UNOPENED]
    make.act(cast.chen, ticket, closing.confirm, Result.SOLVED, LOW)
    assert [(one.reason, one.dropped_at is None) for one in rows(ticket)] == [
        (CallbackReason.UNOPENED, False),
        (CallbackReason.LOW_RATING, True),
    ]
    assert list(invariants.broken(session)) == []


def test_a_matter_that_goes_on_is_not_called_about(make: Make, cast: Cast, rows: Owed, session: Session) -> None:
    ticket = low(make)
    make.act(cast.chen, ticket, closing.reopen, "又不行了。")
    assert rows(ticket)[0].dropped_at is not None
    with pytest.raises(Conflict):
        make.act(cast.wang, ticket, calling_back.callback, talk())
    session.rollback()
    assert ClockKind.CALLBACK not in running(session, ticket)


def test_a_supervisor_named_for_a_restricted_matter_never_calls_back_on_it(
    make: Make, cast: Cast, session: Session
) -> None:
    name_for_restricted(session, cast.wang.id)
    ticket = make.ticket("专员态度冷淡。", category="1302")
    assert ticket.owner_id == cast.wang.id
    make.answered(ticket)
    with pytest.raises(Forbidden):
        make.act(cast.wang, ticket, calling_back.callback, talk())
    session.rollback()


def test_who_handled_it_once_never_calls_back_on_it_later(make: Make, cast: Cast, session: Session) -> None:
    name_for_restricted(session, cast.wang.id)
    ticket = make.answered(make.ticket("专员态度冷淡。", category="1302"))
    ticket.owner_id = None
    session.commit()
    with pytest.raises(Forbidden, match="您经办过"):
        make.act(cast.wang, ticket, calling_back.callback, talk())
    session.rollback()


def test_nobody_but_a_supervisor_calls_back(make: Make, cast: Cast, session: Session) -> None:
    ticket = make.answered()
    for who in (cast.zhang, cast.chen, cast.zhao, cast.qian, cast.liu):
        with pytest.raises(Forbidden):
            make.act(who, ticket, calling_back.callback, talk())
        session.rollback()


def test_what_nobody_owed_reopens_only_as_long_as_the_enterprise_could(
    make: Make, cast: Cast, session: Session
) -> None:
    ticket = make.closed()
    make.at(shanghai(2026, 12, 20, 9, 0))
    with pytest.raises(Conflict, match="15个工作日"):
        make.act(cast.wang, ticket, calling_back.callback, talk(UNSOLVED))
    session.rollback()
    make.act(cast.wang, ticket, calling_back.callback, talk())
    reasons = session.scalars(select(Callback.reason)).all()
    assert reasons == [CallbackReason.VOLUNTARY]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (calling_back.Talk(None, "陈", SOLVED, None, "好"), "method"),
        (calling_back.Talk(Method.PHONE, " ", SOLVED, None, "好"), "person"),
        (calling_back.Talk(Method.PHONE, "陈", None, None, "好"), "result"),
        (calling_back.Talk(Method.PHONE, "陈", SOLVED, None, " "), "text"),
        (calling_back.Talk(Method.PHONE, "陈", SOLVED, None, "长" * 10_000), "text"),
    ],
)
def test_what_is_missing_or_too_long_is_named_and_changes_nothing(
    make: Make, cast: Cast, rows: Owed, session: Session, wrong: calling_back.Talk, field: str
) -> None:
    ticket = low(make)
    with pytest.raises(Invalid) as refusal:
        make.act(cast.wang, ticket, calling_back.callback, wrong)
    assert refusal.value.field == field
    session.rollback()
    assert rows(ticket)[0].entered_at is None


def test_one_in_eight_that_lapsed_is_called_about_and_always_the_same_ones() -> None:
    sampled = [id for id in range(1, 4001) if callbacks.is_sampled(id, 1)]
    assert 400 < len(sampled) < 600
    assert sampled == [id for id in range(1, 4001) if callbacks.is_sampled(id, 1)]
    assert sampled != [id for id in range(1, 4001) if callbacks.is_sampled(id, 2)]


def test_a_sampled_one_is_owed_when_it_lapses(
    make: Make, cast: Cast, rows: Owed, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = make.answered()
    monkeypatch.setattr(callbacks, "SAMPLED_OF", 1)
    make.act(cast.chen, ticket, conversing.answer_opened)
    make.at(shanghai(2026, 12, 1, 9, 0))
    begin_writing(session)
    assert lapsing.one(make.work(), ticket.id) == lapsing.LAPSED
    session.commit()
    assert [one.reason for one in rows(ticket)] == [CallbackReason.SAMPLED]
