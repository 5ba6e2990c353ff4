"""不予受理 and its review: what stands still meanwhile, what ends, what begins anew."""


import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assist.domain.clock import shanghai
from assist.domain.errors import Conflict, Forbidden
from assist.domain.requests import RequestKind, RequestStatus
from assist.domain.status import (
    ClockHolder,
    ClockKind,
    Status,
    Verdict,
)
from assist.models import Message
from assist.services import conversing
from tests.cast import Cast
from tests.make import Make
from tests.reminders import clock
from tests.told import running, sound, told

K = RequestKind


def test_a_decline_stops_the_acceptance_and_pauses_the_rest_until_it_is_decided(
    make: Make, cast: Cast, session: Session
) -> None:
    ticket = make.contacted()
    make.asked(K.DECLINE, ticket)
    assert running(session, ticket) == {"decision"}
    assert clock(session, ticket, ClockKind.ACCEPTANCE).verdict is Verdict.MET
    assert clock(session, ticket, ClockKind.DECISION).holder is ClockHolder.COORDINATOR
    assert any(title.startswith("待审批：张建华申请不予受理") for title in told(session, cast.qian))
    assert not any("不予受理" in title for title in told(session, cast.chen)), "nothing is decided yet"
    assert sound(session) == []


def test_an_approved_decline_ends_the_ticket_and_says_where_to_go_instead(
    make: Make, cast: Cast, session: Session
) -> None:
    ticket = make.contacted()
    make.decided(make.asked(K.DECLINE, ticket), cast.qian)
    session.refresh(ticket)
    assert (ticket.status, ticket.declined_at) == (Status.DECLINED, make.time.at)
    assert running(session, ticket) == set()
    assert clock(session, ticket, ClockKind.RESOLUTION).verdict is Verdict.VOID
    message = session.scalars(
        select(Message).where(Message.recipient_id == cast.chen.id, Message.kind == "decision")
    ).one()
    assert "请向省住建厅窗口申请" in message.body
    assert sound(session) == []


def test_a_refused_decline_brings_a_new_acceptance_time_and_the_pause_is_added(
    make: Make, cast: Cast, session: Session
) -> None:
    ticket = make.contacted()
    request = make.asked(K.DECLINE, ticket)
    before = clock(session, ticket, ClockKind.RESOLUTION)
    due, original = before.due_at, before.original_due_at
    make.at(shanghai(2026, 11, 24, 10)).decided(request, cast.zhao, False, "属于受理范围。")
    after = clock(session, ticket, ClockKind.RESOLUTION)
    assert after.due_at == shanghai(2026, 12, 3, 17, 30) > due
    assert after.original_due_at == original, "only a supplement moves the original due time"
    fresh = clock(session, ticket, ClockKind.ACCEPTANCE)
    assert (fresh.seq, fresh.started_at, fresh.stopped_at) == (2, make.time.at, None)
    assert {"acceptance", "opinion", "resolution"} <= running(session, ticket)
    assert sound(session) == []


def test_a_decline_in_a_supplement_and_its_end_leave_no_wrong_pause(
    make: Make, cast: Cast, session: Session
) -> None:
    ticket = make.act(cast.zhang, make.contacted(), conversing.request_supplement, "请补充合同")
    request = make.asked(K.DECLINE, ticket)
    make.at(shanghai(2026, 11, 24, 10)).act(cast.chen, ticket, conversing.supplement, "合同已上传")
    resolution = clock(session, ticket, ClockKind.RESOLUTION)
    assert resolution.original_due_at == shanghai(2026, 12, 3, 17, 30), "the supplement's night counts"
    assert resolution.paused_at == make.time.at, "the decline still waits"
    make.at(shanghai(2026, 11, 25, 10)).decided(request, cast.qian, False)
    resolution = clock(session, ticket, ClockKind.RESOLUTION)
    assert resolution.paused_at is None
    assert resolution.due_at == shanghai(2026, 12, 4, 17, 30)
    assert resolution.original_due_at == shanghai(2026, 12, 3, 17, 30)
    assert sound(session) == []


def test_a_supplement_asked_while_a_decline_waits_takes_over_the_pause(
    make: Make, cast: Cast, session: Session
) -> None:
    ticket = make.contacted()
    request = make.asked(K.DECLINE, ticket)
    make.at(shanghai(2026, 11, 24, 10)).act(cast.zhang, ticket, conversing.request_supplement, "请补充")
    make.at(shanghai(2026, 11, 25, 10)).decided(request, cast.qian, False)
    fresh = clock(session, ticket, ClockKind.ACCEPTANCE)
    assert fresh.paused_at == make.time.at, "in a supplement the new acceptance stands still with the others"
    make.at(shanghai(2026, 11, 26, 10)).act(cast.chen, ticket, conversing.supplement, "已补")
    resolution = clock(session, ticket, ClockKind.RESOLUTION)
    assert resolution.due_at == shanghai(2026, 12, 7, 17, 30), "three nights in all"
    assert resolution.original_due_at == shanghai(2026, 12, 4, 17, 30), "two of them by the supplement"
    assert running(session, ticket) >= {"acceptance", "opinion", "resolution"}
    assert sound(session) == []


def test_accepting_lets_a_pending_decline_fall(make: Make, cast: Cast, session: Session) -> None:
    ticket = make.contacted()
    request = make.asked(K.DECLINE, ticket)
    make.handled(ticket)
    session.refresh(request)
    assert request.status is RequestStatus.DROPPED
    assert running(session, ticket) == {"resolution", "progress"}
    with pytest.raises(Conflict, match="已于.*失效"):
        make.decided(request, cast.qian)
    session.rollback()
    assert sound(session) == []


def test_a_decline_is_reviewed_once_by_a_supervisor_and_begins_anew(
    make: Make, cast: Cast, session: Session
) -> None:
    ticket = make.ticket()
    make.decided(make.asked(K.DECLINE, ticket), cast.qian)
    review = make.at(shanghai(2026, 11, 30, 9)).asked(K.DECLINE_REVIEW, ticket, cast.chen)
    with pytest.raises(Forbidden):
        make.decided(review, cast.zhao)
    session.rollback()
    make.decided(review, cast.wang)
    session.refresh(ticket)
    assert (ticket.status, ticket.declined_at) == (Status.SUBMITTED, None)
    assert running(session, ticket) == {"acceptance", "contact", "opinion", "resolution"}
    assert clock(session, ticket, ClockKind.RESOLUTION).due_at == shanghai(2026, 12, 9, 17, 30)
    make.decided(make.asked(K.DECLINE, ticket), cast.qian)
    with pytest.raises(Conflict, match="只能申请复核一次"):
        make.asked(K.DECLINE_REVIEW, ticket, cast.chen)
    session.rollback()
    assert sound(session) == []


def test_after_fifteen_working_days_a_decline_stands(make: Make, cast: Cast, session: Session) -> None:
    ticket = make.contacted()
    make.decided(make.asked(K.DECLINE, ticket), cast.qian)
    with pytest.raises(Conflict, match="超过15个工作日"):
        make.at(shanghai(2026, 12, 15, 9)).asked(K.DECLINE_REVIEW, ticket, cast.chen)
