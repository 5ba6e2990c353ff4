"""The sweep: what is due becomes a reminder, exactly once, for the right people."""

import threading
from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from assist.domain.clock import FixedTime, shanghai
from assist.domain.roles import Role
from assist.domain.status import ClockKind, Difficulty, Rating, RatingReason, Result, Step
from assist.jobs.context import Context
from assist.jobs.sweep import run
from assist.models import (
    Account,
    Clock,
    Delivery,
    LadderStep,
    Message,
    Pairing,
    Reminder,
    Setting,
    Ticket,
    TicketEvent,
)
from assist.models.engine import begin_writing
from assist.services import clocks, closing, conversing, handling, settings, sweeping
from assist.services.work import Work
from tests.cast import Cast, account
from tests.engines import TestDatabase
from tests.make import Make

Sweep = Callable[[datetime], dict[str, int]]
Sent = set[tuple[str, str, int, str]]


@pytest.fixture
def sweep(database: TestDatabase, session: Session) -> Sweep:
    """Sweeps as of a moment, on connections of its own."""

    def at(moment: datetime) -> dict[str, int]:
        session.commit()
        return run(Context(database.engine, FixedTime(moment)))

    return at


def clock(session: Session, ticket: Ticket, kind: ClockKind) -> Clock:
    session.expire_all()
    return session.scalars(
        select(Clock)
        .where(Clock.ticket_id == ticket.id, Clock.kind == kind)
        .order_by(Clock.id.desc())
        .limit(1)
    ).one()


def ledger(session: Session, ticket: Ticket) -> Sent:
    """(kind, step, repeat, recipient key) of every row about a ticket."""
    session.expire_all()
    rows = session.execute(
        select(Clock.kind, Reminder.step, Reminder.repeat, Reminder.recipient_key)
        .join(Clock, Clock.id == Reminder.clock_id)
        .where(Clock.ticket_id == ticket.id)
    )
    return {(kind.value, step.value, repeat, key) for kind, step, repeat, key in rows}


def of_kind(session: Session, ticket: Ticket, kind: ClockKind) -> set[tuple[str, str]]:
    return {(step, key) for one, step, _, key in ledger(session, ticket) if one == kind.value}


def reminders(session: Session, person: int) -> list[Message]:
    return list(
        session.scalars(
            select(Message)
            .where(Message.recipient_id == person, Message.kind == "reminder")
            .order_by(Message.id)
        )
    )


def test_nothing_is_due_and_nothing_is_written(make: Make, sweep: Sweep, session: Session) -> None:
    make.ticket()
    assert sweep(shanghai(2026, 11, 23, 9, 40)) == {
        "clocks": 0,
        "reminders": 0,
        "passed_over": 0,
        "broken": 0,
    }
    assert session.scalar(select(func.count()).select_from(Reminder)) == 0


def test_the_owner_is_warned_an_hour_before_the_first_contact_is_due(
    make: Make, cast: Cast, sweep: Sweep, session: Session
) -> None:
    ticket = make.ticket()
    sweep(shanghai(2026, 11, 23, 10, 30))
    assert ledger(session, ticket) == {("contact", "warning", 0, str(cast.zhang.id))}
    told = reminders(session, cast.zhang.id)
    assert [message.title for message in told] == [f"黄牌预警：{ticket.number} 首次联系，11:30前，还剩1小时"]
    assert told[0].tone == "soon"
    assert told[0].location == f"/tickets/{ticket.number}"
    assert ticket.title in told[0].body


def test_a_reminder_knows_its_message_and_when_its_step_fell(
    make: Make, sweep: Sweep, session: Session
) -> None:
    make.ticket()
    sweep(shanghai(2026, 11, 23, 10, 47))
    row = session.scalars(select(Reminder)).one()
    assert row.message_id == session.scalars(select(Message.id).where(Message.kind == "reminder")).one()
    assert row.due_at == shanghai(2026, 11, 23, 10, 30)
    assert row.at == shanghai(2026, 11, 23, 10, 47)


