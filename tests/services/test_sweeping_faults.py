"""The sweep when things go wrong: broken rows, refusals, a changed ladder, several sweeps at once."""

import threading

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from assist.domain.clock import FixedTime, shanghai
from assist.domain.status import ClockKind, Method, Step
from assist.jobs.context import Context
from assist.jobs.sweep import run
from assist.models import (
    Clock,
    LadderStep,
    Message,
    Reminder,
    Ticket,
    TicketEvent,
)
from assist.models.engine import begin_writing
from assist.services import access, closing, handling, settings, sweeping
from assist.services.work import Work
from tests.cast import Cast
from tests.engines import TestDatabase
from tests.make import Make
from tests.reminders import Sweep, clock, ledger


def test_a_broken_row_is_put_off_and_the_others_go_on(
    make: Make, cast: Cast, sweep: Sweep, session: Session
) -> None:
    broken, sound = make.ticket(), make.ticket(enterprise=cast.yi)
    session.execute(
        update(Clock).where(Clock.ticket_id == broken.id, Clock.kind == ClockKind.CONTACT).values(amount=0)
    )
    moment = shanghai(2026, 11, 23, 10, 30)
    counts = sweep(moment)
    assert (counts["broken"], counts["reminders"]) == (1, 1)
    assert ledger(session, sound) == {("contact", "warning", 0, str(cast.li.id))}
    assert clock(session, broken, ClockKind.CONTACT).next_fire_at == shanghai(2026, 11, 23, 11, 30)
    assert sweep(moment)["clocks"] == 0


def test_a_row_that_the_database_refuses_is_put_off_and_the_others_go_on(
    make: Make, cast: Cast, sweep: Sweep, session: Session
) -> None:
    broken, sound = make.ticket(), make.ticket(enterprise=cast.yi)
    _refuse_messages_about(session, broken)
    counts = sweep(shanghai(2026, 11, 23, 10, 30))
    assert (counts["broken"], counts["reminders"]) == (1, 1)
    assert ledger(session, broken) == set()
    assert ledger(session, sound) == {("contact", "warning", 0, str(cast.li.id))}
    assert clock(session, broken, ClockKind.CONTACT).next_fire_at == shanghai(2026, 11, 23, 11, 30)


def _refuse_messages_about(session: Session, ticket: Ticket) -> None:
    """A CHECK that this ticket's reminders break, gone with the test's database."""
    if session.get_bind().dialect.name == "sqlite":
        session.execute(
            text(
                f"CREATE TRIGGER refuse_some BEFORE INSERT ON message WHEN NEW.kind = 'reminder' "
                f"AND NEW.ticket_id = {ticket.id} BEGIN SELECT RAISE(ABORT, 'refused'); END"
            )
        )
    else:
        session.execute(
            text(
                "CREATE FUNCTION refuse_some() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN RAISE EXCEPTION 'refused'; END $$"
            )
        )
        session.execute(
            text(
                "CREATE TRIGGER refuse_some BEFORE INSERT ON message FOR EACH ROW "
                f"WHEN (NEW.kind = 'reminder' AND NEW.ticket_id = {ticket.id}) EXECUTE FUNCTION refuse_some()"
            )
        )
    session.commit()


@pytest.fixture(autouse=True)
def no_trigger_left(database: TestDatabase) -> object:
    yield
    if database.name == "postgresql":
        with database.engine.begin() as connection:
            connection.execute(text("DROP FUNCTION IF EXISTS refuse_some CASCADE"))


def test_an_unknown_recipient_in_the_ladder_breaks_only_its_own_clocks(
    make: Make, sweep: Sweep, session: Session
) -> None:
    make.ticket()
    session.execute(
        update(LadderStep)
        .where(LadderStep.kind == ClockKind.CONTACT, LadderStep.step == Step.WARNING)
        .values(recipients=["mayor"])
    )
    settings.changed(session)
    assert sweep(shanghai(2026, 11, 23, 10, 30))["broken"] == 1


