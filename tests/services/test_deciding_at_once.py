"""Two decide in the same moment, or decide what somebody makes fall: one wins, the other is told who and when."""

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assist.domain.clock import FixedTime
from assist.domain.errors import Conflict
from assist.domain.requests import RequestKind, RequestStatus
from assist.domain.status import Outcome
from assist.models import ClockMove, Request, TicketEvent
from assist.services import access, answering, deciding, requesting
from assist.services.queries import invariants
from assist.services.work import Work
from tests import asking
from tests.cast import Cast
from tests.engines import TestDatabase
from tests.make import Make
from tests.services.test_concurrency import at_once

K = RequestKind


def test_of_two_decisions_at_once_one_holds_and_the_other_is_told_who(
    database: TestDatabase, time: FixedTime, make: Make, cast: Cast
) -> None:
    request_id = make.asked(K.DEFERRAL, on=date(2026, 12, 9)).id
    make.session.close()

    def decided(is_approved: bool) -> object:
        return lambda work: deciding.decide(work, request_id, is_approved, "意见").status

    came = at_once(database, time, cast.qian, [decided(True), decided(False), decided(True)])  # type: ignore[list-item]
    refused = [one for one in came if isinstance(one, Conflict)]
    assert len(refused) == 2, came
    assert all("钱调度 已于11月23日09:30审批" in one.sentence for one in refused)
    with Session(database.engine) as session:
        counted = select(func.count()).where(TicketEvent.action == "decide").select_from(TicketEvent)
        assert session.scalar(counted) == 1
        granted = session.scalars(select(Request.status)).one() is RequestStatus.APPROVED
        moved = select(func.count()).where(ClockMove.why == "第1次延期").select_from(ClockMove)
        assert session.scalar(moved) == (1 if granted else 0)
        assert list(invariants.broken(session)) == []


def test_an_answer_and_a_decision_at_once_leave_nothing_half_done(
    database: TestDatabase, time: FixedTime, make: Make, cast: Cast
) -> None:
    ticket = make.handled()
    request_id, number = make.asked(K.SUSPENSION, ticket, on=date(2026, 12, 9)).id, ticket.number
    make.session.close()

    def decided(work: Work) -> object:
        own = Work(work.session, work.time, cast.zhao.actor)
        return deciding.decide(own, request_id, True, "意见").status

    def answered(work: Work) -> object:
        own = Work(work.session, work.time, cast.zhang.actor)
        found = access.ticket(own, number, lock=True)
        return answering.answer(own, found, Outcome.SOLVED, "已解决。", "内部").seq

    came = at_once(database, time, cast.zhao, [decided, answered])
    assert isinstance(came[1], int), came
    with Session(database.engine) as session:
        request = session.get_one(Request, request_id)
        assert request.status in (RequestStatus.APPROVED, RequestStatus.DROPPED)
        assert (request.ended_at is not None) == (request.status is RequestStatus.APPROVED)
        assert list(invariants.broken(session)) == []


def test_the_same_is_asked_at_once_once(
    database: TestDatabase, time: FixedTime, make: Make, cast: Cast
) -> None:
    number = make.handled().number
    make.session.close()

    def asked(work: Work) -> object:
        why, facts = asking.filled_in(K.DEFERRAL, date(2026, 12, 9))
        return requesting.ask(work, access.ticket(work, number, lock=True), K.DEFERRAL, why, facts).id

    came = at_once(database, time, cast.zhang, [asked, asked, asked])
    assert sum(isinstance(one, Conflict) for one in came) == 2, came
