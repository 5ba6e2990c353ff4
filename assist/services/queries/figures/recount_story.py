"""One ticket as its events tell it: its 办结 times, what paused, moved and ended them, how it ended, how it was rated.

The slow second path's own reading of the chain: it reads no clock, round or move (`recount`, `recount_course`).
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from assist.domain.clock import local_date
from assist.domain.deadlines import Budget, due
from assist.domain.limits import resolution_case
from assist.domain.rates import month_of
from assist.domain.requests import RequestKind, RequestStatus
from assist.domain.status import SATISFIED, ClockKind, Difficulty, Rating, Result, Status, TicketType
from assist.domain.transitions import Action
from assist.domain.workdays import WorkCalendar
from assist.models import TicketEvent
from assist.services import base_times
from assist.services.queries.figures.category_days import CategoryDays
from assist.services.queries.figures.recount_term import Term
from assist.services.work import Work

A = Action
VOIDING = frozenset({Status.WITHDRAWN, Status.DECLINED, Status.MERGED})
HEARD = frozenset({Result.SOLVED.value, Result.PARTLY.value, Result.ACKNOWLEDGED.value})
Month = tuple[int, int]
Tally = Counter[tuple[str, Month, str]]


@dataclass
class Story:
    """`terms` are its first round's times, a second one after a reviewed decline; `later` those of later rounds."""

    work: Work
    submitted_at: datetime
    category_id: int | None
    is_entered: bool
    days: CategoryDays
    terms: list[Term] = field(init=False)
    later: list[Term] = field(default_factory=list)
    graded: dict[str, Any] = field(default_factory=dict)
    asked: dict[int, datetime] = field(default_factory=dict)
    objected: set[int] = field(default_factory=set)
    is_declining: bool = False
    is_supplementing: bool = False
    deferrals: int = 0
    returned_at: datetime | None = None
    verified_at: datetime | None = None
    endings: list[tuple[datetime, Result]] = field(default_factory=list)
    ratings: list[tuple[datetime, Rating]] = field(default_factory=list)
    round_no: int = 1

    def __post_init__(self) -> None:
        self.graded["category_id"] = self.category_id
        self.terms = [self._term(self.submitted_at)]

    @property
    def term(self) -> Term:
        return (self.later or self.terms)[-1]

    @property
    def calendar(self) -> WorkCalendar:
        return self.work.settings.calendar

    def _term(self, at: datetime) -> Term:
        budget = self._budget(at, at)
        due_at = due(self.calendar, at, budget)
        return Term(at, budget, due_at, due_at, due(self.calendar, at, Budget.working_days(base_times.DAYS)))

    def _budget(self, started_at: datetime, at: datetime) -> Budget:
        """By the category's days as they were then, else by the limits of the day the clock started."""
        days = self.days.at(self.graded.get("category_id"), at)
        if days and self.round_no == 1:
            return Budget.working_days(days)
        type_, difficulty = self.graded.get("type"), self.graded.get("difficulty")
        case = resolution_case(
            TicketType.of(type_) if type_ else None,
            Difficulty.of(difficulty) if difficulty else None,
            self.round_no,
        )
        return self.work.settings.budget(ClockKind.RESOLUTION, case, local_date(started_at))

    def tell(self, event: TicketEvent) -> None:
        """Take in the next event."""
        at, fields = event.at, event.fields
        if event.action in (A.REQUEST_SUPPLEMENT, A.SUPPLEMENT, A.SUPPLEMENT_END):
            self._supplement(event.action, at)
        elif event.action in (A.REQUEST, A.DECIDE, A.DROP_REQUEST) and "task" not in fields:
            self._request(event)
        elif _is_returning(event) and self.round_no == 1:
            self.returned_at = at
        elif event.action is A.VERIFY_ENTRY and "entry_verified_at" in fields:
            self.verified_at = at
        if event.action is A.ACCEPT:
            self._accepted(event)
        if event.action is A.MERGE and "new_due_at" in fields and not self.term.is_over:
            self.term.merged_due = self.term.due_at = datetime.fromisoformat(fields["new_due_at"])
        if fields.get("suspended_at", [None, 1])[1] is None:
            self.term.go_on(self.calendar, at)
        self._end(event)
        if event.action is A.CALLBACK and event.new_status is Status.SUBMITTED:
            self.terms.append(self._term(at))
        self._close(at, fields)
        if isinstance(changed := fields.get("round_no"), list):  # an objection names a round by its number alone
            self.round_no = changed[1]
            self.later.append(self._term(at))

    def _end(self, event: TicketEvent) -> None:
        if self.term.is_over:
            return
        if event.action is A.ANSWER:
            self.term.end(self.calendar, event.at)
        elif event.new_status in VOIDING:
            self.term.end(self.calendar, event.at, is_void=True)
            self.is_declining = False

    def _supplement(self, action: Action, at: datetime) -> None:
        self.is_supplementing = action is A.REQUEST_SUPPLEMENT
        self.term.go_on(self.calendar, at)
        if self.is_supplementing:
            self.term.pause(at, is_supplement=True)
        elif self.is_declining:
            self.term.pause(at)

    def _request(self, event: TicketEvent) -> None:
        kind, at = RequestKind.of(event.fields["kind"]), event.at
        if event.action is A.REQUEST:
            self.asked[event.fields["request"]] = at
            if event.fields.get("subject") == "return" and event.fields["round_no"] == 1:
                self.objected.add(event.fields["request"])
            if kind is RequestKind.DECLINE:
                self.is_declining = True
                self.term.pause(at)
            return
        is_approved = event.fields.get("decision") == RequestStatus.APPROVED.value
        if is_approved and event.fields["request"] in self.objected:
            self.returned_at = None  # the enterprise had no ground to send it back
        if is_approved and (told := self._approved(kind)) is not None:
            told(event)
        elif kind is RequestKind.DECLINE and not is_approved:
            self._decline_over(at)

    def _approved(self, kind: RequestKind) -> Callable[[TicketEvent], None] | None:
        if kind is RequestKind.DECLINE_REVIEW:
            return lambda event: self.terms.append(self._term(event.at))
        if self.term.is_over:
            return None
        return {
            RequestKind.DIFFICULTY: self._regraded,
            RequestKind.DEFERRAL: self._deferred,
            RequestKind.SUSPENSION: lambda event: self.term.pause(
                event.at, since=self.asked.get(event.fields["request"])
            ),
        }.get(kind)

    def _decline_over(self, at: datetime) -> None:
        self.is_declining = False
        if not self.is_supplementing:
            self.term.go_on(self.calendar, at)

    def _deferred(self, event: TicketEvent) -> None:
        self.term.due_at = datetime.fromisoformat(event.fields["new_due_at"])
        self.deferrals += 1

    def _regraded(self, event: TicketEvent) -> None:
        self._grade(event.fields)
        new_due = self.term.regrade(self.calendar, self._budget(self.term.started_at, event.at), event.at)
        if new_due is not None:
            self.term.due_at = max(new_due, self.term.due_at) if self.deferrals else new_due

    def _grade(self, fields: dict[str, Any]) -> None:
        names = ("category_id", "type", "difficulty")
        self.graded.update({name: fields[name][1] for name in names if isinstance(fields.get(name), list)})

    def _accepted(self, event: TicketEvent) -> None:
        if self.is_declining:
            self._decline_over(event.at)
        self._grade(event.fields)
        new_due = self.term.regrade(self.calendar, self._budget(self.term.started_at, event.at), event.at)
        if new_due is not None:
            self.term.due_at = self.term.original = new_due
            kept = self.term.merged_due
            if kept is not None and event.at <= kept < new_due:
                self.term.due_at = kept

    def _close(self, at: datetime, fields: dict[str, Any]) -> None:
        if fields.get("result") and "task" not in fields:  # a unit's reply has a result of its own
            self.endings.append((at, Result.of(fields["result"])))
        elif self.endings and self.endings[-1][1] is Result.LAPSED and fields.get("heard") in HEARD:
            # A call after the silence: the enterprise's word, in the month in which the matter was closed.
            self.endings[-1] = (self.endings[-1][0], Result.of(fields["heard"]))
        if fields.get("rating"):
            self.ratings.append((at, Rating.of(fields["rating"])))

    def count(self, tally: Tally, now: datetime) -> None:
        """What this ticket adds to the months it belongs to."""
        for key in ("on_time", "original_on_time", "base_on_time"):
            for term, month in self.counted(key, now):
                add(tally, key, month, self.is_met(term, key))
        for key, told in (("solved", self.endings), ("satisfied", self.ratings)):
            last = {month_at(at): value for at, value in told}
            for month, value in last.items():
                if value is not Result.LAPSED:
                    add(tally, key, month, value is Result.SOLVED or value in SATISFIED)

    def counted(self, key: str, now: datetime) -> Iterator[tuple[Term, Month]]:
        """The times that a figure counts, each with its month. Late once is late once, though taken up again after."""
        for term in self.terms:
            month = self._month(term, key, now)
            if month is not None:
                yield term, month
            if term.was_missed(key):
                break

    def is_met(self, term: Term, key: str) -> bool:
        return term.ended_at is not None and term.ended_at <= term.due_by(key) and self.returned_at is None

    def _month(self, term: Term, key: str, now: datetime) -> Month | None:
        """The month in which a time counts by then; None when it does not."""
        if term.void_at is not None and not term.was_missed(key):
            return None
        due_at, ended = term.due_by(key), term.ended_at or term.void_at
        counts_at = min(ended, due_at) if ended else due_at
        is_late = due_at < now and (ended is None or ended > due_at)
        if counts_at > now or (self.is_entered and self.verified_at is None and not is_late):
            return None
        if key == "on_time" and term.paused_at is not None and ended is None:
            return None
        return month_at(counts_at)


def add_time(
    tally: Tally, key: str, due_at: datetime, ended_at: datetime | None, now: datetime, *, is_void: bool = False
) -> None:
    """A time adds itself to the month of min(end, due), once that has come; ended without a verdict only if late."""
    counts_at = min(ended_at or due_at, due_at)
    is_met = ended_at is not None and ended_at <= due_at
    if counts_at <= now and not (is_void and is_met):
        add(tally, key, month_at(counts_at), is_met)


def add(tally: Tally, key: str, month: Month, is_met: bool) -> None:
    tally[key, month, "d"] += 1
    tally[key, month, "n"] += is_met


def _is_returning(event: TicketEvent) -> bool:
    """The answer was not accepted: by the enterprise itself, or by what it said in a callback."""
    is_by_callback = event.action is A.CALLBACK and event.old_status is Status.ANSWERED
    return event.action is A.RETURN or (is_by_callback and event.new_status is Status.HANDLING)


def month_at(at: datetime) -> Month:
    first = month_of(at).first_on
    return first.year, first.month
