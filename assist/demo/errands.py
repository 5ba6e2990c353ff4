"""承办任务 in the demo world: owners draw units in, the city dispatches, units sign, reply, promise, are late.

An errand is a story of its own beside its problem's, which waits for it before the answer. Every chance is drawn from
the ticket's number, so that no other story of the world changes by it. What is said is in `errand_words`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from assist.demo import askings
from assist.demo import errand_words as said
from assist.demo.case import DAY_MINUTES, Case, owned
from assist.demo.fates import Errand, Stop
from assist.demo.stage import Story
from assist.domain.clock import local_date
from assist.domain.errors import Refused
from assist.domain.requests import RequestKind
from assist.domain.status import ClockKind, Difficulty, Status, TicketType
from assist.domain.tasks import TASK_OPEN, TaskKind, TaskResult, TaskStatus
from assist.models import Task, Unit
from assist.services import clocks, requesting, tasking

LATELY = timedelta(days=120)
SHARE_LATELY, SHARE_BEFORE, SECOND = 0.4, 0.06, 0.12  # of problems a unit is asked about; of these, two units
HARDER = 1.5  # so much more often where it is no general matter
SLOW_UNITS = 4  # every fourth unit is slow
RESULTS = {
    TaskResult.DONE: 72, TaskResult.PARTLY: 8, TaskResult.CONTINUING: 10, TaskResult.BEYOND_POWERS: 6,
}  # fmt: skip
SENT_BACK, DEFERRED, RETURNED, CANCELLED, REPORTS = 0.07, 0.03, 0.03, 0.02, 0.15
ASKS_FOR_TIME = 0.8
PATIENCE = 0.4  # working days between two looks of an owner at what units have in hand
R = RequestKind


@dataclass
class Going:
    """One task under way with those who work on it."""

    case: Case
    errand: Errand
    task: Task
    unit: Unit
    rng: Random

    @property
    def is_open(self) -> bool:
        return self.task.status in TASK_OPEN

    def stops(self, at: Stop) -> bool:
        return self.errand.stops is at

    def handler(self, verb: Callable[..., Any], *words: Any, **more: Any) -> bool:
        return self.does(self.case.people.handlers[self.unit.id], verb, *words, **more)

    def approver(self, verb: Callable[..., Any], *words: Any) -> bool:
        return self.does(self.case.people.approvers[self.unit.id], verb, *words)

    def owner(self, verb: Callable[..., Any], *words: Any) -> bool:
        owner_id = self.case.hand()
        return owner_id is not None and self.does(owner_id, verb, *words)

    def does(self, who: int, verb: Callable[..., Any], *words: Any, **more: Any) -> bool:
        """Whether it could be done: the task may have ended, or its problem, by then."""
        try:
            self.case.stage.act(who, verb, self.task, *words, **more)
        except Refused:
            return False
        return True


def plan(case: Case) -> None:
    """The units that this problem's owner will draw in: in the first round only."""
    ticket = case.ticket
    if ticket.round_no > 1 or ticket.is_restricted or ticket.status is not Status.HANDLING:
        return
    rng = Random(f"{ticket.number}:errands")
    chosen = case.fate.errands
    for errand in _drawn(case, rng) if chosen is None else chosen:
        after = rng.uniform(15, 160)
        case.stage.plan(case.office(after), run(case, errand, Random(f"{ticket.number}:{errand.unit}:{errand.kind}")))


def _drawn(case: Case, rng: Random) -> tuple[Errand, ...]:
    is_lately = case.now > case.stage.until - LATELY
    share = SHARE_LATELY if is_lately else SHARE_BEFORE
    if case.fate.difficulty is not Difficulty.GENERAL:
        share *= HARDER
    if case.fate.type is TicketType.CONSULT:
        share *= 0.2
    if rng.random() >= share:
        return ()
    if rng.random() < SECOND:
        return Errand(), Errand(unit=case.people.home_of(case.firm.area_id), kind=TaskKind.ASSIST)
    return (Errand(),)


