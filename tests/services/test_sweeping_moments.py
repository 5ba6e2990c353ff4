"""The moments at which a sweep meets somebody: what is right is said in the name."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.orm import Session

from assist.channels import Letter
from assist.domain.clock import FixedTime, shanghai
from assist.domain.status import ClockKind, DeliveryStatus, Difficulty, Status, Step
from assist.jobs import deliver
from assist.jobs.context import Context
from assist.models import Account, Clock, Delivery, Reminder, Ticket
from assist.models.engine import begin_writing
from assist.services import access, closing, conversing, delivering, recipients, sweeping
from assist.services.work import Work
from tests.cast import Cast
from tests.engines import TestDatabase
from tests.make import Make
from tests.reminders import Sweep, clock, ledger, of_kind, reminders


class MovesWhileSending:
    """A channel whose letter is in the air while something else happens."""

    def __init__(self, meanwhile: object) -> None:
        self.meanwhile = meanwhile
        self.letters: list[Letter] = []

    def send(self, letter: Letter) -> str:
        self.letters.append(letter)
        if len(self.letters) == 1 and callable(self.meanwhile):
            self.meanwhile()
        return "receipt"

    def close(self) -> None:
        """Nothing to let go of."""


@pytest.fixture
def mailed(session: Session, cast: Cast, work: Work) -> Session:
    delivering.publish_channels(work, ["email"])
    session.execute(update(Account).where(Account.id == cast.zhang.id).values(email="zhang@example.gov.cn"))
    session.commit()
    return session


def test_a_clock_moved_while_its_reminder_is_being_sent_is_reminded_of_anew_for_its_new_time(
    make: Make, cast: Cast, sweep: Sweep, mailed: Session, database: TestDatabase, time: FixedTime
) -> None:
    ticket = make.ticket()
    moment = shanghai(2026, 12, 1, 17, 30)  # a day before the resolution is due
    sweep(moment)
    mailed.execute(update(Delivery).values(is_held=False))
    mailed.commit()

    def accept() -> None:
        with Session(database.engine) as other:
            Make(other, FixedTime(moment), cast).handled(
                other.get_one(Ticket, ticket.id), difficulty=Difficulty.COMPLEX
            )

    channel = MovesWhileSending(accept)
    deliver.run(Context(database.engine, FixedTime(moment)), {"email": channel})
    mailed.rollback()
    assert set(mailed.scalars(select(Delivery.status))) == {DeliveryStatus.SENT}
    moved = clock(mailed, ticket, ClockKind.RESOLUTION)
    assert (moved.version, moved.due_at) == (2, shanghai(2026, 12, 14, 17, 30))
    sweep(shanghai(2026, 12, 11, 17, 30))
    warned = mailed.execute(
        select(Reminder.clock_version, Reminder.message_id).where(
            Reminder.clock_id == moved.id, Reminder.step == Step.WARNING
        )
    ).all()
    assert [row[0] for row in warned] == [1, 2]
    assert warned[0][1] != warned[1][1]


def test_a_ticket_that_closes_between_the_first_look_and_the_claim_is_not_reminded_of(
    make: Make, cast: Cast, session: Session
) -> None:
    ticket = make.ticket()
    moment = FixedTime(shanghai(2026, 11, 23, 11, 31))
    assert sweeping.is_anything_due(Work(session, moment))
    make.act(cast.chen, ticket, closing.withdraw, "已自行解决。")
    begin_writing(session)
    assert sweeping.sweep_batch(Work(session, moment)).clocks == 0
    session.commit()
    assert ledger(session, ticket) == set()


def test_a_ticket_that_is_closed_between_claim_and_write_waits_for_the_sweep_and_nothing_runs_on(
    make: Make, cast: Cast, database: TestDatabase, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was due was due: its reminder stands, told once; the closing then stops the clock for good."""
    ticket = make.ticket()
    number, moment = ticket.number, shanghai(2026, 11, 23, 11, 31)
    session.commit()
    closed: list[str] = []

    def close() -> None:
        with Session(database.engine) as other:
            begin_writing(other)
            work = Work(other, FixedTime(moment), cast.chen.actor)
            closing.withdraw(work, access.ticket(work, number, lock=True), "已自行解决。")
            other.commit()
            closed.append(number)

    closer = threading.Thread(target=close)
    ask = recipients.directory

    def between(*words: object, **more: object) -> object:
        closer.start()
        if database.name == "postgresql":
            _until_somebody_waits(database)
        assert not closed
        return ask(*words, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(recipients, "directory", between)
    counts = Sweeps(database, moment).once()
    closer.join(30)
    assert closed == [number]
    assert counts["reminders"] > 0
    session.expire_all()
    assert session.scalar(select(Ticket.status).where(Ticket.id == ticket.id)) is Status.WITHDRAWN
    assert session.scalar(select(func.count()).select_from(Clock).where(Clock.next_fire_at.is_not(None))) == 0
    before = ledger(session, ticket)
    assert Sweeps(database, moment + timedelta(days=5)).once()["clocks"] == 0
    assert ledger(session, ticket) == before


class Sweeps:
    def __init__(self, database: TestDatabase, moment: object) -> None:
        self.context = Context(database.engine, FixedTime(moment))  # type: ignore[arg-type]

    def once(self) -> dict[str, int]:
        from assist.jobs.sweep import run

        return run(self.context)


def _until_somebody_waits(database: TestDatabase) -> None:
    """Until the closing stands before a lock of the sweep's."""
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    pause = threading.Event()
    for _ in range(300):
        with database.engine.connect() as connection:
            if connection.scalar(waiting):
                return
        pause.wait(0.02)
    raise AssertionError("the closing did not wait for the sweep")


def test_asleep_over_a_holiday_week_one_reminder_comes_of_the_highest_step_and_the_cards_keep_their_days(
    make: Make, cast: Cast, sweep: Sweep, session: Session
) -> None:
    ticket = make.at(shanghai(2026, 9, 28, 9, 30)).ticket()  # National Day is from 10-01 to 10-07
    sweep(shanghai(2026, 10, 8, 9, 0))
    contact = of_kind(session, ticket, ClockKind.CONTACT)
    assert {key for step, key in contact if step in ("warning", "breach")} == {"passed"}
    assert {step for step, key in contact if key == str(cast.zhang.id)} == {"escalate_1"}
    told = [one.title for one in reminders(session, cast.zhang.id) if " 首次联系，" in one.title]
    assert told == [f"提示函建议：{ticket.number} 首次联系，超期3个工作日"]
    rows = session.execute(
        select(Reminder.step, Reminder.due_at, Reminder.at)
        .join(Clock, Clock.id == Reminder.clock_id)
        .where(Clock.kind == ClockKind.CONTACT, Clock.ticket_id == ticket.id)
    ).all()
    fell = {row.step: row.due_at for row in rows}
    assert fell[Step.BREACH] - shanghai(2026, 9, 28, 11, 30) < timedelta(seconds=1)
    assert fell[Step.ESCALATE_1] == shanghai(2026, 9, 29, 11, 30)
    assert {row.at for row in rows} == {shanghai(2026, 10, 8, 9, 0)}
    assert sweep(shanghai(2026, 10, 8, 9, 0))["clocks"] == 0


def test_asleep_over_a_holiday_week_what_waited_to_be_sent_goes_as_one_when_the_offices_open(
    mailed: Session, make: Make, cast: Cast, database: TestDatabase
) -> None:
    ticket = make.at(shanghai(2026, 9, 29, 9, 30)).handled()
    make.at(shanghai(2026, 9, 30, 17, 40))
    for words in ("补充一张照片。", "请尽快。"):
        make.act(cast.chen, ticket, conversing.comment, words)
    channel = MovesWhileSending(None)
    holiday = Context(database.engine, FixedTime(shanghai(2026, 10, 3, 12, 0)))
    mailed.execute(delete(Delivery).where(Delivery.next_try_at < shanghai(2026, 9, 30)))
    mailed.commit()
    assert deliver.run(holiday, {"email": channel})["sent"] == 0
    opens = Context(database.engine, FixedTime(shanghai(2026, 10, 8, 8, 30)))
    assert deliver.run(opens, {"email": channel})["sent"] == 2
    assert [letter.title for letter in channel.letters] == ["您有2条消息"]
