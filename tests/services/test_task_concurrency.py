"""Two at once on one task, really at once: one wins, the other is told; nothing is counted twice."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assist.domain.clock import FixedTime
from assist.domain.errors import Conflict, Refused, StaleTicket
from assist.domain.status import Outcome, Status
from assist.domain.tasks import TaskKind, TaskResult, TaskStatus
from assist.models import Clock, Task, TaskReply, Ticket, TicketEvent
from assist.services import access, answering, task_access, tasking
from assist.services.work import Work
from tests.cast import Cast
from tests.engines import TestDatabase
from tests.make import Make
from tests.services.test_concurrency import at_once
from tests.tasks import county_unit


def test_two_colleagues_sign_at_once_and_one_has_it_in_hand(
    database: TestDatabase, time: FixedTime, make: Make, cast: Cast
) -> None:
    number = make.dispatched().number
    make.session.close()

    def sign(work: Work) -> Any:
        return tasking.sign(work, task_access.task(work, number, lock=True)).seq

    came = at_once(database, time, cast.zhou, [sign, sign, sign])
    assert len([one for one in came if isinstance(one, int)]) == 1, came
    assert len([one for one in came if isinstance(one, Conflict)]) == 2
    with Session(database.engine) as session:
        signed = select(func.count()).where(TicketEvent.action == "task_sign").select_from(TicketEvent)
        assert session.scalar(signed) == 1


def test_the_owner_accepts_and_sends_back_at_once_and_one_of_them_holds(
    database: TestDatabase, time: FixedTime, make: Make, cast: Cast
) -> None:
    task = make.replied()
    number, version = task.number, task.version
    make.session.close()

    def accept(work: Work) -> Any:
        found = task_access.task(work, number, lock=True)
        return tasking.accept_reply(work, found, version=version).seq

    def send_back(work: Work) -> Any:
        found = task_access.task(work, number, lock=True)
        return tasking.send_back(work, found, "没有附图纸", version=version).seq

    came = at_once(database, time, cast.zhang, [accept, send_back])
    stale = [one for one in came if isinstance(one, StaleTicket)]
    assert len(stale) == 1, came
    assert "张建华" in stale[0].sentence
    with Session(database.engine) as session:
        found = session.scalars(select(Task)).one()
        given = session.scalars(select(TaskReply)).one()
        assert (found.status is TaskStatus.ACCEPTED) == (given.accepted_at is not None)
        running = select(func.count()).where(Clock.task_id == found.id, Clock.stopped_at.is_(None))
        assert session.scalar(running) == (0 if found.status is TaskStatus.ACCEPTED else 1)


def test_two_ask_at_once_and_the_numbers_follow_each_other(
    database: TestDatabase, time: FixedTime, make: Make, cast: Cast
) -> None:
    ticket = make.handled()
    number = ticket.number
    units = [cast.zhou.actor.unit_id, county_unit(make.session, cast), cast.zhang.actor.unit_id]
    make.session.close()

    def ask(unit_id: int | None) -> Any:
        def deed(work: Work) -> Any:
            found = access.ticket(work, number, lock=True)
            return tasking.ask(work, found, unit_id, TaskKind.ASSIST, "请核实").number

        return deed

    came = at_once(database, time, cast.zhang, [ask(unit_id) for unit_id in units])
    assert sorted(came) == [f"{number}-{no:02d}" for no in (1, 2, 3)]


def test_asking_and_answering_at_once_never_leave_an_answered_ticket_with_an_open_task(
    database: TestDatabase, time: FixedTime, make: Make, cast: Cast
) -> None:
    ticket = make.handled()
    number, version, unit_id = ticket.number, ticket.version, cast.zhou.actor.unit_id
    make.session.close()

    def ask(work: Work) -> Any:
        found = access.ticket(work, number, lock=True)
        return tasking.ask(work, found, unit_id, TaskKind.LEAD, "请核实").number

    def answer(work: Work) -> Any:
        found = access.ticket(work, number, lock=True)
        return answering.answer(work, found, Outcome.SOLVED, "已办", "内部", version=version).seq

    came = at_once(database, time, cast.zhang, [ask, answer])
    assert len([one for one in came if isinstance(one, Refused)]) == 1, came
    with Session(database.engine) as session:
        found = session.scalars(select(Ticket)).one()
        tasks = session.scalar(select(func.count()).select_from(Task))
        assert (found.status is Status.ANSWERED) == (tasks == 0)


def test_replies_at_once_are_one_reply(
    database: TestDatabase, time: FixedTime, make: Make, cast: Cast
) -> None:
    number = make.signed().number
    make.session.close()

    def reply(work: Work) -> Any:
        found = task_access.task(work, number, lock=True)
        return tasking.reply(work, found, TaskResult.DONE, "已办理").seq

    at_once(database, time, cast.zhou, [reply] * 4)
    with Session(database.engine) as session:
        assert session.scalar(select(func.count()).select_from(TaskReply)) == 1
