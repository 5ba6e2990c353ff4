"""Tickets for tests, made by the services that make them in life, each step committed.

`make.ticket()` → `make.handled()` → `make.answered()` → `make.closed()`: each goes on with a ticket, or makes one.
The time is the test's own: set `time.at` between two steps. Not here: people (`cast`).
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from assist.domain.clock import FixedTime
from assist.domain.requests import RequestKind
from assist.domain.roles import SYSTEM
from assist.domain.status import Difficulty, Method, Outcome, Rating, RatingReason, Result, Status, TicketType
from assist.domain.tasks import TaskKind, TaskResult
from assist.models import Request, Task, Ticket
from assist.models.engine import begin_writing
from assist.services import (
    access,
    answering,
    closing,
    deciding,
    handling,
    intake,
    requesting,
    task_access,
    tasking,
)
from assist.services.work import Work
from tests import asking
from tests.cast import Cast, Person

WORDS = "车间二期消防验收排队已有两个月，影响新产线投产。"
CATEGORY = "0502"


class Make:
    """The factory of one test. Every method commits and returns the ticket as it stands then."""

    def __init__(self, session: Session, time: FixedTime, cast: Cast) -> None:
        self.session = session
        self.time = time
        self.cast = cast

    def work(self, who: Person | None = None) -> Work:
        """A new piece of work of somebody (None: the system), now."""
        return Work(self.session, self.time, who.actor if who else SYSTEM)

    def act(
        self, who: Person | None, ticket: Ticket, deed: Callable[..., Any], *words: Any, **more: Any
    ) -> Ticket:
        """A service's act by somebody: `make.act(cast.zhang, ticket, handling.progress, "已联系", is_visible=True)`."""
        number = ticket.number
        begin_writing(self.session)
        work = self.work(who)
        found = access.ticket(work, number, lock=True) if who else ticket
        deed(work, found, *words, **more)
        self.session.commit()
        return ticket

    def owner(self, ticket: Ticket) -> Person:
        return next(one for one in self.cast.everybody() if one.id == ticket.owner_id)

    def contact(self, ticket: Ticket) -> Person:
        """Who speaks for the ticket's enterprise."""
        return self.cast.chen if ticket.enterprise_id == self.cast.jia else self.cast.sun

    def ticket(
        self,
        description: str = WORDS,
        *,
        by: Person | None = None,
        enterprise: int | None = None,
        **words: Any,
    ) -> Ticket:
        """A new ticket, 甲's by 陈 unless said otherwise; `words` are those of `intake.Submission`."""
        begin_writing(self.session)
        author = by or (self.cast.sun if enterprise == self.cast.yi else self.cast.chen)
        own = self.cast.yi if author in (self.cast.sun, self.cast.li) else self.cast.jia
        ticket = intake.submit(
            self.work(author), enterprise or own, intake.Submission(description=description, **words)
        )
        self.session.commit()
        return ticket

    def contacted(self, ticket: Ticket | None = None) -> Ticket:
        """The owner has called."""
        found = ticket or self.ticket()
        said = handling.ContactWords(Method.PHONE, "陈桂芳", "已了解情况，正在核实。")
        return self.act(self.owner(found), found, handling.contact, said)

    def handled(
        self,
        ticket: Ticket | None = None,
        *,
        category: str = CATEGORY,
        difficulty: Difficulty = Difficulty.GENERAL,
        type: TicketType = TicketType.HELP,
        opinion: str = "已了解，将协调住建部门安排验收。",
    ) -> Ticket:
        """首联登记 done: contacted, accepted, with an opinion."""
        found = ticket or self.ticket()
        grading = handling.Grading(category, type, difficulty, "涉及多个部门")
        said = handling.ContactWords(Method.PHONE, "陈桂芳", "已了解情况，正在核实。")
        return self.act(self.owner(found), found, handling.first_response, said, grading, opinion)

    def answered(
        self,
        ticket: Ticket | None = None,
        answer: str = "验收已于今日完成，合格意见书请到园区窗口领取。",
        outcome: Outcome = Outcome.SOLVED,
        account: str = "内部：与住建局消防科沟通两次。",
    ) -> Ticket:
        """Answered and waiting for the enterprise."""
        found = self.handled() if ticket is None else ticket
        if found.status is Status.SUBMITTED:
            self.handled(found)
        return self.act(self.owner(found), found, answering.answer, outcome, answer, account)

    def _answered(self, ticket: Ticket | None) -> Ticket:
        return ticket if ticket is not None and ticket.status is Status.ANSWERED else self.answered(ticket)

    def closed(
        self,
        ticket: Ticket | None = None,
        result: Result = Result.SOLVED,
        rating: Rating = Rating.SATISFIED,
        reasons: tuple[RatingReason, ...] = (),
        comment: str = "",
    ) -> Ticket:
        """Confirmed and rated by the enterprise."""
        found = self._answered(ticket)
        grade = closing.Grade(rating, list(reasons), comment)
        return self.act(self.contact(found), found, closing.confirm, result, grade)

    def returned(self, ticket: Ticket | None = None, reason: str = "窗口说还没有出件。") -> Ticket:
        """Sent back by the enterprise: the next round."""
        found = self._answered(ticket)
        return self.act(self.contact(found), found, closing.send_back, reason)

    def task(
        self,
        ticket: Ticket | None = None,
        unit: int | None = None,
        *,
        kind: TaskKind = TaskKind.LEAD,
        text: str = "请现场核查并书面反馈。",
        due_on: date | None = None,
    ) -> Task:
        """Asked by the owner: of 周's unit (the city's), unless said otherwise. It waits for dispatch there."""
        found = ticket or self.handled()
        owner, number = self.owner(found), found.number
        begin_writing(self.session)
        work = self.work(owner)
        asked = tasking.ask(
            work,
            access.ticket(work, number, lock=True),
            unit or self.cast.zhou.actor.unit_id,
            kind,
            text,
            due_on,
        )
        self.session.commit()
        return asked

    def task_act(self, who: Person, task: Task, deed: Callable[..., Any], *words: Any, **more: Any) -> Task:
        """An act on a task by somebody: `make.task_act(cast.zhou, task, tasking.sign)`."""
        number = task.number
        begin_writing(self.session)
        work = self.work(who)
        deed(work, task_access.task(work, number, lock=True), *words, **more)
        self.session.commit()
        return task

    def dispatched(self, task: Task | None = None, **asked: Any) -> Task:
        """With 周's unit, sent on by the city's coordinator."""
        return self.task_act(self.cast.zhao, task or self.task(**asked), tasking.dispatch)

    def signed(self, task: Task | None = None, **asked: Any) -> Task:
        """Signed by 周."""
        found = task or self.task(**asked)
        if found.with_unit_at is None:
            self.dispatched(found)
        return self.task_act(self.cast.zhou, found, tasking.sign)

    def replied(
        self,
        task: Task | None = None,
        result: TaskResult = TaskResult.DONE,
        text: str = "已现场核查，问题属实，已整改。",
        promised_on: date | None = None,
        basis: str = "",
    ) -> Task:
        """Replied by 周, before the owner has spoken."""
        found = task or self.signed()
        return self.task_act(self.cast.zhou, found, tasking.reply, result, text, promised_on, basis)

    def asked(
        self,
        kind: RequestKind,
        ticket: Ticket | None = None,
        by: Person | None = None,
        *,
        on: date | None = None,
        reason: str | None = None,
        **facts: Any,
    ) -> Request:
        """A request of a kind, filled in whole, by the ticket's owner unless said otherwise."""
        found = ticket or self.handled()
        who, number = by or self.owner(found), found.number
        why, filled = asking.filled_in(kind, on, **facts)
        begin_writing(self.session)
        work = self.work(who)
        made = requesting.ask(
            work, access.ticket(work, number, lock=True), kind, why if reason is None else reason, filled
        )
        self.session.commit()
        return made

    def asked_for_task(
        self, kind: RequestKind, task: Task, *, on: date | None = None, by: Person | None = None, **facts: Any
    ) -> Request:
        """What a unit asks about its task, by 周."""
        number = task.number
        why, filled = asking.filled_in(kind, on, **facts)
        begin_writing(self.session)
        work = self.work(by or self.cast.zhou)
        found = task_access.task(work, number, lock=True)
        made = requesting.ask(work, found.ticket, kind, why, filled, task=found)
        self.session.commit()
        return made

    def decided(
        self, request: Request, by: Person, is_approved: bool = True, note: str = "经研究决定。"
    ) -> Request:
        """Approved (or refused) by somebody."""
        request_id = request.id
        begin_writing(self.session)
        deciding.decide(self.work(by), request_id, is_approved, note)
        self.session.commit()
        return request

    def at(self, moment: datetime) -> "Make":
        """Move the test's time on."""
        self.time.at = moment
        return self


@pytest.fixture
def make(session: Session, time: FixedTime, cast: Cast) -> Make:
    return Make(session, time, cast)
