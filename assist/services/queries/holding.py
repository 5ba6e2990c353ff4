"""In whose hands one ticket was: its events, clocks and tasks, as loaded for its page, turned into spans.

Nothing is asked of the database here. What the spans mean is `domain.lateness`; the words for readers are `lateness`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from assist.domain.lateness import (
    BLOCKING,
    BLOCKING_WHEN_DUE,
    OWED,
    Bearer,
    DecisionTime,
    Layer,
    Party,
    Span,
    TaskTime,
    objected,
)
from assist.domain.requests import ObjectionSubject, RequestKind, RequestStatus
from assist.domain.status import OPEN, ClockHolder, ClockKind, Status
from assist.domain.tasks import TaskKind
from assist.domain.transitions import Action
from assist.models import Clock, Ticket, TicketEvent
from assist.services.queries.ticket_beside import Beside
from assist.services.queries.ticket_clocks import Found
from assist.services.queries.ticket_tasks import TaskLine

WITH_UNIT = (ClockKind.TASK_REPLY, ClockKind.TASK_PROMISE)
AT_ENTERPRISE = frozenset({Status.SUPPLEMENTING, Status.ANSWERED})
EVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Facts:
    """What is known of one ticket. `beside` holds who stood in (`stand_in`) and handovers (`handover`)."""

    ticket: Ticket
    events: Sequence[TicketEvent]
    clocks: Sequence[Found]
    tasks: Sequence[TaskLine]
    beside: Sequence[Beside]
    now: datetime


def stretches(facts: Facts) -> list[tuple[datetime, datetime]]:
    """When the ticket was open: from its submission to its end, and again from a reopening."""
    found, begun = [], None
    for at, status in _statuses(facts):
        if status in OPEN and begun is None:
            begun = at
        elif status not in OPEN and begun is not None:
            found.append((begun, at))
            begun = None
    return found if begun is None else [*found, (begun, facts.now)]


def _statuses(facts: Facts) -> list[tuple[datetime, Status]]:
    return [(event.at, event.new_status) for event in facts.events]


def layers(facts: Facts) -> list[Layer]:
    """From what counts first to what is left: enterprise, decision, unit, suspension, owner."""
    return [_enterprise(facts), _decisions(facts), _units(facts), _suspensions(facts), owners(facts)]


def _spans(changes: Iterable[tuple[datetime, Party | None]]) -> list[Span]:
    """Changes of hands as spans; from a change to None it is nobody's of this layer."""
    found: list[Span] = []
    begun: tuple[datetime, Party] | None = None
    for at, party in changes:
        if begun is not None and party == begun[1]:
            continue
        if begun is not None:
            found.append(Span(begun[0], at, begun[1]))
        begun = (at, party) if party is not None else None
    return found if begun is None else [*found, Span(begun[0], None, begun[1])]


def _enterprise(facts: Facts) -> list[Span]:
    own = Party(Bearer.ENTERPRISE)
    return _spans((at, own if status in AT_ENTERPRISE else None) for at, status in _statuses(facts))


def request_kinds(facts: Facts) -> dict[int, RequestKind]:
    asked = (Action.REQUEST, Action.TASK_REQUEST)
    fields = [event.fields for event in facts.events if event.action in asked]
    return {one["request"]: RequestKind.of(one["kind"]) for one in fields if "request" in one and "kind" in one}


def _decision_clocks(facts: Facts) -> list[Clock]:
    return [one.clock for one in facts.clocks if one.clock.kind is ClockKind.DECISION]


def _decisions(facts: Facts) -> list[Span]:
    """What the matter stood still for; a deferral or suspension only once its own time was over."""
    kinds, found = request_kinds(facts), []
    for clock in _decision_clocks(facts):
        kind = kinds.get(clock.request_id or 0)
        if kind not in BLOCKING or clock.task_id is not None:
            continue
        due_at = _resolution_due(facts, clock) if kind in BLOCKING_WHEN_DUE else None
        begins = max(clock.started_at, due_at) if due_at else clock.started_at
        if clock.stopped_at is None or begins < clock.stopped_at:
            found.append(Span(begins, clock.stopped_at, Party(Bearer.DECIDER, holder=clock.holder)))
    return found


def _resolution_due(facts: Facts, asked: Clock) -> datetime | None:
    """When the ticket was due, as it stood when this was asked."""
    for one in facts.clocks:
        if one.clock.kind is ClockKind.RESOLUTION and one.clock.round_no == asked.round_no:
            later = [move for move in one.moves.values() if move.at > asked.started_at]
            return min(later, key=lambda move: move.id).old_due_at if later else one.clock.due_at
    return None


