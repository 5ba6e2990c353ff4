"""What will become of a problem: drawn once when it comes, from rates that a good city might have.

A fate says how quick people are and what they decide; the time limits themselves are asked of the clocks.
"""

import random
from dataclasses import dataclass
from datetime import timedelta

from assist.domain.status import Difficulty, Outcome, Rating, Result, Source, TicketType

ENTERED_FROM = {Source.VISIT: 12, Source.FORUM: 3, Source.GROUP: 3, Source.HOTLINE: 3, Source.LEADER: 1, Source.INSPECTION: 1}
OUTCOMES = {
    Result.SOLVED: {Outcome.SOLVED: 97, Outcome.PARTLY_SOLVED: 3},
    Result.PARTLY: {Outcome.PARTLY_SOLVED: 62, Outcome.PLANNED: 20, Outcome.SOLVED: 18},
    Result.ACKNOWLEDGED: {Outcome.EXPLAINED: 72, Outcome.PLANNED: 20, Outcome.UNFOUNDED: 8},
}


@dataclass
class Fate:
    """Minutes are working minutes, shares are of the time that is granted, days working days."""

    type: TicketType = TicketType.HELP
    difficulty: Difficulty = Difficulty.GENERAL
    source: Source | None = None  # set: entered by the officer
    verifies_entry: bool | None = None
    is_pressing: bool = False
    names_category: bool = True
    corrects_category: bool = False
    withdraws: str = ""  # before or after the contact
    contact_after: float = 45
    accept_after: float = 0  # 0: on the same form
    opinion_after: float = 0
    verifies_contact: bool | None = None
    asks_supplement: int = 0
    gives_supplement: bool = True
    answer_share: float = 0.6
    late_days: float = 0
    progress_gap: float = 3.5
    is_nudged: bool = False
    comments: bool = False
    corrects_answer: bool = False
    opens_after: timedelta | None = timedelta(hours=5)
    is_silent: bool = False
    decides_after: timedelta = timedelta(hours=8)
    rates_late: bool = False
    returns: int = 0
    result: Result = Result.SOLVED
    outcome: Outcome = Outcome.SOLVED
    rating: Rating = Rating.SATISFIED
    reopens: bool = False
    files: bool = False


def chosen(rng: random.Random, weights: dict[object, float]) -> object:
    return rng.choices(list(weights), weights=list(weights.values()))[0]


def draw(rng: random.Random, *, is_consult: bool, ripeness: float, diligence: float) -> Fate:
    """`ripeness` runs from 0 (the first day) to 1 (today): the city learns. `diligence` is the officer's own, about 1."""
    slack = (1.35 - 0.5 * ripeness) / diligence
    fate = Fate()
    _kind(rng, fate, is_consult)
    _beginning(rng, fate, slack)
    _work(rng, fate, slack)
    _ending(rng, fate)
    return fate


def _kind(rng: random.Random, fate: Fate, is_consult: bool) -> None:
    if is_consult:
        fate.type = TicketType.CONSULT
        return
    types = {TicketType.HELP: 78, TicketType.CONSULT: 9, TicketType.SUGGEST: 6, TicketType.COMPLAIN: 7}
    fate.type = rng.choices(list(types), weights=list(types.values()))[0]
    if fate.type is not TicketType.CONSULT:
        hard = {Difficulty.GENERAL: 66, Difficulty.COMPLEX: 29, Difficulty.HARD: 5}
        fate.difficulty = rng.choices(list(hard), weights=list(hard.values()))[0]


def _beginning(rng: random.Random, fate: Fate, slack: float) -> None:
    if rng.random() < 0.11:
        fate.source = rng.choices(list(ENTERED_FROM), weights=list(ENTERED_FROM.values()))[0]
        fate.verifies_entry = rng.choices([True, False, None], weights=[84, 2, 14])[0]
    fate.is_pressing = rng.random() < 0.07
    fate.names_category = rng.random() < 0.8
    fate.corrects_category = rng.random() < 0.05
    fate.files = rng.random() < 0.03
    if rng.random() < 0.022:
        fate.withdraws = rng.choice(["before", "after"])
    fate.contact_after = min(112, rng.lognormvariate(3.5, 0.7))
    if rng.random() < 0.035 * slack:
        fate.contact_after = rng.uniform(125, 400)
    if rng.random() < 0.3:
        fate.accept_after = rng.uniform(10, max(12, 232 - fate.contact_after))
        if rng.random() < 0.05 * slack:
            fate.accept_after = rng.uniform(240, 700)
    if rng.random() < 0.2 and fate.type is not TicketType.CONSULT:
        fate.opinion_after = rng.uniform(30, 260) if rng.random() > 0.12 * slack else rng.uniform(520, 900)
    fate.verifies_contact = rng.choices([True, False, None], weights=[52, 1, 47])[0]
    if rng.random() < 0.07:
        fate.asks_supplement = 2 if rng.random() < 0.1 else 1
        fate.gives_supplement = rng.random() < 0.88


def _work(rng: random.Random, fate: Fate, slack: float) -> None:
    fate.answer_share = min(0.98, max(0.06, rng.betavariate(3.2, 1.9)))
    if rng.random() < 0.033 * slack:
        fate.late_days = max(0.05, rng.lognormvariate(0.2, 0.8))
    fate.progress_gap = rng.uniform(2.2, 4.6) if rng.random() > 0.07 * slack else rng.uniform(5.3, 8)
    fate.is_nudged = rng.random() < (0.55 if fate.late_days else 0.025)
    fate.comments = rng.random() < 0.12
    fate.corrects_answer = rng.random() < 0.012
    if rng.random() < 0.032 * slack:
        fate.returns = rng.choices([1, 2, 3], weights=[74, 19, 7])[0]


def _ending(rng: random.Random, fate: Fate) -> None:
    is_sore = bool(fate.late_days or fate.returns or fate.verifies_contact is False)
    unopened = rng.random() < 0.02
    fate.opens_after = None if unopened else timedelta(hours=min(90, rng.lognormvariate(1.4, 1.1)))
    fate.is_silent = rng.random() < 0.2
    fate.rates_late = rng.random() < 0.1
    fate.decides_after = timedelta(hours=min(90, rng.lognormvariate(1.6, 1.4)))
    solved = 0.72 if is_sore else 0.9
    results = {Result.SOLVED: solved, Result.PARTLY: (1 - solved) * 0.68, Result.ACKNOWLEDGED: (1 - solved) * 0.32}
    fate.result = rng.choices(list(results), weights=list(results.values()))[0]
    fate.outcome = rng.choices(list(OUTCOMES[fate.result]), weights=list(OUTCOMES[fate.result].values()))[0]
    fate.rating = _rating(rng, fate.result, is_sore)
    fate.reopens = rng.random() < 0.013


def _rating(rng: random.Random, result: Result, is_sore: bool) -> Rating:
    grades = {
        Rating.VERY_SATISFIED: 63.0,
        Rating.SATISFIED: 28.0,
        Rating.FAIR: 6.0,
        Rating.UNSATISFIED: 2.2,
        Rating.VERY_UNSATISFIED: 0.8,
    }
    if result is not Result.SOLVED:
        grades |= {Rating.VERY_SATISFIED: 24, Rating.FAIR: 22, Rating.UNSATISFIED: 6}
    if is_sore:
        grades |= {Rating.VERY_SATISFIED: 22, Rating.FAIR: 18, Rating.UNSATISFIED: 9, Rating.VERY_UNSATISFIED: 3}
    return rng.choices(list(grades), weights=list(grades.values()))[0]
