"""The middle of a problem's story: progress, what is said beside it, and the answer at last."""

from datetime import datetime, timedelta

from assist.demo import askings, errands
from assist.demo.case import DAY_MINUTES, Case, owned
from assist.demo.stage import Story
from assist.domain.status import Status
from assist.services import answering, conversing, handling


def handle(case: Case) -> Story:
    """Progress until the answer; late ones are nudged."""
    fate = case.fate
    case.stage.plan(*whispers(case))
    askings.plan(case)
    errands.plan(case)
    answer_at = answering_time(case)
    while (following := case.days(fate.progress_gap * case.rng.uniform(0.8, 1.05))) < answer_at:
        yield following
        yield from owned(case)
        case.owner(handling.progress, case.matter.progress(), is_visible=True)
        if not case.has_whispered and case.rng.random() < 0.4:
            case.has_whispered = True
            yield case.office(case.rng.uniform(2, 30))
            case.owner(handling.progress, case.matter.template.internal, is_visible=False)
    yield answer_at
    yield from errands.over(case)
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
