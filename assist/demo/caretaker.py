"""The jobs of the demo world: reminders in the half minute in which they fall due, and what ends by itself."""

import heapq
from datetime import datetime, timedelta

from sqlalchemy.orm.attributes import set_committed_value

from assist.demo.stage import Stage, Story
from assist.domain.clock import local
from assist.domain.ladder import reached
from assist.domain.status import ClockKind, Status, Step
from assist.models import Clock, Request, Task, Ticket
from assist.services import clocks, lapsing, rounds, sweeping

TICK = 30  # seconds between two sweeps, as in the scheduler
# Hours at most that what is no card (half time, the gentle word to an enterprise) waits for a sweep: there are many.
PATIENCE = 6
CLOSING_TIME = (17, 33)


class Alarms:
    """Every armed clock of the stage, by when it fires, so that the sweep runs exactly then and never for nothing."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self._known: dict[int, datetime] = {}
        self._queue: list[tuple[datetime, int, Clock]] = []
        self._count = 0
        stage.after_act = self.watch
        stage.after_act_on = self.watch_of

    def watch(self, ticket: Ticket) -> None:
        """Note what the clocks of a ticket that was just acted on are armed for; plan the sweep."""
        for clock in self.stage.running(ticket).values():
            self._note(clock)

    def watch_of(self, of: Task | Request) -> None:
        """The same for the clocks of a task or a request."""
        for clock in clocks.running_of(self.stage.work(None), of).values():
            self._note(clock)

    def _note(self, clock: Clock) -> None:
        at = clock.next_fire_at
        if at is None or clock.id is None or self._known.get(clock.id) == at:
            return
        self._known[clock.id] = at
        self._count += 1
        heapq.heappush(self._queue, (at, self._count, clock))
        is_patient = clock.next_step.startswith(Step.EARLY.value) or clock.kind is ClockKind.CONFIRMATION
        self.stage.plan(next_round_hour(at) if is_patient else next_tick(at), self._ring())

    def _ring(self) -> Story:
        rang = self._rung()
        if rang:
            sweep(self.stage)
            for clock in rang:
                self._armed_anew(clock)
                self._note(clock)
        yield from ()

    def _armed_anew(self, clock: Clock) -> None:
        """What the sweep has written past the session: the step that follows."""
        _, following = reached(clocks.steps(self.stage.settings, clock), self.stage.time.at)
        set_committed_value(clock, "next_fire_at", following.at if following else None)
        set_committed_value(clock, "next_step", following.key if following else "")

    def _rung(self) -> list[Clock]:
        found = []
        while self._queue and self._queue[0][0] <= self.stage.time.at:
            at, _, clock = heapq.heappop(self._queue)
            if clock.next_fire_at == at and clock.stopped_at is None and clock.paused_at is None:
                found.append(clock)
        return found


def next_tick(at: datetime) -> datetime:
    """The next full half minute after an instant."""
    return at.replace(second=0, microsecond=0) + timedelta(seconds=(at.second // TICK + 1) * TICK)


def next_round_hour(at: datetime) -> datetime:
    """The next full hour of every sixth one, in Shanghai."""
    here = local(at).replace(minute=0, second=0, microsecond=0)
    return (here + timedelta(hours=PATIENCE - here.hour % PATIENCE)).astimezone(at.tzinfo)


def sweep(stage: Stage) -> None:
    """The sweep job: whatever is due becomes a reminder."""
    while sweeping.sweep_batch(stage.work(None)).clocks == sweeping.BATCH:
        pass


def evenings(stage: Stage) -> Story:
    """Soon after every close of office: what ends by itself."""
    while True:
        day = local(stage.calendar.day_due(stage.time.at, 1))
        yield day.replace(hour=CLOSING_TIME[0], minute=CLOSING_TIME[1]).astimezone(stage.until.tzinfo)
        _lapse(stage)


def _lapse(stage: Stage) -> None:
    """The lapse job, for the tickets at which something may be over; it looks again itself."""
    for ticket in sorted(stage.waiting.values(), key=lambda one: one.id):
        if _may_be_over(stage, ticket):
            stage.act(None, lapsing.one, ticket.id)
            stage.note(ticket)


def _may_be_over(stage: Stage, ticket: Ticket) -> bool:
    running = stage.running(ticket)
    clock = running.get(ClockKind.CONFIRMATION) or running.get(ClockKind.SUPPLEMENT)
    present = rounds.present(stage.work(None), ticket)
    if clock is not None and (ticket.status is Status.SUPPLEMENTING or present.opened_at is not None):
        return clock.due_at < stage.time.at
    since = present.corrected_at or present.answered_at
    return since is not None and stage.calendar.day_due(since, lapsing.UNOPENED_DAYS) < stage.time.at