def over(case: Case) -> Story:
    """Wait until no unit has anything in hand: open tasks block the answer. Most ask for more time in time."""
    rng, has_asked = Random(f"{case.ticket.number}:waits"), False
    while any(task.status in TASK_OPEN for task in case.tasks):
        due_at = case.ticket.due_at
        if not has_asked and due_at is not None and case.now < due_at <= case.office(1.5 * DAY_MINUTES):
            has_asked = True
            if rng.random() < ASKS_FOR_TIME and not any(errand.stops for errand in case.fate.errands or ()):
                yield from askings.deferred(case, rng)
        yield case.days(PATIENCE)


def run(case: Case, errand: Errand, rng: Random) -> Story:
    """From asking to the end, as far as it goes before the world stands still."""
    yield from owned(case)
    unit = _unit(case, errand)
    going = None if unit is None else _asked(case, errand, unit, rng)
    if going is None:
        return
    yield from _reached(going)
    if going.stops(Stop.UNSENT) or going.stops(Stop.UNSIGNED) or not going.is_open:
        return
    yield _soon(going, rng.uniform(15, 260) if rng.random() > _slack(going) else rng.uniform(450, 800))
    if not going.handler(tasking.sign):
        return
    if going.stops(Stop.SIGNED) or going.stops(Stop.SILENT):
        yield case.office(rng.uniform(20, 90))
        going.handler(tasking.progress, rng.choice(said.PROGRESS))
        return
    yield from _worked(going)
    if going.task.status is TaskStatus.SIGNED:
        yield from _replied(going, _result(going))


def _asked(case: Case, errand: Errand, unit: Unit, rng: Random) -> Going | None:
    owner_id = case.hand()
    if owner_id is None:
        return None
    words = rng.choice(said.ASKED if errand.kind is TaskKind.LEAD else said.ASSISTED)
    try:
        task = case.stage.act(owner_id, tasking.ask, case.ticket, unit.id, errand.kind, words)
    except Refused:  # answered already, or another unit leads
        return None
    case.tasks.append(task)
    return Going(case, errand, task, unit, rng)


def _reached(going: Going) -> Story:
    """核发 where the city sends it on, mostly within the two hours."""
    if not going.task.needs_dispatch or going.stops(Stop.UNSENT):
        return
    rng = going.rng
    yield _soon(going, rng.uniform(6, 95) if rng.random() > 0.03 else rng.uniform(125, 240))
    going.does(going.case.people.city_coordinator, tasking.dispatch)


def _worked(going: Going) -> Story:
    """The unit works on it; it may say how far it is, ask for more time, or hold that it is not its own."""
    rng, case = going.rng, going.case
    fate = rng.random()
    if not going.errand.stops and fate < RETURNED:
        yield from _returned(going)
        return
    days = rng.uniform(0.3, 1.8)
    if rng.random() < REPORTS:
        yield case.days(days * 0.4)
        going.handler(tasking.progress, rng.choice(said.PROGRESS))
        days *= 0.6
    if not going.errand.stops and fate < RETURNED + DEFERRED:
        why, done = said.LATER
        on = local_date(case.stage.calendar.day_due(case.now, 5))
        _ask(going, R.DEFERRAL, why, new_due_on=on, work_done=done)
        days += 1
    elif not going.errand.stops and rng.random() < _slack(going):
        days += rng.uniform(1.4, 3.2)
    yield case.days(days)
    if not going.errand.stops and rng.random() < CANCELLED:
        going.owner(tasking.cancel, said.CANCELLED)


def _returned(going: Going) -> Story:
    why, basis = said.NOT_OURS
    home = going.case.people.unit(going.case.people.home_of(going.case.firm.area_id))
    if home is None or home.id == going.unit.id:
        return
    _ask(going, R.TASK_RETURN, why, basis=basis, unit=home.id)
    yield going.case.days(1.2)
    if going.task.status is TaskStatus.RETURNED:
        yield from run(going.case, Errand(unit=home.name), Random(f"{going.task.number}:again"))


