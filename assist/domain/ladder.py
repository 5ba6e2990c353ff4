"""The reminder ladder as data: clock kind × step → offset, recipients, channels. The database's rows override these.

Steps are in the order of time; the last may repeat. Recipients are words that `services.sweeping` turns into people:
`holder` (who holds the clock), `head` (the named head of the unit that holds it, else the area's coordinators),
`enterprise`, `area` (the area's coordinators), `city`, `supervisor`, `leader`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from assist.domain.deadlines import Budget, Measure, StepOffset, half_budget, offset
from assist.domain.status import ClockKind, Step
from assist.domain.workdays import WorkCalendar

K, S = ClockKind, Step

# By which channels a step goes, those that are set up: quietly, as a card that the group sees, as a red card.
QUIET = ("inbox", "email", "webhook")
CARD = ("inbox", "email", "wecom", "dingtalk", "feishu", "webhook")
RED = (*CARD, "sms")

@dataclass(frozen=True)
class LadderRule:
    """`unit`: half (of the budget, from the start), due (at the due time), hours or days from the due time.

    A day before the due time of a clock of hours or of one day becomes an hour before (`walk`).
    """

    kind: ClockKind
    step: Step
    unit: str
    amount: int = 0
    repeat_every: int | None = None
    recipients: tuple[str, ...] = ("holder",)
    channels: tuple[str, ...] = QUIET
    is_on: bool = True


SHORT = (K.ACCEPTANCE, K.CONTACT, K.OPINION)  # clocks of hours or of one day are warned one hour before


def _case_side(kind: ClockKind) -> list[LadderRule]:
    unit = "hours" if kind in SHORT else "days"
    return [
        LadderRule(kind, S.WARNING, unit, -1, channels=CARD),
        LadderRule(kind, S.BREACH, "due", recipients=("holder", "area"), channels=RED),
        LadderRule(kind, S.ESCALATE_1, "days", 1, None, ("holder", "city", "supervisor"), CARD),
    ]


def _unit_side(kind: ClockKind) -> list[LadderRule]:
    """A unit's delay shows as the unit's: its own head hears of it, then the same ladder as the whole matter's."""
    return [
        LadderRule(kind, S.WARNING, "days", -1, channels=CARD),
        LadderRule(kind, S.BREACH, "due", recipients=("holder", "head", "area"), channels=RED),
        LadderRule(kind, S.ESCALATE_1, "days", 1, None, ("holder", "head", "city", "supervisor"), CARD),
        LadderRule(kind, S.ESCALATE_2, "days", 3, None, ("holder", "head", "supervisor"), CARD),
        LadderRule(kind, S.ESCALATE_3, "days", 5, 5, ("holder", "head", "supervisor", "leader"), RED),
    ]


def _owed(
    kind: ClockKind, *recipients: str, late: tuple[str, ...] = (), red: tuple[str, ...] = RED
) -> list[LadderRule]:
    return [
        LadderRule(kind, S.WARNING, "days", -1, recipients=recipients),
        LadderRule(kind, S.BREACH, "due", recipients=late or recipients, channels=red),
    ]


DEFAULTS: tuple[LadderRule, ...] = (
    *_case_side(K.ACCEPTANCE),
    *_case_side(K.CONTACT),
    *_case_side(K.OPINION),
    *_case_side(K.PROGRESS),
    LadderRule(K.RESOLUTION, S.EARLY, "half"),
    *_case_side(K.RESOLUTION),
    LadderRule(K.RESOLUTION, S.ESCALATE_2, "days", 3, None, ("holder", "supervisor"), CARD),
    LadderRule(K.RESOLUTION, S.ESCALATE_3, "days", 5, 5, ("holder", "supervisor", "leader"), RED),
    LadderRule(K.CONFIRMATION, S.WARNING, "days", -2, None, ("enterprise",), (*QUIET, "sms")),
    *_owed(K.SUPPLEMENT, "enterprise", red=QUIET),
    *_owed(K.CALLBACK, "supervisor"),
    *_unit_side(K.TASK_SIGN),
    *_unit_side(K.TASK_REPLY),
    *_unit_side(K.TASK_PROMISE),
    *_owed(K.DECISION, "holder", late=("holder", "city")),
    *_owed(K.REVIEW, "holder"),
    *_owed(K.SUPERVISION_REPLY, "holder", late=("holder", "supervisor")),
    *_owed(K.INSTRUCTION, "holder", late=("holder", "city")),
)

# What the enterprise itself owes: it is asked kindly, and never gets a card.
HELD_BY_ENTERPRISE = frozenset({K.CONFIRMATION, K.SUPPLEMENT})
# What is still owed when the ticket has ended.
OUTLIVES_TICKET = frozenset({K.CALLBACK, K.DECISION, K.SUPERVISION_REPLY, K.INSTRUCTION})
# What waits with the red card for the decision of a deferral or suspension that was asked in time.
FROM_BREACH = frozenset({S.BREACH, S.ESCALATE_1, S.ESCALATE_2, S.ESCALATE_3})


@dataclass(frozen=True)
class StepAt:
    """A step of one clock at the instant it falls. `repeat` counts the returns of the last step from 0."""

    rule: LadderRule
    repeat: int
    at: datetime

    @property
    def key(self) -> str:
        """As it stands in `clock.next_step`, e.g. `escalate_3:2`."""
        return f"{self.rule.step.value}:{self.repeat}"


def walk(
    calendar: WorkCalendar, rules: list[LadderRule], started_at: datetime, due_at: datetime, budget: Budget
) -> Iterator[StepAt]:
    """The steps of a clock in the order of time; endless when the last repeats. Steps before the start are left out."""
    found = []
    for rule in rules:
        at = _time_of(calendar, rule, started_at, due_at, budget)
        if at is not None:
            found.append(StepAt(rule, 0, at))
    found.sort(key=lambda step: step.at)
    yield from found
    if found and found[-1].rule.repeat_every:
        last, number = found[-1], 0
        while True:
            number += 1
            days = (last.rule.repeat_every or 1) * number
            yield StepAt(last.rule, number, calendar.shift_days(last.at, days))


def reached(steps: Iterable[StepAt], now: datetime) -> tuple[list[StepAt], StepAt | None]:
    """The steps at or before now, and the one that comes next; None when there is none left."""
    passed: list[StepAt] = []
    for step in steps:
        if step.at > now:
            return passed, step
        passed.append(step)
    return passed, None


def _time_of(
    calendar: WorkCalendar, rule: LadderRule, started_at: datetime, due_at: datetime, budget: Budget
) -> datetime | None:
    if rule.unit == "half":
        return half_budget(calendar, due_at, started_at, budget)
    days = rule.amount if rule.unit == "days" else 0
    hours = rule.amount if rule.unit == "hours" else 0
    if days == -1 and _is_short(budget):
        days, hours = 0, -1
    return offset(calendar, due_at, started_at, StepOffset(days=days, minutes=hours * 60), budget)


def _is_short(budget: Budget) -> bool:
    """A clock of hours, or of a single day: warned an hour before, not a day."""
    if budget.measure in (Measure.WORKING_MINUTES, Measure.ANY_MINUTES):
        return True
    return budget.measure in (Measure.WORKING_DAYS, Measure.CALENDAR_DAYS) and budget.amount <= 1
