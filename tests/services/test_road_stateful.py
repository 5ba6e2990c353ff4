"""Everybody acts at random on one ticket, at random times; whatever they do, the promises of the road hold."""

import os
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select
from sqlalchemy.orm import Session

from assist.domain.clock import FixedTime, local_date
from assist.domain.errors import Refused
from assist.domain.requests import RequestKind, RequestStatus
from assist.domain.status import (
    CallbackResult,
    Difficulty,
    Method,
    Outcome,
    Rating,
    RatingReason,
    Result,
    TicketType,
)
from assist.models import Request
from assist.models.engine import begin_writing
from assist.services import (
    access,
    answering,
    calling_back,
    closing,
    conversing,
    deciding,
    handling,
    lapsing,
    pairing,
    requesting,
    stand_ins,
    suspending,
)
from tests import asking
from tests.cast import Cast
from tests.make import Make
from tests.services import promises
from tests.services.road_changes import Changes
from tests.services.road_pressure import Pressure

K = RequestKind
PEOPLE = ("chen", "sun", "zhang", "li", "wang", "zhao", "qian", "liu", "zhou", "wu", "xi")
GRADES = st.sampled_from(list(Rating))


class Road(Changes, Pressure, RuleBasedStateMachine):
    """One ticket, everybody at once. A refusal is fine; a broken promise or another exception is not."""

    @initialize(by=st.sampled_from(["chen", "zhang"]), pressing=st.booleans())
    def begin(self, by: str, pressing: bool) -> None:
        self.make.time.at += timedelta(hours=1)
        self.the_officer_changes("zhang")
        self.elder_number = self.make.ticket("先前提过的同一件事").number
        reason = "停产" if pressing else ""
        self.ticket = self.make.ticket(
            by=getattr(self.cast, by), is_pressing=pressing, pressing_reason=reason
        )
        self.number = self.ticket.number
        self.passed: dict[int, Any] = {}

    def try_to(self, who: str, deed: Any, *words: Any, **more: Any) -> None:
        session = self.make.session
        try:
            begin_writing(session)
            work = self.make.work(getattr(self.cast, who))
            acting = stand_ins.of(session, work.actor.account_id or 0, work.now)
            work.actor = replace(work.actor, stands_in_for=acting)
            deed(work, access.ticket(work, self.number, lock=True), *words, **more)
            session.commit()
        except Refused:
            session.rollback()

    @rule(minutes=st.sampled_from([1, 45, 200, 600, 1500, 5000, 9000]))
    def time_passes(self, minutes: int) -> None:
        self.make.time.at += timedelta(minutes=minutes)

    @rule(who=st.sampled_from(PEOPLE))
    def somebody_comments(self, who: str) -> None:
        self.try_to(who, conversing.comment, "补充一句")

    @rule(who=st.sampled_from(PEOPLE))
    def somebody_contacts(self, who: str) -> None:
        self.try_to(who, handling.contact, handling.ContactWords(Method.PHONE, "陈桂芳", "已联系"))

    @rule(
        who=st.sampled_from(PEOPLE),
        type_=st.sampled_from(list(TicketType)),
        hard=st.sampled_from(list(Difficulty)),
    )
    def somebody_accepts(self, who: str, type_: TicketType, hard: Difficulty) -> None:
        self.try_to(who, handling.accept, handling.Grading("0404", type_, hard, "更正"))

    @rule(who=st.sampled_from(PEOPLE))
    def somebody_registers_a_first_response(self, who: str) -> None:
        said = handling.ContactWords(Method.ONSITE, "陈桂芳", "已上门")
        grading = handling.Grading("0502", TicketType.HELP, Difficulty.COMPLEX, "跨部门")
        self.try_to(who, handling.first_response, said, grading, "初步意见")

    @rule(who=st.sampled_from(PEOPLE))
    def somebody_asks_for_a_supplement(self, who: str) -> None:
        self.try_to(who, conversing.request_supplement, "请补充合同")

    @rule(who=st.sampled_from(PEOPLE))
    def somebody_supplements(self, who: str) -> None:
        self.try_to(who, conversing.supplement, "合同已上传")

    @rule(who=st.sampled_from(PEOPLE), is_visible=st.booleans())
    def somebody_reports_progress(self, who: str, is_visible: bool) -> None:
        self.try_to(who, handling.progress, "正在协调", is_visible=is_visible)

    @rule(who=st.sampled_from(PEOPLE))
    def somebody_gives_an_opinion(self, who: str) -> None:
        self.try_to(who, handling.opinion, "先核实")

    @rule(who=st.sampled_from(PEOPLE), outcome=st.sampled_from(list(Outcome)))
    def somebody_answers(self, who: str, outcome: Outcome) -> None:
        self.try_to(who, answering.answer, outcome, "已办理", "内部情况")

    @rule(who=st.sampled_from(PEOPLE), word=st.integers(0, 3))
    def somebody_corrects_the_answer(self, who: str, word: int) -> None:
        self.try_to(who, answering.correct_answer, f"更正{word}", "日期有误")

    @rule(who=st.sampled_from(["chen", "sun", "zhang"]))
    def somebody_opens_the_answer(self, who: str) -> None:
        self.try_to(who, conversing.answer_opened)

    @rule(who=st.sampled_from(PEOPLE), result=st.sampled_from(list(Result)), rating=GRADES)
    def somebody_confirms(self, who: str, result: Result, rating: Rating) -> None:
        self.try_to(who, closing.confirm, result, closing.Grade(rating, [RatingReason.SPEED]))

    @rule(who=st.sampled_from(PEOPLE))
    def somebody_sends_it_back(self, who: str) -> None:
        self.try_to(who, closing.send_back, "没有解决")

    @rule(who=st.sampled_from(PEOPLE))
    def somebody_reopens(self, who: str) -> None:
        self.try_to(who, closing.reopen, "又出现了")

    @rule(who=st.sampled_from(PEOPLE), rating=GRADES)
    def somebody_rates(self, who: str, rating: Rating) -> None:
        self.try_to(who, closing.rate, closing.Grade(rating, [RatingReason.ATTITUDE]))

    @rule(who=st.sampled_from(PEOPLE))
    def somebody_withdraws(self, who: str) -> None:
        self.try_to(who, closing.withdraw, "自己解决了")

    @rule(who=st.sampled_from(PEOPLE))
    def somebody_nudges(self, who: str) -> None:
        self.try_to(who, conversing.nudge, "请抓紧")

    @rule(who=st.sampled_from(PEOPLE), is_true=st.booleans())
    def somebody_verifies(self, who: str, is_true: bool) -> None:
        self.try_to(who, conversing.verify_contact, is_true)
        self.try_to(who, conversing.verify_entry, is_true)

    @rule(who=st.sampled_from(PEOPLE), kind=st.sampled_from(list(RequestKind)), days=st.integers(1, 12))
    def somebody_asks(self, who: str, kind: RequestKind, days: int) -> None:
        on = local_date(self.make.time.at) + timedelta(days=days)
        self.try_to(who, requesting.ask, kind, *asking.filled_in(kind, on))

    @rule(who=st.sampled_from(PEOPLE), kind=st.sampled_from([K.DECLINE, K.DEFERRAL, K.SUSPENSION]))
    def the_owner_asks_and_time_passes(self, who: str, kind: RequestKind) -> None:
        self.somebody_asks("zhang", kind, 9)
        self.time_passes(5000)
        self.somebody_decides(who, True, 0)

    @rule(who=st.sampled_from(PEOPLE), is_approved=st.booleans(), which=st.integers(0, 3))
    def somebody_decides(self, who: str, is_approved: bool, which: int) -> None:
        session = self.make.session
        pending = session.scalars(
            select(Request.id).where(Request.status == RequestStatus.PENDING).order_by(Request.id)
        ).all()
        session.rollback()
        if pending:
            request_id = pending[which % len(pending)]
            self.try_to(who, lambda work, ticket: deciding.decide(work, request_id, is_approved, "意见"))

    @rule(who=st.sampled_from(PEOPLE), heard=st.sampled_from(list(CallbackResult)), rating=st.none() | GRADES)
    def somebody_calls_back(self, who: str, heard: CallbackResult, rating: Rating | None) -> None:
        talk = calling_back.Talk(Method.PHONE, "陈桂芳", heard, rating, "企业这样说")
        self.try_to(who, calling_back.callback, talk)

    @rule(who=st.sampled_from(PEOPLE))
    def somebody_resumes(self, who: str) -> None:
        self.try_to(who, suspending.resume, "条件已具备")

    @rule(who=st.sampled_from(["zhao", "qian", "wang"]), goes_on=st.booleans(), days=st.integers(1, 40))
    def somebody_reviews(self, who: str, goes_on: bool, days: int) -> None:
        session = self.make.session
        lasting = session.scalar(
            select(Request.id).where(Request.kind == K.SUSPENSION, Request.ended_at.is_(None))
        )
        session.rollback()
        on = local_date(self.make.time.at) + timedelta(days=days)
        if lasting is not None:
            self.try_to(
                who, lambda work, ticket: suspending.review(work, lasting, on, "意见", goes_on=goes_on)
            )

    @rule(officer=st.sampled_from(["zhang", "li"]))
    def the_officer_changes(self, officer: str) -> None:
        session = self.make.session
        for deed in (
            lambda w: pairing.end(w, self.cast.jia, "轮岗"),
            lambda w: pairing.pair(w, self.cast.jia, self.officer(officer)),
        ):
            try:
                begin_writing(session)
                deed(self.make.work(self.cast.zhao))
                session.commit()
            except Refused:
                session.rollback()

    def officer(self, name: str) -> int:
        found: int = getattr(self.cast, name).id
        return found

    @precondition(lambda self: hasattr(self, "ticket"))
    @rule()
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
        promises.owner_is_the_active_officer(session, self.ticket)
        promises.clocks_are_those_of_the_status(session, self.ticket)
        promises.every_decision_is_owed_once(session, self.ticket)
        promises.what_is_demanded_is_owed_once(session, self.ticket)
        promises.events_replay_to_the_present(session, self.ticket)
        promises.no_passed_due_time_has_moved(session, self.ticket)
        promises.no_one_rated_what_he_handled(session, self.ticket, self.cast.chen.id)
        session.rollback()


def test_whatever_people_do_the_promises_of_the_road_hold(
    session: Session, time: FixedTime, cast: Cast
) -> None:
    class Here(Road):
        make = Make(session, time, cast)

    Here.cast = cast
    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=60 if os.environ.get("CI") else 20,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    session.rollback()
    time.at += timedelta(days=400)
    promises.figures_equal_their_recount(Here.make)
    promises.lateness_is_told_alike(Here.make)
