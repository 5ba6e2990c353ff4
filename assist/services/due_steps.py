"""What each claimed clock asks for now: the step to send, those to pass over, and the step that comes next.

After an outage only the highest step reached is sent. Steps that are in the ledger already are left alone, so that the
answer is the same however often it is asked. Claiming and writing is `sweeping`.
"""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select

from assist.domain.ladder import FROM_BREACH, OUTLIVES_TICKET, StepAt, reached
from assist.domain.status import OPEN, Step
from assist.domain.transitions import Action
from assist.models import Clock, Reminder, Supervision, TicketEvent
from assist.services import clocks, recipients
from assist.services.recipients import TaskFacts, TicketFacts
from assist.services.work import Work

log = logging.getLogger(__name__)


@dataclass
class Due:
    """A claimed clock and what is to be done with it; nothing to send when `send` is empty."""

    clock: Clock
    ticket: TicketFacts
    task: TaskFacts | None
    following: StepAt | None
    send: StepAt | None = None
    ask: recipients.Ask | None = None
    passed: list[StepAt] = field(default_factory=list)

    def pass_over(self) -> None:
        """Record the step that was to be sent instead of sending it."""
        if self.send is not None:
            self.passed.append(self.send)
        self.send = self.ask = None


def plan(work: Work, claimed: Sequence[Clock]) -> tuple[list[Due], list[int]]:
    """What each clock asks for now, and the ids of those that cannot be worked out."""
    tickets = recipients.ticket_facts(work, {clock.ticket_id for clock in claimed})
    task_ids = _task_ids(work, claimed)
    tasks = recipients.task_facts(work, set(task_ids.values()))
    recorded = _recorded(work, claimed)
    dues, broken = [], []
    for clock in claimed:
        try:
            task = tasks[task_ids[clock.id]] if clock.id in task_ids else None
            dues.append(_due(work, clock, tickets[clock.ticket_id], task, recorded.get(clock.id, set())))
        except Exception:
            log.exception("clock %s: its reminder cannot be worked out; put off an hour", clock.id)
            broken.append(clock.id)
    _pass_over_early(work, dues)
    _pass_over_imported(work, dues)
    return dues, broken


def _task_ids(work: Work, claimed: Sequence[Clock]) -> dict[int, int]:
    """By clock, the task it is about: its own, or that by which a unit is supervised."""
    found = {clock.id: clock.task_id for clock in claimed if clock.task_id is not None}
    supervised = {clock.supervision_id: clock.id for clock in claimed if clock.supervision_id is not None}
    if supervised:
        rows = work.session.execute(
            select(Supervision.id, Supervision.task_id).where(
                Supervision.id.in_(supervised), Supervision.task_id.is_not(None)
            )
        )
        found |= {supervised[supervision_id]: task_id for supervision_id, task_id in rows if task_id}
    return found


def _recorded(work: Work, claimed: Sequence[Clock]) -> dict[int, set[tuple[Step, int]]]:
    """The steps already in the ledger for the clocks' present versions."""
    rows = work.session.execute(
        select(Reminder.clock_id, Reminder.step, Reminder.repeat)
        .join(Clock, Clock.id == Reminder.clock_id)
        .where(
            Reminder.clock_id.in_([clock.id for clock in claimed]), Reminder.clock_version == Clock.version
        )
        .distinct()
    )
    found: dict[int, set[tuple[Step, int]]] = {}
    for clock_id, step, repeat in rows:
        found.setdefault(clock_id, set()).add((step, repeat))
    return found


def _due(
    work: Work, clock: Clock, ticket: TicketFacts, task: TaskFacts | None, recorded: set[tuple[Step, int]]
) -> Due:
    if ticket.status not in OPEN and clock.kind not in OUTLIVES_TICKET:
        log.warning("clock %s runs although ticket %s has ended; silenced", clock.id, ticket.number)
        return Due(clock, ticket, task, None)
    behind, following = reached(clocks.steps(work.settings, clock), work.now)
    if clock.waits_since is not None:
        # The red card waits for the decision of what was asked in time.
        behind = [step for step in behind if step.rule.step not in FROM_BREACH]
        following = None if following is None or following.rule.step in FROM_BREACH else following
    fresh = [step for step in behind if (step.rule.step, step.repeat) not in recorded]
    due = Due(clock, ticket, task, following, passed=fresh)
    if fresh and fresh[-1] is behind[-1]:
        due.send = due.passed.pop()
        due.ask = recipients.ask(ticket, clock, due.send.rule.recipients)
    return due


def _pass_over_early(work: Work, dues: Iterable[Due]) -> None:
    """The reminder at half time is for silence: where progress was reported in the round it is passed over."""
    early = [due for due in dues if due.send is not None and due.send.rule.step is Step.EARLY]
    if not early:
        return
    reported = {
        tuple(row)
        for row in work.session.execute(
            select(TicketEvent.ticket_id, TicketEvent.round_no)
            .where(
                TicketEvent.ticket_id.in_({due.ticket.id for due in early}),
                TicketEvent.action == Action.PROGRESS,
            )
            .distinct()
        )
    }
    for due in early:
        if (due.ticket.id, due.clock.round_no) in reported:
            due.pass_over()


def _pass_over_imported(work: Work, dues: Iterable[Due]) -> None:
    """Of a problem from the old ledger nobody is reminded of what lay behind it when it was taken over."""
    imported = [due for due in dues if due.send is not None and due.ticket.is_imported]
    if not imported:
        return
    ids = {due.ticket.id for due in imported}
    rows = work.session.execute(
        select(TicketEvent.ticket_id, TicketEvent.at).where(
            TicketEvent.ticket_id.in_(ids), TicketEvent.seq == 1
        )
    )
    taken_over = {row[0]: row[1] for row in rows}
    for due in imported:
        if due.send is not None and due.send.at <= taken_over[due.ticket.id]:
            due.pass_over()
