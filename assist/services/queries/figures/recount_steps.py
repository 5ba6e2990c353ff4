"""The slow second path of the first steps: 受理, 首次联系, 初步意见, and of later rounds' times, from the events alone.

Written apart from `in_time` on purpose. Of a ticket's first submission; 代录 are left aside, and so is a contact that
the enterprise denied.
"""

from dataclasses import dataclass, field
from datetime import datetime

from assist.domain.clock import local_date
from assist.domain.deadlines import due
from assist.domain.requests import RequestKind, RequestStatus
from assist.domain.status import ClockKind
from assist.domain.transitions import Action
from assist.models import TicketEvent
from assist.services.queries.figures.recount import Told
from assist.services.queries.figures.recount_story import VOIDING, Story, Tally, add_time
from assist.services.queries.figures.recount_term import Term
from assist.services.request_grants import URGENT_FOR

A = Action
STEPS = {"acceptance": ClockKind.ACCEPTANCE, "contact": ClockKind.CONTACT, "opinion": ClockKind.OPINION}
STILL = ("acceptance", "opinion")  # what stands still while the enterprise supplements


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
            if begins:
                self.terms[key].pause(at)
        if not begins and self.is_declining:
            self.terms["opinion"].pause(at)

    def _request(self, event: TicketEvent) -> None:
        kind, at = RequestKind.of(event.fields["kind"]), event.at
        is_approved = event.fields.get("decision") == RequestStatus.APPROVED.value
        if kind is RequestKind.DECLINE and event.action is A.REQUEST:
            self.is_declining = True
            self._end("acceptance", at)
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
        self.terms[key].end(self.story.calendar, at, is_void=is_void)


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
    if term.is_over or term.paused_at is None:
        add_time(tally, key, term.due_at, term.ended_at or term.void_at, now, is_void=term.void_at is not None)
