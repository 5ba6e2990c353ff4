"""The slow second path of 超期责任方: who answers for each late ticket, told again from the events alone.

Written apart from `own_lateness` and `domain.lateness` on purpose: tasks, dispatches and decisions are followed through
the chain and their due times worked out anew. Stand-ins and handovers have no event; their dated records are read.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from assist.domain.clock import local, local_date
from assist.domain.date_words import moment_text
from assist.domain.deadlines import Budget, due
from assist.domain.requests import SPECS, RequestKind
from assist.domain.status import ClockKind
from assist.domain.tasks import TaskKind
from assist.domain.transitions import Action
from assist.models import Handover, StandIn, Task, TicketEvent
from assist.services.queries.figures.recount import Told, stories
from assist.services.queries.figures.recount_story import Month, Story, month_at
from assist.services.work import Work

A = Action
LEAVES = (A.TASK_REPLY, A.TASK_SIGN_REPLY)
ENDS = (A.TASK_CANCEL, A.TASK_RETURN)
# What the matter cannot go on without, and a unit's wish to be rid of its task.
WAITED_FOR = ("decline", "withdrawal", "deferral", "suspension", "coordination", "task_return")


@dataclass
class Wait:
    """A time in which somebody owed something. `due_at` may be moved while it lasts."""

    since: datetime
    due_at: datetime
    until: datetime | None = None
    is_excused: bool = False
    is_void: bool = False

    def is_late(self, at: datetime) -> bool:
        return (self.until or at) > self.due_at and self.due_at < at


@dataclass
class Errand:
    """A unit's task as its events tell it: the times it owed a reply, and the city's dispatch."""

    unit_id: int
    is_lead: bool
    no: int
    waits: list[Wait] = field(default_factory=list)
    promises: list[Wait] = field(default_factory=list)
    dispatch: Wait | None = None
    signing: Wait | None = None

    @property
    def open(self) -> Wait | None:
        return self.waits[-1] if self.waits and self.waits[-1].until is None else None

    def stop(self, at: datetime) -> None:
        if (wait := self.open) is not None:
            wait.until = at

    def give_up(self, at: datetime) -> None:
        """Cancelled, given back, a promise that the owner does not take: no verdict, unless it was late already."""
        for wait in (self.open, self.signing):
            if wait is not None and wait.until is None:
                wait.until, wait.is_void = at, at <= wait.due_at


@dataclass
class Chain:
    """One ticket's events, followed for who owed what."""

    work: Work
    tasks: dict[str, Task]
    errands: dict[str, Errand] = field(default_factory=dict)
    owed: dict[int, tuple[str, Wait]] = field(default_factory=dict)
    asked: dict[int, dict[str, Any]] = field(default_factory=dict)
    objections: list[dict[str, Any]] = field(default_factory=list)

    def limit(self, kind: ClockKind, case: str, at: datetime) -> datetime:
        return due(self.work.settings.calendar, at, self.work.settings.budget(kind, case, local_date(at)))

    def tell(self, event: TicketEvent) -> None:
        fields = event.fields
        if event.action is A.ASSIGN_TASK:
            self._assigned(event)
        elif event.action in (A.REQUEST, A.TASK_REQUEST):
            self._asked(event)
        elif event.action in (A.DECIDE, A.DROP_REQUEST):
            self._decided(event)
        elif fields.get("task") in self.errands:
            self._task(event, self.errands[fields["task"]])

    def _assigned(self, event: TicketEvent) -> None:
        task = self.tasks[event.fields["task"]]
        errand = Errand(task.unit_id, event.fields["kind"] == TaskKind.LEAD.value, task.no)
        self.errands[task.number] = errand
        if task.needs_dispatch:
            errand.dispatch = Wait(event.at, self.limit(ClockKind.DECISION, "dispatch", event.at))
        else:
            self._reached(event.at, task, errand)

    def _reached(self, at: datetime, task: Task, errand: Errand) -> None:
        wanted = self.work.settings.calendar.close_on(task.due_on) if task.due_on else None
        by = wanted if wanted is not None and wanted > at else self.limit(ClockKind.TASK_REPLY, "", at)
        errand.waits.append(Wait(at, by))
        errand.signing = Wait(at, self.limit(ClockKind.TASK_SIGN, "", at))

    def _task(self, event: TicketEvent, errand: Errand) -> None:
        at, fields = event.at, event.fields
        if event.action is A.TASK_DISPATCH and errand.dispatch is not None:
            errand.dispatch.until = at
            self._reached(at, self.tasks[fields["task"]], errand)
        elif event.action in LEAVES and not fields.get("is_draft"):
            errand.stop(at)
            if fields.get("promised_on"):
                on = datetime.fromisoformat(fields["promised_on"]).date()
                errand.promises.append(Wait(at, self.work.settings.calendar.close_on(on)))
                errand.waits.append(errand.promises[-1])
        elif event.action is A.TASK_SIGN and errand.signing is not None:
            errand.signing.until = at
        elif event.action is A.TASK_SEND_BACK:
            errand.give_up(at)
            errand.waits.append(Wait(at, self.limit(ClockKind.TASK_REPLY, "again", at)))
        elif event.action in ENDS:
            errand.give_up(at)
            if errand.dispatch is not None and errand.dispatch.until is None:
                errand.dispatch.until = at

    def _asked(self, event: TicketEvent) -> None:
        fields = event.fields
        self.asked[fields["request"]] = fields
        kind = RequestKind.of(fields["kind"])
        if fields["kind"] not in WAITED_FOR or fields["decider"] == "owner":
            return
        case = SPECS[kind].limit_case if kind in SPECS else ""
        self.owed[fields["request"]] = (
            fields["decider"],
            Wait(event.at, self.limit(ClockKind.DECISION, case, event.at)),
        )

    def _decided(self, event: TicketEvent) -> None:
        fields = event.fields
        if (found := self.owed.get(fields.get("request", 0))) is not None:
            found[1].until = event.at
        if fields.get("decision") != "approved":
            return
        if fields["kind"] == "objection":
            self._objected({**self.asked[fields["request"]], **fields})
        errand = self.errands.get(fields.get("task") or "")
        if fields["kind"] == "deferral" and errand is not None and (wait := errand.open) is not None:
            wait.due_at = datetime.fromisoformat(fields["new_due_at"])


    def _objected(self, facts: dict[str, Any]) -> None:
        """Approved: about one of a unit's times (named by its due time), or about the ticket's own."""
        self.objections.append(facts)
        if facts["subject"] not in ("verdict", "responsibility"):
            return
        own = self.errands.get(facts.get("task") or "")
        for errand in [own] if own is not None else self.errands.values():
            for wait in errand.waits:
                year = local(self.work.now).year
                words = (f"，{moment_text(wait.due_at, each)}到期" for each in (year, year - 1, year + 1))
                is_unit_s = str(facts.get("about_words", "")).startswith(("任务反馈", "承诺兑现"))
                if is_unit_s and any(word in facts["about_words"] for word in words):
                    wait.is_excused = True


