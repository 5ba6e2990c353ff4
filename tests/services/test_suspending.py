"""挂账: what stands still, how it is looked at again and ended; over holidays it costs working days only."""

from datetime import date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assist.domain.clock import shanghai
from assist.domain.errors import Conflict, Forbidden, Invalid
from assist.domain.requests import RequestKind
from assist.domain.status import ClockHolder, ClockKind, Outcome, Status, Verdict
from assist.models import Clock, Request, Ticket
from assist.services import answering, handling, suspending
from tests.cast import Cast, Person
from tests.make import Make
from tests.reminders import Sweep, clock, of_kind
from tests.told import running, sound, told

K = RequestKind
DUE = shanghai(2026, 12, 2, 17, 30)  # of a plain ticket handled on the morning of 11-23
AFTER = shanghai(2026, 12, 3, 9)


def cards(session: Session, ticket: Ticket, kind: ClockKind = ClockKind.RESOLUTION) -> set[str]:
    return {step for step, _ in of_kind(session, ticket, kind)} - {"early", "warning"}


def due(session: Session, ticket: Ticket) -> datetime:
    return clock(session, ticket, ClockKind.RESOLUTION).due_at


def reviewed(
    make: Make, who: Person, request: Request, on: date | None, *, goes_on: bool, note: str = "条件未具备"
) -> None:
    suspending.review(make.work(who), request.id, on, note, goes_on=goes_on)
    make.session.commit()


def test_a_suspension_stops_resolution_and_progress_until_it_is_resumed(
    make: Make, cast: Cast, session: Session, sweep: Sweep
) -> None:
    ticket = make.handled()
    request = make.asked(K.SUSPENSION, ticket, on=date(2026, 12, 18))
    with pytest.raises(Forbidden):
        make.decided(request, cast.qian)
    session.rollback()
    make.decided(request, cast.zhao)
    session.refresh(ticket)
    assert (ticket.suspended_at, ticket.due_at) == (make.time.at, None)
    assert running(session, ticket) == {"review"}
    review = clock(session, ticket, ClockKind.REVIEW)
    assert (review.due_at, review.holder) == (shanghai(2026, 12, 18, 17, 30), ClockHolder.CITY)
    sweep(shanghai(2026, 12, 17, 9))
    assert cards(session, ticket) == set()
    make.at(shanghai(2026, 12, 7, 9)).act(cast.zhang, ticket, suspending.resume, "用地已获批。")
    session.refresh(ticket)
    assert ticket.suspended_at is None
    found = clock(session, ticket, ClockKind.RESOLUTION)
    assert (found.due_at, found.original_due_at) == (shanghai(2026, 12, 16, 17, 30), DUE)
    assert clock(session, ticket, ClockKind.REVIEW).verdict is Verdict.VOID
    assert any("已恢复办理" in title for title in told(session, cast.chen))
    with pytest.raises(Conflict, match="没有挂账"):
        make.act(cast.zhang, ticket, suspending.resume, "再来一次")
    session.rollback()
    assert sound(session) == []


def test_a_suspension_over_spring_festival_costs_its_working_days_only(
    make: Make, cast: Cast, session: Session
) -> None:
    ticket = make.at(shanghai(2027, 1, 25, 9, 30)).handled()
    before = due(session, ticket)
    asked = make.at(shanghai(2027, 2, 1, 10)).asked(K.SUSPENSION, ticket, on=date(2027, 3, 1))
    make.decided(asked, cast.zhao)
    make.at(shanghai(2027, 2, 23, 9)).act(cast.zhang, ticket, suspending.resume, "节后恢复")
    calendar = make.work().settings.calendar
    closes = calendar.closes_between(shanghai(2027, 2, 1, 10), shanghai(2027, 2, 23, 9))
    assert 0 < closes < 16, "the festival's days are not working days"
    assert due(session, ticket) == calendar.day_due(before, closes)
    assert sound(session) == []


def test_asked_in_time_and_due_meanwhile_it_stands_still_from_the_asking(
    make: Make, cast: Cast, session: Session, sweep: Sweep
) -> None:
    ticket = make.handled()
    request = make.at(shanghai(2026, 12, 2, 15)).asked(K.SUSPENSION, ticket, on=date(2026, 12, 25))
    sweep(AFTER)
    assert cards(session, ticket) == set()
    make.at(shanghai(2026, 12, 3, 10)).decided(request, cast.zhao)
    assert clock(session, ticket, ClockKind.RESOLUTION).paused_at == shanghai(2026, 12, 2, 15)
    make.at(shanghai(2026, 12, 8, 9)).act(cast.zhang, ticket, suspending.resume, "恢复")
    assert due(session, ticket) == shanghai(2026, 12, 8, 17, 30), "four closes since the asking"
    assert sound(session) == []


def test_the_city_looks_at_it_again_and_goes_on_or_ends_it(make: Make, cast: Cast, session: Session) -> None:
    ticket = make.handled()
    request = make.asked(K.SUSPENSION, ticket, on=date(2026, 12, 7))
    make.decided(request, cast.zhao)
    make.at(shanghai(2026, 12, 7, 15))
    with pytest.raises(Forbidden):
        reviewed(make, cast.qian, request, date(2026, 12, 20), goes_on=True)
    session.rollback()
    with pytest.raises(Invalid, match="最长30天"):
        reviewed(make, cast.zhao, request, date(2027, 1, 7), goes_on=True)
    session.rollback()
    reviewed(make, cast.zhao, request, date(2027, 1, 6), goes_on=True)
    both = session.scalars(
        select(Clock).where(Clock.request_id == request.id, Clock.kind == ClockKind.REVIEW).order_by(Clock.id)
    ).all()
    assert [(one.verdict, one.due_at) for one in both] == [
        (Verdict.MET, shanghai(2026, 12, 7, 17, 30)),
        (None, shanghai(2027, 1, 6, 17, 30)),
    ]
    make.at(shanghai(2027, 1, 7, 9))
    reviewed(make, cast.zhao, request, None, goes_on=False, note="条件已具备")
    session.refresh(ticket)
    assert (ticket.suspended_at, request.ended_at) == (None, make.time.at)
    assert clock(session, ticket, ClockKind.REVIEW).verdict is Verdict.MISSED, "a day late"
    assert "resolution" in running(session, ticket)
    with pytest.raises(Conflict, match="已经结束"):
        reviewed(make, cast.zhao, request, None, goes_on=False)
    session.rollback()
    assert sound(session) == []


def test_an_answer_ends_a_suspension_and_a_progress_meanwhile_begins_no_time(
    make: Make, cast: Cast, session: Session
) -> None:
    ticket = make.handled()
    request = make.asked(K.SUSPENSION, ticket, on=date(2026, 12, 18))
    make.decided(request, cast.zhao)
    make.at(shanghai(2026, 12, 7, 9)).act(cast.zhang, ticket, handling.progress, "报批中", is_visible=True)
    assert running(session, ticket) == {"review"}
    with pytest.raises(Conflict, match="正在暂停计时"):
        make.asked(K.DEFERRAL, ticket, on=date(2026, 12, 9))
    session.rollback()
    make.act(cast.zhang, ticket, answering.answer, Outcome.SOLVED, "已解决。", "内部")
    session.refresh(ticket)
    session.refresh(request)
    assert (ticket.status, ticket.suspended_at) == (Status.ANSWERED, None)
    assert request.ended_at == make.time.at
    assert clock(session, ticket, ClockKind.RESOLUTION).verdict is Verdict.MET
    assert sound(session) == []
