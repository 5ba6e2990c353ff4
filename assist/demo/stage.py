"""Time in the demo world: stories wait on one queue, and each act is a service's, at its time, by its person.

A story is a generator: it acts, then yields the instant at which it wants to go on. What lies behind the end of the
world never happens. Nothing here knows what a story is about.
"""

import heapq
from bisect import insort
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from assist.demo.papers import Papers
from assist.domain.clock import FixedTime, local
from assist.domain.policy import Relation
from assist.domain.roles import SYSTEM, Actor
from assist.domain.status import ClockKind, Status
from assist.models import Account, Clock, Request, Task, Ticket, TicketRound
from assist.models.engine import begin_writing
from assist.services import attachments, clocks, intake, searching, telling
from assist.services.settings import KNOWN_REVISION, current
from assist.services.work import Work

Story = Iterator[datetime]
Done = TypeVar("Done")
ACTS_A_COMMIT = 200
WAITS_FOR_ENTERPRISE = (Status.SUPPLEMENTING, Status.ANSWERED)


class Stage:
    """One session, one clock that is moved along, and everybody who may act.

    What access and clocks found out about a ticket is kept from act to act (`forget` drops it), because nobody else
    writes while a world is made.
    """

    def __init__(self, session: Session, start: datetime, until: datetime) -> None:
        self.session = session
        self.time = FixedTime(start)
        self.start, self.until = start, until
        self.actors: dict[int, Actor] = {}
        self.hands: dict[int, int] = {}  # by officer, who stands in for him now
        self.seen_at: dict[int, list[datetime]] = {}
        self.settings = current(session)
        self.calendar = self.settings.calendar
        session.info[KNOWN_REVISION] = self.settings.revision
        self._queue: list[tuple[datetime, int, Story]] = []
        self._count = 0
        self._acts = 0
        self._relations: dict[int | None, dict[int, frozenset[Relation]]] = {}
        self._clocks: dict[int, dict[ClockKind, Clock]] = {}
        self._ended: dict[tuple[int, ClockKind], Clock] = {}
        self._rounds: dict[int, TicketRound] = {}
        self._contacts: dict[int, list[int]] = {}
        self._stand_ins: dict[int, list[int]] = {}
        self._unindexed: dict[int, tuple[list[str], list[str]]] = {}
        self._postponed: list[tuple[datetime, telling.Note]] = []
        self._officers: dict[int, int | None] = {}
        self.waiting: dict[int, Ticket] = {}
        self.papers: Papers | None = None
        self.after_act: Callable[[Ticket], None] = lambda ticket: None
        self.after_act_on: Callable[[Task | Request], None] = lambda thing: None

    def enters(self, account: Account) -> None:
        self.actors[account.id] = account.as_actor()

    def work(self, account_id: int | None) -> Work:
        """A piece of work of somebody (None: the system), now."""
        actor = SYSTEM if account_id is None else self.actors[account_id]
        work = Work(self.session, self.time, actor)
        work.settings = self.settings
        work.relations = self._relations.setdefault(account_id, {})
        work.clocks = self._clocks
        work.ended = self._ended
        work.rounds = self._rounds
        work.contacts = self._contacts
        work.stand_ins = self._stand_ins
        work.unindexed = self._unindexed
        work.postponed = self._postponed
        return work

    def act(self, account_id: int | None, verb: Callable[..., Done], *words: Any, **more: Any) -> Done:
        """Let somebody do something now; committed every so many acts."""
        if account_id is not None:
            self.was_seen(account_id)
        done = verb(self.work(account_id), *words, **more)
        for thing in (*words, done, more.get("task")):
            if isinstance(thing, Ticket):
                self.note(thing)
            elif isinstance(thing, Task | Request):
                self.after_act_on(thing)
        self._acts += 1
        if self._acts % ACTS_A_COMMIT == 0:
            self.commit()
        return done

    def note(self, ticket: Ticket) -> None:
        """Something was done to a ticket."""
        if ticket.status in WAITS_FOR_ENTERPRISE:
            self.waiting[ticket.id] = ticket
        else:
            self.waiting.pop(ticket.id, None)
        self.after_act(ticket)

    def running(self, ticket: Ticket) -> dict[ClockKind, Clock]:
        """The ticket's running clocks."""
        return clocks.running(self.work(None), ticket)

    def officer_of(self, enterprise_id: int) -> int | None:
        """The enterprise's active officer; None in a vacancy."""
        if enterprise_id not in self._officers:
            self._officers[enterprise_id] = intake.active_officer(self.work(None), enterprise_id)
        return self._officers[enterprise_id]

    def attach(self, account_id: int | None, ticket: Ticket, rng: Random) -> None:
        """Put files to what somebody just did, when the world has a place for files."""
        if self.papers is not None:
            received = self.papers.some(rng)
            work = self.work(account_id)
            attachments.attach(work, self.papers.store, ticket, ticket.event_seq, received)

    def commit(self) -> None:
        telling.post(self.work(None))
        self.session.commit()
        begin_writing(self.session)

    def was_seen(self, account_id: int) -> None:
        insort(self.seen_at.setdefault(account_id, []), self.time.at)

    def forget(self, ticket_id: int | None = None) -> None:
        """Somebody changed relations or clocks of a ticket (None: of any) past the stories."""
        if ticket_id is None:
            self._relations.clear()
            self._clocks.clear()
            self._stand_ins.clear()
            self._officers.clear()
            return
        self._clocks.pop(ticket_id, None)
        for found in self._relations.values():
            found.pop(ticket_id, None)

    def begins_to_act_for(self, stand_in_id: int, officer_id: int) -> None:
        self._acts_for(stand_in_id, self.actors[stand_in_id].stands_in_for | {officer_id})
        self.hands[officer_id] = stand_in_id

    def acts_no_more_for(self, stand_in_id: int, officer_id: int) -> None:
        self._acts_for(stand_in_id, self.actors[stand_in_id].stands_in_for - {officer_id})
        self.hands.pop(officer_id, None)

    def _acts_for(self, stand_in_id: int, officer_ids: frozenset[int]) -> None:
        self.actors[stand_in_id] = replace(self.actors[stand_in_id], stands_in_for=officer_ids)
        self.forget()

    def plan(self, at: datetime, story: Story) -> None:
        """Begin a story at its time; one that would begin behind the end never does."""
        if at < self.until:
            heapq.heappush(self._queue, (max(at, self.start), self._count, story))
            self._count += 1

    def run(self, report: Callable[[datetime], None]) -> None:
        """Let time run to the end. `report` is told now and then how far it is."""
        begin_writing(self.session)
        reported = 0
        while self._queue:
            at, _, story = heapq.heappop(self._queue)
            self.time.at = at
            following = next(story, None)
            if following is not None:
                self.plan(max(following, at + timedelta(seconds=20)), story)
            if self._acts - reported >= ACTS_A_COMMIT:
                reported = self._acts
                report(at)
        self.time.at = self.until
        telling.post(self.work(None))
        searching.write_collected(self.work(None))
        self.session.commit()

    # Times of day

    def office(self, at: datetime, minutes: float = 0) -> datetime:
        """So many working minutes after `at`, inside office hours."""
        return self.calendar.advance(self.calendar.working_from(at), timedelta(minutes=minutes))

    def days_ago(self, days: int, hour: int, minute: int) -> datetime:
        """A time of day so many working days before the first working day on or after the end."""
        day = local(self.calendar.shift_days(self.calendar.working_from(self.until), -days))
        return day.replace(hour=hour, minute=minute, second=17).astimezone(self.until.tzinfo)

    def waking(self, at: datetime, minute: int = 0) -> datetime:
        """`at` itself by day, else the next morning: when an enterprise looks at its telephone."""
        here = local(at)
        if here.hour >= 22:
            here = here.replace(hour=7, minute=30 + minute % 30) + timedelta(days=1)
        elif here.hour < 7:
            here = here.replace(hour=7, minute=30 + minute % 30)
        return here.astimezone(at.tzinfo)
