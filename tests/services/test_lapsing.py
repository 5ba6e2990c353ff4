"""What ends by itself: silence on a read answer, an answer never opened, a supplement that does not come."""

import threading
from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from assist.domain.clock import FixedTime, shanghai
from assist.domain.status import CallbackReason, ClockKind, ConfirmedBy, Method, Result, Status, Verdict
from assist.jobs import lapse
from assist.jobs.context import Context
from assist.models import Callback, Clock, Message, Ticket, TicketEvent, TicketRound
from assist.services import answering, conversing
from tests.cast import Cast
from tests.engines import TestDatabase
from tests.make import Make

Lapse = Callable[[datetime], dict[str, int]]
NOTHING = {"supplements": 0, "lapsed": 0, "callbacks": 0, "failed": 0}


@pytest.fixture
def lapse_at(database: TestDatabase, session: Session) -> Lapse:
    def at(moment: datetime) -> dict[str, int]:
        session.commit()
        return lapse.run(Context(database.engine, FixedTime(moment)))

    return at


def fresh(session: Session, ticket: Ticket) -> Ticket:
    session.rollback()
    session.refresh(ticket)
    return ticket


def present(session: Session, ticket: Ticket) -> TicketRound:
    return session.scalars(
        select(TicketRound).where(TicketRound.ticket_id == ticket.id, TicketRound.no == ticket.round_no)
    ).one()


def opened(make: Make, ticket: Ticket | None = None) -> Ticket:
    """Answered on Monday 09:30 and opened by the enterprise at once: it has until the next Monday 17:30."""
    answered = make.answered(ticket)
    return make.act(make.contact(answered), answered, conversing.answer_opened)


def test_five_working_days_of_silence_on_a_read_answer_close_the_ticket(
    make: Make, cast: Cast, lapse_at: Lapse, session: Session
) -> None:
    ticket = opened(make)
    assert lapse_at(shanghai(2026, 11, 30, 17, 30)) == NOTHING
    assert lapse_at(shanghai(2026, 11, 30, 17, 31)) == {**NOTHING, "lapsed": 1}
    assert fresh(session, ticket).status is Status.CLOSED
    ended = present(session, ticket)
    assert (ended.result, ended.confirmed_by, ended.rating) == (Result.LAPSED, ConfirmedBy.SYSTEM, None)
    last = session.scalars(
        select(TicketEvent)
        .where(TicketEvent.ticket_id == ticket.id)
        .order_by(TicketEvent.seq.desc())
        .limit(1)
    ).one()
    assert (last.action.value, last.actor_name) == ("lapse", "系统")
    told = set(session.scalars(select(Message.recipient_id).where(Message.kind == "lapsed")))
    assert told == {cast.chen.id, cast.zhang.id}


def test_run_again_nothing_more_happens(make: Make, lapse_at: Lapse, session: Session) -> None:
    ticket = opened(make)
    lapse_at(shanghai(2026, 12, 1, 9, 0))
    seq = fresh(session, ticket).event_seq
    assert lapse_at(shanghai(2026, 12, 8, 9, 0)) == NOTHING
    assert fresh(session, ticket).event_seq == seq


def test_a_word_of_the_enterprise_is_no_silence(make: Make, cast: Cast, lapse_at: Lapse) -> None:
    ticket = opened(make)
    make.at(shanghai(2026, 11, 30, 9, 0)).act(cast.chen, ticket, conversing.comment, "还在核对。")
    assert lapse_at(shanghai(2026, 12, 1, 9, 0)) == NOTHING
    assert lapse_at(shanghai(2026, 12, 8, 9, 0))["lapsed"] == 1


def test_an_answer_that_nobody_opened_is_never_closed_by_silence_but_called_about(
    make: Make, cast: Cast, lapse_at: Lapse, session: Session
) -> None:
    ticket = make.answered()
    assert lapse_at(shanghai(2026, 11, 30, 17, 29)) == NOTHING
    assert lapse_at(shanghai(2026, 12, 1, 0, 1)) == {**NOTHING, "callbacks": 1}
    assert fresh(session, ticket).status is Status.ANSWERED
    assert session.scalars(select(Callback.reason)).all() == [CallbackReason.UNOPENED]
    assert (
        cast.wang.id in session.scalars(select(Message.recipient_id).where(Message.kind == "callback")).all()
    )
    assert lapse_at(shanghai(2027, 1, 15, 9, 0)) == NOTHING


def test_after_a_callback_was_entered_the_same_answer_owes_no_second_one(
    make: Make, lapse_at: Lapse, session: Session
) -> None:
    make.answered()
    lapse_at(shanghai(2026, 12, 1, 9, 0))
    session.execute(update(Callback).values(
            entered_at=shanghai(2026, 12, 2, 9, 0), entered_by_id=make.cast.wang.id, method=Method.PHONE
        ))
    assert lapse_at(shanghai(2026, 12, 20, 9, 0)) == NOTHING


