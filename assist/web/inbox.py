"""消息: what one has been told, unread first in mind."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy import select, update
from werkzeug.wrappers import Response

from assist.domain.errors import NotFound
from assist.domain.roles import Role
from assist.models import Message
from assist.services.queries.inbox import inbox
from assist.web import guards
from assist.web.redirects import own_path

blueprint = Blueprint("inbox", __name__, url_prefix="/inbox")

def _id(name: str) -> int | None:
    value = request.args.get(name, "")
    return int(value) if value.isdecimal() and len(value) < 10 else None


@blueprint.get("/")
@guards.signed_in()
def index() -> str:
    work = guards.work()
    shown = request.args.get("show", "")
    found = inbox(work, unread=shown == "unread", older_than=_id("older"), newer_than=_id("newer"))
    query: dict[str, Any] = {"show": shown} if shown == "unread" else {}
    layout = "layouts/portal.html" if work.actor.has(Role.ENTERPRISE) else "layouts/work.html"
    return render_template(
        "inbox/index.html",
        layout=layout,
        rows=found.rows,
        only_unread=shown == "unread",
        older_url=url_for("inbox.index", **query, older=found.older_id) if found.older_id else "",
        newer_url=url_for("inbox.index", **query, newer=found.newer_id) if found.newer_id else "",
    )


@blueprint.post("/<int:message_id>/open")
@guards.signed_in()
def open(message_id: int) -> Response:
    """Mark one as read and go where it leads. Another's message is not found."""
    work = guards.work()
    message = work.session.scalars(
        select(Message).where(Message.id == message_id, Message.recipient_id == work.actor.account_id)
    ).one_or_none()
    if message is None:
        raise NotFound()
    if message.read_at is None:
        message.read_at = work.now
    location = own_path(message.location, url_for("inbox.index"))
    guards.commit()
    return redirect(location)


@blueprint.post("/read-all")
@guards.signed_in()
def read_all() -> Response:
    work = guards.work()
    work.session.execute(
        update(Message)
        .where(Message.recipient_id == work.actor.account_id, Message.read_at.is_(None))
        .values(read_at=work.now)
    )
    guards.commit()
    flash("全部消息已标为已读。", "success")
    return redirect(url_for("inbox.index"))
