"""Today's desks: problems set so that whoever looks first finds one late, some due today, one new, one answered.

Times count back in working days from the first working day on or after the end of the world: "today" on the page.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

from assist.demo import doubles, pairings, words
from assist.demo.case import Case
from assist.demo.fates import Errand, Fate, Stop
from assist.demo.plan import Plan
from assist.demo.population import Firm, People
from assist.demo.stage import Stage
from assist.demo.stories import problem
from assist.domain.clock import local_date
from assist.domain.status import Difficulty, Source, TicketType
from assist.domain.tasks import TaskKind

CALM = timedelta(days=60)  # so long before the end the vacant enterprise asks nothing more
NEVER = 60.0  # working days or hours that lie behind the end of the world
LONG = timedelta(days=30)

PROMPT = Fate(
    contact_after=35,
    verifies_contact=True,
    opens_after=timedelta(hours=3),
    decides_after=timedelta(hours=9),
    errands=(),
)
LATE = replace(PROMPT, late_days=NEVER, is_nudged=True)
LAST_DAY = replace(PROMPT, answer_share=0.995, progress_gap=2.6)
COMPLEX = replace(PROMPT, difficulty=Difficulty.COMPLEX, answer_share=0.97, progress_gap=3.1)
ANSWERED = replace(PROMPT, answer_share=0.45, decides_after=LONG)
UNOPENED = replace(ANSWERED, opens_after=None)
UNTOUCHED = replace(PROMPT, contact_after=NEVER * 60)
SUPPLEMENTING = replace(PROMPT, asks_supplement=1, gives_supplement=False)
RETURNED = replace(PROMPT, answer_share=0.35, returns=1, round_share=0.995)
FROM_VISIT = replace(PROMPT, source=Source.VISIT, answer_share=0.9)
SILENT = replace(COMPLEX, progress_gap=NEVER)

LASTING = replace(COMPLEX, answer_share=0.98)
LAND = "聊城市自然资源和规划局"


def at_units(stop: Stop, unit: str = "", then: Stop | None = None, beside: str = "") -> dict[str, Any]:
    """A fate's errands: how far the leading unit is (without a name the usual one), and one that assists."""
    asked = (Errand(unit, stops=stop),)
    return {"errands": asked if then is None else (*asked, Errand(beside, TaskKind.ASSIST, then))}


@dataclass(frozen=True)
class Scene:
    """A problem of the enterprise at `place` (from 0), so many working days ago at a time of day."""

    place: int
    days: int
    hour: int
    minute: int
    category: str
    fate: Fate
    more: dict[str, Any] = field(default_factory=dict)