def test_a_correction_starts_the_time_anew(make: Make, cast: Cast, lapse_at: Lapse) -> None:
    ticket = make.answered()
    make.at(shanghai(2026, 11, 27, 10, 0))
    make.act(cast.zhang, ticket, answering.correct_answer, "更正：合格意见书请到政务大厅领取。", "窗口有变")
    assert lapse_at(shanghai(2026, 12, 1, 9, 0)) == NOTHING
    assert lapse_at(shanghai(2026, 12, 5, 0, 1)) == {**NOTHING, "callbacks": 1}


def test_an_unread_answer_may_be_corrected_twice(make: Make, cast: Cast, session: Session) -> None:
    ticket = make.answered()
    make.act(cast.zhang, ticket, answering.correct_answer, "更正一。", "窗口有变")
    make.act(cast.zhang, ticket, answering.correct_answer, "更正二。", "又有变")
    assert present(session, ticket).answer == "更正二。"


def test_after_three_returns_silence_does_not_close(
    make: Make, cast: Cast, lapse_at: Lapse, session: Session
) -> None:
    ticket = make.returned()
    for _ in range(2):
        ticket = make.returned(make.answered(ticket))
    opened(make, ticket)
    assert lapse_at(shanghai(2026, 12, 1, 9, 0)) == {**NOTHING, "callbacks": 1}
    assert lapse_at(shanghai(2026, 12, 1, 9, 5)) == NOTHING
    assert fresh(session, ticket).status is Status.ANSWERED
    assert session.scalars(select(Callback.reason)).all() == [CallbackReason.RETURNED]
    titles = session.scalars(select(Message.title).where(Message.recipient_id == cast.wang.id)).all()
    assert f"待回访：{ticket.number}（多次退回未确认）" in titles


def test_a_supplement_that_does_not_come_ends_and_the_clocks_go_on(
    make: Make, cast: Cast, lapse_at: Lapse, session: Session
) -> None:
    ticket = make.contacted()
    make.act(cast.zhang, ticket, conversing.request_supplement, "请补充环评批复。")
    assert lapse_at(shanghai(2026, 11, 30, 17, 30)) == NOTHING
    assert lapse_at(shanghai(2026, 11, 30, 17, 31)) == {**NOTHING, "supplements": 1}
    assert fresh(session, ticket).status is Status.SUBMITTED
    clocks = {row.kind: row for row in session.scalars(select(Clock).where(Clock.ticket_id == ticket.id))}
    assert clocks[ClockKind.SUPPLEMENT].verdict is Verdict.MISSED
    assert clocks[ClockKind.RESOLUTION].paused_at is None
    assert clocks[ClockKind.RESOLUTION].due_at == shanghai(2026, 12, 10, 17, 30)


def test_over_spring_festival_silence_counts_working_days(
    make: Make, cast: Cast, lapse_at: Lapse, session: Session
) -> None:
    opened(make.at(shanghai(2026, 2, 13, 10, 0)))
    assert lapse_at(shanghai(2026, 2, 27, 17, 0)) == NOTHING
    assert lapse_at(shanghai(2026, 2, 28, 8, 30))["lapsed"] == 1


def test_over_spring_festival_an_unopened_answer_waits_too(make: Make, lapse_at: Lapse) -> None:
    make.at(shanghai(2026, 2, 13, 10, 0)).answered()
    assert lapse_at(shanghai(2026, 2, 27, 17, 0)) == NOTHING
    assert lapse_at(shanghai(2026, 2, 28, 8, 30))["callbacks"] == 1


def test_one_that_fails_does_not_stop_the_others(
    make: Make, cast: Cast, lapse_at: Lapse, session: Session
) -> None:
    broken, sound = opened(make), opened(make, make.handled(make.ticket(enterprise=cast.yi)))
    # A chain that was tampered with: the next event of it collides.
    session.execute(update(Ticket).where(Ticket.id == broken.id).values(event_seq=1))
    assert lapse_at(shanghai(2026, 12, 1, 9, 0)) == {**NOTHING, "lapsed": 1, "failed": 1}
    assert fresh(session, sound).status is Status.CLOSED
    assert fresh(session, broken).status is Status.ANSWERED


def test_two_runs_at_once_close_each_ticket_once(
    make: Make, cast: Cast, database: TestDatabase, session: Session
) -> None:
    for number in range(6):
        opened(make, make.handled(make.ticket(enterprise=cast.yi if number % 2 else cast.jia)))
    session.commit()
    context = Context(database.engine, FixedTime(shanghai(2026, 12, 1, 9, 0)))
    counts: list[dict[str, int]] = []
    threads = [threading.Thread(target=lambda: counts.append(lapse.run(context))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sum(each["lapsed"] for each in counts) == 6
    assert sum(each["failed"] for each in counts) == 0
    assert session.scalar(select(func.count()).where(TicketEvent.action == "lapse")) == 6
