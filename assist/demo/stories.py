"""What happens to one problem from its first word to its end: acts of services, at times that its fate gives.

Each part is a generator that yields the instant at which it goes on. A part looks at the ticket before it acts, because
a job or another person may have moved it meanwhile.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from assist.demo.fates import Fate
from assist.demo.population import Firm, People
from assist.demo.stage import Stage, Story
from assist.demo.words import Matter
from assist.domain.clock import local
from assist.domain.status import (
    LOW_RATINGS,
    ClockKind,
    Difficulty,
    Method,
    Outcome,
    RatingReason,
    Result,
    Source,
    Status,
)
from assist.models import Ticket
from assist.services import answering, closing, conversing, handling, intake

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

    @property
    def now(self) -> datetime:
        return self.stage.time.at

    @property
    def speaker(self) -> int:
        return self.firm.contacts[0] if self.rng.random() < 0.8 else self.firm.contacts[-1]

    def owner(self, verb: Callable[..., Any], *words: Any, **more: Any) -> None:
        self.stage.act(self.ticket.owner_id, verb, self.ticket, *words, **more)

    def enterprise(self, verb: Callable[..., Any], *words: Any, **more: Any) -> None:
        self.stage.act(self.speaker, verb, self.ticket, *words, **more)

    def office(self, minutes: float) -> datetime:
        return self.stage.office(self.now, minutes)

    def days(self, count: float) -> datetime:
        """So many working days on, at another time of day."""
        at = self.stage.office(self.now, count * DAY_MINUTES)
        return at + timedelta(minutes=self.rng.uniform(-8, 0)) if at - self.now > timedelta(hours=1) else at

    def awake(self, after: timedelta) -> datetime:
        return self.stage.waking(self.now + after, self.rng.randrange(30))


def problem(case: Case) -> Story:
    """The whole road."""
    submit(case)
    if case.fate.withdraws == "before":
        yield case.awake(timedelta(minutes=case.rng.uniform(5, 90)))
        if case.ticket.status is Status.SUBMITTED:
            case.enterprise(closing.withdraw, case.matter.withdrawal())
        return
    yield from first_response(case)
    if case.ticket.status is not Status.HANDLING:
        return
    yield from handle(case)
    yield from end(case)


def submit(case: Case) -> None:
    fate, matter = case.fate, case.matter
    words = intake.Submission(
        description=matter.template.description,
        title=matter.template.title if case.rng.random() < 0.75 else "",
        wish=matter.template.wish if case.rng.random() < 0.85 else "",
        category=asked_category(case),
        is_pressing=fate.is_pressing,
        pressing_reason=case.matter.pressing() if fate.is_pressing else "",
        source=fate.source or Source.SELF,
    )
    by = case.speaker
    if fate.source is not None:
        by = intake.active_officer(case.stage.work(None), case.firm.id) or by
    case.ticket = case.stage.act(by, intake.submit, case.firm.id, words)


def asked_category(case: Case) -> str:
    if not case.fate.names_category:
        return ""
    if not case.fate.corrects_category:
        return case.matter.category
    near = [
        entry.code for entry in case.stage.settings.leaves() if entry.code[:2] == case.matter.category[:2]
    ]
    return case.rng.choice(near)


def owned(case: Case) -> Story:
    """Wait through a vacancy."""
    while case.ticket.owner_id is None:
        yield case.days(0.6)


def first_response(case: Case) -> Story:
    """Contact, acceptance, opinion: on one form or one after the other, with what the enterprise says to it."""
    fate = case.fate
    if case.ticket.is_entered and fate.verifies_entry is not None and case.rng.random() < 0.5:
        yield case.awake(timedelta(minutes=case.rng.uniform(4, 25)))
        case.enterprise(conversing.verify_entry, fate.verifies_entry)
    yield case.office(fate.contact_after if not case.ticket.is_entered else min(30, fate.contact_after))
    yield from owned(case)
    if fate.accept_after or fate.asks_supplement or fate.withdraws:
        case.owner(handling.contact, contact_words(case))
        yield from after_contact(case)
        if case.ticket.status is not Status.SUBMITTED:
            return
        case.owner(handling.accept, grading(case))
    else:
        case.owner(
            handling.first_response,
            contact_words(case),
            grading(case),
            first_opinion(case),
            expected_on(case),
        )
    if fate.accept_after and fate.opinion_after:
        yield case.office(fate.opinion_after)
        yield from owned(case)
    is_owed = case.ticket.status is Status.HANDLING and ClockKind.OPINION in case.stage.running(case.ticket)
    if is_owed and (fate.opinion_after or fate.accept_after or fate.asks_supplement):
        case.owner(handling.opinion, case.matter.template.opinion, expected_on(case))


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


def expected_on(case: Case) -> Any:
    due_at = case.ticket.due_at
    return local(due_at).date() if due_at and due_at > case.now else None


def after_contact(case: Case) -> Story:
    fate = case.fate
    if fate.withdraws == "after":
        yield case.awake(timedelta(minutes=case.rng.uniform(20, 160)))
        if case.ticket.status is Status.SUBMITTED:
            case.enterprise(closing.withdraw, case.matter.withdrawal())
        return
    yield from verified_contact(case)
    for _ in range(fate.asks_supplement):
        yield case.office(case.rng.uniform(5, 40))
        asked = case.matter.supplement()
        case.owner(conversing.request_supplement, asked.request)
        if fate.gives_supplement:
            yield case.awake(timedelta(hours=case.rng.uniform(2, 70)))
            if case.ticket.status is Status.SUPPLEMENTING:
                case.enterprise(conversing.supplement, asked.supply)
        while case.ticket.status is Status.SUPPLEMENTING:
            yield case.days(0.5)
    yield case.office(fate.accept_after or case.rng.uniform(10, 60))
    yield from owned(case)


def verified_contact(case: Case) -> Story:
    if case.fate.verifies_contact is not None:
        yield case.awake(timedelta(minutes=case.rng.uniform(5, 60)))
        case.enterprise(conversing.verify_contact, case.fate.verifies_contact)


def handle(case: Case) -> Story:
    """Progress until the answer; late ones are nudged."""
    fate = case.fate
    case.stage.plan(*whispers(case))
    answer_at = answering_time(case)
    while (following := case.days(fate.progress_gap * case.rng.uniform(0.8, 1.05))) < answer_at:
        yield following
        yield from owned(case)
        case.owner(handling.progress, case.matter.progress(), is_visible=True)
        if case.rng.random() < 0.3:
            yield case.office(case.rng.uniform(2, 30))
            case.owner(handling.progress, case.matter.template.internal, is_visible=False)
    yield answer_at
    yield from owned(case)
    case.answered = case.matter.answer(fate.outcome, case.ticket.round_no)
    case.owner(answering.answer, fate.outcome, case.answered, case.matter.template.account)


def answering_time(case: Case) -> datetime:
    """By its share of the time that is left, or so many days late."""
    fate, calendar = case.fate, case.stage.calendar
    due_at = case.ticket.due_at or case.days(1)
    left = calendar.elapsed(case.now, due_at)
    if fate.late_days or left <= timedelta(0):
        start = max(due_at, case.now)
        return case.stage.office(start, max(fate.late_days, 0.1) * DAY_MINUTES)
    share = fate.answer_share if case.ticket.round_no == 1 else fate.round_share
    return calendar.advance(calendar.working_from(case.now), left * share)


def whispers(case: Case) -> tuple[datetime, Story]:
    """What is said beside the road: it has a story of its own."""
    return case.awake(timedelta(hours=case.rng.uniform(0.2, 6))), beside(case)


def beside(case: Case) -> Story:
    fate, ticket = case.fate, case.ticket
    if fate.accept_after == 0 and not fate.asks_supplement and fate.verifies_contact is not None:
        case.enterprise(conversing.verify_contact, fate.verifies_contact)
    if ticket.is_entered and ticket.entry_is_true is None and fate.verifies_entry is not None:
        yield case.awake(timedelta(hours=case.rng.uniform(1, 30)))
        case.enterprise(conversing.verify_entry, fate.verifies_entry)
    if fate.comments:
        yield case.awake(timedelta(hours=case.rng.uniform(4, 40)))
        if ticket.status is Status.HANDLING:
            case.enterprise(conversing.comment, case.matter.comment())
            yield case.office(case.rng.uniform(20, 200))
            if ticket.status is Status.HANDLING and ticket.owner_id and case.rng.random() < 0.5:
                case.owner(conversing.comment, case.matter.owner_comment())
    if fate.is_nudged and ticket.due_at is not None:
        start = max(ticket.due_at, case.now) if fate.late_days else case.now
        yield case.stage.office(start, case.rng.uniform(20, 500))
        if ticket.status is Status.HANDLING:
            by = case.rng.choice([case.speaker, case.firm.coordinator_id, case.people.supervisors[0]])
            case.stage.act(by, conversing.nudge, ticket, case.matter.nudge())


def end(case: Case) -> Story:
    """From the answer to the enterprise's word: opened or not, confirmed, returned or passed over in silence."""
    fate, ticket = case.fate, case.ticket
    if fate.opens_after is None:
        return
    yield case.awake(fate.opens_after)
    case.enterprise(conversing.answer_opened)
    if fate.corrects_answer:
        yield case.office(case.rng.uniform(30, 400))
        if ticket.status is Status.ANSWERED:
            correction = case.matter.correction()
            said = f"{case.answered}\n{correction.text}"
            case.owner(answering.correct_answer, said, correction.reason)
            yield case.awake(timedelta(hours=case.rng.uniform(0.5, 20)))
            case.enterprise(conversing.answer_opened)
    if fate.returns:
        yield case.awake(fate.decides_after)
        if ticket.status is Status.ANSWERED:
            yield from another_round(case)
        return
    if fate.is_silent:
        yield from silence(case)
        return
    yield case.awake(fate.decides_after)
    if ticket.status is Status.ANSWERED:
        case.enterprise(closing.confirm, fate.result, grade(case))
    yield from reopening(case)


