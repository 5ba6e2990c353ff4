"""Reading one ticket's page for a request: load it for this person and, when the enterprise opens an answer for the
first time, write that down (the one reading that writes). Shared by the page itself and the forms of its acts.
"""

from flask import g, request

from assist.domain.transitions import Action
from assist.extensions import db
from assist.services import access, conversing
from assist.services.queries import ticket_page
from assist.services.queries.ticket_page import TicketPage
from assist.services.work import Work
from assist.web import guards


def page_of(number: str, *, opens: bool = False, is_form: bool = False) -> TicketPage:
    """The page of the ticket of this number. `opens`: this reading shows the answer to whom it was given; `is_form`:
    it is read for the form of an act."""
    page = _load(guards.work(), number, is_form)
    if not (opens and page.is_contact and page.is_unopened and _is_looked_at()):
        return page
    guards.start_writing()
    work = guards.work()
    conversing.answer_opened(work, access.ticket(work, number, lock=True))
    guards.commit()
    return page_afresh(number, is_form=is_form)


def page_afresh(number: str, *, is_form: bool = False) -> TicketPage:
    """The page as the database has it now; what this request had read or begun is let go."""
    db.session.rollback()
    g.pop("work", None)
    return _load(guards.work(), number, is_form)


def may(page: TicketPage, action: Action) -> bool:
    """Whether this act is among those open to the reader now."""
    return action in page.acts.first or action in page.acts.more


def _load(work: Work, number: str, is_form: bool) -> TicketPage:
    return ticket_page.load(work, access.ticket(work, number), is_form=is_form)


def _is_looked_at() -> bool:
    """A browser that fetches ahead has not shown anything to anybody yet."""
    purpose = request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", "")
    return request.method == "GET" and "prefetch" not in purpose
