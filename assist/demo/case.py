"""One problem of the demo world with all that its story needs, and the forms that people fill in about it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from assist.demo.fates import Fate
from assist.demo.population import Firm, People
from assist.demo.stage import Stage, Story
from assist.demo.words import Matter
from assist.domain.clock import local, local_date
from assist.domain.status import LOW_RATINGS, Difficulty, Method, RatingReason
from assist.models import Task, Ticket
from assist.services import closing, handling

DAY_MINUTES = 420


@dataclass
class Case:
    """One problem with all that its story needs."""

    stage: Stage
    people: People
    firm: Firm
    matter: Matter
    fate: Fate
    rng: Random
    ticket: Ticket = None  # type: ignore[assignment]  # there from the first act on
    answered: str = ""
    has_whispered: bool = False
    tasks: list[Task] = field(default_factory=list)
    is_over: bool = False

    @property
    def now(self) -> datetime:
        return self.stage.time.at

    @property
    def speaker(self) -> int:
        return self.firm.contacts[0] if self.rng.random() < 0.8 else self.firm.contacts[-1]

    def hand(self) -> int | None:
        """Who acts as the owner now: whoever stands in for him; None in a vacancy."""
        owner_id = self.ticket.owner_id
        if owner_id is None or self.ticket.is_restricted:
            return owner_id
        return self.stage.hands.get(owner_id, owner_id)

    def owner(self, verb: Callable[..., Any], *words: Any, **more: Any) -> None:
        self.stage.act(self.hand(), verb, self.ticket, *words, **more)

    def enterprise(self, verb: Callable[..., Any], *words: Any, **more: Any) -> None:
        self.stage.act(self.speaker, verb, self.ticket, *words, **more)

    def office(self, minutes: float) -> datetime:
        return self.stage.office(self.now, minutes)

    def days(self, count: float) -> datetime:
        """So many working days on, at another time of day."""
        at = self.stage.office(self.now, count * DAY_MINUTES)
        return at + timedelta(minutes=self.rng.uniform(0, 9)) if at - self.now > timedelta(hours=1) else at

    def awake(self, after: timedelta) -> datetime:
        return self.stage.waking(self.now + after, self.rng.randrange(30))


def owned(case: Case) -> Story:
    """Wait through a vacancy."""
    while case.ticket.owner_id is None:
        yield case.days(0.6)


def asked_category(case: Case) -> str:
    if not case.fate.names_category:
        return ""
    if not case.fate.corrects_category:
        return case.matter.category
    near = [
        entry.code for entry in case.stage.settings.leaves() if entry.code[:2] == case.matter.category[:2]
    ]
    return case.rng.choice(near)


def contact_words(case: Case) -> handling.ContactWords:
    method = case.rng.choices([Method.PHONE, Method.ONSITE, Method.ONLINE], weights=[70, 22, 8])[0]
    is_late = case.fate.contact_after > 120
    claimed = f"{local(case.now):%Y-%m-%d} 上午" if is_late and case.rng.random() < 0.4 else ""
    person = case.stage.actors[case.firm.contacts[0]].name
    return handling.ContactWords(method, person, case.matter.template.contact, claimed)


def grading(case: Case) -> handling.Grading:
    fate, ticket = case.fate, case.ticket
    leaf = case.stage.settings.by_code(case.matter.category)
    is_corrected = leaf is not None and ticket.asked_category_id not in (None, leaf.id)
    reason = ""
    if fate.difficulty is not Difficulty.GENERAL:
        reason = case.matter.difficulty_reason()
    if is_corrected or (leaf is not None and leaf.is_note_required):
        reason = case.matter.category_reason() + reason
    return handling.Grading(case.matter.category, fate.type, fate.difficulty, reason)


def first_opinion(case: Case) -> str:
    return "" if case.fate.opinion_after else case.matter.template.opinion


def expected_on(case: Case) -> date | None:
    due_at = case.ticket.due_at
    return local_date(due_at) if due_at and due_at > case.now else None


def grade(case: Case) -> closing.Grade:
    rating = case.fate.rating
    if rating in LOW_RATINGS:
        reasons = case.rng.sample(list(RatingReason), k=case.rng.choice([1, 1, 2]))
        return closing.Grade(rating, reasons, case.matter.grade(rating) if case.rng.random() < 0.8 else "")
    return closing.Grade(rating, [], case.matter.grade(rating) if case.rng.random() < 0.4 else "")
