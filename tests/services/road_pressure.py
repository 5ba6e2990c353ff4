"""督办 and 批示 on the random road: the sweep proposes, supervisors sign and settle, leaders write, others reply."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from assist.domain.clock import local_date
from assist.domain.supervision import Addressee, SupervisionLevel
from assist.domain.transitions import Action
from assist.models import Instruction, Supervision
from assist.models.engine import begin_writing
from assist.services import instructing, supervising, sweeping
from assist.services.work import Work
from tests.services.walking import OWNER, Walker, act, mostly

DEEDS: tuple[Callable[[Work, int], Any], ...] = (
    lambda work, id: supervising.reply(work, id, "已说明"),
    lambda work, id: supervising.accept(work, id, "好"),
    lambda work, id: supervising.void(work, id, "有误"),
    lambda work, id: supervising.dismiss(work, id, "已补办"),
    lambda work, id: supervising.raise_level(work, id, "", "不够"),
)


class Pressure(Walker):
    """Formal pressure, and what answers to it."""

    @act()
    def the_sweep_reminds_and_proposes(self) -> None:
        begin_writing(self.make.session)
        while sweeping.sweep_batch(self.make.work()).clocks:
            pass
        self.make.session.commit()

    @act(
        weight=1,
        who=mostly("wang"),
        level=list(SupervisionLevel),
        to=[Addressee.OWNER, Addressee.AREA],
    )
    def somebody_supervises(self, who: str, level: SupervisionLevel, to: Addressee) -> None:
        self.try_to(who, supervising.issue, supervising.Order(level, to, "", "请说明原因"))

    @act(needs=Supervision, who=mostly("wang", OWNER), deed=DEEDS, which=range(0, 6))
    def somebody_acts_on_a_supervision(self, who: str, deed: Callable[[Work, int], Any], which: int) -> None:
        session = self.make.session
        ids = session.scalars(select(Supervision.id).order_by(Supervision.id.desc())).all()
        session.rollback()
        if ids:
            self.do(who, lambda work: deed(work, ids[which % len(ids)]))

    @act(Action.INSTRUCT, weight=1, who=mostly("liu", "wang"), days=range(-1, 10))
    def somebody_instructs(self, who: str, days: int) -> None:
        on = local_date(self.make.time.at) + timedelta(days=days)
        self.try_to(who, instructing.instruct, instructing.Given("请抓紧", on, "聊政阅1号"))

    @act(needs=Instruction, who=mostly(OWNER), which=(None, *range(0, 4)))
    def somebody_answers_to_an_instruction(self, who: str, which: int | None) -> None:
        ids = self.make.session.scalars(select(Instruction.id).order_by(Instruction.id)).all()
        self.make.session.rollback()
        chosen = ids[which % len(ids)] if which is not None and ids else None
        self.try_to(who, instructing.reply, "已落实", chosen)
