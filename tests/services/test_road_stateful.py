"""Everybody acts at random on one ticket, at random times; whatever they do, the promises of the road hold."""

from datetime import timedelta
from random import Random

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
)
from sqlalchemy import select
from sqlalchemy.orm import Session

from assist.domain.clock import FixedTime
from assist.domain.status import (
    CallbackResult,
    Difficulty,
    Method,
    Outcome,
    Rating,
    RatingReason,
    Result,
    Status,
    TicketType,
)
from assist.domain.transitions import Action as A
from assist.models import TicketEvent
from assist.models.engine import begin_writing
from assist.services import (
    answering,
    calling_back,
    closing,
    conversing,
    handling,
    lapsing,
    pairing,
)
from tests.cast import Cast
from tests.make import Make
from tests.services import promises
from tests.services.road_changes import Changes
from tests.services.road_duties import Duties
from tests.services.road_pressure import Pressure
from tests.services.road_requests import Requests
from tests.services.walking import OWNER, act, at_least, mostly, walk

RESTRICTED = "1304"  # 对服务专员的意见
GRADES = list(Rating)


class Road(Changes, Pressure, Requests, Duties, RuleBasedStateMachine):
    """One ticket, everybody at once. A refusal is fine; a broken promise or another exception is not."""

    named: int  # who is named for what is restricted

    @initialize(
        by=st.sampled_from(["chen", "zhang"]),
        pressing=st.booleans(),
        about=st.sampled_from(["", "", "", RESTRICTED]),
        steps=st.integers(0, 3),
        tasks=st.integers(0, 4),
        rng=st.randoms(use_true_random=True),
    )
    def begin(self, by: str, pressing: bool, about: str, steps: int, tasks: int, rng: Random) -> None:
        """A ticket that has come so far: submitted, in handling (a unit asked, or even replied), answered, closed."""
        self.rng = rng
        self.make.time.at += timedelta(hours=1)
        self.the_officer_changes("zhang")
        self.elder_number = self.make.ticket("先前提过的同一件事").number
        reason = "停产" if pressing else ""
        author = self.cast.chen if about else getattr(self.cast, by)
        self.ticket = self.make.ticket(by=author, category=about, is_pressing=pressing, pressing_reason=reason)
        self.number, self.due = self.ticket.number, {}
        if not about:
            for step in (self.make.handled, self.make.answered, self.make.closed)[:steps]:
                step(self.ticket)
        if self.ticket.status is Status.HANDLING and tasks:
            task = self.make.task(self.ticket)
            for move in (self.make.dispatched, self.make.signed, self.make.replied)[: tasks - 1]:
                move(task)

    @act(A.COMMENT, who=mostly(OWNER, "chen"))
    def somebody_comments(self, who: str) -> None:
        self.try_to(who, conversing.comment, "补充一句")

    @act(A.CONTACT, who=mostly(OWNER))
    def somebody_contacts(self, who: str) -> None:
        self.try_to(who, handling.contact, handling.ContactWords(Method.PHONE, "陈桂芳", "已联系"))

    @act(
        A.ACCEPT,
        weight=5,
        who=mostly(OWNER),
        type_=list(TicketType),
        hard=list(Difficulty),
    )
    def somebody_accepts(self, who: str, type_: TicketType, hard: Difficulty) -> None:
        self.try_to(who, handling.accept, handling.Grading("0404", type_, hard, "更正"))

    @act(A.FIRST_RESPONSE, weight=5, who=mostly(OWNER))
    def somebody_registers_a_first_response(self, who: str) -> None:
        said = handling.ContactWords(Method.ONSITE, "陈桂芳", "已上门")
        grading = handling.Grading("0502", TicketType.HELP, Difficulty.COMPLEX, "跨部门")
        self.try_to(who, handling.first_response, said, grading, "初步意见")

    @act(A.REQUEST_SUPPLEMENT, weight=5, who=mostly(OWNER))
    def somebody_asks_for_a_supplement(self, who: str) -> None:
        self.try_to(who, conversing.request_supplement, "请补充合同")

    @act(A.SUPPLEMENT, weight=5, who=mostly("chen"))
    def somebody_supplements(self, who: str) -> None:
        self.try_to(who, conversing.supplement, "合同已上传")

    @act(A.PROGRESS, who=mostly(OWNER), is_visible=(False, True))
    def somebody_reports_progress(self, who: str, is_visible: bool) -> None:
        self.try_to(who, handling.progress, "正在协调", is_visible=is_visible)

    @act(A.OPINION, who=mostly(OWNER))
    def somebody_gives_an_opinion(self, who: str) -> None:
        self.try_to(who, handling.opinion, "先核实")

    @act(A.ANSWER, weight=5, who=mostly(OWNER), outcome=list(Outcome))
    def somebody_answers(self, who: str, outcome: Outcome) -> None:
        self.try_to(who, answering.answer, outcome, "已办理", "内部情况")

    @act(A.CORRECT_ANSWER, who=mostly(OWNER), word=range(0, 4))
    def somebody_corrects_the_answer(self, who: str, word: int) -> None:
        self.try_to(who, answering.correct_answer, f"更正{word}", "日期有误")

    @act(A.OPEN_ANSWER, who=mostly("chen"))
    def somebody_opens_the_answer(self, who: str) -> None:
        self.try_to(who, conversing.answer_opened)

    @act(A.CONFIRM, weight=5, who=mostly("chen"), result=list(Result), rating=GRADES)
    def somebody_confirms(self, who: str, result: Result, rating: Rating) -> None:
        self.try_to(who, closing.confirm, result, closing.Grade(rating, [RatingReason.SPEED]))

    @act(A.RETURN, weight=5, who=mostly("chen"))
    def somebody_sends_it_back(self, who: str) -> None:
        self.try_to(who, closing.send_back, "没有解决")

    @act(A.REOPEN, weight=5, who=mostly("chen"))
    def somebody_reopens(self, who: str) -> None:
        self.try_to(who, closing.reopen, "又出现了")

    @act(A.RATE, weight=5, who=mostly("chen"), rating=GRADES)
    def somebody_rates(self, who: str, rating: Rating) -> None:
        self.try_to(who, closing.rate, closing.Grade(rating, [RatingReason.ATTITUDE]))

    @act(A.WITHDRAW, weight=1, who=mostly("chen"))
    def somebody_withdraws(self, who: str) -> None:
        self.try_to(who, closing.withdraw, "自己解决了")

    @act(A.NUDGE, who=mostly("chen", "wang"))
    def somebody_nudges(self, who: str) -> None:
        self.try_to(who, conversing.nudge, "请抓紧")

    @act(who=mostly("chen"), is_true=(False, True))
    def somebody_verifies(self, who: str, is_true: bool) -> None:
        self.try_to(who, conversing.verify_contact, is_true)
        self.try_to(who, conversing.verify_entry, is_true)

    @act(A.CALLBACK, who=mostly("wang"), heard=list(CallbackResult), rating=(None, *GRADES))
    def somebody_calls_back(self, who: str, heard: CallbackResult, rating: Rating | None) -> None:
        talk = calling_back.Talk(Method.PHONE, "陈桂芳", heard, rating, "企业这样说")
        self.try_to(who, calling_back.callback, talk)

    @act(weight=1, officer=["zhang", "li"])
    def the_officer_changes(self, officer: str) -> None:
        self.do("zhao", lambda work: pairing.end(work, self.cast.jia, "轮岗"))
        self.do("zhao", lambda work: pairing.pair(work, self.cast.jia, getattr(self.cast, officer).id))

    @act()
    def the_system_closes_what_was_left_in_silence(self) -> None:
        begin_writing(self.make.session)
        lapsing.one(self.make.work(), self.ticket.id)
        self.make.session.commit()

    @invariant()
    def the_promises_hold(self) -> None:
        if not hasattr(self, "ticket"):
            return
        session = self.make.session
        session.expire_all()
        promises.owner_is_who_it_must_be(session, self.ticket, self.named)
        promises.clocks_are_those_of_the_status(session, self.ticket)
        promises.every_decision_is_owed_once(session, self.ticket)
        promises.what_is_demanded_is_owed_once(session, self.ticket)
        promises.events_replay_to_the_present(session, self.ticket)
        promises.no_passed_due_time_has_moved(session, self.ticket)
        promises.no_one_rated_what_he_handled(session, self.ticket, self.cast.chen.id)
        self.the_promises_of_tasks_hold(session, self.ticket)
        session.rollback()


def test_whatever_people_do_the_promises_of_the_road_hold(
    session: Session, time: FixedTime, cast: Cast
) -> None:
    class Here(Road):
        make = Make(session, time, cast)

    walk(Here, cast, examples=(8, 24), steps=40)
    reached = set(session.scalars(select(TicketEvent.action)))
    assert len(reached) >= at_least(12, 24), reached
    time.at += timedelta(days=400)
    promises.figures_equal_their_recount(Here.make)
    promises.lateness_is_told_alike(Here.make)
