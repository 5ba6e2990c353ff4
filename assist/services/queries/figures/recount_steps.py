"""The slow second path of the first steps: 受理, 首次联系, 初步意见, and of later rounds' times, from the events alone.

Written apart from `in_time` on purpose. Of a ticket's first submission; 代录 are left aside, and so is a contact that
the enterprise denied.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from assist.domain.clock import local_date
from assist.domain.deadlines import due
from assist.domain.requests import RequestKind, RequestStatus
from assist.domain.status import ClockKind
from assist.domain.transitions import Action
from assist.models import TicketEvent
from assist.services.queries.figures.recount import Told
from assist.services.queries.figures.recount_story import VOIDING, Story, Tally, add, month_at
from assist.services.queries.figures.recount_term import Term

A = Action
STEPS = {"acceptance": ClockKind.ACCEPTANCE, "contact": ClockKind.CONTACT, "opinion": ClockKind.OPINION}
URGENT_FOR = timedelta(hours=2)
STILL = ("acceptance", "opinion")  # what stands still while the enterprise supplements
URGENT_MINUTES = 120


@dataclass
class Steps:
    """The three times of a submission; `denied`: the enterprise said of the first contact that there was none."""

    story: Story
    terms: dict[str, Term] = field(init=False)
    is_declining: bool = False
    is_supplementing: bool = False
    denied: bool | None = None

    def __post_init__(self) -> None:
        at, settings = self.story.submitted_at, self.story.work.settings
        self.terms = {}
        for key, kind in STEPS.items():
            budget = settings.budget(kind, "", local_date(at))
            due_at = due(settings.calendar, at, budget)
            self.terms[key] = Term(at, budget, due_at, due_at, due_at)

    def tell(self, event: TicketEvent) -> None:
        """Take in the next event."""
        if event.action in (A.REQUEST_SUPPLEMENT, A.SUPPLEMENT, A.SUPPLEMENT_END):
            self._supplement(event.action is A.REQUEST_SUPPLEMENT, event.at)
        elif event.action in (A.REQUEST, A.DECIDE, A.DROP_REQUEST) and "task" not in event.fields:
            self._request(event)
        elif event.action is A.VERIFY_CONTACT and self.denied is None:
            self.denied = not event.fields["is_true"]
        elif event.action is A.CONTACT:
            self._end("contact", event.at)
        elif event.action in (A.OPINION, A.ANSWER):
            self._end("opinion", event.at)
        elif event.action is A.ACCEPT:
            self._declined_no_more(event.at)
            self._end("acceptance", event.at)
        if event.new_status in VOIDING:
            for key in self.terms:
                self._end(key, event.at, is_void=True)

    def _supplement(self, begins: bool, at: datetime) -> None:
        self.is_supplementing = begins
        for key in STILL:
            self.terms[key].go_on(self.story.calendar, at)
            if begins and not self.terms[key].is_over:
                self.terms[key].pause(at)
        if not begins and self.is_declining and not self.terms["opinion"].is_over:
            self.terms["opinion"].pause(at)

    def _request(self, event: TicketEvent) -> None:
        kind, at = RequestKind.of(event.fields["kind"]), event.at
        is_approved = event.fields.get("decision") == RequestStatus.APPROVED.value
        if kind is RequestKind.DECLINE and event.action is A.REQUEST:
            self.is_declining = True
            self._end("acceptance", at)
            if not self.terms["opinion"].is_over:
                self.terms["opinion"].pause(at)
        elif kind is RequestKind.DECLINE and not is_approved:
            self._declined_no_more(at)
        elif kind is RequestKind.URGENCY and is_approved:
            self._urgent(at)

    def _declined_no_more(self, at: datetime) -> None:
        self.is_declining = False
        if not self.is_supplementing:
            self.terms["opinion"].go_on(self.story.calendar, at)

    def _urgent(self, at: datetime) -> None:
        """特急: a contact still owed is due within two hours, unless it is late already."""
        term = self.terms["contact"]
        if not term.is_over and at <= term.due_at:
            term.due_at = min(term.due_at, at + URGENT_FOR)

    def _end(self, key: str, at: datetime, *, is_void: bool = False) -> None:
        term = self.terms[key]
        if term.is_over:
            return
        term.go_on(self.story.calendar, at)
        if is_void:
            term.void_at = at
        else:
            term.ended_at = at


def count(story: Story, told: Told, tally: Tally) -> None:
    """What this ticket adds to the months it belongs to."""
    for term in story.later:
        _count(term, "rework_on_time", tally, story.work.now)
    if story.is_entered:
        return
    steps = Steps(story)
    for event in told.events[1:]:
        steps.tell(event)
    for key, term in steps.terms.items():
        if key != "contact" or not steps.denied:
            _count(term, key, tally, story.work.now)


def _count(term: Term, key: str, tally: Tally, now: datetime) -> None:
    ended = term.ended_at or term.void_at
    is_excused = term.void_at is not None and term.void_at <= term.due_at
    is_still = term.paused_at is not None and ended is None
    counts_at = min(ended or term.due_at, term.due_at)
    if not is_excused and not is_still and counts_at <= now:
        add(tally, key, month_at(counts_at), term.ended_at is not None and term.ended_at <= term.due_at)
