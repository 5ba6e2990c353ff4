"""What happens to one problem from its first word to its end: acts of services, at times that its fate gives.

Each part is a generator that yields the instant at which it goes on. A part looks at the ticket before it acts, because
a job or another person may have moved it meanwhile.
"""

from datetime import timedelta

from assist.demo.beginnings import first_response, submit
from assist.demo.case import Case, contact_words, owned
from assist.demo.endings import end
from assist.demo.middles import handle
from assist.demo.stage import Story
from assist.domain.status import Outcome, Rating, Result, Status
from assist.services import closing, handling


def problem(case: Case) -> Story:
    """The whole road."""
    yield from _road(case)
    case.is_over = True


def heard(case: Case) -> Story:
    """A callback heard that it is not solved: the next round, to its end."""
    case.is_over = False
    case.fate.returns, case.fate.late_days, case.fate.outcome, case.fate.result = 0, 0, Outcome.SOLVED, Result.SOLVED
    case.fate.opens_after, case.fate.is_silent, case.fate.rating = timedelta(hours=4), False, Rating.SATISFIED
    yield case.office(case.rng.uniform(30, 240))
    yield from owned(case)
    case.owner(handling.contact, contact_words(case))
    yield from handle(case)
    yield from end(case)
    case.is_over = True


def _road(case: Case) -> Story:
    submit(case)
    case.people.cases[case.ticket.id] = case
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
