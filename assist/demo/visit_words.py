"""What people of the demo world write about a visit: the phrases of `texts/visits.json`, filled for one enterprise."""

import json
from datetime import date
from functools import cache
from random import Random
from typing import Any

from assist.demo.population import Firm
from assist.demo.texts import FOLDER
from assist.demo.texts.filling import draw_slots, fill_text
from assist.domain.status import Method
from assist.domain.visits import VisitKind
from assist.services.visiting import Plan, Record

WITH_POLICIES, WITH_PROBLEMS, WITH_PROMISES, WITH_COMPANIONS = 0.5, 0.22, 0.18, 0.4
METHODS = {Method.ONSITE: 68, Method.PHONE: 24, Method.ONLINE: 8}


@cache
def phrases() -> Any:
    return json.loads((FOLDER / "visits.json").read_text(encoding="utf-8"))


class VisitWords:
    """All words of one visit share one draw of the slots, and so name the same things."""

    def __init__(self, rng: Random, firm: Firm, on: date) -> None:
        self.rng, self.firm = rng, firm
        self.slots = draw_slots(rng, firm.name, firm.chain, on)

    def one_of(self, texts: list[str]) -> str:
        return fill_text(self.rng.choice(texts), self.rng, self.slots)

    def purpose(self) -> str:
        return self.one_of(phrases()["purposes"])

    def plan(self, on: date) -> Plan:
        return Plan(VisitKind.VISIT, self.purpose(), on)

    def record(self, on: date, problems: str = "") -> Record:
        """What the officer writes of his visit: first about the trade, then of something that fits every one."""
        rng, texts = self.rng, phrases()
        own = self.one_of(texts["situation"][self.firm.chain])
        found = self.one_of(texts["problems"][self.firm.chain]) if rng.random() < WITH_PROBLEMS else ""
        return Record(
            method=rng.choices(list(METHODS), weights=list(METHODS.values()))[0],
            situation=own + self.one_of(texts["general"]),
            visit_on=on,
            policies=self.one_of(texts["policies"]) if rng.random() < WITH_POLICIES else "",
            problems=problems or found,
            promises=self.one_of(texts["promises"]) if rng.random() < WITH_PROMISES else "",
            companions=self.one_of(texts["companions"]) if rng.random() < WITH_COMPANIONS else "",
        )

    def of_unit(self, on: date, unit: str) -> tuple[Plan, Record]:
        """A unit's errand, one of its own where there is one: what it plans and what it writes afterwards."""
        texts = phrases()["units"]
        text = self.rng.choice([one for one in texts if one["of"] in unit] or texts)
        kind = VisitKind.of(text["kind"])
        method = Method.ONLINE if kind is VisitKind.REPORT else Method.ONSITE
        situation = fill_text(text["situation"], self.rng, self.slots)
        return Plan(kind, text["purpose"], on), Record(method, situation, on)
