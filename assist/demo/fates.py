"""What will become of a problem: drawn once when it comes, from rates that a good city might have.

A fate says how quick people are and what they decide; the time limits themselves are asked of the clocks.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from random import Random

from assist.demo.categories import RESTRICTED
from assist.demo.words import Matter
from assist.domain.status import Difficulty, Outcome, Rating, Result, Source, TicketType
from assist.domain.tasks import TaskKind

ENTERED_FROM = {
    Source.VISIT: 12, Source.FORUM: 3, Source.GROUP: 3, Source.HOTLINE: 3, Source.LEADER: 1, Source.INSPECTION: 1,
}  # fmt: skip

FOUND_SIMPLE = 0.5  # so many that sound complex turn out to be general matters
RECENT = 0.97  # later than this the last three weeks have begun


class Stop(Enum):
    """Where a unit's task stands when the world stands still; unset: it goes on to its end."""

    NOWHERE = ""
    UNSENT = "unsent"  # waits for the city's dispatch
    UNSIGNED = "unsigned"
    SIGNED = "signed"
    SILENT = "silent"  # signed, and late with its reply
    DRAFT = "draft"  # waits for the unit's approver
    REPLIED = "replied"
    SENT_BACK = "sent_back"
    PROMISED = "promised"

    def __bool__(self) -> bool:
        return self is not Stop.NOWHERE


@dataclass(frozen=True)
class Errand:
    """A unit that the owner draws in; without a name the category's usual one."""

    unit: str = ""
    kind: TaskKind = TaskKind.LEAD
    stops: Stop = Stop.NOWHERE


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
    round_share: float = 0.5  # as answer_share, for later rounds
    result: Result = Result.SOLVED
    outcome: Outcome = Outcome.SOLVED
    rating: Rating = Rating.SATISFIED
    reopens: bool = False
    has_files: bool = False
    errands: tuple[Errand, ...] | None = None  # unset: as it comes (`errands`)


def draw(rng: Random, matter: Matter, *, ripeness: float, diligence: float) -> Fate:
    """`ripeness` runs from 0 (the first day) to 1 (today): the city learns. `diligence` is the officer's, about 1."""
    slack = (1.35 - 0.5 * ripeness) / diligence
    fate = Fate(type=matter.type, difficulty=matter.difficulty)
    if fate.difficulty is Difficulty.COMPLEX and rng.random() < FOUND_SIMPLE:
        fate.difficulty = Difficulty.GENERAL
    _submission(rng, fate)
    if matter.category.startswith(RESTRICTED):
        # Only the enterprise itself can choose such a matter.
        fate.source, fate.names_category, fate.corrects_category = None, True, False
    _first_steps(rng, fate, slack)
    _work(rng, fate, slack)
    _ending(rng, fate, matter, is_recent=ripeness > RECENT)
    return fate


def _submission(rng: Random, fate: Fate) -> None:
    if rng.random() < 0.11:
        fate.source = rng.choices(list(ENTERED_FROM), weights=list(ENTERED_FROM.values()))[0]
        fate.verifies_entry = rng.choices([True, False, None], weights=[84, 2, 14])[0]
    fate.is_pressing = rng.random() < 0.07
    fate.names_category = rng.random() < 0.8
    fate.corrects_category = rng.random() < 0.05
    fate.has_files = rng.random() < 0.03
    if rng.random() < 0.022:
        fate.withdraws = rng.choice(["before", "after"])


def _first_steps(rng: Random, fate: Fate, slack: float) -> None:
    fate.contact_after = min(112, rng.lognormvariate(3.4, 0.7))
    if rng.random() < 0.025 * slack:
        fate.contact_after = rng.uniform(125, 400)
    if rng.random() < 0.3:
        fate.accept_after = rng.uniform(8, max(10, 170 - fate.contact_after))
        if rng.random() < 0.06 * slack:
            fate.accept_after = rng.uniform(240, 700)
    if rng.random() < 0.2 and fate.type is not TicketType.CONSULT:
        fate.opinion_after = rng.uniform(30, 260) if rng.random() > 0.12 * slack else rng.uniform(520, 900)
    fate.verifies_contact = rng.choices([True, False, None], weights=[52, 1, 47])[0]
    if rng.random() < 0.07:
        fate.asks_supplement = 2 if rng.random() < 0.1 else 1
        fate.gives_supplement = rng.random() < 0.88


def _work(rng: Random, fate: Fate, slack: float) -> None:
    fate.answer_share = min(0.98, max(0.06, rng.betavariate(3.2, 1.9)))
    if rng.random() < 0.016 * slack:
        fate.late_days = max(0.05, rng.lognormvariate(0.2, 0.8))
    fate.progress_gap = rng.uniform(2.8, 4.6) if rng.random() > 0.07 * slack else rng.uniform(5.3, 8)
    fate.is_nudged = rng.random() < (0.55 if fate.late_days else 0.025)
    fate.comments = rng.random() < 0.12
    fate.corrects_answer = rng.random() < 0.012
    if rng.random() < 0.022 * slack:
        fate.returns = rng.choices([1, 2, 3], weights=[74, 19, 7])[0]
    fate.round_share = min(0.98, max(0.1, rng.betavariate(3, 2)))


def _ending(rng: Random, fate: Fate, matter: Matter, *, is_recent: bool) -> None:
    is_sore = bool(fate.late_days or fate.returns or fate.verifies_contact is False)
    fate.opens_after = timedelta(hours=min(90, rng.lognormvariate(1.4, 1.1)))
    if rng.random() < 0.03:
        # Nobody looks for days: a callback is owed. Old ones were looked at in the end.
        fate.opens_after = None if is_recent else timedelta(days=rng.uniform(8, 20))
    fate.is_silent = rng.random() < 0.25
    fate.rates_late = rng.random() < 0.1
    fate.decides_after = timedelta(hours=min(130, rng.lognormvariate(2.8, 1.2)))
    solved = 0.72 if is_sore else 0.9
    results = {
        Result.SOLVED: solved,
        Result.PARTLY: (1 - solved) * 0.68,
        Result.ACKNOWLEDGED: (1 - solved) * 0.32,
    }
    fate.result = rng.choices(list(results), weights=list(results.values()))[0]
    fate.outcome = matter.outcome_for(fate.result)
    fate.rating = _rating(rng, fate.result, is_sore)
    fate.reopens = rng.random() < 0.013


def _rating(rng: Random, result: Result, is_sore: bool) -> Rating:
    grades = {
        Rating.VERY_SATISFIED: 63.0,
        Rating.SATISFIED: 28.0,
        Rating.FAIR: 6.0,
        Rating.UNSATISFIED: 2.0,
        Rating.VERY_UNSATISFIED: 0.6,
    }
    if result is not Result.SOLVED:
        grades |= {Rating.VERY_SATISFIED: 24, Rating.FAIR: 22, Rating.UNSATISFIED: 4}
    if is_sore:
        grades |= {
            Rating.VERY_SATISFIED: 22,
            Rating.FAIR: 18,
            Rating.UNSATISFIED: 7,
            Rating.VERY_UNSATISFIED: 3,
        }
    return rng.choices(list(grades), weights=list(grades.values()))[0]
