"""交接 and what may happen in the very same moment: both acknowledge, tickets are submitted and reopened."""

from typing import Any

from sqlalchemy import select

from assist.domain.clock import FixedTime
from assist.domain.handovers import HandoverStatus
from assist.domain.status import Status
from assist.models import Handover, Ticket
from assist.services import access, closing, handing_over, intake
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
