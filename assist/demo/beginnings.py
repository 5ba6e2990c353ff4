"""How a problem's story begins: asked, contacted, perhaps supplemented or withdrawn, accepted with an opinion."""

from datetime import timedelta

from assist.demo import declining, visits
from assist.demo.case import Case, asked_category, contact_words, expected_on, first_opinion, grading, owned
from assist.demo.stage import Story
from assist.domain.status import ClockKind, Source, Status
from assist.services import closing, conversing, handling, intake

WITH_FILES = 0.5  # of the supplements
SLOWLY = 30  # minutes until what was not declined is accepted


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
        by = case.stage.officer_of(case.firm.id) or by
    if fate.source is Source.VISIT and by != case.speaker:
        case.ticket = visits.entered(case, by, words)
    else:
        case.ticket = case.stage.act(by, intake.submit, case.firm.id, words)
    if fate.has_files:
        case.stage.attach(by, case.ticket, case.rng)


def first_response(case: Case) -> Story:
    """Contact, acceptance, opinion: on one form or one after the other, with what the enterprise says to it."""
    fate = case.fate
    if case.ticket.is_entered and fate.verifies_entry is not None and case.rng.random() < 0.5:
        yield case.awake(timedelta(minutes=case.rng.uniform(4, 25)))
        case.enterprise(conversing.verify_entry, fate.verifies_entry)
    yield case.office(fate.contact_after if not case.ticket.is_entered else min(30, fate.contact_after))
    yield from owned(case)
    if declining.is_declined(case):
        fate.accept_after = fate.accept_after or SLOWLY
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
                if case.rng.random() < WITH_FILES:
                    case.stage.attach(case.firm.contacts[0], case.ticket, case.rng)
        while case.ticket.status is Status.SUPPLEMENTING:
            yield case.days(0.5)
    if declining.is_declined(case):
        yield from declining.asked(case)
        if case.ticket.status is not Status.SUBMITTED:
            return
    yield case.office(fate.accept_after or case.rng.uniform(10, 60))
    yield from owned(case)


def verified_contact(case: Case) -> Story:
    if case.fate.verifies_contact is not None:
        yield case.awake(timedelta(minutes=case.rng.uniform(5, 60)))
        case.enterprise(conversing.verify_contact, case.fate.verifies_contact)
