"""When a ticket would have to be resolved under each difficulty, told before the button of 受理 is pressed."""

from dataclasses import dataclass, field
from datetime import datetime

from assist.domain.clock import local_date
from assist.domain.deadlines import Budget
from assist.domain.limits import resolution_case
from assist.domain.status import ClockKind, Difficulty, TicketType
from assist.services import due_times
from assist.services.queries.ticket_page import TicketPage
from assist.services.work import Work


@dataclass(frozen=True)
class DueChoices:
    """Due times by difficulty; a consultation and a category with days of its own do not ask for the difficulty.

    `is_fixed`: the due time has passed, or there is none: accepting moves nothing.
    """

    is_fixed: bool = True
    by_difficulty: dict[Difficulty, datetime] = field(default_factory=dict)
    consult: datetime | None = None
    by_category: dict[str, datetime] = field(default_factory=dict)


def due_choices(work: Work, page: TicketPage) -> DueChoices:
    """No statement of its own: the clock and its pauses are on the page already."""
    clock = page.clocks.running.get(ClockKind.RESOLUTION)
    if clock is None or work.now > clock.due_at:
        return DueChoices()
    spans = page.clocks.pauses[ClockKind.RESOLUTION]
    started_on = local_date(clock.started_at)

    def when(budget: Budget) -> datetime:
        found, kept = due_times.regraded_due(work, clock, budget, spans), page.clocks.merged_due
        return found if kept is None or kept < work.now else min(found, kept)

    def graded(type_: TicketType | None, difficulty: Difficulty | None) -> datetime:
        case = resolution_case(type_, difficulty, page.ticket.round_no)
        return when(work.settings.budget(ClockKind.RESOLUTION, case, started_on))

    # 疑难 is decided on request; until then 复杂 holds.
    held = {Difficulty.HARD: Difficulty.COMPLEX}
    with_days = [entry for entry in work.settings.leaves(restricted=True) if entry.days]
    return DueChoices(
        is_fixed=False,
        by_difficulty={one: graded(None, held.get(one, one)) for one in Difficulty},
        consult=graded(TicketType.CONSULT, None),
        by_category={entry.name: when(Budget.working_days(entry.days or 1)) for entry in with_days},
    )
