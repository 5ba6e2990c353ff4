"""督办 (`/supervisions/`): the list with its export, one with what its reader may do, its letter.

Its acts are `supervision_actions`; issuing on a ticket is an act of the ticket.
"""

import secrets
from collections.abc import Sequence
from dataclasses import fields
from math import ceil
from typing import Any

from flask import (
    Blueprint,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response as WerkzeugResponse
from wtforms.fields.choices import SelectChoice

from assist.domain.errors import Invalid
from assist.domain.ledgers import Ledger
from assist.domain.policy import Deed, SupervisionRelation
from assist.domain.roles import Role
from assist.domain.supervision import (
    Addressee,
    SupervisionAction,
    SupervisionLevel,
    SupervisionStatus,
)
from assist.forms.supervision_actions import DismissForm
from assist.forms.ticket_actions import ActionForm
from assist.models import Supervision
from assist.services import exporting, supervising, supervision_access
from assist.services.queries import supervision_files
from assist.services.queries import supervisions as queries
from assist.services.queries.supervisions import SupervisionFilter, SupervisionRow
from assist.services.work import once
from assist.web import action_pages, guards
from assist.web.ledgers.lists import given_or_asked
from assist.web.supervision_table import ACTS, AREA, DEMAND, OWNER, SupervisionAct
from assist.web.ticket_words import files

blueprint = Blueprint("supervisions", __name__, url_prefix="/supervisions")
LONGEST = 100
ALWAYS = 0  # in a letter no year goes without saying


def wanted_filter() -> SupervisionFilter:
    given = {each.name: request.args.get(each.name, "").strip()[:LONGEST] for each in fields(SupervisionFilter)}
    return SupervisionFilter(**{name: value for name, value in given.items() if value})


@blueprint.get("/")
@guards.for_deed(Deed.SEE_SUPERVISIONS)
def index() -> str:
    work, wanted = guards.work(), wanted_filter()
    page = min(max(request.args.get("page", 1, type=int), 1), 1000)
    rows, total = queries.rows(work, wanted, page)
    query: dict[str, Any] = wanted.as_query()
    last = max(1, ceil(total / queries.PAGE))
    return render_template(
        "supervisions/index.html",
        rows=rows,
        total=total,
        wanted=wanted,
        query=query,
        tab_items=_tabs(queries.counts(work), query),
        levels=[("", "全部级别"), *((str(one.value), one.title) for one in SupervisionLevel)],
        areas=[("", "全市"), *((str(one.id), one.name) for one in work.settings.areas.values())],
        is_supervisor=guards.actor().has(Role.SUPERVISOR),
        has_made_good=any(row.row.status is SupervisionStatus.PROPOSED and row.is_made_good for row in rows),
        export_url=url_for("supervisions.export", **query),
        previous_url=url_for("supervisions.index", **query, page=page - 1) if page > 1 else "",
        next_url=url_for("supervisions.index", **query, page=page + 1) if page < last else "",
    )


def _tabs(counts: dict[str, int], query: dict[str, str]) -> list[dict[str, Any]]:
    """The states, each with its count; proposals are a supervisor's alone."""
    beside: dict[str, Any] = {name: value for name, value in query.items() if name != "state"}
    shown = [
        (key, title)
        for key, (title, _) in queries.STATES.items()
        if guards.actor().has(Role.SUPERVISOR) or key not in ("proposed", "dismissed")
    ]
    found: list[dict[str, Any]] = [
        {
            "label": title,
            "url": url_for("supervisions.index", **beside, state=key),
            "is_current": query.get("state") == key,
            "count": counts[key],
        }
        for key, title in shown
    ]
    everything = {"label": "全部", "url": url_for("supervisions.index", **beside), "is_current": "state" not in query}
    return [everything, *found]


@blueprint.post("/export.xlsx")
@guards.for_deed(Deed.SEE_SUPERVISIONS)
def export() -> Any:
    """督办台账 (ledger D): what the filter holds, with who and when; logged."""
    wanted = exporting.wanted(guards.work(), Ledger.SUPERVISIONS.letter, wanted_filter().as_query())
    return given_or_asked(wanted)


@blueprint.route("/dismiss-made-good", methods=["GET", "POST"])
@guards.for_deed(Deed.OVERSEE)
def dismiss_made_good() -> str | WerkzeugResponse | tuple[str, int]:
    """One reason for all proposals whose lateness is over; a page of its own, for they are many at once."""
    form, code = DismissForm(), 200
    if request.method == "POST":
        try:
            once(guards.work(), form.form_key.data, url_for("supervisions.index", state="proposed"))
            count = supervising.dismiss_made_good(guards.work(), form.note.data or "")
            guards.commit()
            flash(f"已记录，{count} 件不予督办。", "success")
            return redirect(url_for("supervisions.index", state="proposed"))
        except Invalid as error:
            action_pages.put(form, error)
            code = 400
    form.form_key.data = form.form_key.data or secrets.token_hex(16)
    count = queries.made_good(guards.work())
    return render_template("supervisions/dismiss.html", form=form, count=count), code


@blueprint.get("/<int:supervision_id>")
@guards.for_deed(Deed.SEE_SUPERVISIONS)
def show(supervision_id: int) -> str:
    return page_of(supervision_id)


def page_of(
    supervision_id: int,
    act: SupervisionAct | None = None,
    form: Any = None,
    *,
    kept_words: Sequence[tuple[str, str]] = (),
    kept_files: Sequence[dict[str, str]] = (),
) -> str:
    """The page with a form for each act open to the reader; `form` is that of an act that was refused."""
    work = guards.work()
    row, relations = supervision_access.supervision(work, supervision_id)
    line = queries.one(work, supervision_id)
    open_acts = [one for one in ACTS.values() if supervision_access.may(row, relations, one.action)]
    forms = {str(one.action.value): _form(one, line) for one in open_acts if one is not act}
    if act is not None and form is not None:
        forms[str(act.action.value)] = form
    for slug, each in forms.items():
        _give_ids(slug, each)
        if "addressee" in each:
            each["addressee"].choices = choices_of(row, line)
    return render_template(
        "supervisions/show.html",
        line=line,
        one=row,
        forms=forms,
        acts={str(one.action.value): one for one in ACTS.values()},
        waits=_in_time(line),
        reply_files=files(supervision_files.of_reply(work, row)),
        reads_ticket=SupervisionRelation.READER in relations and bool(work.relations[row.ticket_id]),
        has_input=bool(forms),
        kept_words=kept_words,
        kept_files=kept_files,
    )


def _give_ids(slug: str, form: ActionForm) -> None:
    """Several forms stand on one page: `note` is `void-note` there."""
    for field in form:
        field.id = field.label.field_id = f"{slug}-{field.short_name}"


def _in_time(line: SupervisionRow) -> bool:
    """A reply is owed and there is time left: it cannot be raised yet."""
    return line.left is not None and not line.is_late


def _form(act: SupervisionAct, line: SupervisionRow) -> ActionForm:
    words: dict[str, Any] = {}
    if act.action is SupervisionAction.ISSUE:
        words = {"level": line.row.level, "demand": DEMAND.format(why=line.row.why or "办理超期")}
        words["addressee"] = line.task_number or (AREA if line.row.addressee is Addressee.AREA else OWNER)
    form = act.form(formdata=None, data=words)
    form.form_key.data = secrets.token_hex(16)
    return form


def choices_of(row: Supervision, line: SupervisionRow) -> list[SelectChoice]:
    """Whom a supervisor can address about this ticket."""
    ticket = row.ticket
    found = []
    if ticket.owner is not None:
        found.append(SelectChoice(OWNER, f"责任专员 {ticket.owner.name}"))
    if ticket.is_restricted:
        return found
    for task in supervising.tasks_of(guards.work(), ticket):
        found.append(SelectChoice(task.number, f"{task.unit.shown}（{task.kind.title}，{task.number}）"))
    return [*found, SelectChoice(AREA, f"{line.area}助企办")]
