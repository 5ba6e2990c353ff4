"""The resolution clocks of problems from the old ledger that are still open: due as stated there, extended or not.

Such a ticket has no other clock: when it was contacted or answered first is not known. What the clock does later
(stopping, moving) is `services.clocks`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from assist.domain.deadlines import Measure
from assist.domain.status import ClockKind
from assist.models import Clock, ClockMove, Ticket
from assist.services.clocks import arm
from assist.services.work import Work


@dataclass(frozen=True)
class StatedDue:
    """A due time as the old ledger states it: 办理时限, and 延期后时限 where there is one."""

    ticket: Ticket
    due_at: datetime
    extended_due_at: datetime | None = None


def start(work: Work, stated: Sequence[StatedDue]) -> None:
    """A running resolution clock for each of these stored tickets, and their mirrors, all at once."""
    clocks = []
    for one in stated:
        due_at = one.extended_due_at or one.due_at
        clock = Clock(
            ticket_id=one.ticket.id,
            kind=ClockKind.RESOLUTION,
            round_no=1,
            seq=1,
            measure=Measure.FIXED,
            budget_label="原台账时限",
            started_at=one.ticket.submitted_at,
            due_at=due_at,
            original_due_at=one.due_at,
            counts_at=due_at,
            original_counts_at=one.due_at,
            version=1 if due_at == one.due_at else 2,
        )
        arm(work.settings, clock)
        clocks.append(clock)
        one.ticket.due_at = one.ticket.next_due_at = due_at
    work.session.add_all(clocks)
    work.session.flush()
    work.session.add_all(
        ClockMove(
            clock_id=clock.id,
            old_due_at=one.due_at,
            new_due_at=clock.due_at,
            old_original_due_at=one.due_at,
            new_original_due_at=one.due_at,
            why="原台账延期",
            at=work.now,
        )
        for one, clock in zip(stated, clocks, strict=True)
        if clock.due_at != one.due_at
    )
