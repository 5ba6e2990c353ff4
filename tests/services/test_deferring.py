"""延期: the red card waits for a decision asked in time; granted it moves the due time, else the card comes."""

from datetime import date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assist.domain.clock import shanghai
from assist.domain.errors import Conflict, Forbidden, Invalid
from assist.domain.requests import RequestKind, RequestStatus
from assist.domain.status import ClockHolder, ClockKind, Verdict
from assist.domain.tasks import TaskResult, TaskStatus
from assist.models import ClockMove, Ticket
from assist.services import task_endings
from tests.cast import Cast
from tests.make import Make
from tests.reminders import Sweep, clock, of_kind, reminders
from tests.told import sound, told

K = RequestKind
DUE = shanghai(2026, 12, 2, 17, 30)  # of a plain ticket handled on the morning of 11-23
AFTER = shanghai(2026, 12, 3, 9)


def cards(session: Session, ticket: Ticket, kind: ClockKind = ClockKind.RESOLUTION) -> set[str]:
    return {step for step, _ in of_kind(session, ticket, kind)} - {"early", "warning"}


def due(session: Session, ticket: Ticket) -> datetime:
    return clock(session, ticket, ClockKind.RESOLUTION).due_at


def work_days_later(make: Make, at: datetime, days: int) -> date:
    return make.work().settings.calendar.day_due(at, days).date()


def test_asked_in_time_the_red_card_waits_and_a_refusal_brings_it_with_its_time(
    make: Make, cast: Cast, session: Session, sweep: Sweep
) -> None:
    ticket = make.handled()
    request = make.at(shanghai(2026, 12, 2, 15)).asked(K.DEFERRAL, ticket, on=date(2026, 12, 9))
    sweep(AFTER)
    assert cards(session, ticket) == set(), "it waits"
    make.at(shanghai(2026, 12, 3, 10)).decided(request, cast.qian, False, "可以按期办结。")
    sweep(shanghai(2026, 12, 3, 10, 5))
    assert cards(session, ticket) == {"breach"}
    found = clock(session, ticket, ClockKind.RESOLUTION)
    assert (found.due_at, found.waits_since) == (DUE, None), "the old time, not that of the refusal"
    make.answered(ticket)
    assert clock(session, ticket, ClockKind.RESOLUTION).verdict is Verdict.MISSED
    assert sound(session) == []


def test_the_deciders_own_lateness_is_a_card_of_the_deciders(
    make: Make, cast: Cast, session: Session, sweep: Sweep
) -> None:
    ticket = make.handled()
    make.at(shanghai(2026, 12, 2, 15)).asked(K.DEFERRAL, ticket, on=date(2026, 12, 9))
    sweep(shanghai(2026, 12, 4, 9))
    assert cards(session, ticket) == set()
    assert ("breach", str(cast.qian.id)) in of_kind(session, ticket, ClockKind.DECISION)
    assert {message.location for message in reminders(session, cast.qian.id)} == {"/requests/1"}
    assert not any(key == str(cast.zhang.id) for _, key in of_kind(session, ticket, ClockKind.DECISION))


def test_granted_after_the_due_time_it_counts_from_then_and_no_red_card_ever_comes(
    make: Make, cast: Cast, session: Session, sweep: Sweep
) -> None:
    ticket = make.handled()
    request = make.at(shanghai(2026, 12, 2, 15)).asked(K.DEFERRAL, ticket, on=date(2026, 12, 9))
    make.at(shanghai(2026, 12, 3, 10)).decided(request, cast.qian)
    found = clock(session, ticket, ClockKind.RESOLUTION)
    assert (found.due_at, found.original_due_at) == (shanghai(2026, 12, 9, 17, 30), DUE)
    move = session.scalars(select(ClockMove).where(ClockMove.clock_id == found.id)).all()[-1]
    assert (move.old_due_at, move.new_due_at, move.why) == (DUE, found.due_at, "第1次延期")
    session.refresh(ticket)
    assert (ticket.deferral_count, ticket.due_at) == (1, found.due_at)
    assert any("已延期至12月9日17:30" in title for title in told(session, cast.chen))
    sweep(shanghai(2026, 12, 9, 17))
    assert cards(session, ticket) == set()
    sweep(shanghai(2026, 12, 10, 9))
    assert cards(session, ticket) == {"breach"}
    assert sound(session) == []


def test_a_deferral_decided_after_its_own_day_holds_until_the_close_of_today(
    make: Make, cast: Cast, session: Session
) -> None:
    ticket = make.handled()
    request = make.at(shanghai(2026, 12, 2, 15)).asked(K.DEFERRAL, ticket, on=date(2026, 12, 3))
    make.at(shanghai(2026, 12, 7, 10)).decided(request, cast.qian)
    assert due(session, ticket) == shanghai(2026, 12, 7, 17, 30)


def test_an_answer_lets_what_waits_fall_and_the_lateness_is_told(
    make: Make, cast: Cast, session: Session
) -> None:
    ticket = make.handled()
    request = make.at(shanghai(2026, 12, 2, 15)).asked(K.DEFERRAL, ticket, on=date(2026, 12, 9))
    make.at(AFTER).answered(ticket)
    session.refresh(request)
    assert request.status is RequestStatus.DROPPED
    assert clock(session, ticket, ClockKind.RESOLUTION).verdict is Verdict.MISSED
    assert clock(session, ticket, ClockKind.DECISION).stopped_at == AFTER
    assert sound(session) == []


def test_after_the_due_time_nothing_is_deferred(make: Make, session: Session) -> None:
    ticket = make.handled()
    with pytest.raises(Conflict, match="到期前才可以申请"):
        make.at(AFTER).asked(K.DEFERRAL, ticket, on=date(2026, 12, 9))