def _ask(going: Going, kind: RequestKind, why: str, **facts: Any) -> None:
    task = going.task
    try:
        going.case.stage.act(
            going.case.people.handlers[going.unit.id], requesting.ask, task.ticket, kind, why, facts, task=task
        )
    except Refused:
        return


def _replied(going: Going, result: TaskResult) -> Story:
    """It leaves the unit, signed where the unit wants it; then the owner's word, and what a promise was worth."""
    case, rng = going.case, going.rng
    promised_on = local_date(case.stage.calendar.day_due(case.now, rng.randint(2, 4)))
    yield from _written(going, result, rng.choice(said.REPLIED[result]), promised_on)
    if going.task.status is not TaskStatus.REPLIED or going.stops(Stop.REPLIED):
        return
    yield case.office(rng.uniform(20, 240))
    yield from owned(case)
    if going.stops(Stop.SENT_BACK) or (not going.errand.stops and rng.random() < SENT_BACK):
        if not going.owner(tasking.send_back, rng.choice(said.SENT_BACK)) or going.stops(Stop.SENT_BACK):
            return
        yield case.days(rng.uniform(0.2, 0.85))
        yield from _written(going, TaskResult.DONE, said.AGAIN, promised_on)
        yield case.office(rng.uniform(30, 300))
        going.owner(tasking.accept_reply)
        return
    going.owner(tasking.accept_reply)
    if result is TaskResult.CONTINUING and not going.stops(Stop.PROMISED):
        yield _kept(going)
        yield from _written(going, TaskResult.DONE, said.FINISHED, promised_on)
        yield case.office(rng.uniform(30, 300))
        going.owner(tasking.accept_reply)


def _written(going: Going, result: TaskResult, words: str, promised_on: Any) -> Story:
    case, rng, task = going.case, going.rng, going.task
    is_promise = result is TaskResult.CONTINUING
    facts = (promised_on if is_promise else None, said.BASIS if result is TaskResult.BEYOND_POWERS else "")
    if not going.handler(tasking.reply, result, words, *facts) or task.status is TaskStatus.REPLIED:
        return
    if going.stops(Stop.DRAFT):
        return
    yield case.office(rng.uniform(15, 150))
    if rng.random() < 0.06 and going.approver(tasking.hand_back, said.HANDED_BACK):
        yield case.office(rng.uniform(20, 120))
        going.handler(tasking.reply, result, words, *facts)
        yield case.office(rng.uniform(15, 90))
    going.approver(tasking.sign_reply)


def _result(going: Going) -> TaskResult:
    if going.stops(Stop.PROMISED):
        return TaskResult.CONTINUING
    if going.errand.stops:
        return TaskResult.DONE
    return going.rng.choices(list(RESULTS), weights=list(RESULTS.values()))[0]


def _kept(going: Going) -> datetime:
    """When the promise is fulfilled: mostly the day before, seldom after."""
    clock = clocks.running_of(going.case.stage.work(None), going.task).get(ClockKind.TASK_PROMISE)
    due_at = clock.due_at if clock is not None else going.case.now
    calendar, rng = going.case.stage.calendar, going.rng
    if rng.random() < _slack(going):
        return calendar.advance(due_at, timedelta(minutes=rng.uniform(120, 2.5 * DAY_MINUTES)))
    return max(going.case.now, calendar.shift_days(due_at, -1)) + timedelta(minutes=rng.uniform(0, 200))


def _slack(going: Going) -> float:
    """How often this unit is late."""
    return 0.16 if going.unit.sort % SLOW_UNITS == 0 else 0.05


def _soon(going: Going, minutes: float) -> datetime:
    return going.case.office(minutes * (0.3 if going.errand.stops else 1))


def _unit(case: Case, errand: Errand) -> Unit | None:
    """The unit it names, else the category's usual one; 属地政府 is that of the enterprise's area."""
    leaf = case.stage.settings.categories.get(case.ticket.category_id or 0)
    name = errand.unit or (leaf.unit_name if leaf is not None else "")
    return case.people.unit(name) or case.people.unit(case.people.home_of(case.firm.area_id))
