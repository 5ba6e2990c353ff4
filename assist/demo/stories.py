"""What happens to one problem from its first word to its end: acts of services, at times that its fate gives.

Each part is a generator that yields the instant at which it goes on. A part looks at the ticket before it acts, because
a job or another person may have moved it meanwhile.
"""

from datetime import timedelta

from assist.demo.beginnings import first_response, submit
from assist.demo.case import Case
from assist.demo.endings import end
from assist.demo.middles import handle
from assist.demo.stage import Story
from assist.domain.status import Status
from assist.services import closing


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