def test_swept_again_it_writes_nothing(make: Make, sweep: Sweep, session: Session) -> None:
    make.ticket()
    moment = shanghai(2026, 11, 30, 9, 0)
    assert sweep(moment)["reminders"] > 0
    before = session.scalar(select(func.count()).select_from(Reminder))
    assert sweep(moment) == {"clocks": 0, "reminders": 0, "passed_over": 0, "broken": 0}
    assert session.scalar(select(func.count()).select_from(Reminder)) == before


def test_swept_step_by_step_or_late_the_next_step_is_the_same(
    make: Make, sweep: Sweep, session: Session
) -> None:
    ticket = make.ticket()
    for minute in (31, 0):
        sweep(shanghai(2026, 11, 23, 10 + (minute == 0), minute))
    found = clock(session, ticket, ClockKind.CONTACT)
    assert found.next_step == "breach:0"
    assert found.next_fire_at is not None
    assert found.next_fire_at > found.due_at


def test_a_breach_is_told_to_the_owner_and_to_the_coordinators_of_the_area(
    make: Make, cast: Cast, sweep: Sweep, session: Session
) -> None:
    ticket = make.ticket()
    sweep(shanghai(2026, 11, 23, 10, 30))
    sweep(shanghai(2026, 11, 23, 11, 31))
    assert of_kind(session, ticket, ClockKind.CONTACT) == {
        ("warning", str(cast.zhang.id)),
        ("breach", str(cast.zhang.id)),
        ("breach", str(cast.qian.id)),
    }
    assert reminders(session, cast.qian.id)[0].title == f"红牌超期：{ticket.number} 首次联系，超期1分钟"
    assert reminders(session, cast.qian.id)[0].tone == "late"


def test_an_area_without_coordinators_is_told_to_the_city(
    make: Make, cast: Cast, sweep: Sweep, session: Session
) -> None:
    ticket = make.ticket(enterprise=cast.yi)
    sweep(shanghai(2026, 11, 23, 11, 31))
    assert ("breach", str(cast.zhao.id)) in of_kind(session, ticket, ClockKind.CONTACT)


def test_an_escalation_is_told_to_the_city_and_the_supervisors(
    make: Make, cast: Cast, sweep: Sweep, session: Session
) -> None:
    ticket = make.ticket()
    sweep(shanghai(2026, 11, 23, 11, 31))
    sweep(shanghai(2026, 11, 24, 11, 31))
    assert {key for step, key in of_kind(session, ticket, ClockKind.CONTACT) if step == "escalate_1"} == {
        str(cast.zhang.id),
        str(cast.zhao.id),
        str(cast.wang.id),
    }


def test_after_an_outage_only_the_highest_step_is_sent_and_the_others_are_recorded(
    make: Make, cast: Cast, sweep: Sweep, session: Session
) -> None:
    ticket = make.handled()
    due_at = clock(session, ticket, ClockKind.RESOLUTION).due_at
    assert due_at == shanghai(2026, 12, 2, 17, 30)
    sweep(shanghai(2026, 12, 8, 9, 0))
    found = {row for row in ledger(session, ticket) if row[0] == "resolution"}
    assert found == {
        ("resolution", "early", 0, "passed"),
        ("resolution", "warning", 0, "passed"),
        ("resolution", "breach", 0, "passed"),
        ("resolution", "escalate_1", 0, "passed"),
        ("resolution", "escalate_2", 0, str(cast.zhang.id)),
        ("resolution", "escalate_2", 0, str(cast.wang.id)),
    }
    told = [message.title for message in reminders(session, cast.zhang.id) if " 办结，" in message.title]
    assert told == [f"督办单建议：{ticket.number} 办结，超期4个工作日"]
    passed = session.scalars(select(Reminder).where(Reminder.is_passed_over, Reminder.step == Step.BREACH))
    assert {row.recipient_id for row in passed} == {cast.zhang.id}
    assert clock(session, ticket, ClockKind.RESOLUTION).next_step == "escalate_3:0"


