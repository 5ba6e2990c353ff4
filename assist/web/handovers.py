"""交接 (`/handovers/`): which wait and which took effect, one with its inventory, its sheet for printing, the two acts.

Preparing one is `roster.handing_over`; what a handover does is `services.handing_over`.
"""

from datetime import date, datetime
from math import ceil
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from wtforms.fields.choices import SelectChoice

from assist.domain.errors import Conflict, Invalid, NotFound
from assist.domain.handovers import HandoverAction, HandoverStatus
from assist.domain.policy import Deed, may
from assist.domain.status import Status
from assist.extensions import db
from assist.forms.roster import AcknowledgeForm
from assist.services import handing_over
from assist.services.queries import handovers as queries
from assist.services.queries.handovers import HandoverPage
from assist.web import guards

blueprint = Blueprint("handovers", __name__, url_prefix="/handovers")


@blueprint.get("/")
@guards.for_deed(Deed.SEE_HANDOVERS)
def index() -> str:
    status = request.args.get("status", "")
    page = min(max(request.args.get("page", 1, type=int), 1), 1000)
    rows, total = queries.handovers(guards.work(), status, page)
    last = max(1, ceil(total / queries.PAGE))
    query: dict[str, Any] = {"status": status} if status else {}
    return render_template(
        "handovers/index.html",
        rows=rows,
        total=total,
        status=status,
        states=[("", "全部"), *((str(one.value), one.title) for one in HandoverStatus)],
        previous_url=url_for("handovers.index", **query, page=page - 1) if page > 1 else "",
        next_url=url_for("handovers.index", **query, page=page + 1) if page < last else "",
    )


@blueprint.get("/<int:handover_id>")
@guards.for_deed(Deed.SEE_HANDOVERS)
def show(handover_id: int) -> str:
    return _page(queries.handover(guards.work(), handover_id), AcknowledgeForm())


@blueprint.post("/<int:handover_id>/<slug>")
@guards.for_deed(Deed.SEE_HANDOVERS)
def act(handover_id: int, slug: str) -> Any:
    if slug not in {one.value for one in HandoverAction}:
        raise NotFound()
    work, form = guards.work(), AcknowledgeForm()
    try:
        if not form.validate():
            raise Invalid("")
        sentence = _acknowledged(form, handover_id) if slug == "acknowledge" else _cancelled(handover_id)
        guards.commit()
    except (Invalid, Conflict) as error:
        db.session.rollback()
        _put(form, error)
        page = queries.handover(work, handover_id)
        return _page(page, form), 409 if isinstance(error, Conflict) else 400
    flash(sentence, "success")
    if request.form.get("back") == "desk":
        return redirect(url_for("desk.index"))
    return redirect(url_for("handovers.show", handover_id=handover_id))


def _acknowledged(form: AcknowledgeForm, handover_id: int) -> str:
    reason, notes = form.reason.data or "", form.notes.data or ""
    found = handing_over.acknowledge(guards.work(), handover_id, form.side.data, reason=reason, notes=notes)
    if found.status is HandoverStatus.EFFECTIVE:
        return f"交接已生效，{found.enterprise.shown} 现由{found.successor.name}负责，各方都已收到消息。"
    return "已确认，等待另一方确认后生效。"


def _cancelled(handover_id: int) -> str:
    handing_over.cancel(guards.work(), handover_id)
    return "交接已取消，企业的服务专员没有变化。"


def _put(form: AcknowledgeForm, error: Invalid | Conflict) -> None:
    field: Any = form[error.field] if isinstance(error, Invalid) and (error.field or "") in form else None
    if field is not None:
        field.errors = [*field.errors, error.sentence]
    elif error.sentence:
        form.form_errors = [*form.form_errors, error.sentence]


def _page(page: HandoverPage, form: AcknowledgeForm) -> str:
    absent = [one for one in page.sides if one.is_for_him]
    form.side.choices = [
        SelectChoice(str(one.side.value), f"{one.officer}（{one.side.title}）") for one in absent
    ]
    return render_template(
        "handovers/show.html",
        page=page,
        lines=_lines(page),
        form=form,
        own=next((one for one in page.sides if one.is_own), None),
        absent=absent,
        may_see_roster=may(guards.actor(), Deed.SEE_ROSTER),
    )


def _lines(page: HandoverPage) -> list[dict[str, Any]]:
    """The inventory as the templates draw it: times and states as values again."""
    now = guards.work().now
    found = []
    for line in page.inventory:
        due_at = datetime.fromisoformat(line["due_at"]) if line["due_at"] else None
        promised_on = date.fromisoformat(line["promised_on"]) if line["promised_on"] else None
        found.append(
            {
                **line,
                "status": Status.of(line["status"]),
                "due_at": due_at,
                "promised_on": promised_on,
                "is_late": page.waits and due_at is not None and due_at < now,
                "is_new": line["number"] in page.new_numbers,
                "url": url_for("ticket_page.show", number=line["number"]),
            }
        )
    return found
