"""Everybody acts at random on the tasks of one ticket, at random times; whatever they do, their promises hold."""

import os
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select
from sqlalchemy.orm import Session

from assist.domain.clock import FixedTime, local_date
from assist.domain.errors import Refused
from assist.domain.requests import RequestKind, RequestStatus
from assist.domain.status import ClockKind, Outcome, Status, Verdict
from assist.domain.tasks import TASK_OPEN, TaskKind, TaskResult, TaskStatus
from assist.models import Clock, Request, Task, TaskReply, Ticket, TicketEvent, Unit
from assist.models.engine import begin_writing
from assist.services import (
    access,
    answering,
    closing,
    deciding,
    requesting,
    task_access,
    tasking,
    transitions,
)
from assist.services.queries import invariants
from assist.services.work import Work
from tests.cast import Cast
from tests.make import Make
from tests.services import promises
from tests.tasks import county_unit

PEOPLE = ("chen", "zhang", "li", "wang", "zhao", "qian", "liu", "zhou", "zheng", "wu")
NUMBERS = st.sampled_from([1, 1, 2, 3])
K, T = ClockKind, TaskStatus
# What runs of a task in each state; a promise may run beside (or instead of) the reply's clock.
RUNNING: dict[TaskStatus, set[frozenset[ClockKind]]] = {
    T.DISPATCHED: {frozenset({K.TASK_SIGN, K.TASK_REPLY})},
    T.SIGNED: {frozenset({K.TASK_REPLY}), frozenset({K.TASK_PROMISE})},
    T.REPLIED: {frozenset(), frozenset({K.TASK_PROMISE})},
    T.ACCEPTED: {frozenset()},
    T.RETURNED: {frozenset()},
    T.CANCELLED: {frozenset()},
}