def test_the_last_step_comes_again_every_five_working_days(
    make: Make, cast: Cast, sweep: Sweep, session: Session
) -> None:
    ticket = make.handled()
    sweep(shanghai(2026, 12, 9, 17, 30))
    sweep(shanghai(2026, 12, 16, 17, 30))
    assert {
        (step, repeat, key)
        for kind, step, repeat, key in ledger(session, ticket)
        if kind == "resolution" and key == str(cast.liu.id)
    } == {("escalate_3", 0, str(cast.liu.id)), ("escalate_3", 1, str(cast.liu.id))}
    assert clock(session, ticket, ClockKind.RESOLUTION).next_step == "escalate_3:2"


def test_a_ladder_of_years_is_caught_up_in_one_reminder(make: Make, sweep: Sweep, session: Session) -> None:
    ticket = make.handled()
    counts = sweep(shanghai(2028, 12, 8, 9, 0))
    sent = {
        (step, repeat)
        for kind, step, repeat, key in ledger(session, ticket)
        if kind == "resolution" and key != "passed"
    }
    assert len(sent) == 1
    assert counts["passed_over"] > 90


def test_half_time_is_passed_over_when_progress_was_reported(
    make: Make, cast: Cast, sweep: Sweep, session: Session
) -> None:
    silent = make.handled()
    reported = make.handled(make.ticket(enterprise=cast.yi))
    make.act(cast.li, reported, handling.progress, "已到现场。", is_visible=False)
    half = clock(session, silent, ClockKind.RESOLUTION).next_fire_at
    assert half is not None
    sweep(half)
    assert of_kind(session, silent, ClockKind.RESOLUTION) == {("early", str(cast.zhang.id))}
    assert of_kind(session, reported, ClockKind.RESOLUTION) == {("early", "passed")}
    assert clock(session, reported, ClockKind.RESOLUTION).next_step == "warning:0"
    assert "时限已用一半" in reminders(session, cast.zhang.id)[-1].title


def test_progress_of_an_earlier_round_does_not_count(
    make: Make, cast: Cast, sweep: Sweep, session: Session
) -> None:
    ticket = make.handled()
    make.act(cast.zhang, ticket, handling.progress, "已到现场。", is_visible=True)
    make.returned(make.answered(ticket))
    half = clock(session, ticket, ClockKind.RESOLUTION).next_fire_at
    assert half is not None
    sweep(half)
    assert ("early", str(cast.zhang.id)) in of_kind(session, ticket, ClockKind.RESOLUTION)


def test_a_moved_due_time_arms_the_ladder_again(
    make: Make, cast: Cast, sweep: Sweep, session: Session
) -> None:
    ticket = make.ticket()
    before = clock(session, ticket, ClockKind.RESOLUTION)
    assert (before.version, before.due_at) == (1, shanghai(2026, 12, 2, 17, 30))
    sweep(shanghai(2026, 12, 1, 17, 30))
    make.at(shanghai(2026, 12, 1, 17, 30)).handled(ticket, difficulty=Difficulty.COMPLEX)
    moved = clock(session, ticket, ClockKind.RESOLUTION)
    assert (moved.version, moved.due_at) == (2, shanghai(2026, 12, 14, 17, 30))
    sweep(shanghai(2026, 12, 4, 9, 0))
    sweep(shanghai(2026, 12, 11, 17, 30))
    rows = session.execute(
        select(Reminder.clock_version, Reminder.step, Reminder.recipient_key).where(
            Reminder.clock_id == moved.id
        )
    )
    mine = str(cast.zhang.id)
    assert {(version, step.value, key) for version, step, key in rows} == {
        (1, "early", "passed"),
        (1, "warning", mine),
        (2, "early", mine),
        (2, "warning", mine),
    }


def test_what_the_enterprise_owes_is_asked_of_its_contacts_without_a_card(
    make: Make, cast: Cast, sweep: Sweep, session: Session
) -> None:
    ticket = make.contacted()
    make.act(cast.zhang, ticket, conversing.request_supplement, "请补充环评批复。")
    sweep(shanghai(2026, 11, 27, 17, 30))
    assert of_kind(session, ticket, ClockKind.SUPPLEMENT) == {("warning", str(cast.chen.id))}
    told = reminders(session, cast.chen.id)
    assert [message.tone for message in told] == ["soon"]
    assert "牌" not in told[0].title
    assert told[0].title == f"请您补充材料：诉求 {ticket.number}，还剩1个工作日"


