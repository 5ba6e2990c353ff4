"""走访 in the demo world: officers go about once a month (seldom in the first years), units now and then.

Every chance is drawn from enterprise and month, so that no other story of the world changes by it. What a problem's
officer enters as 专员走访 was found by a visit that is written down with it.
"""

from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random

from assist.demo.case import Case
from assist.demo.population import Firm, People
from assist.demo.stage import Stage, Story
from assist.demo.visit_words import VisitWords, phrases
from assist.domain.clock import local_date, shanghai
from assist.domain.errors import Refused
from assist.domain.visits import month_span
from assist.models import Ticket
from assist.services import intake, visit_problems, visiting

FULL_MONTHS = 4  # so many of the last months have all their visits
BEFORE = 0.05  # the chance of one in each month before
KEPT, SECOND, BY_UNIT = 0.94, 0.25, 0.16
UNRECORDED, CALLED_OFF, PLANNED_AHEAD = 0.03, 0.05, timedelta(days=4)
PLANNED = 0.35  # of the officers' visits; the others are written down straight away
CROWDED = 2  # the place of an enterprise whose month is full
Staff = dict[int, list[tuple[int, str]]]  # by area: (account, unit)
COMING = 45  # enterprises that have a visit planned for the days after the end


def plan(stage: Stage, people: People, seed: int) -> None:
    """Plan every story of a visit, month by month."""
    staff = _staff(people)
    first = local_date(stage.start).replace(day=1)
    last = local_date(stage.until).replace(day=1)
    while first <= last:
        _, following = month_span(first)
        back = (last.year - first.year) * 12 + last.month - first.month
        for firm in people.firms:
            rng = Random(f"{seed}:visits:{firm.place}:{first}")
            _month(stage, firm, rng, first, following, back, staff)
        first = following
    for firm in people.firms[:: max(1, len(people.firms) // COMING)]:
        stage.plan(_ahead_of_end(stage, firm), _coming(stage, firm))
    for firm in people.firms[CROWDED : CROWDED + 1]:
        stage.plan(_ahead_of_end(stage, firm), crowded(stage, firm, staff.get(firm.area_id, [])))


def _month(
    stage: Stage, firm: Firm, rng: Random, first: date, following: date, back: int, staff: Staff
) -> None:
    chance = KEPT if back < FULL_MONTHS else BEFORE
    length = (following - first).days
    if back == 0:
        length = max(2, local_date(stage.until).day - 1)
    for odds in (chance, chance * SECOND):
        if rng.random() < odds:
            at = _day(stage, first + timedelta(days=rng.randrange(length)), rng)
            stage.plan(at - PLANNED_AHEAD, officers_visit(stage, firm, rng.random(), at))
    if rng.random() < BY_UNIT * chance / KEPT and staff.get(firm.area_id):
        who = rng.choice(staff[firm.area_id])
        at = _day(stage, first + timedelta(days=rng.randrange(length)), rng)
        stage.plan(at - PLANNED_AHEAD, units_visit(stage, firm, *who, rng.random(), at))


def _day(stage: Stage, on: date, rng: Random) -> datetime:
    """A working hour on or after a day."""
    return stage.office(shanghai(on.year, on.month, on.day, 9), rng.uniform(10, 380))


def _staff(people: People) -> Staff:
    """By area, who of the units with an errand of their own may go there, and of which unit."""
    errands = [one["of"] for one in phrases()["units"]]
    units = {unit.id: unit for unit in people.home_units}
    handlers = [
        (one.id, units[one.unit_id])
        for one in people.accounts
        if one.username.startswith("chengban") and not one.is_approver and one.unit_id in units
    ]
    return {
        area: [
            (who, unit.name)
            for who, unit in handlers
            if unit.area_id in (None, area) and any(one in unit.name for one in errands)
        ]
        for area in {firm.area_id for firm in people.firms}
    }


def officers_visit(stage: Stage, firm: Firm, chance: float, at: datetime) -> Story:
    """Planned some days before (or not at all), then written down the same day; a few are forgotten or called off."""
    rng = Random(f"{firm.place}:{chance}")
    who = stage.officer_of(firm.id)
    words = VisitWords(rng, firm, local_date(at))
    is_planned, fate = rng.random() < PLANNED, rng.random()
    made = None
    if who is not None and is_planned:
        with suppress(Refused):
            made = stage.act(who, visiting.plan, firm.id, words.plan(local_date(at)))
    yield at + timedelta(minutes=rng.uniform(60, 200))
    if who is None or (is_planned and made is None) or fate < UNRECORDED:
        return
    with suppress(Refused):
        if made is not None and fate < UNRECORDED + CALLED_OFF:
            stage.act(who, visiting.cancel, made.id, "企业临时有接待，另约时间。")
        elif made is not None:
            stage.act(who, visiting.record, made.id, words.record(local_date(at)))
        else:
            said = words.plan(local_date(at))
            stage.act(who, visiting.record_new, firm.id, said.kind, words.record(local_date(at)))


def units_visit(stage: Stage, firm: Firm, who: int, unit: str, chance: float, at: datetime) -> Story:
    """A unit's errand, planned some days before."""
    rng = Random(f"{firm.place}:unit:{chance}")
    planned, said = VisitWords(rng, firm, local_date(at)).of_unit(local_date(at), unit)
    made = None
    with suppress(Refused):
        made = stage.act(who, visiting.plan, firm.id, planned)
    yield at + timedelta(minutes=rng.uniform(60, 200))
    if made is not None and rng.random() > UNRECORDED:
        with suppress(Refused):
            stage.act(who, visiting.record, made.id, said)


def _ahead_of_end(stage: Stage, firm: Firm) -> datetime:
    return stage.office(stage.until - timedelta(days=2), 30 + firm.place)


def _coming(stage: Stage, firm: Firm) -> Story:
    """What is planned for the days after the world stands still."""
    rng = Random(f"{firm.place}:coming")
    who = stage.officer_of(firm.id)
    on = local_date(stage.office(stage.until + timedelta(days=rng.randrange(1, 12))))
    if who is not None:
        with suppress(Refused):
            stage.act(who, visiting.plan, firm.id, VisitWords(rng, firm, on).plan(on))
    yield from ()


def crowded(stage: Stage, firm: Firm, staff: list[tuple[int, str]]) -> Story:
    """Unit after unit wants to come until the month is full; one goes along, and the coordinator arranges one more."""
    rng = Random(f"{firm.place}:crowded")
    on = local_date(stage.until)
    made = None
    for who, unit in staff[:5]:
        with suppress(Refused):
            said, _ = VisitWords(rng, firm, on).of_unit(on, unit)
            made = stage.act(who, visiting.plan, firm.id, said)
            yield stage.office(stage.time.at, 25)
    with suppress(Refused):
        said = VisitWords(rng, firm, on).plan(on)
        if made is not None:
            stage.act(firm.officer_id, visiting.plan, firm.id, replace(said, joins=made.id))
        why = rng.choice(phrases()["over_budget"])
        stage.act(firm.coordinator_id, visiting.plan, firm.id, replace(said, over_budget_reason=why))


def entered(case: Case, officer_id: int, words: intake.Submission) -> Ticket:
    """A problem found on a visit: written down, and made a ticket in the words of the case."""
    rng = Random(f"{case.firm.place}:{case.now}:found")
    on = local_date(case.now)
    said = replace(VisitWords(rng, case.firm, on).record(on), problems=words.description)
    kind = VisitWords(rng, case.firm, on).plan(on).kind
    made = case.stage.act(officer_id, visiting.record_new, case.firm.id, kind, said)
    ticket: Ticket = case.stage.act(officer_id, visit_problems.make_ticket, made.id, words)
    return ticket
