"""超期责任方 of every ticket that a rate counts as late, in one statement: by officer, area, unit, each with its list.

The facts are read in bulk, each as it stood at the time the figure is told for; who answers is `domain.lateness`.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    CTE,
    Integer,
    Select,
    String,
    and_,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from assist.domain.handovers import HandoverStatus
from assist.domain.lateness import (
    OWED,
    Bearer,
    DecisionTime,
    Miss,
    Party,
    TaskTime,
    objected,
    responsible,
)
from assist.domain.rates import Period
from assist.domain.requests import ObjectionSubject, RequestKind, RequestStatus
from assist.domain.status import ClockHolder, ClockKind
from assist.domain.tasks import TaskKind
from assist.models import Clock, Handover, Request, StandIn, Task, Ticket, Unit
from assist.models.base import UtcDateTime
from assist.services.access import sees_all, visible
from assist.services.queries.figures.catalogue import FIGURES
from assist.services.queries.figures.counting import NOBODY
from assist.services.queries.figures.facts import AsOf, Condition, clock_facts, owner_at
from assist.services.work import Work

KEYS = ("on_time", "original_on_time")
PERSONS = frozenset({Bearer.OFFICER, Bearer.STAND_IN})
NO_ID, NO_TIME, NO_WORD = cast(null(), Integer), cast(null(), UtcDateTime), literal("", String)


@dataclass(frozen=True)
class Late:
    """One late ticket: whose it was then (`owner_id`), where it lies, and who answers for it.

    `party_area_id` is the area of whoever answers; None for the city's, a leader's and nobody's.
    """

    ticket_id: int
    clock_id: int
    owner_id: int | None
    area_id: int
    party: Party
    party_area_id: int | None

    def is_of(self, word: str) -> bool:
        """`any`, `person:5`, `area:3`, `unit:12`, `unit` (any), `decider` …: as it stands in a list's address."""
        kind, _, what = word.partition(":")
        if word == "any":
            return True
        if kind == "person":
            return self.party.bearer in PERSONS and str(self.party.id) == what
        if kind == "area":
            return str(self.party_area_id) == what
        return self.party.word == word or self.party.bearer.value == word


@dataclass(frozen=True)
class Found:
    """All that is late in a period, and the names of the units among those who answer."""

    lates: list[Late]
    units: dict[int, str]

    def ids(self, word: str, *, officer_id: int | None = None) -> list[int]:
        """The tickets behind one number."""
        owners = [one for one in self.lates if officer_id in (None, one.owner_id or NOBODY)]
        return sorted({one.ticket_id for one in owners if one.is_of(word)})

    def count(self, word: str, *, officer_id: int | None = None) -> int:
        return len(self.ids(word, officer_id=officer_id))


def own_late(work: Work, key: str, period: Period, at: AsOf, extra: Condition | None = None) -> Found:
    """Every ticket that the rate `key` counts as late in the period, with who answers for it. One statement.

    `extra` narrows further (a condition on `Ticket`).
    """
    return answering(work, _late(work, key, period, at, extra), at)


def answering(work: Work, late: CTE, at: AsOf) -> Found:
    """Who answers for clocks that are late; `late` has the columns of `_late`. One statement."""
    parts = [_misses(late), _tasks(late, at), _decisions(late, at), _stand_ins(late), _handovers(late)]
    rows = work.session.execute(union_all(*parts, _objections(late, at), _units())).all()
    by_what: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        by_what[row.what].append(row)
    units = {row.clock_id: row for row in by_what["unit"]}
    lates = list(_lates(work, by_what, units, at))
    return Found(lates, {id: row.word for id, row in units.items()})


def _late(work: Work, key: str, period: Period, at: AsOf, extra: Condition | None) -> CTE:
    """The clocks that are late, with the ticket's owner at the due time."""
    counted = FIGURES[key].build(period, at)
    clock, facts = counted.source, counted.facts
    assert facts is not None
    query = (
        select(
            clock.id.label("clock_id"),
            clock.ticket_id,
            clock.round_no,
            clock.started_at,
            facts.due.label("due_at"),
            Ticket.area_id,
            Ticket.enterprise_id,
            Ticket.is_restricted,
            owner_at(facts.due).label("owner_id"),
        )
        .select_from(Ticket)
        .join(clock, counted.on)
        .where(counted.counts, facts.is_late(at))
    )
    if extra is not None:
        query = query.where(extra)
    return (query if sees_all(work.actor) else query.where(visible(work.actor))).cte("late")


def _row(what: str, clock_id: Any, **columns: Any) -> list[Any]:
    """One shape for all facts, so that they come in one statement."""
    plain = {"a": NO_ID, "b": NO_ID, "c": NO_ID, "t1": NO_TIME, "t2": NO_TIME, "t3": NO_TIME, "word": NO_WORD}
    named = {"what": literal(what, String), "clock_id": clock_id, **plain, **columns}
    return [value.label(name) for name, value in named.items()]


def _misses(late: CTE) -> Select[Any]:
    c = late.c
    return select(
        *_row("late", c.clock_id, a=c.ticket_id, b=c.owner_id, c=c.area_id, t1=c.started_at, t2=c.due_at)
    )