def test_the_enterprise_is_asked_once_to_confirm_an_answer_it_has_read(
    make: Make, cast: Cast, sweep: Sweep, session: Session
) -> None:
    ticket = make.answered()
    make.act(cast.chen, ticket, conversing.answer_opened)
    sweep(shanghai(2026, 11, 26, 17, 30))
    sweep(shanghai(2026, 12, 1, 9, 0))
    assert of_kind(session, ticket, ClockKind.CONFIRMATION) == {("warning", str(cast.chen.id))}
    assert reminders(session, cast.chen.id)[0].title.startswith(f"请您确认：诉求 {ticket.number} 已答复")


def test_a_paused_clock_is_silent(make: Make, cast: Cast, sweep: Sweep, session: Session) -> None:
    ticket = make.contacted()
    make.act(cast.zhang, ticket, conversing.request_supplement, "请补充环评批复。")
    sweep(shanghai(2026, 11, 24, 17, 0))
    assert of_kind(session, ticket, ClockKind.ACCEPTANCE) == set()
    assert of_kind(session, ticket, ClockKind.OPINION) == set()


def test_a_ticket_that_has_just_ended_is_not_reminded_of(
    make: Make, cast: Cast, sweep: Sweep, session: Session
) -> None:
    ticket = make.ticket()
    make.act(cast.chen, ticket, closing.withdraw, "已自行解决。")
    assert sweep(shanghai(2026, 11, 30, 9, 0))["clocks"] == 0
    assert ledger(session, ticket) == set()


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


def test_without_an_owner_the_supervisors_are_told_in_red(
    make: Make, cast: Cast, sweep: Sweep, session: Session
) -> None:
    session.execute(
        update(Pairing).where(Pairing.enterprise_id == cast.jia).values(ended_at=shanghai(2026, 11, 20, 9))
    )
    session.commit()
    ticket = make.ticket()
    sweep(shanghai(2026, 11, 23, 10, 30))
    assert ledger(session, ticket) == {("contact", "warning", 0, str(cast.wang.id))}
    told = reminders(session, cast.wang.id)[0]
    assert told.tone == "late"
    assert told.title.startswith("无人可提醒，请督查员处置。黄牌预警：")
    assert "应提醒的人均不在岗" in told.body


def test_an_inactive_account_is_nobody(make: Make, cast: Cast, sweep: Sweep, session: Session) -> None:
    ticket = make.ticket()
    session.execute(update(Account).where(Account.id == cast.zhang.id).values(is_active=False))
    sweep(shanghai(2026, 11, 23, 10, 30))
    assert ledger(session, ticket) == {("contact", "warning", 0, str(cast.wang.id))}


def test_when_not_even_a_supervisor_is_left_the_ledger_says_so(
    make: Make, cast: Cast, sweep: Sweep, session: Session
) -> None:
    ticket = make.ticket()
    session.execute(
        update(Account).where(Account.id.in_([cast.zhang.id, cast.wang.id])).values(is_active=False)
    )
    sweep(shanghai(2026, 11, 23, 10, 30))
    assert ledger(session, ticket) == {("contact", "warning", 0, "nobody")}


def test_a_restricted_matter_is_told_to_its_person_and_the_supervisors_alone(
    make: Make, cast: Cast, sweep: Sweep, session: Session
) -> None:
    named = account(session, "named", "纪检专人", Role.SUPERVISOR)
    session.execute(update(Setting).where(Setting.name == "restricted_owner_id").values(value=named.id))
    settings.changed(session)
    session.commit()
    code = next(
        entry.code for entry in settings.current(session).leaves(restricted=True) if entry.is_restricted
    )
    ticket = make.ticket(category=code)
    assert ticket.owner_id == named.id
    sweep(shanghai(2026, 12, 9, 17, 30))
    told = {int(key) for *_, key in ledger(session, ticket) if key.isdigit()}
    assert told == {named.id, cast.wang.id}


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


