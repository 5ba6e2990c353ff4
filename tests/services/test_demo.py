"""The demo world keeps what it promises: the same for the same seed, true in every chain, alive on the first desk."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, create_engine, func, select
from sqlalchemy.orm import Session

from assist.demo import commons, world
from assist.demo.plan import AREA_SHARES, Plan, apportion
from assist.domain.clock import local, shanghai
from assist.domain.handovers import HandoverStatus
from assist.domain.password_policy import DEMO_PASSWORD
from assist.domain.status import OPEN, ClockHolder, Status
from assist.domain.tasks import TASK_OPEN, TaskKind, TaskStatus
from assist.domain.themes import gives_away
from assist.models import (
    Account,
    Attachment,
    Clock,
    Enterprise,
    EnterpriseContact,
    Handover,
    Instruction,
    Message,
    Pairing,
    Reminder,
    StandIn,
    Task,
    Ticket,
    TicketEvent,
)
from assist.models.base import Base
from assist.models.engine import tune
from assist.services import anchoring, passwords, settings, theming
from assist.services.file_store import Store
from assist.services.queries import invariants
from tests.cast import Cast
from tests.engines import TestDatabase, fill

UNTIL = shanghai(2026, 11, 23)
SPAN = timedelta(days=150)
PLAN = Plan(until=UNTIL, enterprises=6, tickets=40, span=SPAN)


def made(folder: Path, plan: Plan = PLAN) -> Engine:
    """A world in a file of its own."""
    settings.forget()
    engine = create_engine(f"sqlite:///{folder / 'world.db'}")
    tune(engine)
    fill(engine)
    with Session(engine, expire_on_commit=False) as session:
        world.load(session, plan, store=Store(folder / "uploads", "secret"))
    return engine


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    engine = made(tmp_path_factory.mktemp("world"))
    yield engine
    engine.dispose()


@pytest.fixture
def city(engine: Engine) -> Iterator[Session]:
    settings.forget()
    with Session(engine) as session:
        yield session


def count(session: Session, model: type[Base]) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def everything(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables; a password's hash is salted anew each time."""
    with engine.connect() as connection:
        return {
            name: [
                tuple(row)
                for row in connection.execute(
                    select(*(column for column in table.c if column.name != "password_hash")).order_by(
                        table.c.id
                    )
                )
            ]
            for name, table in Base.metadata.tables.items()
        }


def test_a_world_has_as_many_enterprises_and_tickets_as_asked_for(city: Session) -> None:
    assert count(city, Enterprise) == 6
    assert count(city, Ticket) == 40


def test_the_same_seed_and_end_give_the_same_world(engine: Engine, tmp_path: Path) -> None:
    again = made(tmp_path)
    assert everything(again) == everything(engine)
    again.dispose()


def test_every_chain_and_every_promise_holds(city: Session) -> None:
    verified = anchoring.verify_chains(city)
    assert verified.tickets == 40
    assert not verified.faults
    assert not anchoring.verify_log(city).faults
    assert not list(invariants.broken(city))


def test_nothing_has_happened_that_is_still_to_come(city: Session) -> None:
    done = city.scalars(select(TicketEvent.at)).all()
    assert PLAN.start <= min(done) < max(done) < UNTIL
    assert max(city.scalars(select(Message.at))) < UNTIL
    assert max(at for at in city.scalars(select(Message.read_at)) if at is not None) <= UNTIL


def test_whoever_looks_first_finds_something_of_everything(city: Session) -> None:
    officer = city.scalars(select(Account).where(Account.username == "zhuanyuan001")).one()
    mine = city.scalars(select(Ticket).where(Ticket.owner_id == officer.id, Ticket.status.in_(OPEN))).all()
    assert {ticket.status for ticket in mine} == OPEN
    due = [local(ticket.due_at) for ticket in mine if ticket.due_at is not None]
    assert any(at < local(UNTIL) for at in due), "one is late"
    assert sum(at.date() == local(UNTIL).date() for at in due) >= 2, "some are due today"
    assert any(ticket.round_no == 2 for ticket in mine)
    assert any(ticket.is_entered and ticket.entry_is_true is None for ticket in mine)
    assert any(ticket.is_pressing for ticket in mine)


def test_one_enterprise_has_nobody_and_one_ticket_waits_for_an_owner(city: Session) -> None:
    active = select(Pairing.enterprise_id).where(Pairing.ended_at.is_(None))
    vacant = city.scalars(select(Enterprise).where(Enterprise.id.not_in(active))).one()
    waiting = city.scalars(
        select(Ticket).where(Ticket.enterprise_id == vacant.id, Ticket.status.in_(OPEN))
    ).one()
    assert waiting.owner_id is None
    assert count(city, Enterprise) - 1 == city.scalar(select(func.count()).select_from(active.subquery()))


def test_units_have_something_of_everything_in_hand(city: Session) -> None:
    open_ones = city.scalars(select(Task).where(Task.status.in_(TASK_OPEN))).all()
    assert {task.status for task in open_ones} == TASK_OPEN
    assert any(task.needs_dispatch and task.with_unit_at is None for task in open_ones), "one waits for the city"
    assert any(task.kind is TaskKind.ASSIST for task in open_ones)
    ended = set(city.scalars(select(Task.status).where(Task.status.not_in(TASK_OPEN))))
    assert TaskStatus.ACCEPTED in ended
    held = city.scalars(select(Clock.holder).where(Clock.task_id.is_not(None), Clock.stopped_at.is_(None)))
    assert set(held) == {ClockHolder.UNIT, ClockHolder.CITY}


def test_a_handover_waits_for_the_first_officer_alone(city: Session) -> None:
    waiting = city.scalars(select(Handover).where(Handover.status == HandoverStatus.PREPARED)).one()
    assert waiting.successor.username == "zhuanyuan001"
    assert waiting.former_at is not None
    assert waiting.successor_at is None


