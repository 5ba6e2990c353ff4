"""Who serves whom in the demo world: paired at the start, changed now and then, one vacancy at the end."""

import random
from datetime import timedelta

from assist.demo.population import Firm, People
from assist.demo.stage import Stage, Story
from assist.services import pairing

CHANGES = 6
REASONS = ("工作调整，不再担任服务专员", "挂职期满", "退休", "岗位轮换")
VACANCY = 137


def at_the_start(stage: Stage, people: People) -> None:
    for firm in people.firms:
        stage.act(people.city_coordinator, pairing.pair, firm.id, firm.officer_id)


def vacant(people: People) -> Firm | None:
    """The enterprise that has nobody when the world stands still."""
    return people.firms[min(VACANCY, len(people.firms)) - 1] if len(people.firms) > 3 else None


def leaves_a_vacancy(stage: Stage, firm: Firm) -> Story:
    stage.act(firm.coordinator_id, pairing.end, firm.id, "抽调参加省级专项工作，待安排接任专员")
    stage.forget()
    yield from ()


def changes(stage: Stage, people: People, rng: random.Random) -> None:
    """A few enterprises get another officer: for a while the neighbour's, then their own again."""
    spare = vacant(people)
    firms = [firm for firm in people.firms[2:] if firm is not spare]
    for firm in sorted(rng.sample(firms, k=min(CHANGES, len(firms) // 3)), key=lambda firm: firm.place):
        neighbour = people.firms[(firm.place + 1) % len(people.firms)]
        leaves = stage.start + (stage.until - stage.start) * rng.uniform(0.1, 0.7)
        stage.plan(stage.office(leaves, 60), changed(stage, firm, neighbour.officer_id, rng))


def changed(stage: Stage, firm: Firm, stand_in: int, rng: random.Random) -> Story:
    _change(stage, firm, stand_in, rng.choice(REASONS))
    yield stage.office(stage.time.at + timedelta(days=rng.uniform(30, 120)), 30)
    _change(stage, firm, firm.officer_id, "新任专员到岗，交接完毕")


def _change(stage: Stage, firm: Firm, officer_id: int, reason: str) -> None:
    stage.act(firm.coordinator_id, pairing.end, firm.id, reason)
    stage.act(firm.coordinator_id, pairing.pair, firm.id, officer_id)
    stage.forget()
