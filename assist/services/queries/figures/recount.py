"""The slow second path: the headline rates recounted from the events alone, ticket by ticket, month by month.

Written apart from `facts` and `catalogue` on purpose: it reads no clock, round or move, works every due time out anew
from what the events say, and must agree exactly. Imported history is left to the ledger it came from.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import select

from assist.domain.clock import local_date
from assist.domain.deadlines import Budget, after_pause, due
from assist.domain.limits import resolution_case
from assist.domain.rates import Rate, month_of
from assist.domain.status import SATISFIED, ClockKind, Difficulty, Rating, Result, TicketType
from assist.domain.transitions import Action
from assist.models import Ticket, TicketEvent
from assist.services.queries.figures import category_days
from assist.services.queries.figures.category_days import CategoryDays
from assist.services.work import Work

A = Action
Month = tuple[int, int]
Tally = Counter[tuple[str, Month, str]]


@dataclass
class Story:
    """One ticket as its events tell it."""

    work: Work
    submitted_at: datetime
    category_id: int | None
    is_entered: bool
    days: CategoryDays
    due_at: datetime = field(init=False)
    budget: Budget = field(init=False)
    pauses: list[tuple[datetime, datetime]] = field(default_factory=list)
    paused_at: datetime | None = None
    answered_at: datetime | None = None
    returned_at: datetime | None = None
    verified_at: datetime | None = None
    withdrawn_at: datetime | None = None
    endings: list[tuple[datetime, Result]] = field(default_factory=list)
    ratings: list[tuple[datetime, Rating]] = field(default_factory=list)
    round_no: int = 1

    def __post_init__(self) -> None:
        self.budget = self._budget(self.category_id, None, None, self.submitted_at)
        self.due_at = due(self.work.settings.calendar, self.submitted_at, self.budget)

    def _budget(
        self, category_id: int | None, type_: str | None, difficulty: str | None, at: datetime
    ) -> Budget:
        """By the category's days as they were then, else by the limits of the day the clock started."""
        if days := self.days.at(category_id, at):
            return Budget.working_days(days)
        case = resolution_case(
            TicketType.of(type_) if type_ else None, Difficulty.of(difficulty) if difficulty else None, 1
        )
        return self.work.settings.budget(ClockKind.RESOLUTION, case, local_date(self.submitted_at))

    def tell(self, event: TicketEvent) -> None:
        """Take in the next event."""
        at, fields = event.at, event.fields
        if event.action is A.ACCEPT:
            self._accepted(at, fields)
        elif event.action in (A.REQUEST_SUPPLEMENT, A.SUPPLEMENT, A.SUPPLEMENT_END):
            self._supplement(event.action, at)
        elif event.action is A.ANSWER and self.answered_at is None:
            self.answered_at = at
        elif event.action is A.RETURN and self.round_no == 1:
            self.returned_at = at
        elif event.action is A.VERIFY_ENTRY and "entry_verified_at" in fields:
            self.verified_at = at
        elif event.action is A.WITHDRAW:
            self._goes_on(at)
            self.withdrawn_at = at
        self._close(at, fields)
        self.round_no = fields.get("round_no", [0, self.round_no])[1]

    def _supplement(self, action: Action, at: datetime) -> None:
        if action is not A.REQUEST_SUPPLEMENT:
            self._goes_on(at)
        elif at <= self.due_at:
            self.paused_at = at

    def _close(self, at: datetime, fields: dict[str, Any]) -> None:
        if fields.get("result"):
            self.endings.append((at, Result.of(fields["result"])))
        if fields.get("rating"):
            self.ratings.append((at, Rating.of(fields["rating"])))

    def _accepted(self, at: datetime, fields: dict[str, Any]) -> None:
        values = {name: pair[1] for name, pair in fields.items() if isinstance(pair, list)}
        category_id = values.get("category_id", self.category_id)
        budget = self._budget(category_id, values.get("type"), values.get("difficulty"), at)
        if at > self.due_at:
            return
        calendar = self.work.settings.calendar
        new_due = due(calendar, self.submitted_at, budget)
        for begun, ended in self.pauses:
            new_due = after_pause(calendar, new_due, budget, begun, ended)
        self.due_at = new_due if new_due >= at else calendar.close_on(local_date(at))
        self.budget = budget

    def _goes_on(self, at: datetime) -> None:
        if self.paused_at is not None:
            self.due_at = after_pause(
                self.work.settings.calendar, self.due_at, self.budget, self.paused_at, at
            )
            self.pauses.append((self.paused_at, at))
            self.paused_at = None

    def count(self, tally: Tally, now: datetime) -> None:
        """What this ticket adds to the months it belongs to."""
        self._count_on_time(tally, now)
        for key, told in (("solved", self.endings), ("satisfied", self.ratings)):
            last = {_month(at): value for at, value in told}
            for month, value in last.items():
                if value is Result.LAPSED:
                    continue
                tally[key, month, "d"] += 1
                tally[key, month, "n"] += value is Result.SOLVED or value in SATISFIED

    def _count_on_time(self, tally: Tally, now: datetime) -> None:
        ended = min((at for at in (self.answered_at, self.withdrawn_at) if at is not None), default=None)
        counts_at = min(ended, self.due_at) if ended else self.due_at
        is_late = self.due_at < now and (ended is None or ended > self.due_at)
        if counts_at > now or (self.is_entered and self.verified_at is None and not is_late):
            return
        if ended is not None and ended == self.withdrawn_at and not is_late:
            return
        is_met = not is_late and self.answered_at is not None and self.returned_at is None
        for key in ("on_time", "original_on_time"):
            if key == "on_time" and self.paused_at is not None and ended is None:
                continue
            tally[key, _month(counts_at), "d"] += 1
            tally[key, _month(counts_at), "n"] += is_met


def _month(at: datetime) -> Month:
    first = month_of(at).first_on
    return first.year, first.month


def recount(work: Work) -> dict[tuple[str, Month], Rate]:
    """{(figure, month): rate} from every event there is, as of now. Streams; memory stays flat."""
    tally: Tally = Counter()
    for story in _stories(work):
        story.count(tally, work.now)
    keys = {(key, month) for key, month, _ in tally}
    return {(key, month): Rate(tally[key, month, "n"], tally[key, month, "d"]) for key, month in keys}


def _stories(work: Work) -> Iterator[Story]:
    days = category_days.read(work)
    rows = work.session.execute(
        select(TicketEvent, Ticket.asked_category_id, Ticket.is_entered)
        .join(Ticket, Ticket.id == TicketEvent.ticket_id)
        .where(Ticket.is_imported.is_(False))
        .order_by(TicketEvent.ticket_id, TicketEvent.seq)
        .execution_options(yield_per=1000)
    )
    for _, group in groupby(rows, key=lambda row: row[0].ticket_id):
        told = list(group)
        first, asked_category_id, is_entered = told[0]
        story = Story(work, first.at, asked_category_id, is_entered, days)
        for event, _, _ in told[1:]:
            story.tell(event)
        yield story
