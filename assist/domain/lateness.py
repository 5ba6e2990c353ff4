"""超期责任方: in whose hands a matter was day by day, and who answers for a time that was not kept.

Plain facts in, a party out. Working days are counted as every time limit counts them: the day on which somebody gets
the matter is not his, the day on which he gives it away is. So a unit's part of the bar is what its own clock says, and
the parts add up to the working days elapsed. Rules: design 4, "Whose lateness".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time

from assist.domain.clock import SHANGHAI, local
from assist.domain.handovers import TRANSITION_DAYS
from assist.domain.requests import ObjectionSubject, RequestKind
from assist.domain.status import ClockHolder, Worded
from assist.domain.workdays import WorkCalendar

LAST_DAYS = 2  # the last working days before the due time, in which a late unit must still have had its task
# What the matter stands still for until it is decided. Grading and urgency are decided while work goes on.
BLOCKING = frozenset(
    {
        RequestKind.DECLINE,
        RequestKind.WITHDRAWAL,
        RequestKind.DEFERRAL,
        RequestKind.SUSPENSION,
        RequestKind.COORDINATION,
    }
)
# Decisions whose lateness counts: these, and whether a unit may give its task back.
OWED = BLOCKING | {RequestKind.TASK_RETURN}
# Of these the owner waits only once his own time is over: before, he works on.
BLOCKING_WHEN_DUE = frozenset({RequestKind.DEFERRAL, RequestKind.SUSPENSION})


class Bearer(Worded):
    """How somebody has a matter in hand, or answers for its lateness."""

    OFFICER = "officer", "专员"
    STAND_IN = "stand_in", "代办"
    UNIT = "unit", "承办单位"
    DECIDER = "decider", "审批"
    ENTERPRISE = "enterprise", "企业"
    SUSPENDED = "suspended", "挂账"
    VACANT = "vacant", "空缺"
    HANDOVER = "handover", "交接期"
    NOBODY = "nobody", "不计责任"


@dataclass(frozen=True)
class Party:
    """`id` is an account's (officer, stand-in) or a unit's; `holder` says of a decision whose it is."""

    bearer: Bearer
    id: int | None = None
    holder: ClockHolder | None = None

    @property
    def word(self) -> str:
        """`unit:12`, `decider:city`, `handover`: as it stands in URLs and in an objection's facts."""
        what = self.holder.value if self.holder else self.id
        return f"{self.bearer.value}:{what}" if what is not None else str(self.bearer.value)


def party_of(word: str) -> Party | None:
    """The party of such a word; None for anything else."""
    kind, _, what = word.partition(":")
    try:
        bearer = Bearer.of(kind)
        if bearer is Bearer.DECIDER:
            return Party(bearer, holder=ClockHolder.of(what))
        if bearer in (Bearer.OFFICER, Bearer.STAND_IN, Bearer.UNIT):
            return Party(bearer, int(what))
    except (KeyError, ValueError):
        return None
    return Party(bearer) if not what else None


def objected(subject: ObjectionSubject, word: str) -> Party | None:
    """What an approved objection says: the party it names; where it names none, or the verdict was wrong, nobody."""
    if subject is ObjectionSubject.VERDICT:
        return Party(Bearer.NOBODY)
    if subject is ObjectionSubject.RESPONSIBILITY:
        return party_of(word) or Party(Bearer.NOBODY)
    return None


@dataclass(frozen=True)
class Span:
    """From `start` up to `end` (None: still) the matter was in the hands of `party`."""

    start: datetime
    end: datetime | None
    party: Party

    def covers(self, at: datetime) -> bool:
        return self.start <= at and (self.end is None or at < self.end)


@dataclass(frozen=True)
class Share:
    """A party's part, in working days."""

    party: Party
    days: int


Layer = Sequence[Span]


def shares(
    calendar: WorkCalendar, stretches: Sequence[tuple[datetime, datetime]], layers: Sequence[Layer]
) -> list[Share]:
    """The working days of the stretches by party, in the order in which the parties first had the matter.

    The first layer that covers an instant says whose it is, and in a layer the first span that does. The last layer
    has to cover everything. Days add up to the working days of the stretches.
    """
    found: dict[Party, int] = {}
    for begins, ends in stretches:
        cuts = sorted({begins, ends, *(at for layer in layers for at in _cuts(layer, begins, ends))})
        for start, end in zip(cuts, cuts[1:], strict=False):
            party = holder_at(layers, start)
            found[party] = found.get(party, 0) + calendar.workdays_between(start, end)
    return [Share(party, days) for party, days in found.items()]


