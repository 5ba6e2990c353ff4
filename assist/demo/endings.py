"""The end of a problem's story: the answer is opened or not, confirmed, returned, passed over in silence, reopened."""

from datetime import timedelta

from assist.demo.case import Case, contact_words, grade, owned
from assist.demo.middles import handle
from assist.demo.stage import Story
from assist.domain.status import Outcome, Result, Status
from assist.services import answering, closing, conversing, handling


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