SCENES = (
    Scene(0, 9, 9, 20, "0104", LATE),
    Scene(0, 7, 10, 5, "0301", LAST_DAY),
    Scene(0, 7, 15, 40, "0502", LAST_DAY, {"is_pressing": True}),
    Scene(0, 6, 9, 50, "0102", COMPLEX, {"has_files": True}),
    Scene(0, 5, 14, 30, "0401", ANSWERED),
    Scene(0, 4, 8, 55, "0503", UNOPENED),
    Scene(0, 8, 10, 40, "0602", RETURNED),
    Scene(0, 2, 15, 10, "0201", SUPPLEMENTING),
    Scene(0, 1, 9, 35, "0305", FROM_VISIT),
    Scene(0, 1, 18, 40, "0202", UNTOUCHED),
    Scene(1, 6, 10, 15, "0101", LAST_DAY),
    Scene(1, 8, 14, 20, "0603", SILENT),
    Scene(1, 5, 9, 5, "0403", ANSWERED),
    Scene(1, 1, 16, 50, "0103", UNTOUCHED, {"is_pressing": True}),
    Scene(1, 3, 11, 10, "0804", PROMPT, {"verifies_contact": False, "answer_share": 0.9}),
    Scene(19, 1, 14, 10, "0105", UNTOUCHED),
    Scene(40, 10, 9, 30, "0302", LATE),
    Scene(119, 9, 10, 50, "0802", LATE),
)
# What units have in hand today, the first unit above all (chengban01): to sign, to reply, late, drafted, promised …
UNIT_SCENES = (
    Scene(0, 4, 10, 30, "0104", LASTING, at_units(Stop.REPLIED, "", Stop.SIGNED, "东昌府区人民政府")),
    Scene(2, 1, 9, 45, "0101", LASTING, at_units(Stop.UNSIGNED)),
    Scene(3, 3, 9, 10, "0101", LASTING, at_units(Stop.SIGNED)),
    Scene(4, 2, 14, 25, "0601", LASTING, at_units(Stop.SIGNED, LAND)),
    Scene(6, 6, 9, 35, "0101", LASTING, at_units(Stop.SILENT)),
    Scene(7, 3, 8, 50, "0101", LASTING, at_units(Stop.DRAFT)),
    Scene(8, 5, 10, 15, "0602", LASTING, at_units(Stop.PROMISED, LAND)),
    Scene(9, 4, 15, 30, "0101", LASTING, at_units(Stop.REPLIED)),
    Scene(10, 4, 9, 5, "0601", LASTING, at_units(Stop.SENT_BACK, LAND)),
    Scene(1, 1, 15, 5, "0502", LASTING, at_units(Stop.UNSENT)),
    Scene(33, 1, 15, 20, "0403", LASTING, at_units(Stop.UNSENT)),
    Scene(57, 7, 9, 40, "0201", LASTING, at_units(Stop.SILENT)),
    Scene(81, 5, 11, 0, "0104", LASTING, at_units(Stop.PROMISED)),
)
OF_THE_VACANCY = ("0701", 1, 10, 20)


def prepare(stage: Stage, people: People, plan: Plan) -> int:
    """Plan them; returns how many tickets they will be."""
    firm = pairings.vacant(people)
    places = {each.place for each in people.firms if each is not firm}
    chosen = [scene for scene in (*SCENES, *UNIT_SCENES) if scene.place in places][: plan.tickets]
    for number, scene in enumerate(chosen):
        fate = replace(scene.fate, **scene.more)
        at = stage.days_ago(scene.days, scene.hour, scene.minute)
        case = begun(stage, people, people.firms[scene.place], at, scene.category, fate, f"{plan.seed}:scene:{number}")
        stage.plan(at, problem(case))
    count = len(chosen)
    if firm is not None and plan.tickets > count:
        category, days, hour, minute = OF_THE_VACANCY
        stage.plan(stage.days_ago(days + 1, 16, 0), pairings.leaves_a_vacancy(stage, firm))
        at = stage.days_ago(days, hour, minute)
        stage.plan(at, problem(begun(stage, people, firm, at, category, PROMPT, f"{plan.seed}:vacancy")))
        count += 1
    twice = [one for one in doubles.DOUBLES if one[0] in places][: (plan.tickets - count) // 2]
    for place, days, hour, minute, category in twice:
        at = stage.days_ago(days, hour, minute)
        case = begun(stage, people, people.firms[place], at, category, PROMPT, f"{plan.seed}:double:{place}")
        stage.plan(at, doubles.first(case))
    return count + 2 * len(twice)


def begun(stage: Stage, people: People, firm: Firm, at: datetime, category: str, fate: Fate, seed: str) -> Case:
    """A problem of this category that is no mere question."""
    rng = Random(seed)
    matter = words.matter(rng, category, firm.name, firm.chain, local_date(at))
    for _ in range(12):
        if matter.type is not TicketType.CONSULT:
            break
        matter = words.matter(rng, category, firm.name, firm.chain, local_date(at))
    fate = replace(fate, type=TicketType.HELP, outcome=matter.outcome_for(fate.result))
    return Case(stage, people, firm, matter, fate, rng)