def _cuts(layer: Layer, begins: datetime, ends: datetime) -> list[datetime]:
    ats = [at for span in layer for at in (span.start, span.end) if at is not None]
    return [at for at in ats if begins < at < ends]


def holder_at(layers: Sequence[Layer], at: datetime) -> Party:
    """In whose hands the matter was at an instant. Raises LookupError where no layer says."""
    for layer in layers:
        for span in layer:
            if span.covers(at):
                return span.party
    raise LookupError(f"nobody has the matter at {at}")


@dataclass(frozen=True)
class TaskTime:
    """One time a unit had to reply by (`task_reply`, `task_promise`): while it runs the task is with the unit.

    `is_excused`: by an approved objection it does not count against the unit.
    """

    task_id: int
    unit_id: int
    is_lead: bool
    started_at: datetime
    due_at: datetime
    stopped_at: datetime | None
    is_excused: bool = False


@dataclass(frozen=True)
class DecisionTime:
    """The time of one decision the matter waited for, and who owed it."""

    holder: ClockHolder
    started_at: datetime
    due_at: datetime
    stopped_at: datetime | None


@dataclass(frozen=True)
class Miss:
    """A resolution time that was not kept, with the facts around it.

    `owner_id` is the owner at the due time (None: a vacancy), `stand_in_id` who stood in for him then;
    `handed_over_at` the last handover before it. `objected` is what an approved objection says of it.
    """

    started_at: datetime
    due_at: datetime
    owner_id: int | None
    stand_in_id: int | None = None
    handed_over_at: datetime | None = None
    tasks: Sequence[TaskTime] = ()
    decisions: Sequence[DecisionTime] = ()
    objected: Party | None = None


def _last_asked(one: DecisionTime) -> tuple[datetime, str]:
    """The last that was asked for; of two at the same moment always the same one."""
    return one.started_at, str(one.holder.value)


def responsible(calendar: WorkCalendar, miss: Miss, as_of: datetime) -> Party:
    """Who answers for it, as known at `as_of`: the objection, else a unit, else who decided late, else the owner."""
    if miss.objected is not None:
        return miss.objected
    unit_id = _late_unit(calendar, miss)
    if unit_id is not None:
        return Party(Bearer.UNIT, unit_id)
    late = [one for one in miss.decisions if _was_owed(miss, one) and _is_late(one, as_of)]
    if late:
        return Party(Bearer.DECIDER, holder=max(late, key=_last_asked).holder)
    if miss.handed_over_at is not None and miss.due_at <= calendar.day_due(miss.handed_over_at, TRANSITION_DAYS):
        return Party(Bearer.HANDOVER)
    if miss.owner_id is None:
        return Party(Bearer.VACANT)
    if miss.stand_in_id is not None:
        return Party(Bearer.STAND_IN, miss.stand_in_id)
    return Party(Bearer.OFFICER, miss.owner_id)


def _late_unit(calendar: WorkCalendar, miss: Miss) -> int | None:
    """A unit that had missed its own time before the ticket's was over, and had the task in its last working days.

    Of several the one in the lead, then the one that was late first.
    """
    last = last_days_from(calendar, miss.due_at)
    with_unit = {
        one.task_id
        for one in miss.tasks
        if one.started_at <= miss.due_at and (one.stopped_at is None or one.stopped_at >= last)
    }
    missed = [one for one in miss.tasks if _is_late(one, miss.due_at) and not one.is_excused]
    late = [one for one in missed if one.task_id in with_unit]
    return min(late, key=lambda one: (not one.is_lead, one.due_at, one.task_id)).unit_id if late else None


def last_days_from(calendar: WorkCalendar, due_at: datetime) -> datetime:
    """The midnight with which the last working days before a due time begin, its own day among them."""
    first = calendar.shift_days(due_at, 1 - LAST_DAYS)
    return datetime.combine(local(first).date(), time(), SHANGHAI)


def _is_late(one: TaskTime | DecisionTime, as_of: datetime) -> bool:
    ends = as_of if one.stopped_at is None else one.stopped_at
    return ends > one.due_at and one.due_at < as_of


def _was_owed(miss: Miss, one: DecisionTime) -> bool:
    """Asked while the ticket's own time ran."""
    return miss.started_at <= one.started_at <= miss.due_at