def test_over_spring_festival_nobody_is_reminded_on_a_day_off(
    make: Make, cast: Cast, sweep: Sweep, session: Session
) -> None:
    ticket = make.at(shanghai(2026, 2, 13, 10, 0)).handled()
    assert clock(session, ticket, ClockKind.PROGRESS).due_at == shanghai(2026, 2, 27, 17, 30)
    for day in range(15, 24):
        assert sweep(shanghai(2026, 2, day, 23, 0))["reminders"] == 0
    sweep(shanghai(2026, 2, 26, 17, 30))
    assert ("warning", str(cast.zhang.id)) in of_kind(session, ticket, ClockKind.PROGRESS)


def test_what_lay_behind_an_old_problem_when_it_was_taken_over_is_not_reminded_of(
    make: Make, cast: Cast, sweep: Sweep, session: Session
) -> None:
    ticket = make.handled()
    session.execute(update(Ticket).where(Ticket.id == ticket.id).values(is_imported=True))
    late = update(Clock).where(Clock.ticket_id == ticket.id, Clock.kind == ClockKind.RESOLUTION)
    began, passed = shanghai(2026, 11, 2, 9, 0), shanghai(2026, 11, 11, 17, 30)
    session.execute(late.values(started_at=began, due_at=passed, next_fire_at=passed))
    sweep(shanghai(2026, 11, 23, 12, 0))
    assert {key for _, key in of_kind(session, ticket, ClockKind.RESOLUTION)} == {"passed"}
    # The next one lies behind the taking over, and is told.
    sweep(shanghai(2026, 11, 25, 17, 30))
    assert ("escalate_3", str(cast.zhang.id)) in of_kind(session, ticket, ClockKind.RESOLUTION)


def test_the_sweep_writes_no_ticket_event(make: Make, sweep: Sweep, session: Session) -> None:
    make.ticket()
    before = session.scalar(select(func.count()).select_from(TicketEvent))
    sweep(shanghai(2026, 12, 9, 9, 0))
    assert session.scalar(select(func.count()).select_from(TicketEvent)) == before


def test_reminders_go_by_mail_only_when_mail_is_configured(
    make: Make, cast: Cast, sweep: Sweep, session: Session
) -> None:
    session.execute(update(Account).where(Account.id == cast.zhang.id).values(email="zhang@example.gov.cn"))
    session.commit()
    make.ticket()
    sweep(shanghai(2026, 11, 23, 10, 30))
    assert session.scalar(select(func.count()).select_from(Delivery)) == 0
    session.execute(update(Setting).where(Setting.name == "channels").values(value=["email"]))
    settings.changed(session)
    sweep(shanghai(2026, 11, 23, 11, 31))
    assert [row.address for row in session.scalars(select(Delivery))] == ["zhang@example.gov.cn"]


def test_a_title_never_names_the_enterprise(make: Make, cast: Cast, sweep: Sweep, session: Session) -> None:
    make.ticket()
    sweep(shanghai(2026, 12, 9, 9, 0))
    titles = session.scalars(select(Message.title).where(Message.kind == "reminder")).all()
    assert titles
    assert not [title for title in titles if "甲企业" in title or "甲制造" in title or "消防" in title]


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


def test_a_callback_is_reminded_of_although_the_ticket_is_closed(
    make: Make, cast: Cast, sweep: Sweep, session: Session
) -> None:
    ticket = make.closed(rating=Rating.UNSATISFIED, reasons=(RatingReason.SPEED,), result=Result.PARTLY)
    begin_writing(session)
    clocks.start(make.work(), ticket, ClockKind.CALLBACK)
    session.commit()
    sweep(shanghai(2026, 11, 27, 17, 30))
    assert of_kind(session, ticket, ClockKind.CALLBACK) == {("warning", str(cast.wang.id))}