def _units(facts: Facts) -> list[Span]:
    """Tasks with their units, and those that wait for the city's dispatch; the lead's before those that assist."""
    leads = {one.id: one.kind is TaskKind.LEAD for one in facts.tasks}
    found = []
    for one in facts.clocks:
        clock = one.clock
        if clock.task_id is None or clock.request_id is not None:
            continue
        if clock.kind in WITH_UNIT:
            party = Party(Bearer.UNIT, clock.unit_id)
        elif clock.kind is ClockKind.DECISION:
            party = Party(Bearer.DECIDER, holder=clock.holder)
        else:
            continue
        found.append((not leads.get(clock.task_id, False), clock.task_id, clock.started_at, clock.stopped_at, party))
    found.sort(key=lambda one: one[:3])
    return [Span(started_at, stopped_at, party) for _, _, started_at, stopped_at, party in found]


def _suspensions(facts: Facts) -> list[Span]:
    changes: list[tuple[datetime, Party | None]] = []
    for event in facts.events:
        told = event.fields.get("suspended_at")
        if isinstance(told, list):
            changes.append((event.at, Party(Bearer.SUSPENDED) if told[1] else None))
    return _spans(changes)


def owner_changes(facts: Facts) -> list[tuple[datetime, int | None]]:
    """Since when the ticket was whose, from the beginning on."""
    told = [(event.at, event.fields["owner_id"]) for event in facts.events if _names_owner(event.fields)]
    first = told[0][1][0] if told else facts.ticket.owner_id
    return [(EVER, first), *((at, pair[1]) for at, pair in told)]


def _names_owner(fields: dict[str, Any]) -> bool:
    return isinstance(fields.get("owner_id"), list)


def owners(facts: Facts) -> list[Span]:
    """Owners one after the other; before each, who stood in for him in that time."""
    changes = owner_changes(facts)
    ends = [*(at for at, _ in changes[1:]), None]
    acting = [] if facts.ticket.is_restricted else [one for one in facts.beside if one.what == "stand_in"]
    found = []
    for (start, owner_id), end in zip(changes, ends, strict=True):
        for one in acting:
            begins, until = max(start, one.at), min(at for at in (one.due_at, end) if at is not None)
            if owner_id is not None and one.kind == str(owner_id) and begins < until:
                found.append(Span(begins, until, Party(Bearer.STAND_IN, one.id)))
        found.append(Span(start, end, Party(Bearer.OFFICER, owner_id) if owner_id else Party(Bearer.VACANT)))
    return found


def task_times(facts: Facts) -> list[TaskTime]:
    excused = objections(facts)
    leads = {one.id: one.kind is TaskKind.LEAD for one in facts.tasks}
    return [
        TaskTime(
            clock.task_id or 0,
            clock.unit_id or 0,
            leads.get(clock.task_id or 0, False),
            clock.started_at,
            clock.due_at,
            clock.stopped_at,
            clock.id in excused,
        )
        for clock in (one.clock for one in facts.clocks)
        if clock.kind in WITH_UNIT
    ]


def decision_times(facts: Facts) -> list[DecisionTime]:
    """Decisions that are owed, dispatches among them."""
    kinds = request_kinds(facts)
    return [
        DecisionTime(clock.holder, clock.started_at, clock.due_at, clock.stopped_at)
        for clock in _decision_clocks(facts)
        if clock.holder is not ClockHolder.OWNER and (clock.request_id is None or kinds.get(clock.request_id) in OWED)
    ]


def objections(facts: Facts) -> dict[int, tuple[Party, str]]:
    """What approved objections say of a clock, by its id: whose it is, and the name where one was given."""
    asked: dict[int, dict[str, Any]] = {}
    found: dict[int, tuple[Party, str]] = {}
    for event in facts.events:
        fields = event.fields
        if fields.get("kind") != RequestKind.OBJECTION.value:
            continue
        if event.action is not Action.DECIDE:
            asked[fields.get("request", 0)] = fields
        elif fields.get("decision") == RequestStatus.APPROVED.value:
            told = {**asked.get(fields.get("request", 0), {}), **fields}
            party = objected(ObjectionSubject.of(told["subject"]), told.get("party") or "")
            if party is not None and told.get("clock_id"):
                found[told["clock_id"]] = party, told.get("party_words") or ""
    return found