class Tasks(RuleBasedStateMachine):
    """One ticket in hand, two units. A refusal is fine; a broken promise or another exception is not."""

    make: Make
    cast: Cast
    units: tuple[int, int]

    @initialize(signature=st.booleans(), steps=st.integers(0, 3), second=st.booleans())
    def begin(self, signature: bool, steps: int, second: bool) -> None:
        """A ticket with a task that has come so far, and perhaps a second one."""
        session = self.make.session
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

    def try_to(self, who: str, deed: Any, *words: Any, no: int = 0, **more: Any) -> None:
        """Do it to the ticket, or to its task number `no`."""
        session = self.make.session
        try:
            begin_writing(session)
            work = self.make.work(getattr(self.cast, who))
            if no:
                found: Any = task_access.task(work, f"{self.number}-{no:02d}", lock=True)
            else:
                found = access.ticket(work, self.number, lock=True)
            deed(work, found, *words, **more)
            session.commit()
        except Refused:
            session.rollback()

    @rule(minutes=st.sampled_from([1, 60, 300, 1440, 4000, 9000]))
    def time_passes(self, minutes: int) -> None:
        self.make.time.at += timedelta(minutes=minutes)

    @rule(
        who=st.sampled_from(("zhang", "zhang", "zhang", *PEOPLE)),
        unit=st.integers(0, 1),
        kind=st.sampled_from(list(TaskKind)),
        days=st.sampled_from([None, -1, 0, 3]),
    )
    def somebody_asks(self, who: str, unit: int, kind: TaskKind, days: int | None) -> None:
        on = local_date(self.make.time.at) + timedelta(days=days) if days is not None else None
        self.try_to(who, tasking.ask, self.units[unit], kind, "请核实", on)

    @rule(who=st.sampled_from(("zhao", *PEOPLE)), no=NUMBERS)
    def somebody_dispatches(self, who: str, no: int) -> None:
        self.try_to(who, tasking.dispatch, no=no)

    @rule(who=st.sampled_from(("zhou", "zhou", *PEOPLE)), no=NUMBERS)
    def somebody_signs(self, who: str, no: int) -> None:
        self.try_to(who, tasking.sign, no=no)

    @rule(who=st.sampled_from(("zhou", *PEOPLE)), to=st.sampled_from(PEOPLE), no=NUMBERS)
    def somebody_passes_it_on(self, who: str, to: str, no: int) -> None:
        self.try_to(who, tasking.pass_on, getattr(self.cast, to).id, no=no)

    @rule(
        who=st.sampled_from(("zhou", "zheng", *PEOPLE)),
        no=NUMBERS,
        result=st.sampled_from(list(TaskResult)),
        days=st.sampled_from([-1, 0, 2, 9]),
    )
    def somebody_replies(self, who: str, no: int, result: TaskResult, days: int) -> None:
        on = local_date(self.make.time.at) + timedelta(days=days)
        self.try_to(who, tasking.reply, result, "情况如下", on, "依据", no=no)

    @rule(who=st.sampled_from(("zheng", "zhou")), no=NUMBERS, is_fine=st.booleans())
    def somebody_signs_the_reply_or_hands_it_back(self, who: str, no: int, is_fine: bool) -> None:
        if is_fine:
            self.try_to(who, tasking.sign_reply, no=no)
        else:
            self.try_to(who, tasking.hand_back, "再改改", no=no)

    @rule(who=st.sampled_from(("zhang", *PEOPLE)), no=NUMBERS, way=st.integers(0, 3))
    def somebody_takes_the_owners_part(self, who: str, no: int, way: int) -> None:
        if way == 0:
            self.try_to(who, tasking.cancel, "不用了", no=no)
        elif way == 1:
            self.try_to(who, tasking.send_back, "不够", no=no)
        else:
            self.try_to(who, tasking.accept_reply, no=no)

    @rule(who=st.sampled_from(PEOPLE), no=NUMBERS)
    def somebody_nudges(self, who: str, no: int) -> None:
        self.try_to(who, tasking.nudge, no=no)

    @rule(no=NUMBERS, days=st.sampled_from([0, 1, 6]))
    def the_unit_asks_for_more_time_or_to_be_rid_of_it(self, no: int, days: int) -> None:
        facts: dict[str, Any] = {"basis": "三定规定", "unit": self.units[1]}
        if days:
            on = local_date(self.make.time.at) + timedelta(days=days)
            facts = {"new_due_on": on, "work_done": "已送检"}
        kind = RequestKind.DEFERRAL if days else RequestKind.TASK_RETURN

        def ask(work: Work, task: Task) -> None:
            requesting.ask(work, task.ticket, kind, "需检测", facts, task=task)

        self.try_to("zhou", ask, no=no)

    @rule(is_approved=st.booleans())
    def it_is_decided(self, is_approved: bool) -> None:
        session = self.make.session
        pending = session.scalars(select(Request).where(Request.status == RequestStatus.PENDING)).first()
        if pending is None:
            return
        who, request_id = ("zhang" if pending.kind is RequestKind.DEFERRAL else "zhao"), pending.id

        def decided(work: Work, _ticket: Ticket) -> None:
            deciding.decide(work, request_id, is_approved, "情况属实")

        self.try_to(who, decided)

    @rule()
    def the_owner_answers(self) -> None:
        self.try_to("zhang", answering.answer, Outcome.SOLVED, "已办", "内部")

    @rule()
    def the_enterprise_sends_it_back(self) -> None:
        self.try_to("chen", closing.send_back, "没有解决")

    @invariant()
    def the_promises_hold(self) -> None:
        if not hasattr(self, "ticket"):
            return
        session = self.make.session
        session.expire_all()
        ticket = session.get_one(Ticket, self.ticket.id)
        tasks = session.scalars(select(Task).where(Task.ticket_id == ticket.id).order_by(Task.no)).all()
        if ticket.status is Status.ANSWERED:
            assert not [one for one in tasks if one.status in TASK_OPEN]
        assert [one.no for one in tasks] == list(range(1, len(tasks) + 1))
        leads = [one for one in tasks if one.kind is TaskKind.LEAD and one.status in TASK_OPEN]
        assert len(leads) <= 1
        for task in tasks:
            self.clocks_are_those_of_the_status(session, task)
            self.replies_are_in_order(session, task)
        assert list(invariants.broken(session)) == []
        self.the_chain_is_whole(session, ticket)
        session.rollback()

    def clocks_are_those_of_the_status(self, session: Session, task: Task) -> None:
        found = session.scalars(select(Clock).where(Clock.task_id == task.id)).all()
        running = frozenset(one.kind for one in found if one.stopped_at is None)
        if task.status is T.ASKED:
            waits: set[ClockKind] = {K.DECISION} if task.needs_dispatch else {K.TASK_SIGN, K.TASK_REPLY}
            expected: set[frozenset[ClockKind]] = {frozenset(waits)}
        else:
            expected = RUNNING[task.status]
        assert running in expected, (task.status, running)
        assert (K.TASK_PROMISE in running) == (task.promised_on is not None and task.status in TASK_OPEN)
        for one in found:
            if one.stopped_at is not None:
                is_late = one.stopped_at > one.due_at
                assert (one.verdict is Verdict.MISSED) == is_late, "late is missed, however it ended"
            before = self.due.get(one.id)
            if before is not None and before != one.due_at:
                assert before >= self.make.time.at, "what has passed does not move"
            self.due[one.id] = one.due_at

    def replies_are_in_order(self, session: Session, task: Task) -> None:
        given = session.scalars(select(TaskReply).where(TaskReply.task_id == task.id)).all()
        drafts = [one for one in given if one.sent_at is None and one.handed_back_at is None]
        assert len(drafts) <= 1
        assert not (drafts and task.status not in TASK_OPEN)
        sent = [one for one in given if one.sent_at is not None]
        if task.status is T.ACCEPTED:
            last = max(sent, key=lambda one: one.no)
            assert last.accepted_at is not None
            assert last.result is not TaskResult.CONTINUING
        if session.get_one(Unit, task.unit_id).needs_signature:
            assert all(one.signed_by_id == self.cast.zheng.id for one in sent)

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

    Here.cast = cast
    Here.units = (cast.zhou.actor.unit_id or 0, county_unit(session, cast))
    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=60 if os.environ.get("CI") else 12,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    session.rollback()
    reached = set(session.scalars(select(Task.status)))
    assert len(reached) >= 4, reached
    session.rollback()
    time.at += timedelta(days=60)
    promises.figures_equal_their_recount(Here.make)
    promises.lateness_is_told_alike(Here.make)
