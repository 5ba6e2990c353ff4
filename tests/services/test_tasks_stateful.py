"""Everybody acts at random on the tasks of one ticket, at random times; whatever they do, their promises hold."""

from datetime import timedelta
from random import Random
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant
from sqlalchemy import select
from sqlalchemy.orm import Session

from assist.domain.clock import FixedTime
from assist.domain.requests import RequestKind, RequestStatus
from assist.domain.status import ClockKind, Outcome
from assist.domain.tasks import TaskKind, TaskStatus
from assist.models import Request, Task, Ticket, TicketEvent, Unit
from assist.services import (
    answering,
    closing,
    deciding,
    transitions,
)
from assist.services.queries import invariants
from assist.services.work import Work
from tests.cast import Cast
from tests.make import Make
from tests.services import promises
from tests.services.road_duties import Duties
from tests.services.walking import OWNER, act, walk

PEOPLE = ("chen", "zhang", "li", "wang", "zhao", "qian", "liu", "zhou", "zheng", "wu")
RANDOM = st.randoms(use_true_random=True)
K, T = ClockKind, TaskStatus


class Tasks(Duties, RuleBasedStateMachine):
    """One ticket in hand, two units. A refusal is fine; a broken promise or another exception is not."""

    @initialize(signature=st.booleans(), steps=st.integers(0, 3), second=st.booleans(), rng=RANDOM)
    def begin(self, signature: bool, steps: int, second: bool, rng: Random) -> None:
        """A ticket with a task that has come so far, and perhaps a second one."""
        self.rng, session = rng, self.make.session
        session.rollback()
        self.make.time.at += timedelta(hours=1)
        session.get_one(Unit, self.units[0]).needs_signature = signature
        session.commit()
        self.ticket = self.make.handled(self.make.ticket())
        self.number = self.ticket.number
        self.due: dict[int, Any] = {}
        task = self.make.task(self.ticket)
        for step in (self.make.dispatched, self.make.signed, self.make.replied)[:steps]:
            step(task)
        if second:
            self.make.task(self.ticket, self.units[1], kind=TaskKind.ASSIST)

    @act(is_approved=(False, True))
    def it_is_decided(self, is_approved: bool) -> None:
        session = self.make.session
        pending = session.scalars(select(Request).where(Request.status == RequestStatus.PENDING)).first()
        if pending is None:
            return
        who, request_id = (OWNER if pending.kind is RequestKind.DEFERRAL else "zhao"), pending.id

        def decided(work: Work, _ticket: Ticket) -> None:
            deciding.decide(work, request_id, is_approved, "情况属实")

        self.try_to(who, decided)

    @act()
    def the_owner_answers(self) -> None:
        self.try_to("zhang", answering.answer, Outcome.SOLVED, "已办", "内部")

    @act()
    def the_enterprise_sends_it_back(self) -> None:
        self.try_to("chen", closing.send_back, "没有解决")

    @invariant()
    def the_promises_hold(self) -> None:
        if not hasattr(self, "ticket"):
            return
        session = self.make.session
        session.expire_all()
        ticket = session.get_one(Ticket, self.ticket.id)
        self.the_promises_of_tasks_hold(session, ticket)
        assert list(invariants.broken(session)) == []
        self.the_chain_is_whole(session, ticket)
        session.rollback()

    def the_chain_is_whole(self, session: Session, ticket: Ticket) -> None:
        head = ""
        rows = session.scalars(
            select(TicketEvent).where(TicketEvent.ticket_id == ticket.id).order_by(TicketEvent.seq)
        )
        for event in rows:
            assert event.prev_hash == head
            head = transitions.event_hash(head, transitions.covered(event))
        assert ticket.head_hash == head


def test_whatever_people_do_the_promises_of_tasks_hold(session: Session, time: FixedTime, cast: Cast) -> None:
    class Here(Tasks):
        make = Make(session, time, cast)

    walk(Here, cast, examples=(12, 30), steps=30)
    reached = set(session.scalars(select(Task.status)))
    assert len(reached) >= 4, reached
    session.rollback()
    time.at += timedelta(days=60)
    promises.figures_equal_their_recount(Here.make)
    promises.lateness_is_told_alike(Here.make)
