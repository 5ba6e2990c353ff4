"""Office hours with dates, and what a change of the calendar would move: what is shown is what is then done."""

import json
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from assist.domain.clock import shanghai
from assist.domain.errors import Conflict, Forbidden, Invalid, NotFound
from assist.domain.status import ClockKind, Difficulty
from assist.models import AuditEntry, Clock, ClockMove, OfficeHours, Ticket
from assist.models.engine import begin_writing
from assist.services import calendars, office_hours
from assist.services.office_hours import HoursWords
from tests.cast import Cast
from tests.make import Make

SUMMER = HoursWords("夏季", date(2026, 12, 1), date(2026, 12, 31), "08:30-12:00,15:00-18:30")
YEAR_2027 = Path(__file__).parents[2] / "assist" / "defaults" / "holidays" / "2027.json"


def put(make: Make, cast: Cast, words: HoursWords, fingerprint: str | None = None) -> office_hours.HoursChange:
    begin_writing(make.session)
    done = office_hours.put(make.work(cast.wang), words, fingerprint)
    make.session.commit()
    return done


def clock(make: Make, ticket: Ticket, kind: ClockKind = ClockKind.RESOLUTION) -> Clock:
    query = select(Clock).where(Clock.ticket_id == ticket.id, Clock.kind == kind)
    return make.session.scalars(query).one()


def test_the_preview_of_a_year_is_what_is_then_applied(make: Make, cast: Cast) -> None:
    """Over Spring Festival 2027: one day more off moves what is due behind it, and nothing else."""
    content = json.loads(YEAR_2027.read_text(encoding="utf-8"))
    content["status"] = "official"
    content["days"] = [day for day in content["days"] if day["date"] != "2027-02-15"]
    content["days"].append({"name": "春节", "date": "2027-02-15", "isOffDay": True})
    make.at(shanghai(2027, 1, 28, 10))
    near = make.handled()
    far = make.handled(make.ticket(by=cast.sun), difficulty=Difficulty.COMPLEX)
    answered = make.answered(make.ticket("另一件事情"))
    before = {one.id: one.due_at for one in make.session.scalars(select(Clock))}
    shown, _ = calendars.preview_year(make.work(cast.wang), content)
    make.session.commit()
    assert {one.id: one.due_at for one in make.session.scalars(select(Clock))} == before
    assert make.session.scalars(select(AuditEntry).where(AuditEntry.deed == "import_calendar")).all() == []
    begin_writing(make.session)
    done = calendars.import_year(make.work(cast.wang), content)
    make.session.commit()
    assert done == shown
    numbers = {one.ticket_number for one in done.moved}
    assert far.number in numbers
    assert answered.number not in numbers
    assert all(one.new_due_at > one.old_due_at for one in done.moved)
    moves = make.session.scalars(select(ClockMove).where(ClockMove.why.like("2027年放假%"))).all()
    assert len(moves) == len(done.moved)
    assert near.number in numbers or clock(make, near).due_at == before[clock(make, near).id]


def test_summer_hours_hold_from_their_first_day_to_their_last(make: Make, cast: Cast) -> None:
    put(make, cast, SUMMER)
    calendar = make.work().settings.calendar
    assert [window.text for window in calendar.windows_on(date(2026, 11, 30))] == ["08:30-12:00", "14:00-17:30"]
    assert [window.text for window in calendar.windows_on(date(2026, 12, 1))] == ["08:30-12:00", "15:00-18:30"]
    assert [window.text for window in calendar.windows_on(date(2027, 1, 4))] == ["08:30-12:00", "14:00-17:30"]


def test_later_closing_moves_what_is_due_then_and_the_preview_said_so(make: Make, cast: Cast) -> None:
    ticket = make.handled()
    due_at = clock(make, ticket).due_at
    assert due_at == shanghai(2026, 12, 2, 17, 30)
    shown, _ = office_hours.preview(make.work(cast.wang), SUMMER)
    make.session.commit()
    assert clock(make, ticket).due_at == due_at
    done = put(make, cast, SUMMER)
    assert done == shown
    assert clock(make, ticket).due_at == shanghai(2026, 12, 2, 18, 30)
    make.session.refresh(ticket)
    assert ticket.due_at == shanghai(2026, 12, 2, 18, 30)