def _tasks(late: CTE, at: AsOf) -> Select[Any]:
    clock = aliased(Clock)
    facts = clock_facts(clock, at)
    columns = _row(
        "task",
        late.c.clock_id,
        a=Task.id,
        b=clock.unit_id,
        c=case((Task.kind == TaskKind.LEAD, 1), else_=0),
        t1=clock.started_at,
        t2=facts.due,
        t3=facts.stopped,
        word=cast(clock.id, String),
    )
    return (
        select(*columns)
        .join(clock, clock.ticket_id == late.c.ticket_id)
        .join(Task, Task.id == clock.task_id)
        .where(
            clock.kind.in_([ClockKind.TASK_REPLY, ClockKind.TASK_PROMISE]),
            clock.started_at <= late.c.due_at,
        )
    )


def _decisions(late: CTE, at: AsOf) -> Select[Any]:
    """What was owed: a request that the matter waited for, or a dispatch."""
    clock = aliased(Clock)
    facts = clock_facts(clock, at)
    columns = _row(
        "decision",
        late.c.clock_id,
        t1=clock.started_at,
        t2=facts.due,
        t3=facts.stopped,
        word=cast(clock.holder, String),
    )
    return (
        select(*columns)
        .join(clock, clock.ticket_id == late.c.ticket_id)
        .outerjoin(Request, Request.id == clock.request_id)
        .where(
            clock.kind == ClockKind.DECISION,
            clock.holder != ClockHolder.OWNER,
            or_(clock.request_id.is_(None), Request.kind.in_(OWED)),
            clock.started_at <= late.c.due_at,
        )
    )


def _stand_ins(late: CTE) -> Select[Any]:
    return select(*_row("stand_in", late.c.clock_id, a=StandIn.stand_in_id, t1=StandIn.started_at)).join(
        StandIn,
        and_(
            StandIn.officer_id == late.c.owner_id,
            StandIn.started_at <= late.c.due_at,
            StandIn.ended_at > late.c.due_at,
            late.c.is_restricted.is_(False),
        ),
    )


def _handovers(late: CTE) -> Select[Any]:
    """The last one before the due time."""
    return (
        select(*_row("handover", late.c.clock_id, t1=func.max(Handover.effective_at)))
        .join(Handover, Handover.enterprise_id == late.c.enterprise_id)
        .where(
            Handover.status == HandoverStatus.EFFECTIVE,
            Handover.effective_at <= late.c.due_at,
            late.c.is_restricted.is_(False),
        )
        .group_by(late.c.clock_id)
    )


def _objections(late: CTE, at: AsOf) -> Select[Any]:
    return (
        select(*_row("objection", late.c.clock_id, a=Request.id, word=cast(Request.facts, String)))
        .join(Request, Request.ticket_id == late.c.ticket_id)
        .where(
            Request.kind == RequestKind.OBJECTION,
            Request.status == RequestStatus.APPROVED,
            Request.decided_at <= at.at,
        )
    )


def _units() -> Select[Any]:
    name = case((Unit.short_name == "", Unit.name), else_=Unit.short_name)
    return select(*_row("unit", Unit.id, a=Unit.area_id, word=name))


def _lates(work: Work, rows: dict[str, list[Any]], units: dict[int, Any], at: AsOf) -> Iterator[Late]:
    beside: dict[str, dict[int, list[Any]]] = {}
    for what in ("task", "decision", "stand_in", "handover", "objection"):
        beside[what] = defaultdict(list)
        for row in rows[what]:
            beside[what][row.clock_id].append(row)
    for row in rows["late"]:
        own = {what: found[row.clock_id] for what, found in beside.items()}
        party = responsible(work.settings.calendar, _miss(row, own), at.at)
        yield Late(row.a, row.clock_id, row.b, row.c, party, _area_of(party, row.c, units))


def _miss(row: Any, own: Mapping[str, Sequence[Any]]) -> Miss:
    handovers, stand_ins, said = own["handover"], own["stand_in"], _objections_of(own["objection"])
    return Miss(
        started_at=row.t1,
        due_at=row.t2,
        owner_id=row.b,
        stand_in_id=max(stand_ins, key=lambda one: one.t1).a if stand_ins else None,
        handed_over_at=handovers[0].t1 if handovers else None,
        tasks=[
            TaskTime(one.a, one.b, bool(one.c), one.t1, one.t2, one.t3, int(one.word) in said)
            for one in own["task"]
        ],
        decisions=[DecisionTime(ClockHolder.of(one.word), one.t1, one.t2, one.t3) for one in own["decision"]],
        objected=said.get(row.clock_id),
    )


def _objections_of(rows: Sequence[Any]) -> dict[int, Party]:
    """By clock, what the last approved objection says of it."""
    found = {}
    for row in sorted(rows, key=lambda one: one.a):
        facts = json.loads(row.word)
        party = objected(ObjectionSubject.of(facts["subject"]), facts.get("party") or "")
        if party is not None and "clock_id" in facts:
            found[facts["clock_id"]] = party
    return found


def _area_of(party: Party, ticket_area_id: int, units: dict[int, Any]) -> int | None:
    """A county's unit is its area's own; the city's, leaders and supervisors are of no area."""
    if party.bearer is Bearer.UNIT:
        unit = units.get(party.id or 0)
        area_id: int | None = unit.a if unit is not None else None
        return area_id
    if party.bearer in PERSONS or party.bearer is Bearer.VACANT:
        return ticket_area_id
    return ticket_area_id if party.holder is ClockHolder.COORDINATOR else None
