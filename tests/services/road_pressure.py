"""督办 and 批示 on the random road: the sweep proposes, supervisors sign and settle, leaders write, others reply."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule
from sqlalchemy import select

from assist.domain.clock import local_date
from assist.domain.errors import Refused
from assist.domain.supervision import Addressee, SupervisionLevel
from assist.models import Instruction, Supervision, Ticket
from assist.models.engine import begin_writing
from assist.services import instructing, supervising, sweeping
from assist.services.work import Work
from tests.cast import Cast
from tests.make import Make

ANYBODY = ("chen", "zhang", "li", "wang", "zhao", "qian", "liu", "zhou", "wu")
DEEDS: tuple[Callable[[Work, int], Any], ...] = (
    lambda work, id: supervising.reply(work, id, "已说明"),
    lambda work, id: supervising.accept(work, id, "好"),
    lambda work, id: supervising.void(work, id, "有误"),
    lambda work, id: supervising.dismiss(work, id, "已补办"),
    lambda work, id: supervising.raise_level(work, id, "", "不够"),
)


class Pressure:
    """Rules for a machine that has `make`, `cast`, `ticket` and `try_to`."""

    make: Make
    cast: Cast
    ticket: Ticket
    try_to: Callable[..., None]

    @rule()
    def the_sweep_reminds_and_proposes(self) -> None:
        begin_writing(self.make.session)
        while sweeping.sweep_batch(self.make.work()).clocks:
            pass
        self.make.session.commit()

    @rule(
        who=st.sampled_from(ANYBODY),
        level=st.sampled_from(list(SupervisionLevel)),
        to=st.sampled_from([Addressee.OWNER, Addressee.AREA]),
    )
    def somebody_supervises(self, who: str, level: SupervisionLevel, to: Addressee) -> None:
        self.try_to(who, supervising.issue, supervising.Order(level, to, "", "请说明原因"))

    @rule(who=st.sampled_from(ANYBODY), deed=st.sampled_from(DEEDS), which=st.integers(0, 5))
    def somebody_acts_on_a_supervision(self, who: str, deed: Callable[[Work, int], Any], which: int) -> None:
        session = self.make.session
        ids = session.scalars(select(Supervision.id).order_by(Supervision.id.desc())).all()
        session.rollback()
        if not ids:
            return
        begin_writing(session)
        with suppress(Refused):
            deed(self.make.work(getattr(self.cast, who)), ids[which % len(ids)])
            session.commit()
        session.rollback()

    @rule(who=st.sampled_from(ANYBODY), days=st.integers(-1, 9))
    def somebody_instructs(self, who: str, days: int) -> None:
        on = local_date(self.make.time.at) + timedelta(days=days)
        self.try_to(who, instructing.instruct, instructing.Given("请抓紧", on, "聊政阅1号"))

    @rule(who=st.sampled_from(ANYBODY), which=st.none() | st.integers(0, 3))
    def somebody_answers_to_an_instruction(self, who: str, which: int | None) -> None:
        ids = self.make.session.scalars(select(Instruction.id).order_by(Instruction.id)).all()
        self.make.session.rollback()
        chosen = ids[which % len(ids)] if which is not None and ids else None
        self.try_to(who, instructing.reply, "已落实", chosen)
