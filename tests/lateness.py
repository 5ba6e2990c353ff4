"""What tests of lateness do to a ticket beside its road: asking and deciding, stand-ins, handovers, vacancies."""

from datetime import datetime
from typing import Any

from assist.domain.clock import shanghai
from assist.domain.requests import RequestKind
from assist.models import Request, Ticket
from assist.models.engine import begin_writing
from assist.services import access, deciding, handing_over, pairing, requesting, standing_in
from tests.asking import filled_in
from tests.cast import Person
from tests.make import Make


def november(day: int, hour: int = 10, minute: int = 0) -> datetime:
    """November's days, running on into December. A general matter of the 23rd is due on the 32nd, 17:30."""
    month, day = (11, day) if day <= 30 else (12, day - 30)
    return shanghai(2026, month, day, hour, minute)


def late(make: Make) -> datetime:
    """After the due time of a general matter of the 23rd."""
    make.at(november(33))
    return make.time.at


def ask(make: Make, ticket: Ticket, kind: RequestKind, on: datetime | None = None, **more: Any) -> Request:
    owner = make.owner(ticket)
    begin_writing(make.session)
    work = make.work(owner)
    reason, facts = filled_in(kind, on.date() if on else None, **more)
    made = requesting.ask(work, access.ticket(work, ticket.number, lock=True), kind, reason, facts)
    make.session.commit()
    return made


def decide(make: Make, by: Person, request: Request, is_approved: bool, note: str = "经核实。") -> None:
    begin_writing(make.session)
    deciding.decide(make.work(by), request.id, is_approved, note)
    make.session.commit()


def stand_in(make: Make, first: int, last: int) -> None:
    """吴 stands in for 张 from the beginning of one day up to another."""
    cast = make.cast
    begin_writing(make.session)
    since, until = november(first, 0), november(last, 0)
    standing_in.appoint(make.work(cast.qian), cast.zhang.id, cast.wu.id, since, until, "参加培训")
    make.session.commit()


def hand_over(make: Make) -> None:
    """甲 passes from 张 to 吴."""
    cast = make.cast
    begin_writing(make.session)
    made = handing_over.prepare(make.work(cast.zhao), cast.jia, cast.wu.id, "岗位调整")
    for officer in (cast.zhang, cast.wu):
        handing_over.acknowledge(make.work(officer), made.id)
    make.session.commit()


def vacate(make: Make) -> None:
    """甲 is without an officer."""
    begin_writing(make.session)
    pairing.end(make.work(make.cast.qian), make.cast.jia, "岗位调整")
    make.session.commit()
