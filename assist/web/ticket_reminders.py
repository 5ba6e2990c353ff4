"""提醒记录 (`/tickets/<no>/reminders`): who was told what, when, how, with what result. For the case side."""

from typing import Any

from flask import Blueprint, render_template, request, url_for

from assist.domain.errors import NotFound
from assist.domain.policy import may_read_internal
from assist.services import access
from assist.services.queries import ticket_reminders as queries
from assist.web import guards

blueprint = Blueprint("ticket_reminders", __name__, url_prefix="/tickets")


@blueprint.get("/<number>/reminders")
@guards.signed_in()
def show(number: str) -> str:
    work = guards.work()
    ticket = access.ticket(work, number)
    if not may_read_internal(access.standing(work, ticket)):
        raise NotFound()
    only = request.args.get("show", "") == queries.REMINDERS
    page = min(max(request.args.get("page", 1, type=int), 1), 1000)
    rows, total = queries.told(work, ticket, only_reminders=only, page=page)
    shown = queries.REMINDERS if only else None
    here: dict[str, Any] = {"number": number, "show": shown}
    return render_template(
        "ticket_page/reminders.html",
        ticket=ticket,
        rows=rows,
        total=total,
        unsent=queries.unsent(work, ticket) if page == 1 else [],
        tab_items=[
            {
                "label": label,
                "url": url_for("ticket_reminders.show", number=number, show=value),
                "is_current": value == shown,
            }
            for label, value in (("全部消息", None), ("时限提醒", queries.REMINDERS))
        ],
        previous_url=url_for("ticket_reminders.show", **here, page=page - 1) if page > 1 else "",
        next_url=url_for("ticket_reminders.show", **here, page=page + 1) if page * queries.PAGE < total else "",
    )
