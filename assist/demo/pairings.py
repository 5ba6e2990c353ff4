"""Who serves whom in the demo world: paired at the start, changed or handed over now and then, one vacancy at the end.

And who stands in for whom.
"""

import random
from contextlib import suppress
from datetime import datetime, timedelta

from assist.demo.population import Firm, People
from assist.demo.stage import Stage, Story
from assist.domain.errors import Refused
from assist.services import handing_over, pairing, standing_in

CHANGES = 6
REASONS = ("工作调整，不再担任服务专员", "挂职期满", "退休", "岗位轮换")
BACK = "新任专员到岗，交接完毕"
NOTES = "在办诉求已逐件说明；企业负责人联系方式和近期走访记录一并移交。"
VACANCY = 137
WAITING = 4  # the place of the enterprise whose handover waits
STOOD_IN = (3, 2)  # the places of those who were, and are, stood in for by their neighbour


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
    """A few enterprises get another officer: for a while the neighbour's, then their own again.

    Every other time by a handover that both acknowledge, else at once.
    """
    spare = vacant(people)
    firms = [firm for firm in people.firms[2:] if firm is not spare and firm.place != WAITING]
    chosen = sorted(rng.sample(firms, k=min(CHANGES, len(firms) // 3)), key=lambda firm: firm.place)
    for number, firm in enumerate(chosen):
        neighbour = people.firms[(firm.place + 1) % len(people.firms)]
        leaves = stage.start + (stage.until - stage.start) * rng.uniform(0.1, 0.7)
        stage.plan(stage.office(leaves, 60), changed(stage, firm, neighbour.officer_id, rng, is_handed=number % 2 == 0))


def changed(stage: Stage, firm: Firm, other: int, rng: random.Random, *, is_handed: bool) -> Story:
    reason = rng.choice(REASONS)
    if is_handed:
        yield from handed_over(stage, firm, firm.officer_id, other, reason)
    else:
        _change(stage, firm, other, reason)
    yield stage.office(stage.time.at + timedelta(days=rng.uniform(30, 120)), 30)
    if is_handed:
        yield from handed_over(stage, firm, other, firm.officer_id, BACK)
    else:
        _change(stage, firm, firm.officer_id, BACK)


def _change(stage: Stage, firm: Firm, officer_id: int, reason: str) -> None:
    stage.act(firm.coordinator_id, pairing.end, firm.id, reason)
    stage.act(firm.coordinator_id, pairing.pair, firm.id, officer_id)
    stage.forget()


def handed_over(stage: Stage, firm: Firm, former: int, successor: int, reason: str) -> Story:
    """Prepared by the area's coordinator, acknowledged by both within the day."""
    made = stage.act(firm.coordinator_id, handing_over.prepare, firm.id, successor, reason, NOTES)
    yield stage.office(stage.time.at, 75)
    stage.act(former, handing_over.acknowledge, made.id)
    yield stage.office(stage.time.at, 130)
    stage.act(successor, handing_over.acknowledge, made.id, notes="已逐件核对，接着办理。")
    stage.forget()


def waiting(stage: Stage, people: People) -> Story:
    """A handover to the first officer that only he has still to acknowledge."""
    firm, successor = people.firms[WAITING], people.firms[0].officer_id
    with suppress(Refused):
        made = stage.act(firm.coordinator_id, handing_over.prepare, firm.id, successor, REASONS[0], NOTES)
        yield stage.office(stage.time.at, 45)
        stage.act(firm.officer_id, handing_over.acknowledge, made.id)


def stood_in(stage: Stage, people: People, place: int, until: datetime, reason: str) -> Story:
    """The neighbour acts for an officer from now until then; he stays the owner."""
    firm, other = people.firms[place], people.firms[place - 1].officer_id
    by = people.city_coordinator
    made = stage.act(by, standing_in.appoint, firm.officer_id, other, stage.time.at, until, reason)
    stage.begins_to_act_for(other, firm.officer_id)
    yield made.ended_at
    stage.acts_no_more_for(other, firm.officer_id)


def plan(stage: Stage, people: People) -> None:
    """The handover that waits, who stood in for somebody, and who does now."""
    if len(people.firms) <= max(WAITING, *STOOD_IN):
        return
    stage.plan(stage.days_ago(2, 15, 20), waiting(stage, people))
    for place, begins, ends, reason in zip(STOOD_IN, (58, 3), (48, -4), ("赴省委党校学习", "年休假"), strict=True):
        until = stage.days_ago(ends, 0, 0).replace(second=0)
        if until > stage.start:  # a younger world never saw it
            stage.plan(stage.days_ago(begins, 8, 40), stood_in(stage, people, place, until, reason))
