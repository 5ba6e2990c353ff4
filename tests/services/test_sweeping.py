"""The sweep: what is due becomes a reminder, exactly once, and after an outage only the highest step."""

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from assist.domain.clock import shanghai
from assist.domain.status import ClockKind, Difficulty, Step
from assist.models import (
    Clock,
    Message,
    Reminder,
    Ticket,
)
from assist.services import closing, conversing, handling
from tests.cast import Cast
from tests.make import Make
from tests.reminders import Sweep, clock, ledger, of_kind, reminders


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
