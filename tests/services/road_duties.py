"""For a road at random: what is asked of two units, and the promises of each task.

A part of `test_road_stateful.Road` and of `test_tasks_stateful.Tasks`, which have the ticket.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from assist.domain.clock import local_date
from assist.domain.requests import RequestKind
from assist.domain.status import ClockKind, Status, Verdict
from assist.domain.tasks import TASK_OPEN, TaskKind, TaskResult, TaskStatus
from assist.domain.transitions import Action as A
from assist.models import Clock, Task, TaskReply, Ticket, Unit
from assist.services import requesting, task_access, tasking
from assist.services.work import Work
from tests.services.walking import OWNER, PEOPLE, Walker, act, mostly

NUMBERS = (1, 1, 1, 2, 2, 3)
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


class Duties(Walker):
    """What units are asked, and what they do about it."""

    units: tuple[int, int]
    due: dict[int, datetime]

    def try_task(self, who: str, no: int, deed: Any, *words: Any) -> None:
        """Do it to the ticket's task number `no`."""
        self.do(who, lambda work: deed(work, task_access.task(work, f"{self.number}-{no:02d}", lock=True), *words))

    @act(A.ASSIGN_TASK,
        who=mostly(OWNER),
        unit=range(0, 2),
        kind=list(TaskKind),
        days=[None, -1, 0, 3],
    )
    def a_unit_is_asked(self, who: str, unit: int, kind: TaskKind, days: int | None) -> None:
        on = local_date(self.make.time.at) + timedelta(days=days) if days is not None else None
        self.try_to(who, tasking.ask, self.units[unit], kind, "请核实", on)

    @act(A.ASSIGN_TASK, needs=Task, who=mostly("zhao"), no=NUMBERS)
    def somebody_dispatches(self, who: str, no: int) -> None:
        self.try_task(who, no, tasking.dispatch)

    @act(A.ASSIGN_TASK, needs=Task, who=mostly("zhou"), no=NUMBERS)
    def somebody_signs(self, who: str, no: int) -> None:
        self.try_task(who, no, tasking.sign)

    @act(A.ASSIGN_TASK, needs=Task, who=mostly("zhou"), to=PEOPLE, no=NUMBERS)
    def somebody_passes_it_on(self, who: str, to: str, no: int) -> None:
        self.try_task(who, no, tasking.pass_on, getattr(self.cast, to).id)

    @act(A.ASSIGN_TASK,
        who=mostly("zhou", "zheng"),
        no=NUMBERS,
        result=list(TaskResult),
        days=[-1, 0, 2, 9],
    )
    def somebody_replies(self, who: str, no: int, result: TaskResult, days: int) -> None:
        on = local_date(self.make.time.at) + timedelta(days=days)
        self.try_task(who, no, tasking.reply, result, "情况如下", on, "依据")

    @act(A.ASSIGN_TASK, needs=Task, weight=1, who=("zheng", "zhou"), no=NUMBERS, is_fine=(False, True))
    def somebody_signs_the_reply_or_hands_it_back(self, who: str, no: int, is_fine: bool) -> None:
        if is_fine:
            self.try_task(who, no, tasking.sign_reply)
        else:
            self.try_task(who, no, tasking.hand_back, "再改改")

    @act(A.ASSIGN_TASK, needs=Task, who=mostly(OWNER), no=NUMBERS, way=range(0, 4))
    def somebody_takes_the_owners_part(self, who: str, no: int, way: int) -> None:
        if way == 0:
            self.try_task(who, no, tasking.cancel, "不用了")
        elif way == 1:
            self.try_task(who, no, tasking.send_back, "不够")
        else:
            self.try_task(who, no, tasking.accept_reply)

    @act(A.ASSIGN_TASK, needs=Task, weight=1, who=PEOPLE, no=NUMBERS)
    def somebody_nudges_a_unit(self, who: str, no: int) -> None:
        self.try_task(who, no, tasking.nudge)

    @act(A.ASSIGN_TASK, needs=Task, weight=1, no=NUMBERS, days=[0, 1, 6])
    def the_unit_asks_for_more_time_or_to_be_rid_of_it(self, no: int, days: int) -> None:
        facts: dict[str, Any] = {"basis": "三定规定", "unit": self.units[1]}
        if days:
            on = local_date(self.make.time.at) + timedelta(days=days)
            facts = {"new_due_on": on, "work_done": "已送检"}
        kind = RequestKind.DEFERRAL if days else RequestKind.TASK_RETURN

        def ask(work: Work, task: Task) -> None:
            requesting.ask(work, task.ticket, kind, "需检测", facts, task=task)

        self.try_task("zhou", no, ask)

    def the_promises_of_tasks_hold(self, session: Session, ticket: Ticket) -> None:
        tasks = session.scalars(select(Task).where(Task.ticket_id == ticket.id).order_by(Task.no)).all()
        if ticket.status is Status.ANSWERED:
            assert not [one for one in tasks if one.status in TASK_OPEN]
        assert [one.no for one in tasks] == list(range(1, len(tasks) + 1))
        leads = [one for one in tasks if one.kind is TaskKind.LEAD and one.status in TASK_OPEN]
        assert len(leads) <= 1
        for task in tasks:
            self.clocks_are_those_of_the_task(session, task)
            self.replies_are_in_order(session, task)

    def clocks_are_those_of_the_task(self, session: Session, task: Task) -> None:
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
