"""诉求页: one ticket for whoever may see it; on paper it is a document. Lists are `tickets`, acts `ticket_actions`."""

import secrets
from typing import Any

from flask import Blueprint, render_template

from assist.domain import policy
from assist.domain.masking import mask_phone
from assist.domain.transitions import Action
from assist.services.queries.papers import of_ticket
from assist.services.queries.ticket_page import TicketPage
from assist.web import guards, pressing, reading, ticket_words

blueprint = Blueprint("ticket_page", __name__, url_prefix="/tickets")


@blueprint.get("/<number>")
@guards.signed_in()
def show(number: str) -> str:
    page = reading.page_of(number, opens=True)
    name = "own" if page.is_contact else "show"
    return render_template(f"ticket_page/{name}.html", **shown(page))


def shown(page: TicketPage) -> dict[str, Any]:
    """What the templates of a ticket draw."""
    work = guards.work()
    return {
        "page": page,
        "ticket": page.ticket,
        "bar": ticket_words.bar(page),
        "kind_words": ticket_words.kind_words(page),
        "trail": ticket_words.trail(page, is_short=not page.is_contact),
        "said": ticket_words.said(page),
        "files": [one for entry in reversed(page.entries) for one in ticket_words.files(entry.files)],
        "masked": [mask_phone(one.phone) for one in page.people.contacts],
        "may_confirm": reading.may(page, Action.CONFIRM),
        "pressure": pressing.lines(work, page),
        "is_late": page.clocks.is_late,
        "task_keys": {one.number: secrets.token_hex(16) for one in page.tasks},
        "may_see_themes": policy.may(guards.actor(), policy.Deed.SEE_THEMES),
        "may_see_file": policy.may(guards.actor(), policy.Deed.SEE_ENTERPRISES),
        "back": "",
        "oversight_phone": work.settings.oversight_phone,
        "papers": of_ticket.offered(page),
    }