def another_round(case: Case) -> Story:
    case.enterprise(closing.send_back, case.matter.return_reason(case.ticket.round_no))
    case.fate.returns -= 1
    case.fate.late_days = 0 if case.rng.random() < 0.9 else case.rng.uniform(0.2, 2)
    case.fate.comments = case.fate.corrects_answer = case.fate.is_silent = False
    case.fate.verifies_contact = None
    yield case.office(case.rng.uniform(20, 200))
    yield from owned(case)
    case.owner(handling.contact, contact_words(case))
    yield from handle(case)
    yield from end(case)


def silence(case: Case) -> Story:
    """Nothing is said; the job closes it. Some rate it afterwards."""
    while case.ticket.status is Status.ANSWERED:
        yield case.days(1)
    if case.fate.rates_late and case.ticket.status is Status.CLOSED:
        yield case.awake(timedelta(hours=case.rng.uniform(2, 120)))
        if case.ticket.status is Status.CLOSED:
            case.enterprise(closing.rate, grade(case))


def reopening(case: Case) -> Story:
    if not case.fate.reopens or case.ticket.status is not Status.CLOSED:
        return
    case.fate.reopens = False
    yield case.awake(timedelta(days=case.rng.uniform(2, 16)))
    case.enterprise(closing.reopen, case.matter.reopening())
    case.fate.returns, case.fate.late_days, case.fate.outcome = 0, 0, Outcome.SOLVED
    case.fate.result, case.fate.comments, case.fate.verifies_contact = Result.SOLVED, False, None
    yield from owned(case)
    yield from handle(case)
    yield from end(case)


def grade(case: Case) -> closing.Grade:
    rating = case.fate.rating
    if rating in LOW_RATINGS:
        reasons = case.rng.sample(list(RatingReason), k=case.rng.choice([1, 1, 2]))
        return closing.Grade(rating, reasons, case.matter.grade(rating) if case.rng.random() < 0.8 else "")
    return closing.Grade(rating, [], case.matter.grade(rating) if case.rng.random() < 0.4 else "")
