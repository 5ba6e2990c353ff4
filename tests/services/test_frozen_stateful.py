"""A frozen month over a random history: whatever is done to its tickets afterwards, it stays byte for byte the same."""

from datetime import timedelta
from random import Random

from hypothesis import strategies as st
from hypothesis.stateful import initialize
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assist.domain.clock import FixedTime
from assist.models import Snapshot, Ticket, TicketEvent
from assist.models.engine import begin_writing
from assist.services import freezing, sealing
from tests.cast import Cast
from tests.make import Make
from tests.services.test_road_stateful import Road
from tests.services.walking import at_least, walk

FEW = 4  # tickets that the month has


class Afterwards(Road):
    """The road goes on, of tickets that a frozen month has counted."""

    last: int

    @initialize(place=st.integers(0, 99), rng=st.randoms(use_true_random=True))
    def begin(self, place: int, rng: Random) -> None:
        self.rng, self.due = rng, {}
        self.make.time.at += timedelta(hours=1)
        tickets = self.session.scalars(select(Ticket).where(Ticket.id <= self.last).order_by(Ticket.id)).all()
        self.ticket = tickets[place % len(tickets)]
        self.number, self.elder_number = self.ticket.number, tickets[(place + 1) % len(tickets)].number


def told(session: Session) -> dict[str, bytes | str]:
    """Every snapshot's canonical words."""
    session.expire_all()
    return {
        f"{one.month_on} {one.kind.value}": sealing.content(session, one)
        for one in session.scalars(select(Snapshot).order_by(Snapshot.id))
    }


def test_a_frozen_month_is_the_same_whatever_people_do_then(
    session: Session, time: FixedTime, cast: Cast
) -> None:
    class Before(Road):
        make = Make(session, time, cast)

    walk(Before, cast, examples=(FEW, FEW), steps=20)
    time.at += timedelta(days=45)
    begin_writing(session)
    work = Before.make.work()
    for one in freezing.due(work):
        freezing.freeze(work, one.period, one.kind)
    session.commit()
    before = told(session)
    assert before
    event_id = session.scalar(select(func.max(TicketEvent.id))) or 0

    class Then(Afterwards):
        make = Before.make
        last = session.scalar(select(func.max(Ticket.id))) or 0

    Then.cast, Then.named, Then.units = cast, Before.named, Before.units
    session.rollback()
    walk(Then, cast, examples=(8, 24), steps=40)
    reached = set(session.scalars(select(TicketEvent.action).where(TicketEvent.id > event_id)))
    assert len(reached) >= at_least(8, 16), reached
    assert told(session) == before
    assert sealing.broken(session) == []