def test_a_deferral_is_seven_working_days_at_most_and_the_second_is_the_citys(
    make: Make, cast: Cast, session: Session
) -> None:
    ticket = make.handled()
    for day, sentence in ((date(2026, 12, 2), "晚于现在的时限"), (date(2026, 12, 14), "最晚可到12月11日")):
        with pytest.raises(Invalid, match=sentence):
            make.asked(K.DEFERRAL, ticket, on=day)
        session.rollback()
    with pytest.raises(Invalid, match="告知企业"):
        make.asked(K.DEFERRAL, ticket, on=date(2026, 12, 11), is_told=False)
    session.rollback()
    make.decided(make.asked(K.DEFERRAL, ticket, on=date(2026, 12, 11)), cast.qian)
    second = make.asked(K.DEFERRAL, ticket, on=date(2026, 12, 22))
    assert second.decider is ClockHolder.CITY
    with pytest.raises(Forbidden):
        make.decided(second, cast.qian)
    session.rollback()
    make.decided(second, cast.zhao)
    with pytest.raises(Conflict, match="已延期2次"):
        make.asked(K.DEFERRAL, ticket, on=date(2026, 12, 24))


def test_seven_working_days_over_spring_festival_are_working_days(
    make: Make, cast: Cast, session: Session
) -> None:
    ticket = make.at(shanghai(2027, 1, 25, 9, 30)).handled()
    first = due(session, ticket)
    assert first == shanghai(2027, 2, 3, 17, 30)
    most = work_days_later(make, first, 7)
    make.decided(make.asked(K.DEFERRAL, ticket, on=most), cast.qian)
    assert due(session, ticket).date() == most
    assert (most - first.date()).days > 7 + 4, "the festival lies between"
    assert sound(session) == []


def test_a_clock_waits_for_one_decision_at_a_time(make: Make, session: Session) -> None:
    ticket = make.handled()
    make.asked(K.DEFERRAL, ticket, on=date(2026, 12, 9))
    with pytest.raises(Conflict, match="已有一项延期申请在等待审批"):
        make.asked(K.SUSPENSION, ticket, on=date(2026, 12, 18))


def test_a_unit_asks_its_owner_for_more_time_and_its_red_card_waits(
    make: Make, cast: Cast, session: Session, sweep: Sweep
) -> None:
    task = make.signed()
    ticket = task.ticket
    reply = clock(session, ticket, ClockKind.TASK_REPLY)
    assert reply.due_at == shanghai(2026, 11, 26, 17, 30)
    request = make.at(shanghai(2026, 11, 26, 15)).asked_for_task(K.DEFERRAL, task, on=date(2026, 12, 1))
    assert request.decider is ClockHolder.OWNER
    sweep(shanghai(2026, 11, 27, 9))
    assert cards(session, ticket, ClockKind.TASK_REPLY) == set()
    with pytest.raises(Forbidden):
        make.decided(request, cast.zhao)
    session.rollback()
    make.at(shanghai(2026, 11, 27, 10)).decided(request, cast.zhang)
    reply = clock(session, ticket, ClockKind.TASK_REPLY)
    assert (reply.due_at, reply.waits_since) == (shanghai(2026, 12, 1, 17, 30), None)
    assert session.get_one(type(task), task.id).deferral_count == 1
    assert any("延期申请已同意" in title for title in told(session, cast.zhou))
    make.replied(task, TaskResult.DONE)
    assert sound(session) == []


def test_a_reply_lets_the_units_request_fall_and_a_refusal_brings_its_card(
    make: Make, cast: Cast, session: Session, sweep: Sweep
) -> None:
    task = make.signed()
    ticket = task.ticket
    request = make.at(shanghai(2026, 11, 26, 15)).asked_for_task(K.DEFERRAL, task, on=date(2026, 12, 1))
    make.at(shanghai(2026, 11, 27, 10)).decided(request, cast.zhang, False, "请按期反馈。")
    sweep(shanghai(2026, 11, 27, 10, 5))
    assert cards(session, ticket, ClockKind.TASK_REPLY) == {"breach"}
    again = make.at(shanghai(2026, 11, 23, 10)).signed(make.dispatched(ticket=make.handled(make.ticket())))
    pending = make.asked_for_task(K.DEFERRAL, again, on=date(2026, 12, 1))
    make.replied(again)
    session.refresh(pending)
    assert pending.status is RequestStatus.DROPPED


def test_a_unit_gives_a_task_back_within_a_day_once_and_the_coordinator_decides(
    make: Make, cast: Cast, session: Session
) -> None:
    task, other = make.dispatched(), cast.zhang.actor.unit_id
    with pytest.raises(Invalid, match="建议的承办单位"):
        make.asked_for_task(K.TASK_RETURN, task, unit=task.unit_id)
    session.rollback()
    refused = make.asked_for_task(K.TASK_RETURN, task, unit=other)
    make.decided(refused, cast.qian, False, "属你单位职责。")
    with pytest.raises(Conflict, match="只能申请退回一次"):
        make.asked_for_task(K.TASK_RETURN, task, unit=other)
    session.rollback()
    second = make.dispatched(ticket=make.handled(make.ticket()))
    make.decided(make.asked_for_task(K.TASK_RETURN, second, unit=other), cast.qian)
    assert session.get_one(type(second), second.id).status is TaskStatus.RETURNED
    assert task_endings.open_tasks(make.work(cast.zhang), second.ticket) == []
    third = make.dispatched(ticket=make.handled(make.ticket()))
    with pytest.raises(Conflict, match="超过1个工作日"):
        make.at(shanghai(2026, 11, 25, 9)).asked_for_task(K.TASK_RETURN, third, unit=other)
    session.rollback()
    assert sound(session) == []
