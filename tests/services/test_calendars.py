"""A year's days off: the official notice replaces the provisional one, and running clocks move later, never sooner."""

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from assist.domain.clock import shanghai
from assist.domain.errors import Conflict, Forbidden
from assist.domain.office_hours import CalendarError, YearStatus
from assist.domain.status import ClockKind, Verdict
from assist.models import AuditEntry, CalendarYear, Clock, ClockMove, Ticket
from assist.models.engine import begin_writing
from assist.services import calendars
from assist.services.calendars import CalendarChange
from tests.cast import Cast, Person
from tests.make import Make

Day = tuple[str, str, bool]


def year(number: int, *days: Day, status: str = "official") -> dict[str, Any]:
    return {
        "year": number,
        "status": status,
        "days": [{"name": name, "date": on, "isOffDay": off} for name, on, off in days],
    }


# The provisional year takes 1 January alone; the notice gives three days and a working Sunday.
OFFICIAL = year(
    2027,
    ("元旦", "2027-01-01", True),
    ("元旦", "2027-01-02", True),
    ("元旦", "2027-01-03", True),
    ("元旦", "2027-01-04", True),
    ("元旦", "2027-01-10", False),
)


def bring(make: Make, content: object, who: Person | None = None) -> CalendarChange:
    begin_writing(make.session)
    change = calendars.import_year(make.work(who), content)
    make.session.commit()
    return change


def resolution(make: Make, ticket: Ticket) -> Clock:
    query = select(Clock).where(Clock.ticket_id == ticket.id, Clock.kind == ClockKind.RESOLUTION)
    return make.session.scalars(query).one()


def test_the_official_notice_replaces_the_provisional_year(make: Make, cast: Cast) -> None:
    change = bring(make, OFFICIAL, cast.wang)
    assert (change.status, change.is_new) == (YearStatus.OFFICIAL, True)
    row = make.session.scalars(select(CalendarYear).where(CalendarYear.year == 2027)).one()
    assert row.status is YearStatus.OFFICIAL
    work = make.work()
    assert not work.settings.calendar.is_working(shanghai(2027, 1, 4).astimezone().date())
    with pytest.raises(Conflict, match="不能改回暂定"):
        bring(make, {**OFFICIAL, "status": "provisional"})


def test_clocks_that_run_into_the_new_days_off_move_later(make: Make, cast: Cast) -> None:
    make.at(shanghai(2026, 12, 24, 10))
    ticket = make.ticket()
    before = resolution(make, ticket).due_at
    change = bring(make, OFFICIAL)
    clock = resolution(make, ticket)
    assert clock.due_at > before
    assert [(one.ticket_number, one.old_due_at, one.new_due_at) for one in change.moved] == [
        (ticket.number, before, clock.due_at)
    ]
    move = make.session.scalars(select(ClockMove).where(ClockMove.clock_id == clock.id)).one()
    assert (move.old_due_at, move.why) == (before, "2027年放假安排已公布")
    assert clock.original_due_at == before
    make.session.refresh(ticket)
    assert ticket.due_at == clock.due_at


def test_a_due_time_is_never_brought_forward(make: Make, cast: Cast) -> None:
    make.at(shanghai(2026, 12, 24, 10))
    bring(make, OFFICIAL)
    ticket = make.ticket()
    before = resolution(make, ticket).due_at
    fewer = year(2027, ("元旦", "2027-01-01", True))
    assert bring(make, fewer).moved == ()
    assert resolution(make, ticket).due_at == before


def test_what_has_passed_and_what_has_stopped_stays(make: Make, cast: Cast) -> None:
    make.at(shanghai(2026, 12, 24, 10))
    late, met = make.ticket(), make.answered()
    stopped = resolution(make, met)
    was, due, verdict = resolution(make, late).due_at, stopped.due_at, stopped.verdict
    assert verdict is Verdict.MET
    make.at(shanghai(2027, 1, 12, 10))
    assert was < make.time.at
    assert bring(make, OFFICIAL).moved == ()
    assert resolution(make, late).due_at == was
    assert resolution(make, met).due_at == due


def test_a_clock_that_moved_before_keeps_what_it_was_given(make: Make, cast: Cast) -> None:
    make.at(shanghai(2026, 12, 24, 10))
    ticket = make.handled()  # accepted: 一般, counted from the submission
    clock = resolution(make, ticket)
    days = make.work().settings.calendar.workdays_between(make.time.at, clock.due_at)
    bring(make, OFFICIAL)
    clock = resolution(make, ticket)
    assert make.work().settings.calendar.workdays_between(make.time.at, clock.due_at) == days


def test_the_log_keeps_what_stood_there(make: Make, cast: Cast) -> None:
    bring(make, year(2029, ("元旦", "2029-01-01", True)))
    bring(make, year(2029, ("元旦", "2029-01-02", True), ("元旦", "2029-01-06", False)))
    entries = make.session.scalars(select(AuditEntry).order_by(AuditEntry.seq)).all()
    assert [one.detail["before"] for one in entries] == [
        {"off": [], "working": [], "status": "absent"},
        {"off": ["2029-01-01"], "working": [], "status": "official"},
    ]


def test_the_same_year_twice_changes_nothing(make: Make, cast: Cast) -> None:
    bring(make, OFFICIAL)
    logged = len(make.session.scalars(select(AuditEntry)).all())
    assert bring(make, OFFICIAL).is_nothing
    assert len(make.session.scalars(select(AuditEntry)).all()) == logged


def test_only_a_supervisor_keeps_the_calendar(make: Make, cast: Cast) -> None:
    with pytest.raises(Forbidden):
        bring(make, OFFICIAL, cast.zhao)


@pytest.mark.parametrize("content", [None, [], {}, {"year": 2027}, {"year": "2027", "days": []}])
def test_a_bad_file_is_refused(make: Make, content: object) -> None:
    with pytest.raises(CalendarError):
        bring(make, content)


def test_the_command_says_what_moves_and_can_only_look(app: Flask, make: Make, tmp_path: Path) -> None:
    make.at(shanghai(2026, 12, 24, 10))
    ticket = make.ticket()
    number = ticket.number
    make.session.commit()
    path = tmp_path / "2027.json"
    path.write_text(json.dumps(OFFICIAL, ensure_ascii=False), encoding="utf-8")
    runner = app.test_cli_runner()
    looked = runner.invoke(args=["calendar", "import", str(path), "--check"], catch_exceptions=False)
    assert looked.exit_code == 0
    assert f"{number} 办结" in looked.stdout
    assert "将导入" in looked.stdout
    done = runner.invoke(args=["calendar", "import", str(path)], catch_exceptions=False)
    assert "已导入" in done.stdout
    again = runner.invoke(args=["calendar", "import", str(path)], catch_exceptions=False)
    assert "没有变化" in again.stdout


def test_the_command_refuses_what_is_no_year(app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "bad.json"
    path.write_text("{", encoding="utf-8")
    done = app.test_cli_runner().invoke(args=["calendar", "import", str(path)])
    assert done.exit_code == 1
    assert "不是有效的 JSON" in done.stderr
