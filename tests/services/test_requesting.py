"""What is asked and decided: withdrawal, grading, urgency, coordination, objections; by whom and how often."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assist.domain.clock import shanghai
from assist.domain.errors import Conflict, Forbidden, Invalid, NotFound
from assist.domain.requests import ObjectionSubject, RequestKind, RequestStatus
from assist.domain.status import (
    CallbackReason,
    ClockHolder,
    ClockKind,
    Difficulty,
    Status,
    TicketType,
    Urgency,
    Verdict,
)
from assist.domain.tasks import TaskStatus
from assist.models import Callback, ClockMove, Request, StandIn, Ticket, TicketEvent
from assist.services import closing, configuring, handling
from tests.cast import Cast
from tests.make import Make
from tests.reminders import clock
from tests.told import running, sound, told

K = RequestKind


def test_a_withdrawal_from_handling_is_asked_cancels_the_tasks_and_owes_a_callback(
    make: Make, cast: Cast, session: Session
) -> None:
    ticket = make.handled()
    task = make.dispatched(ticket=ticket)
    make.decided(make.asked(K.WITHDRAWAL, ticket, cast.chen, reason="已自行解决。"), cast.qian)
    session.refresh(ticket)
    assert ticket.status is Status.WITHDRAWN
    assert session.get_one(type(task), task.id).status is TaskStatus.CANCELLED
    assert session.scalars(select(Callback.reason)).one() is CallbackReason.WITHDRAWN
    assert "撤回申请已同意" in "".join(told(session, cast.chen))
    assert "撤回申请已同意" in "".join(told(session, cast.zhang))
    assert running(session, ticket) == {"callback"}
    assert sound(session) == []


def test_hard_is_asked_by_accepting_and_complex_holds_until_it_is_decided(
    make: Make, cast: Cast, session: Session
) -> None:
    ticket = make.handled(difficulty=Difficulty.HARD)
    session.refresh(ticket)
    assert (ticket.difficulty, ticket.due_at) == (Difficulty.COMPLEX, shanghai(2026, 12, 14, 17, 30))
    request = session.scalars(select(Request)).one()
    assert (request.kind, request.facts) == (K.DIFFICULTY, {"difficulty": "hard"})
    make.at(shanghai(2026, 11, 24, 9)).decided(request, cast.qian)
    session.refresh(ticket)
    assert (ticket.difficulty, ticket.due_at) == (Difficulty.HARD, shanghai(2027, 1, 5, 17, 30))
    found = clock(session, ticket, ClockKind.RESOLUTION)
    assert found.original_due_at == shanghai(2026, 12, 14, 17, 30), "the first accept alone sets it"
    moves = select(ClockMove.why).where(ClockMove.clock_id == found.id).order_by(ClockMove.id)
    assert session.scalars(moves).all()[-1] == "审定为疑难事项"
    assert sound(session) == []


def test_a_grading_into_a_restricted_category_passes_the_ticket_to_the_person_named(
    make: Make, cast: Cast, session: Session
) -> None:
    configuring.name_for_restricted(make.work(cast.wang), cast.zhao.id)
    session.commit()
    ticket = make.handled()
    make.dispatched(ticket=ticket)
    waits = make.asked(K.DEFERRAL, ticket, on=date(2026, 12, 4))
    make.decided(make.asked(K.DIFFICULTY, ticket, category="1301", difficulty=None, type=None), cast.qian)
    session.expire_all()
    assert (ticket.owner_id, ticket.is_restricted) == (cast.zhao.id, True)
    assert waits.decider is ClockHolder.SUPERVISOR, "what is pending is for those who still may know"
    assert clock(session, ticket, ClockKind.TASK_REPLY).stopped_at is not None, "no unit works on it"
    for person in (cast.zhang, cast.qian):
        with pytest.raises((NotFound, Forbidden)):
            make.decided(waits, person)
        session.rollback()
    make.decided(waits, cast.wang)


def test_an_approved_urgency_brings_the_contact_forward_and_never_back(
    make: Make, cast: Cast, session: Session
) -> None:
    ticket = make.at(shanghai(2026, 11, 20, 17, 0)).ticket()
    assert clock(session, ticket, ClockKind.CONTACT).due_at == shanghai(2026, 11, 23, 10, 0)
    request = make.asked(K.URGENCY, ticket, cast.chen)
    assert clock(session, ticket, ClockKind.DECISION).due_at == shanghai(2026, 11, 20, 19, 0), "at any hour"
    make.at(shanghai(2026, 11, 20, 18)).decided(request, cast.zhao)
    session.refresh(ticket)
    assert (ticket.urgency, ticket.critical_at) == (Urgency.CRITICAL, make.time.at)
    assert clock(session, ticket, ClockKind.CONTACT).due_at == shanghai(2026, 11, 20, 20, 0)
    with pytest.raises(Conflict, match="已经是特急"):
        make.asked(K.URGENCY, ticket)
    session.rollback()
    assert sound(session) == []


def test_who_asked_never_decides_nor_does_his_stand_in_nor_whoever_works_on_it(
    make: Make, cast: Cast, session: Session
) -> None:
    session.add(
        StandIn(
            officer_id=cast.zhang.id,
            stand_in_id=cast.zhao.id,
            started_at=shanghai(2026, 11, 1),
            ended_at=shanghai(2026, 12, 31),
            made_at=shanghai(2026, 11, 1),
        )
    )
    session.commit()
    acting = replace(cast.zhao, actor=replace(cast.zhao.actor, stands_in_for=frozenset({cast.zhang.id})))
    request = make.asked(K.DIFFICULTY)
    with pytest.raises(Forbidden, match="您是申请人"):
        make.decided(request, acting)
    session.rollback()
    own = make.asked(K.URGENCY, session.get_one(Ticket, request.ticket_id), acting)
    assert own.asked_by_id == cast.zhao.id
    with pytest.raises(Forbidden):
        make.decided(own, acting)
    session.rollback()
    make.decided(own, cast.qian)


def test_a_second_decision_is_told_who_decided_and_when(make: Make, cast: Cast, session: Session) -> None:
    request = make.asked(K.DIFFICULTY)
    make.decided(request, cast.qian)
    with pytest.raises(Conflict, match="钱调度 已于11月23日09:30审批“同意”"):
        make.decided(request, cast.zhao, False)
    session.rollback()
    assert session.get_one(Request, request.id).status is RequestStatus.APPROVED


@pytest.mark.parametrize("who", ["sun", "li", "zhou", "wu", "xi"])
def test_a_request_of_another_enterprise_is_not_found(who: str, make: Make, cast: Cast, session: Session) -> None:
    request = make.asked(K.DIFFICULTY)
    with pytest.raises(NotFound):
        make.decided(request, getattr(cast, who))


@pytest.mark.parametrize(("kind", "who"), [(K.DECLINE, "chen"), (K.WITHDRAWAL, "zhang"), (K.DEFERRAL, "qian")])
def test_a_kind_is_asked_by_those_whose_it_is(
    kind: RequestKind, who: str, make: Make, cast: Cast, session: Session
) -> None:
    ticket = make.contacted() if kind is K.DECLINE else make.handled()
    with pytest.raises(Forbidden):
        make.asked(kind, ticket, getattr(cast, who), on=date(2026, 12, 4))


def test_a_kind_is_asked_once_at_a_time_and_only_in_its_statuses(make: Make, session: Session) -> None:
    ticket = make.handled()
    make.asked(K.DIFFICULTY, ticket)
    with pytest.raises(Conflict, match="已有一项定级申请"):
        make.asked(K.DIFFICULTY, ticket)
    session.rollback()
    with pytest.raises(Conflict, match="现在是“办理中”，不能申请不予受理"):
        make.asked(K.DECLINE, ticket)


def test_a_grading_that_changes_nothing_and_a_refusal_without_words_are_refused(
    make: Make, cast: Cast, session: Session
) -> None:
    ticket = make.handled()
    with pytest.raises(Invalid, match="至少更改"):
        make.asked(K.DIFFICULTY, ticket, difficulty=Difficulty.GENERAL, type=TicketType.HELP)
    session.rollback()
    request = make.asked(K.DIFFICULTY, ticket)
    for note, sentence in (("  ", "请填写不同意的理由"), ("字" * 2001, "2000字以内")):
        with pytest.raises(Invalid, match=sentence):
            make.decided(request, cast.qian, False, note)
        session.rollback()


def test_coordination_is_the_head_of_the_work_groups_or_where_there_is_none_the_citys(
    make: Make, cast: Cast, session: Session
) -> None:
    request = make.asked(K.COORDINATION, on=date(2026, 11, 27))
    assert clock(session, make.session.get_one(Ticket, request.ticket_id), ClockKind.DECISION).due_at == shanghai(
        2026, 11, 30, 17, 30
    )
    with pytest.raises(Invalid, match="批示内容或会议纪要"):
        make.decided(request, cast.liu, note="")
    session.rollback()
    make.decided(request, cast.liu, note="请住建局周五前明确。")
    other = make.asked(K.COORDINATION, make.handled(make.ticket(by=cast.sun)), on=date(2026, 11, 27))
    assert other.decider is ClockHolder.CITY


def test_at_the_third_return_the_system_asks_for_coordination_itself(
    make: Make, cast: Cast, session: Session
) -> None:
    ticket = make.returned(make.returned(make.returned()))
    request = session.scalars(select(Request)).one()
    assert (request.kind, request.asked_by_id, request.decider) == (K.COORDINATION, None, ClockHolder.LEADER)
    assert any("系统提请协调" in title for title in told(session, cast.liu))
    assert any("3次退回" in title for title in told(session, cast.wang))
    make.decided(request, cast.liu, note="已开会，纪要附后。")
    assert sound(session) == []
    make.returned(make.answered(ticket))
    assert len(session.scalars(select(Request)).all()) == 1, "once"


def test_an_objection_never_falls_and_changes_no_verdict(make: Make, cast: Cast, session: Session) -> None:
    ticket = make.ticket()
    make.at(shanghai(2026, 11, 23, 15)).contacted(ticket)
    late = clock(session, ticket, ClockKind.CONTACT)
    assert late.verdict is Verdict.MISSED
    about = f"clock:{late.id}"
    with pytest.raises(Invalid, match="具体时限"):
        make.asked(K.OBJECTION, ticket, about="clock:999999")
    session.rollback()
    request = make.asked(K.OBJECTION, ticket, about=about, subject=ObjectionSubject.VERDICT)
    with pytest.raises(Conflict, match="已经提出"):
        make.asked(K.OBJECTION, ticket, about=about, subject=ObjectionSubject.VERDICT)
    session.rollback()
    make.act(cast.chen, ticket, closing.withdraw, "不办了")
    session.refresh(request)
    assert request.status is RequestStatus.PENDING
    make.decided(request, cast.wang, note="系统短信故障，情况属实。")
    assert clock(session, ticket, ClockKind.CONTACT).verdict is Verdict.MISSED
    assert request.facts["clock_id"] == late.id
    assert sound(session) == []


def test_what_is_asked_and_decided_stands_in_the_chain_and_the_enterprise_reads_what_concerns_it(
    make: Make, cast: Cast, session: Session
) -> None:
    ticket = make.handled()
    make.decided(make.asked(K.DEFERRAL, ticket, on=date(2026, 12, 4)), cast.qian)
    make.decided(make.asked(K.COORDINATION, ticket, on=date(2026, 11, 27)), cast.liu)
    events = session.scalars(
        select(TicketEvent).where(TicketEvent.action.in_(["request", "decide"])).order_by(TicketEvent.seq)
    ).all()
    seen = [(event.fields["kind"], event.action.value, event.is_visible) for event in events]
    assert seen == [
        ("deferral", "request", False),
        ("deferral", "decide", True),
        ("coordination", "request", False),
        ("coordination", "decide", False),
    ]
    handled = make.act(cast.zhang, ticket, handling.progress, "正在办", is_visible=True)
    assert handled.deferral_count == 1
