"""责任天数 and 超期责任方 of one ticket: whose days were spent where, and who answers for a resolution time not kept.

From rows that its page has loaded already; no statement of its own. For the case side only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from assist.domain.lateness import Bearer, Miss, Party, holder_at, responsible, shares
from assist.domain.status import ClockHolder, ClockKind, Verdict
from assist.models import Clock, Ticket
from assist.services.queries import holding
from assist.services.queries.holding import Facts
from assist.services.queries.ticket_beside import Beside
from assist.services.queries.ticket_clocks import Found
from assist.services.queries.ticket_people import People
from assist.services.queries.ticket_tasks import TaskLine
from assist.services.work import Work

# How a part of the bar looks; the words stand beside it.
TONES = {
    Bearer.OFFICER: "own",
    Bearer.STAND_IN: "own2",
    Bearer.UNIT: "unit",
    Bearer.DECIDER: "wait",
    Bearer.ENTERPRISE: "firm",
    Bearer.SUSPENDED: "still",
    Bearer.VACANT: "none",
}


@dataclass(frozen=True)
class ShareLine:
    """One part of the bar. `before` is where it begins, in working days."""

    words: str
    days: int
    before: int
    tone: str


@dataclass(frozen=True)
class LateLine:
    """One resolution time that was not kept, and whose that was."""

    clock_id: int
    round_no: int
    due_at: datetime
    party: Party
    words: str


@dataclass(frozen=True)
class Responsibility:
    """`now` says in whose hands an open ticket is; `days` are the working days elapsed, the sum of the parts."""

    parts: list[ShareLine]
    days: int
    now: str
    late: list[LateLine]


@dataclass(frozen=True)
class Namer:
    """Words for parties: names of accounts and units, and of the ticket's area."""

    accounts: dict[int, str]
    units: dict[int, str]
    area: str
    has_many_officers: bool = False

    def share(self, party: Party) -> str:
        """专员 · 市自然资源和规划局 · 审批（市助企办） · 空缺（东昌府区助企办）"""
        title = party.bearer.title
        if party.bearer is Bearer.UNIT:
            return self.units.get(party.id or 0, title)
        if party.bearer is Bearer.DECIDER:
            return f"{title}（{self.office(party.holder)}）"
        if party.bearer is Bearer.VACANT:
            return f"{title}（{self.area}助企办）"
        name = self.accounts.get(party.id or 0, "")
        if name and (party.bearer is Bearer.STAND_IN or self.has_many_officers):
            return f"{title}（{name}）"
        return title

    def answerable(self, party: Party, name: str = "") -> str:
        """Who answers for a missed time: 市自然资源和规划局 · 市助企办（审批逾期） · 服务专员张建华"""
        name = name or self.accounts.get(party.id or 0, "")
        return {
            Bearer.OFFICER: f"服务专员{name}",
            Bearer.STAND_IN: f"代办专员{name}",
            Bearer.UNIT: self.units.get(party.id or 0, name),
            Bearer.DECIDER: f"{self.office(party.holder)}（审批逾期）",
            Bearer.VACANT: f"{self.area}助企办（专员空缺）",
            Bearer.HANDOVER: "交接期，不计个人责任",
            Bearer.NOBODY: "经数据异议核定，不计责任",
        }.get(party.bearer, party.bearer.title)

    def office(self, holder: ClockHolder | None) -> str:
        if holder is ClockHolder.COORDINATOR:
            return f"{self.area}助企办"
        return holder.title if holder else ""


def of(
    work: Work,
    ticket: Ticket,
    rows: Sequence[Any],
    clocks: Sequence[Found],
    tasks: Sequence[TaskLine],
    beside: Sequence[Beside],
    people: People,
) -> Responsibility | None:
    """The bar and the parties. `rows` are the whole trail's. None for what came from the old ledger."""
    if ticket.is_imported:
        return None
    events = list({row.TicketEvent.seq: row.TicketEvent for row in rows}.values())
    facts = Facts(ticket, events, clocks, tasks, beside, work.now)
    layers, stretches = holding.layers(facts), holding.stretches(facts)
    found = shares(work.settings.calendar, stretches, layers)
    namer = _namer(work, facts, people, sum(one.party.bearer is Bearer.OFFICER for one in found) > 1)
    parts, before = [], 0
    for one in found:
        if one.days:
            parts.append(ShareLine(namer.share(one.party), one.days, before, TONES[one.party.bearer]))
            before += one.days
    is_open = bool(stretches) and stretches[-1][1] == work.now
    now = namer.share(holder_at(layers, work.now)) if is_open else ""
    return Responsibility(parts, before, now, _late(work, facts, namer))


def _namer(work: Work, facts: Facts, people: People, has_many_officers: bool) -> Namer:
    acting = {one.id: one.who for one in facts.beside if one.what == "stand_in"}
    units = {one.unit_id: one.unit for one in facts.tasks}
    area = work.settings.areas[facts.ticket.area_id].name
    return Namer({**acting, **people.names}, units, area, has_many_officers)


def _late(work: Work, facts: Facts, namer: Namer) -> list[LateLine]:
    objected = holding.objections(facts)
    found = []
    for clock in sorted((one.clock for one in facts.clocks), key=lambda one: one.round_no):
        if is_missed(clock, work.now):
            named, name = objected.get(clock.id, (None, ""))
            party = responsible(work.settings.calendar, _miss(facts, clock, named), work.now)
            found.append(LateLine(clock.id, clock.round_no, clock.due_at, party, namer.answerable(party, name)))
    return found


def is_missed(clock: Clock, now: datetime) -> bool:
    """A resolution time not kept; one that waits for a deferral or suspension asked in time is not missed yet."""
    if clock.kind is not ClockKind.RESOLUTION:
        return False
    if clock.stopped_at is not None:
        return clock.verdict is Verdict.MISSED
    return clock.paused_at is None and clock.waits_since is None and clock.due_at < now


def _owner_id(facts: Facts, at: datetime) -> int | None:
    """Whose it was. A restricted matter is the named person's, whoever had it before."""
    if facts.ticket.is_restricted:
        return facts.ticket.owner_id
    return next(id for since, id in reversed(holding.owner_changes(facts)) if since <= at)


def _miss(facts: Facts, clock: Clock, objected: Party | None) -> Miss:
    at = clock.due_at
    handovers = [one.at for one in facts.beside if one.what == "handover" and one.at <= at]
    owner = holder_at([holding.owners(facts)], at)
    is_stood_in = owner.bearer is Bearer.STAND_IN
    return Miss(
        started_at=clock.started_at,
        due_at=at,
        owner_id=_owner_id(facts, at),
        stand_in_id=owner.id if is_stood_in else None,
        handed_over_at=None if facts.ticket.is_restricted else max(handovers, default=None),
        tasks=holding.task_times(facts),
        decisions=holding.decision_times(facts),
        objected=objected,
    )
