"""交接 and what may happen in the very same moment: both acknowledge, tickets are submitted and reopened."""

from typing import Any

from sqlalchemy import select

from assist.domain.clock import FixedTime
from assist.domain.errors import Forbidden
from assist.domain.handovers import HandoverStatus
from assist.domain.status import Outcome, Status
from assist.models import Handover, Ticket
from assist.services import access, answering, closing, conversing, handing_over, intake, pairing
from tests.cast import Cast, Person
from tests.engines import TestDatabase
from tests.make import Make
from tests.services.test_concurrency import at_once
from tests.services.test_handing_over import acknowledged, passed, prepared


def test_both_acknowledge_at_once_and_it_takes_effect_once(
    database: TestDatabase, time: FixedTime, make: Make, cast: Cast
) -> None:
    ticket = make.ticket()
    found = prepared(make, cast)
    ticket_id, handover_id = ticket.id, found.id
    make.session.close()

    def by(person: Person) -> Any:
        def deed(work: Any) -> Any:
            work.actor = person.actor
            return handing_over.acknowledge(work, handover_id).status.value

        return deed

    came = at_once(database, time, cast.zhang, [by(cast.zhang), by(cast.wu), by(cast.zhang), by(cast.wu)])
    assert set(came) <= {"prepared", "effective"}
    ticket = make.session.get_one(Ticket, ticket_id)
    assert ticket.owner_id == cast.wu.id
    assert passed(make, ticket) == [[cast.zhang.id, cast.wu.id]]
    assert make.session.get_one(Handover, handover_id).status is HandoverStatus.EFFECTIVE


def test_a_ticket_submitted_in_the_very_moment_belongs_to_the_active_officer_all_the_same(
    database: TestDatabase, time: FixedTime, make: Make, cast: Cast
) -> None:
    found = prepared(make, cast)
    acknowledged(make, cast.wu, found)
    closed_number, handover_id = make.closed().number, found.id
    make.session.close()

    def submit(work: Any) -> Any:
        work.actor = cast.chen.actor
        return intake.submit(work, cast.jia, intake.Submission("交接当口提交的问题")).number

    def reopen(work: Any) -> Any:
        work.actor = cast.chen.actor
        return closing.reopen(work, access.ticket(work, closed_number, lock=True), "又出现了").seq

    def effect(work: Any) -> Any:
        return handing_over.acknowledge(work, handover_id).id

    came = at_once(database, time, cast.zhang, [submit, effect, submit, reopen, submit])
    assert len({one for one in came if isinstance(one, str)}) == 3
    owners = make.session.scalars(select(Ticket.owner_id).where(Ticket.status != Status.CLOSED)).all()
    assert owners == [cast.wu.id] * 4


def test_acts_on_its_tickets_and_the_end_of_a_pairing_do_not_wait_for_each_other_for_ever(
    database: TestDatabase, time: FixedTime, make: Make, cast: Cast
) -> None:
    number = make.handled().number
    make.session.close()

    def nudge(work: Any) -> Any:
        work.actor = cast.wang.actor  # a supervisor's act does not end with the pairing
        return conversing.nudge(work, access.ticket(work, number, lock=True), "请尽快办理").seq

    def answer(work: Any) -> Any:
        work.actor = cast.zhang.actor
        ticket = access.ticket(work, number, lock=True)
        return answering.answer(work, ticket, Outcome.SOLVED, "已办结。", "内部情况。").seq

    def end(work: Any) -> Any:
        return pairing.end(work, cast.jia, "岗位调整").id

    came = at_once(database, time, cast.zhao, [nudge, answer, end])
    assert isinstance(came[0], int)
    assert isinstance(came[2], int)
    assert isinstance(came[1], int | Forbidden)  # before the end of the pairing, or after it
    ticket = make.session.scalars(select(Ticket).where(Ticket.number == number)).one()
    assert ticket.owner_id is None