def test_earlier_closing_brings_nothing_forward(make: Make, cast: Cast) -> None:
    ticket = make.handled()
    due_at = clock(make, ticket).due_at
    short = HoursWords("冬季", date(2026, 12, 1), None, "09:00-12:00,13:30-16:30")
    assert put(make, cast, short).moved == ()
    assert clock(make, ticket).due_at == due_at


def test_what_was_looked_at_is_applied_or_nothing_is(make: Make, cast: Cast) -> None:
    _, now = office_hours.preview(make.work(cast.wang), SUMMER)
    make.session.commit()
    put(make, cast, HoursWords("冬季", date(2026, 12, 1), None, "09:00-12:00"))
    with pytest.raises(Conflict, match="刚刚已由他人改动"):
        put(make, cast, SUMMER, now.fingerprint())
    make.session.rollback()
    assert [row.name for row in make.session.scalars(select(OfficeHours).order_by(OfficeHours.from_on))] == [
        "常年",
        "冬季",
    ]


@pytest.mark.parametrize(
    ("words", "field"),
    [
        (HoursWords("", date(2026, 12, 1), None, "08:30-12:00"), "name"),
        (HoursWords("夏季", None, None, "08:30-12:00"), "from_on"),
        (HoursWords("夏季", date(2026, 11, 22), None, "08:30-12:00"), "from_on"),
        (HoursWords("夏季", date(2026, 12, 1), date(2026, 11, 30), "08:30-12:00"), "to_on"),
        (HoursWords("夏季", date(2026, 12, 1), None, ""), "windows"),
        (HoursWords("夏季", date(2026, 12, 1), None, "上午"), "windows"),
        (HoursWords("夏季", date(2026, 12, 1), None, "12:00-08:30"), "windows"),
        (HoursWords("夏季", date(2026, 12, 1), None, "08:30-12:00,11:00-17:00"), "windows"),
    ],
)
def test_a_calendar_without_good_windows_is_refused(
    words: HoursWords, field: str, make: Make, cast: Cast
) -> None:
    with pytest.raises(Invalid) as caught:
        put(make, cast, words)
    assert caught.value.field == field


def test_hours_that_have_not_begun_can_be_taken_back(make: Make, cast: Cast) -> None:
    put(make, cast, SUMMER)
    rows = make.session.scalars(select(OfficeHours).order_by(OfficeHours.from_on)).all()
    usual_id, summer_id = (row.id for row in rows)
    begin_writing(make.session)
    with pytest.raises(Conflict, match="已经开始执行"):
        office_hours.remove(make.work(cast.wang), usual_id)
    with pytest.raises(NotFound):
        office_hours.remove(make.work(cast.wang), 999_999)
    office_hours.remove(make.work(cast.wang), summer_id)
    make.session.commit()
    assert [row.name for row in make.session.scalars(select(OfficeHours))] == ["常年"]
    entries = make.session.scalars(select(AuditEntry).where(AuditEntry.deed == "change_hours")).all()
    assert [(one.detail["old"], one.detail["new"]) for one in entries] == [
        (None, "夏季办公时间 08:30-12:00,15:00-18:30（2026-12-01起至2026-12-31）"),
        ("夏季办公时间 08:30-12:00,15:00-18:30（2026-12-01起至2026-12-31）", None),
    ]


def test_nobody_but_a_supervisor_looks_at_or_changes_the_calendar(make: Make, cast: Cast) -> None:
    for who in (cast.zhao, cast.xi, cast.zhang):
        with pytest.raises(Forbidden):
            office_hours.preview(make.work(who), SUMMER)
        with pytest.raises(Forbidden):
            calendars.preview_year(make.work(who), {})
