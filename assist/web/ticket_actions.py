"""Acts on a ticket: GET /tickets/<no>/<act> is its form, POST does it. What each act is says `action_table`.

One order for all: once (the same form twice leads to the first), the ticket locked and checked for this person, the
form's shape, the service, the files, one commit. Whatever goes wrong changes nothing and keeps what was typed.
"""

import secrets
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from assist.domain import policy
from assist.domain.errors import Conflict, Invalid, NotFound, StaleTicket
from assist.domain.requests import RequestKind
from assist.domain.transitions import MOVES, Action
from assist.forms.ticket_actions import ActionForm
from assist.models import Ticket
from assist.services import access, attachments, transitions
from assist.services.queries.ticket_page import TicketPage
from assist.services.work import Work, once
from assist.web import action_pages, guards, reading, uploads
from assist.web.action_table import ACTS, Act
from assist.web.request_table import REQUEST_ACTS

blueprint = Blueprint("ticket_actions", __name__, url_prefix="/tickets")
Answer = str | Response | tuple[str, int]
NO_VERSION = "页面已失效，请核对下面的内容后重新提交。"


@blueprint.route("/<number>/<slug>", methods=["GET", "POST"])
@guards.signed_in()
def act(number: str, slug: str) -> Answer:
    found = _found(slug)
    if found is None:
        raise NotFound()
    return _do(found, number) if request.method == "POST" else _ask(found, number)


def _found(slug: str) -> Act | None:
    """The act of an address; of a request its kind, if it is one."""
    act = ACTS.get(slug)
    if act is not None and act.action is Action.REQUEST:
        return REQUEST_ACTS.get(request.values.get("kind", ""), act)
    return act


def _allow(found: Act, work: Work, ticket: Ticket, version: int | None) -> None:
    transitions.check(work, ticket, found.action, version)
    if found.allows is not None:
        found.allows(work, ticket)


def _offer(found: Act, page: TicketPage) -> None:
    """Raise what is in the way of a request's kind: as far as the page knows it already, without a query."""
    obstacle = next((why for kind, why in page.offered.items() if kind.value == found.kind), None)
    if obstacle:
        raise Conflict(f"现在不能{found.heading}：{obstacle}。")
    if obstacle is None and found.allows is not None:
        found.allows(guards.work(), page.ticket)


def _is_plain(found: Act) -> bool:
    """Whether its form shows nothing of what stands beside the ticket (requests, a theme's solution)."""
    return found.action not in (Action.ANSWER, Action.REQUEST) or found.kind == RequestKind.OBJECTION.value


def _ask(found: Act, number: str) -> Answer:
    """The form, filled in with what is known; an act that is not open leads back with the reason."""
    page = reading.page_of(number, opens=True, is_form=_is_plain(found))
    try:
        transitions.check(guards.work(), page.ticket, found.action, None)
        _offer(found, page)
    except Conflict as error:
        flash(error.sentence, "warning")
        return redirect(url_for("ticket_page.show", number=number))
    form = found.form(data=action_pages.known(found, page))
    form.form_key.data = secrets.token_hex(16)
    return _page(found, page, form)


def _do(found: Act, number: str) -> Answer:
    chosen = None
    if found.has_files:
        # Who may not see the ticket sends no files; the receiving itself must not hold the write lock.
        chosen = uploads.choose(access.ticket(guards.work(), number, lock=True).id)
    form = found.form()
    form.received = chosen.received if chosen else []
    try:
        location = _act(found, number, form, chosen)
    except StaleTicket as error:
        return _stale(found, reading.page_afresh(number, is_form=_is_plain(found)), form, error, chosen)
    except (Invalid, Conflict) as error:
        action_pages.put(form, error)
        code = 409 if isinstance(error, Conflict) else 400
        return _page(found, reading.page_afresh(number, is_form=_is_plain(found)), form, chosen, code)
    flash(found.success, "success")
    return redirect(location)


def _act(found: Act, number: str, form: ActionForm, chosen: Any) -> str:
    """Do it and commit; where the person goes next. Raises what services raise, Invalid for a form not filled in."""
    work = guards.work()
    location = _location(found, number)
    once(work, form.form_key.data, location)
    ticket = access.ticket(work, number, lock=True)
    version = form.read_version if MOVES[found.action].versioned else None
    _allow(found, work, ticket, version)
    action_pages.fill_choices(form, work, ticket)
    is_fine = form.validate()
    if chosen is not None:
        is_fine = chosen.onto(form.files) and is_fine
    if MOVES[found.action].versioned and version is None:
        raise Invalid(NO_VERSION)
    if not is_fine:
        raise Invalid("")
    event = found.deed(work, ticket, form, version)
    if chosen is not None and chosen.received:
        attachments.attach(
            work, uploads.store(), ticket, event.seq, chosen.received, is_visible=event.is_visible
        )
    guards.commit()
    return location


def _location(found: Act, number: str) -> str:
    if request.form.get("back") == "portal" or (
        found.leads_home and policy.may(guards.actor(), policy.Deed.SUBMIT_TICKET)
    ):
        return url_for("portal.index")
    return url_for("ticket_page.show", number=number)


def _stale(found: Act, page: TicketPage, form: ActionForm, error: StaleTicket, chosen: Any) -> Answer:
    """Somebody was faster: the same form with the new version while the act is still open, else the words to copy."""
    if policy.may_act(found.action, page.standing):
        form.version.data = str(page.ticket.version)
        form.form_errors = [f"{error.sentence}请核对最新情况，仍需办理的可再次提交。"]
        return _page(found, page, form, chosen, 409)
    kept = action_pages.typed(form)
    return action_pages.stale(found, page, error, kept), 409


def _page(found: Act, page: TicketPage, form: ActionForm, chosen: Any = None, code: int = 200) -> Answer:
    drawn_in = {one.unit_id: one.unit for one in page.tasks}
    action_pages.fill_choices(form, guards.work(), page.ticket, drawn_in)
    words = action_pages.shown(found, page, form, chosen.kept if chosen else [])
    text = render_template(f"ticket_actions/{found.template}.html", **words)
    return text if code == 200 else (text, code)
