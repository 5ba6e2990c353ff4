"""For the road at random: officers change by handovers, others stand in for them, tickets are merged.

A part of `test_road_stateful.Road`, which has the ticket and the promises.
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from assist.domain.handovers import Side
from assist.domain.transitions import Action
from assist.models import Handover, StandIn
from assist.services import conversing, handing_over, merging, standing_in
from tests.services.walking import Walker, act

OFFICERS = ["zhang", "li", "wu"]
ANYBODY = ["chen", "zhang", "li", "wu", "wang", "zhao", "qian", "zhou", "xi"]


class Changes(Walker):
    """Rules about who is behind the ticket, and which ticket it is."""

    elder_number: str

    @act(weight=1, to=OFFICERS)
    def a_handover_is_prepared(self, to: str) -> None:
        successor = getattr(self.cast, to).id
        self.do("zhao", lambda work: handing_over.prepare(work, self.cast.jia, successor, "轮岗"))

    @act(weight=1, who=ANYBODY, side=(None, *list(Side)))
    def somebody_acknowledges(self, who: str, side: Side | None) -> None:
        if (latest := self._latest(Handover)) is not None:
            self.do(who, lambda work: handing_over.acknowledge(work, latest, side, reason="不在岗"))

    @act(weight=1, to=OFFICERS)
    def a_handover_takes_effect(self, to: str) -> None:
        self.a_handover_is_prepared(to)
        for side in (Side.FORMER, Side.SUCCESSOR):
            self.somebody_acknowledges("zhao", side)

    @act(weight=1, who=ANYBODY)
    def somebody_cancels_the_handover(self, who: str) -> None:
        if (latest := self._latest(Handover)) is not None:
            self.do(who, lambda work: handing_over.cancel(work, latest))

    @act(weight=1, officer=OFFICERS, stand_in=OFFICERS, hours=[1, 30, 200])
    def somebody_stands_in(self, officer: str, stand_in: str, hours: int) -> None:
        one, other, now = getattr(self.cast, officer).id, getattr(self.cast, stand_in).id, self.make.time.at
        until = now + timedelta(hours=hours)
        self.do("zhao", lambda work: standing_in.appoint(work, one, other, now, until, "培训"))

    @act(weight=1, stand_in=OFFICERS)
    def the_stand_in_acts(self, stand_in: str) -> None:
        self.somebody_stands_in("zhang", stand_in, 30)
        self.try_to(stand_in, conversing.comment, "代办的话")

    @act(weight=1)
    def a_stand_in_ends(self) -> None:
        record = self.make.session.scalars(select(StandIn).order_by(StandIn.id.desc())).first()
        if record is not None:
            officer, latest = record.officer_id, record.id
            self.do("zhao", lambda work: standing_in.end(work, officer, latest))
        self.make.session.rollback()

    @act(Action.MERGE, weight=1, who=["chen", "zhang", "zhao", "wang"])
    def somebody_merges(self, who: str) -> None:
        self.try_to(who, merging.merge, self.elder_number)

    def _latest(self, table: Any) -> int | None:
        found: int | None = self.make.session.scalar(select(table.id).order_by(table.id.desc()).limit(1))
        self.make.session.rollback()
        return found