@dataclass(frozen=True)
class Records:
    """What has no event: by officer who stood in for him, by enterprise its handovers."""

    stand_ins: dict[int, list[StandIn]]
    handovers: dict[int, list[datetime]]
    tasks: dict[int, dict[str, Task]]


def _records(work: Work) -> Records:
    stand_ins: dict[int, list[StandIn]] = defaultdict(list)
    for acting in work.session.scalars(select(StandIn).order_by(StandIn.started_at)):
        stand_ins[acting.officer_id].append(acting)
    handovers: dict[int, list[datetime]] = defaultdict(list)
    for enterprise_id, at in work.session.execute(select(Handover.enterprise_id, Handover.effective_at)):
        if at is not None:
            handovers[enterprise_id].append(at)
    tasks: dict[int, dict[str, Task]] = defaultdict(dict)
    for task in work.session.scalars(select(Task)):
        tasks[task.ticket_id][task.number] = task
    return Records(stand_ins, handovers, tasks)


def recount_lateness(work: Work) -> dict[Month, Counter[str]]:
    """{month: how many are late by whom (`officer:5`, `unit:12`, `decider:city`, `handover` …)}, as of now."""
    records, found = _records(work), defaultdict[Month, Counter[str]](Counter)
    for story, told in stories(work):
        for due_at, since in _late(story, work.now):
            found[month_at(due_at)][_whose(work, told, records, since, due_at)] += 1
    return found


