"""For a road at random: what is asked and decided, suspensions resumed and reviewed."""

from datetime import timedelta

from sqlalchemy import select

from assist.domain.clock import local_date
from assist.domain.requests import RequestKind, RequestStatus
from assist.domain.transitions import Action as A
from assist.models import Request
from assist.services import deciding, requesting, suspending
from tests import asking
from tests.services.walking import OWNER, Walker, act, mostly

K = RequestKind
DECIDERS = mostly("zhao", "qian", "wang", "liu", OWNER)


class Requests(Walker):
    """申请与审批, whoever asks and whoever decides."""

    @act(who=mostly(OWNER, "chen"), kind=list(RequestKind), days=range(1, 13))
    def somebody_asks(self, who: str, kind: RequestKind, days: int) -> None:
        on = local_date(self.make.time.at) + timedelta(days=days)
        self.try_to(who, requesting.ask, kind, *asking.filled_in(kind, on))

    @act(who=DECIDERS, kind=[K.DECLINE, K.DEFERRAL, K.SUSPENSION])
    def the_owner_asks_and_time_passes(self, who: str, kind: RequestKind) -> None:
        self.somebody_asks(OWNER, kind, 9)
        self.make.time.at += timedelta(minutes=5000)
        self.somebody_decides(who, True, 0)

    @act(needs=Request, weight=3, who=DECIDERS, is_approved=(False, True), which=range(0, 4))
    def somebody_decides(self, who: str, is_approved: bool, which: int) -> None:
        session = self.make.session
        pending = session.scalars(
            select(Request.id).where(Request.status == RequestStatus.PENDING).order_by(Request.id)
        ).all()
        session.rollback()
        if pending:
            request_id = pending[which % len(pending)]
            self.try_to(who, lambda work, ticket: deciding.decide(work, request_id, is_approved, "意见"))

    @act(A.RESUME, needs=Request, who=mostly(OWNER))
    def somebody_resumes(self, who: str) -> None:
        self.try_to(who, suspending.resume, "条件已具备")

    @act(A.RESUME, needs=Request, who=("zhao", "qian", "wang"), goes_on=(False, True), days=range(1, 41))
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
