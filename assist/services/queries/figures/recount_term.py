"""One 办结 time of a ticket as the slow second path tells it from the events: what pauses, moves and ends it."""

from dataclasses import dataclass, field
from datetime import datetime

from assist.domain.clock import local_date
from assist.domain.deadlines import Budget, after_pause, due
from assist.domain.workdays import WorkCalendar


@dataclass
class Term:
    """One 办结 time as the events tell it. `original` is moved by supplements and the first acceptance alone,
    `base` by nothing; `merged_due` is the earlier one that a merge brought.

    `ended_at`: answered; `void_at`: withdrawn, declined, merged.
    """

    started_at: datetime
    budget: Budget
    due_at: datetime
    original: datetime
    base: datetime
    pauses: list[tuple[datetime, datetime]] = field(default_factory=list)
    paused_at: datetime | None = None
    is_supplement: bool = False
    merged_due: datetime | None = None
    ended_at: datetime | None = None
    void_at: datetime | None = None

    @property
    def is_over(self) -> bool:
        return self.ended_at is not None or self.void_at is not None

    def due_by(self, key: str) -> datetime:
        """The due time by which a figure judges."""
        return {"on_time": self.due_at, "base_on_time": self.base}.get(key, self.original)

    def was_missed(self, key: str) -> bool:
        """It ended, and after its time: the base time where that is asked for, else the one that was in force."""
        ended = self.ended_at or self.void_at
        return ended is not None and ended > (self.base if key == "base_on_time" else self.due_at)

    def pause(self, at: datetime, *, is_supplement: bool = False, since: datetime | None = None) -> None:
        """`since`: it was asked then, before the due time, and came due meanwhile."""
        if not self.is_over and self.paused_at is None and (at <= self.due_at or since is not None):
            self.paused_at = at if at <= self.due_at or since is None else since
            self.is_supplement = is_supplement

    def go_on(self, calendar: WorkCalendar, at: datetime) -> None:
        if self.paused_at is None:
            return
        self.due_at = after_pause(calendar, self.due_at, self.budget, self.paused_at, at)
        if self.is_supplement:
            self.original = after_pause(calendar, self.original, self.budget, self.paused_at, at)
        self.pauses.append((self.paused_at, at))
        self.paused_at = None

    def end(self, calendar: WorkCalendar, at: datetime, *, is_void: bool = False) -> None:
        """Answered, or (`is_void`) withdrawn, declined, merged; what stood still goes on first. Once."""
        if self.is_over:
            return
        self.go_on(calendar, at)
        if is_void:
            self.void_at = at
        else:
            self.ended_at = at

    def regrade(self, calendar: WorkCalendar, budget: Budget, at: datetime) -> datetime | None:
        """The due time with another budget; None when it has passed already."""
        if at > self.due_at and self.paused_at is None:
            return None
        new_due = due(calendar, self.started_at, budget)
        for begun, ended in self.pauses:
            new_due = after_pause(calendar, new_due, budget, begun, ended)
        self.budget = budget
        return new_due if new_due >= at else calendar.close_on(local_date(at))