def _late(story: Story, now: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The first round's times that were not kept: when they were due and when they began."""
    for term in story.terms:
        ended = term.ended_at or term.void_at
        if term.paused_at is not None and ended is None:
            continue
        if term.due_at < now and (ended is None or ended > term.due_at):
            yield term.due_at, term.started_at
            return


def _whose(work: Work, told: Told, records: Records, since: datetime, due_at: datetime) -> str:
    chain = Chain(work, records.tasks.get(told.ticket_id, {}))
    for event in told.events:
        chain.tell(event)
    for facts in reversed(chain.objections):
        if str(facts.get("about_words", "")).startswith("办结时限（第1轮"):
            if facts["subject"] == "verdict":
                return "nobody"
            if facts["subject"] == "responsibility":
                return str(facts.get("party") or "nobody")
    return _late_unit(work, chain, due_at) or _late_decider(work, chain, since, due_at) or _owner(
        work, told, records, due_at
    )  # fmt: skip


def _late_unit(work: Work, chain: Chain, due_at: datetime) -> str:
    """Late before the ticket was, and with the task in hand on the due day or the working day before it."""
    calendar, day = work.settings.calendar, local(due_at).replace(hour=0, minute=0, second=0, microsecond=0)
    day -= timedelta(days=1)
    while not calendar.is_working(day.date()):
        day -= timedelta(days=1)
    guilty = []
    for errand in chain.errands.values():
        had = any(one.since <= due_at and (one.until is None or one.until >= day) for one in errand.waits)
        missed = [one for one in errand.waits if one.since <= due_at and one.is_late(due_at)]
        late = [one.due_at for one in missed if not one.is_excused]
        if had and late:
            guilty.append((not errand.is_lead, min(late), errand.no, errand.unit_id))
    return f"unit:{min(guilty)[3]}" if guilty else ""


def _late_decider(work: Work, chain: Chain, since: datetime, due_at: datetime) -> str:
    waits = [("city", one.dispatch) for one in chain.errands.values() if one.dispatch is not None]
    late = [
        (wait.since, holder)
        for holder, wait in [*waits, *chain.owed.values()]
        if since <= wait.since <= due_at and wait.is_late(work.now)
    ]
    return f"decider:{max(late)[1]}" if late else ""


def _owner(work: Work, told: Told, records: Records, due_at: datetime) -> str:
    if told.is_restricted:
        return f"officer:{told.owner_id}"
    changes = [(event.at, event.fields["owner_id"]) for event in told.events if _passes(event)]
    owner_id = changes[0][1][0] if changes else told.owner_id
    for at, pair in changes:
        owner_id = pair[1] if at <= due_at else owner_id
    before = [at for at in records.handovers.get(told.enterprise_id, ()) if at <= due_at]
    if before and due_at <= due(work.settings.calendar, max(before), Budget.working_days(5)):
        return "handover"
    for acting in reversed(records.stand_ins.get(owner_id or 0, ())):
        if acting.started_at <= due_at < acting.ended_at:
            return f"stand_in:{acting.stand_in_id}"
    return f"officer:{owner_id}" if owner_id else "vacant"


def _passes(event: TicketEvent) -> bool:
    return isinstance(event.fields.get("owner_id"), list)
