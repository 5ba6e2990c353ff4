"""Acts on a 督办: POST /supervisions/<id>/<act>. What each act is says `supervision_table`; its form is on the page.

The order is that of acts on a ticket: once, the ticket and the supervision locked and checked for this person, the
form's shape, the service, the files (internal), one commit. Whatever goes wrong changes nothing, what was typed stays.
"""

from typing import Any

from flask import Blueprint, flash, g, redirect, url_for
from werkzeug.wrappers import Response

from assist.domain.errors import Conflict, Invalid, NotFound
from assist.domain.policy import Deed
from assist.domain.supervision import SupervisionAction
from assist.extensions import db
from assist.services import attachments, supervision_access
from assist.services.work import once
from assist.web import action_pages, guards, supervisions, uploads
from assist.web.supervision_table import ACTS, SupervisionAct

blueprint = Blueprint("supervision_actions", __name__, url_prefix="/supervisions")
Answer = str | Response | tuple[str, int]


@blueprint.get("/<int:supervision_id>/<slug>")
@guards.for_deed(Deed.SEE_SUPERVISIONS)
def ask(supervision_id: int, slug: str) -> Response:
    """The form of an act stands on the page itself."""
    if slug not in ACTS:
        raise NotFound()
    supervision_access.supervision(guards.work(), supervision_id)
    return redirect(url_for("supervisions.show", supervision_id=supervision_id, _anchor=slug))


@blueprint.post("/<int:supervision_id>/<slug>")
@guards.for_deed(Deed.SEE_SUPERVISIONS)
def act(supervision_id: int, slug: str) -> Answer:
    found = ACTS.get(slug)
    if found is None:
        raise NotFound()
    chosen = None
    if found.has_files:
        # Who may not see it sends no files; the receiving itself must not hold the write lock.
        row, _ = supervision_access.supervision(guards.work(), supervision_id, lock=True)
        chosen = uploads.choose(row.ticket_id)
    form: Any = found.form()
    form.received = chosen.received if chosen else []
    try:
        location = _act(found, supervision_id, form, chosen)
    except (Invalid, Conflict) as error:
        return _again(found, supervision_id, form, error, chosen)
    flash(found.success, "success")
    return redirect(location)


def _act(found: SupervisionAct, supervision_id: int, form: Any, chosen: Any) -> str:
    work = guards.work()
    location = url_for("supervisions.show", supervision_id=supervision_id)
    once(work, form.form_key.data, location)
    row, relations = supervision_access.supervision(work, supervision_id, lock=True)
    supervision_access.check(work, row, relations, found.action)
    is_fine = form.validate()
    if chosen is not None:
        is_fine = chosen.onto(form.files) and is_fine
    if not is_fine:
        raise Invalid("")
    made, event = found.deed(work, supervision_id, form)
    if chosen is not None and chosen.received and event is not None:
        attachments.attach(work, uploads.store(), row.ticket, event.seq, chosen.received, is_visible=False)
    made_id = made.id
    guards.commit()
    if found.action is SupervisionAction.RAISE:
        return url_for("supervisions.show", supervision_id=made_id)
    return location


def _again(
    found: SupervisionAct, supervision_id: int, form: Any, error: Invalid | Conflict, chosen: Any
) -> tuple[str, int]:
    """The page as it stands now, with what was typed: in the act's own form while it is open, else to be copied."""
    action_pages.put(form, error)
    kept = action_pages.typed(form)
    files = chosen.kept if chosen else []
    db.session.rollback()
    g.pop("work", None)
    row, relations = supervision_access.supervision(guards.work(), supervision_id)
    if not supervision_access.may(row, relations, found.action):
        flash(error.sentence, "warning")
        return supervisions.page_of(supervision_id, kept_words=kept), 409
    page = supervisions.page_of(supervision_id, found, form, kept_files=files)
    return page, 409 if isinstance(error, Conflict) else 400