def test_one_officer_is_stood_in_for_today_and_one_was(city: Session) -> None:
    now = UNTIL + timedelta(hours=9)
    held = city.scalars(select(StandIn).order_by(StandIn.started_at)).all()
    assert [one.started_at <= now < one.ended_at for one in held] == [False, True]
    assert held[1].stand_in.username == "zhuanyuan002"


def test_what_was_asked_twice_is_one_matter(city: Session) -> None:
    merged = city.scalars(select(Ticket).where(Ticket.status == Status.MERGED)).all()
    assert merged
    for ticket in merged:
        assert city.get_one(Ticket, ticket.parent_id).enterprise_id == ticket.enterprise_id


def test_leaders_have_written_and_wait_for_the_answer(city: Session) -> None:
    waiting = city.scalars(select(Instruction).where(Instruction.replied_at.is_(None))).all()
    assert waiting
    assert all(one.due_on > local(UNTIL).date() for one in waiting if one.due_on is not None)


def test_common_matters_name_no_enterprise_and_no_telephone() -> None:
    for one in commons.COMMONS:
        assert gives_away(f"{one.title}\n{one.public}", []) == ""
        assert bool(one.solution) == bool(one.public)
        assert len(one.title) <= theming.MOST_TITLE


def test_nobody_has_more_than_five_unread_messages(city: Session) -> None:
    unread = city.execute(
        select(Message.recipient_id, func.count())
        .where(Message.read_at.is_(None))
        .group_by(Message.recipient_id)
    ).all()
    assert unread
    assert max(number for _, number in unread) <= 5
    assert city.scalar(select(func.count()).where(Message.read_at < Message.at)) == 0


def test_late_clocks_have_had_their_reminders(city: Session) -> None:
    running = select(Clock).where(Clock.stopped_at.is_(None), Clock.paused_at.is_(None))
    late = city.scalars(running.where(Clock.due_at < UNTIL)).all()
    assert late
    for clock in late:
        steps = city.scalars(select(Reminder.step).where(Reminder.clock_id == clock.id)).all()
        assert "breach" in {step.value for step in steps}


def test_files_are_there(engine: Engine, city: Session) -> None:
    folder = Path(str(engine.url.database)).parent / "uploads"
    rows = city.scalars(select(Attachment)).all()
    assert rows
    for row in rows:
        assert Store(folder, "secret").path(row.digest).stat().st_size == row.size


def test_contacts_and_officers_bear_the_same_numbers(city: Session) -> None:
    for number in (1, 2, 3):
        enterprise = city.scalars(
            select(Enterprise)
            .join(EnterpriseContact)
            .join(Account)
            .where(Account.username == f"qiye{number:03d}", EnterpriseContact.is_main)
        ).one()
        active = select(Pairing).where(Pairing.enterprise_id == enterprise.id, Pairing.ended_at.is_(None))
        assert city.scalars(active).one().officer.username == f"zhuanyuan{number:03d}"


def test_everybody_signs_in_with_the_password_that_is_told_and_need_not_change_it(city: Session) -> None:
    people = city.scalars(select(Account)).all()
    assert all(one.is_demo and not one.must_change and one.is_active for one in people)
    assert {passwords.matches(one, DEMO_PASSWORD) for one in {person.password_hash for person in people}} == {True}
    names = {person.username for person in people}
    told = "qiye006 zhuanyuan006 diaodu01 diaodu12 duban01 duban02 chengban01 chengban01s lingdao12 xitong shenji"
    assert names >= set(told.split())


def test_areas_share_the_enterprises_without_a_rest() -> None:
    assert sum(AREA_SHARES) == 200
    for total in (1, 6, 20, 199, 200, 300):
        assert sum(apportion(total, AREA_SHARES)) == total


def test_a_world_loads_on_either_engine(database: TestDatabase) -> None:
    with Session(database.engine, expire_on_commit=False) as session:
        told = world.load(session, Plan(until=UNTIL, enterprises=3, tickets=12, span=SPAN))
        assert told.tickets == count(session, Ticket) == 12
        assert not anchoring.verify_chains(session).faults
        assert not list(invariants.broken(session))
        assert session.scalar(select(func.count()).where(Ticket.status == Status.SUBMITTED))


def test_the_command_refuses_a_database_in_use(app: Flask, cast: Cast) -> None:
    said = app.test_cli_runner().invoke(args=["demo", "load", "--enterprises", "2", "--tickets", "2"])
    assert said.exit_code == 1
    assert "只能装入空的数据库" in said.output


def test_the_command_refuses_in_production(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "ASSIST_ENV", "production")
    said = app.test_cli_runner().invoke(args=["demo", "load"])
    assert said.exit_code == 1
    assert "正式环境" in said.output
    assert count(session, Account) == 0


def test_the_command_says_what_it_made_and_who_may_sign_in(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "ASSIST_UPLOADS", str(tmp_path))
    runner = app.test_cli_runner()
    assert runner.invoke(args=["demo", "people"]).exit_code == 1
    arguments = ["demo", "load", "--enterprises", "2", "--tickets", "3", "--until", "2026-11-23"]
    said = runner.invoke(args=arguments)
    assert said.exit_code == 0, said.output
    assert "2家企业" in said.output
    assert "3件诉求" in said.output
    people = runner.invoke(args=["demo", "people"])
    assert people.exit_code == 0
    assert DEMO_PASSWORD in people.output
    assert "qiye001" in people.output


def test_a_time_that_is_none_is_a_usage_error(app: Flask) -> None:
    said = app.test_cli_runner().invoke(args=["demo", "load", "--until", "昨天"])
    assert said.exit_code == 2, said.output
