"""Two at once, really at once: threads with their own connections, started together."""

import threading
from collections.abc import Callable
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assist.domain.clock import FixedTime
from assist.domain.errors import AlreadyDone, Refused, StaleTicket
from assist.domain.status import Difficulty, TicketType
from assist.models import Clock, Message, Pairing, Ticket, TicketEvent
from assist.models.engine import begin_writing
from assist.services import access, conversing, handling, intake, pairing, transitions
from assist.services.work import Work, leads_to, once
from tests.cast import Cast, Person
from tests.engines import TestDatabase
from tests.make import Make

GRADING = handling.Grading("0502", TicketType.HELP, Difficulty.GENERAL, "")
Deed = Callable[[Work], Any]


def at_once(database: TestDatabase, time: FixedTime, who: Person, deeds: list[Deed]) -> list[Any]:
    """What came of each deed (its value or its refusal), all begun together and each committed by itself."""
    start = threading.Barrier(len(deeds))
    came: list[Any] = [None] * len(deeds)

    def run(place: int, deed: Deed) -> None:
        with Session(database.engine) as session:
            start.wait(10)
            try:
                begin_writing(session)
                came[place] = deed(Work(session, time, who.actor))
                session.commit()
            except (Refused, AlreadyDone) as refusal:
                session.rollback()
                came[place] = refusal

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return came


def test_two_press_accept_at_once_and_one_wins_and_the_other_is_told_who(
    database: TestDatabase, time: FixedTime, make: Make, cast: Cast
) -> None:
    ticket = make.contacted()
    number, version = ticket.number, ticket.version
    make.session.close()

    def accept(work: Work) -> Any:
        return handling.accept(work, access.ticket(work, number, lock=True), GRADING, version=version).seq

    came = at_once(database, time, cast.zhang, [accept, accept, accept])
    stale = [one for one in came if isinstance(one, StaleTicket)]
    assert len(stale) == 2
    assert all("张建华" in one.sentence and "受理" in one.sentence for one in stale)
    with Session(database.engine) as session:
        accepted = select(func.count()).where(TicketEvent.action == "accept").select_from(TicketEvent)
        assert session.scalar(accepted) == 1


def test_comments_at_once_are_all_kept_in_one_unbroken_chain(
    database: TestDatabase, time: FixedTime, make: Make, cast: Cast
) -> None:
    number = make.handled().number
    make.session.close()

    def comment(words: str) -> Deed:
        return lambda work: conversing.comment(work, access.ticket(work, number, lock=True), words).seq

    came = at_once(database, time, cast.zhang, [comment(f"第{count}句") for count in range(6)])
    assert len(set(came)) == 6
    with Session(database.engine) as session:
        ticket = session.scalars(select(Ticket)).one()
        events = session.scalars(select(TicketEvent).order_by(TicketEvent.seq)).all()
        assert [event.seq for event in events] == list(range(1, len(events) + 1))
        head = ""
        for event in events:
            assert event.prev_hash == head
            head = transitions.event_hash(head, transitions.covered(event))
        assert ticket.head_hash == head


def test_the_same_form_sent_three_times_at_once_makes_one_ticket_and_leads_there(
    database: TestDatabase, time: FixedTime, make: Make, cast: Cast
) -> None:
    make.session.close()

    def submit(work: Work) -> Any:
        once(work, "the same key")
        ticket = intake.submit(work, cast.jia, intake.Submission("手机信号不好，连点了三次"))
        leads_to(work, "the same key", f"/tickets/{ticket.number}")
        return ticket.number

    came = at_once(database, time, cast.chen, [submit, submit, submit])
    numbers = [one for one in came if isinstance(one, str)]
    again = [one for one in came if isinstance(one, AlreadyDone)]
    assert len(numbers) == 1
    assert [one.location for one in again] == [f"/tickets/{numbers[0]}"] * 2
    with Session(database.engine) as session:
        assert session.scalar(select(func.count()).select_from(Ticket)) == 1
        told = select(func.count()).where(Message.recipient_id == cast.zhang.id).select_from(Message)
        assert session.scalar(told) == 1


def test_tickets_submitted_at_once_get_numbers_without_gap_or_double(
    database: TestDatabase, time: FixedTime, make: Make, cast: Cast
) -> None:
    make.session.close()

    def submit(work: Work) -> Any:
        return intake.submit(work, cast.jia, intake.Submission("同时提交")).number

    came = at_once(database, time, cast.chen, [submit] * 5)
    assert sorted(came) == [f"LC-20261123-{count:04d}" for count in range(1, 6)]


def test_two_coordinators_pair_at_once_and_one_officer_is_active(
    database: TestDatabase, time: FixedTime, make: Make, cast: Cast
) -> None:
    pairing.end(make.work(cast.zhao), cast.jia, "岗位调整")
    make.session.commit()
    make.session.close()
    officers = [cast.zhang.id, cast.li.id, cast.wu.id]
    deeds: list[Deed] = [
        lambda work, officer=officer: pairing.pair(work, cast.jia, officer).id  # type: ignore[misc]
        for officer in officers
    ]
    came = at_once(database, time, cast.zhao, deeds)
    assert len([one for one in came if isinstance(one, int)]) == 1, came
    with Session(database.engine) as session:
        active = select(func.count()).select_from(Pairing)
        active = active.where(Pairing.enterprise_id == cast.jia, Pairing.ended_at.is_(None))
        assert session.scalar(active) == 1


def test_no_clock_of_a_kind_ever_runs_twice(
    database: TestDatabase, time: FixedTime, make: Make, cast: Cast
) -> None:
    number = make.handled().number
    make.session.close()

    def report(work: Work) -> Any:
        return handling.progress(work, access.ticket(work, number, lock=True), "在办", is_visible=True).seq

    at_once(database, time, cast.zhang, [report] * 4)
    with Session(database.engine) as session:
        running = select(Clock.kind, func.count()).where(Clock.stopped_at.is_(None)).group_by(Clock.kind)
        assert {count for _, count in session.execute(running)} == {1}