def test_a_step_taken_out_of_the_ladder_leads_on_to_the_next(
    make: Make, cast: Cast, sweep: Sweep, session: Session
) -> None:
    ticket = make.ticket()
    assert clock(session, ticket, ClockKind.CONTACT).next_step == "warning:0"
    session.execute(
        update(LadderStep)
        .where(LadderStep.kind == ClockKind.CONTACT, LadderStep.step == Step.WARNING)
        .values(is_on=False)
    )
    settings.changed(session)
    sweep(shanghai(2026, 11, 23, 10, 30))
    assert ledger(session, ticket) == set()
    assert clock(session, ticket, ClockKind.CONTACT).next_step == "breach:0"


def test_a_clock_left_running_on_an_ended_ticket_is_silenced(
    make: Make, cast: Cast, sweep: Sweep, session: Session
) -> None:
    ticket = make.ticket()
    make.act(cast.chen, ticket, closing.withdraw, "已自行解决。")
    left = clock(session, ticket, ClockKind.CONTACT)
    session.execute(
        update(Clock)
        .where(Clock.id == left.id)
        .values(stopped_at=None, verdict=None, next_fire_at=shanghai(2026, 11, 23, 10, 30))
    )
    assert sweep(shanghai(2026, 11, 23, 12, 0))["reminders"] == 0
    assert clock(session, ticket, ClockKind.CONTACT).next_fire_at is None


def _all_rows(session: Session) -> set[tuple[object, ...]]:
    return {
        tuple(row)
        for row in session.execute(
            select(
                Reminder.clock_id,
                Reminder.clock_version,
                Reminder.step,
                Reminder.repeat,
                Reminder.recipient_key,
            )
        )
    }


def test_four_sweeps_at_once_write_the_same_set_as_one(
    make: Make, cast: Cast, database: TestDatabase, session: Session
) -> None:
    for number in range(24):
        make.ticket(enterprise=cast.yi if number % 2 else cast.jia)
    moment = FixedTime(shanghai(2026, 12, 9, 17, 30))
    begin_writing(session)
    while sweeping.sweep_batch(Work(session, moment)).clocks:
        pass
    alone = _all_rows(session)
    session.rollback()
    assert not _all_rows(session)
    session.rollback()

    start = threading.Barrier(4)
    counts: list[int] = []
    errors: list[BaseException] = []

    def work_off() -> None:
        try:
            start.wait(30)
            found = 1
            while found:
                with Session(database.engine) as own:
                    begin_writing(own)
                    batch = sweeping.sweep_batch(Work(own, moment), limit=7)
                    own.commit()
                found = batch.clocks
                counts.append(batch.reminders)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=work_off) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert errors == []
    assert _all_rows(session) == alone
    told = session.scalar(select(func.count()).select_from(Message).where(Message.kind == "reminder"))
    assert told == sum(counts) == sum(1 for row in alone if row[-1] != "passed")


def test_the_sweep_writes_no_ticket_event(make: Make, sweep: Sweep, session: Session) -> None:
    make.ticket()
    before = session.scalar(select(func.count()).select_from(TicketEvent))
    sweep(shanghai(2026, 12, 9, 9, 0))
    assert session.scalar(select(func.count()).select_from(TicketEvent)) == before


@pytest.mark.only_on("postgresql")
def test_a_ticket_that_is_being_worked_on_is_reminded_of_without_waiting(
    make: Make, cast: Cast, database: TestDatabase, session: Session
) -> None:
    number = make.ticket().number
    session.commit()
    access.ticket(make.work(cast.zhang), number, lock=True)
    counts = run(Context(database.engine, FixedTime(shanghai(2026, 11, 23, 10, 30))))
    assert counts["reminders"] == 1
    session.rollback()


@pytest.mark.only_on("postgresql")
def test_a_clock_that_is_being_stopped_is_left_to_who_stops_it(
    make: Make, cast: Cast, database: TestDatabase, session: Session
) -> None:
    number = make.ticket().number
    session.commit()
    work = make.work(cast.zhang)
    said = handling.ContactWords(Method.PHONE, "陈桂芳", "已了解情况。")
    handling.contact(work, access.ticket(work, number, lock=True), said)
    session.flush()
    context = Context(database.engine, FixedTime(shanghai(2026, 11, 23, 10, 30)))
    assert run(context)["clocks"] == 0
    session.commit()
    assert run(context)["clocks"] == 0
