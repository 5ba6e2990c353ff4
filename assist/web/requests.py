"""申请与审批: the lists, one request with everything a decision needs, the decision, the review of a suspension.

Asking is an act on the ticket (`ticket_actions`) or on a task (`task_requests`).
"""

import secrets
from dataclasses import fields
from typing import Any

from flask import Blueprint, Response, flash, g, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response as Redirect

from assist.domain.clock import local, local_date
from assist.domain.deadlines import remaining_text
from assist.domain.errors import Conflict, Invalid, StaleTicket
from assist.domain.requests import RequestKind, RequestStatus
from assist.domain.roles import Role
from assist.extensions import db
from assist.forms.requests import DecideForm, ReviewForm
from assist.forms.ticket_actions import ActionForm
from assist.services import auditing, deciding, request_access, suspending
from assist.services.queries import request_lists, request_page, request_words
from assist.services.queries.request_lists import EXPORT_CAP, VIEWS, RequestFilter
from assist.services.queries.request_page import RequestPage
from assist.services.queries.ticket_lists import Cursor
from assist.services.work import Work, once
from assist.services.workbooks.request_sheet import write_requests
from assist.web import action_pages, guards, paging, ticket_words

blueprint = Blueprint("requests", __name__, url_prefix="/requests")
READERS = (Role.OFFICER, Role.UNIT, Role.LEADER, Role.COORDINATOR, Role.SUPERVISOR)
Answer = str | Redirect | tuple[str, int]


def wanted_filter() -> RequestFilter:
    given = {one.name: request.args.get(one.name, "").strip()[:24] for one in fields(RequestFilter)}
    return RequestFilter(**given)


def shown_row(work: Work, row: Any) -> dict[str, Any]:
    """A row as the list shows it. A unit reads its task, not whose ticket it is."""
    found, year = row.Request, local(work.now).year
    is_unit_only = found.task_id is not None and not work.actor.has(*set(READERS) - {Role.UNIT})
    left = remaining_text(work.settings.calendar, work.now, row.due_at) if row.due_at else None
    return {
        "url": url_for("requests.show", request_id=found.id),
        "number": row.task_number or row.number,
        "title": "承办任务" if is_unit_only else row.title,
        "enterprise": "" if is_unit_only else row.enterprise_short or row.enterprise_name,
        "area": work.settings.areas[row.area_id].name,
        "kind": found.kind,
        "status": found.status,
        "summary": request_words.summary(work.settings, found.kind, found.facts, year),
        "reason": found.reason,
        "asked_by": found.asked_by_name,
        "asked_at": found.asked_at,
        "decider": request_words.DECIDERS[found.decider],
        "decided_by": found.decided_by_name,
        "decided_at": found.decided_at,
        "note": found.note,
        "due_at": row.due_at,
        "left": left,
        "is_review": found.status is RequestStatus.APPROVED and left is not None,
    }


@blueprint.get("/")
@guards.place(*READERS)
def index() -> str:
    work = guards.work()
    wanted = wanted_filter()
    query = wanted.as_query()
    view = request_lists.view_of(work, wanted)
    page = request_lists.page(work, wanted, paging.read(request.args.get("at"), query))
    total = request_lists.count(work, wanted)
    return render_template(
        "requests/index.html",
        rows=[shown_row(work, row) for row in page.rows],
        wanted=wanted,
        view=view,
        tabs=_tabs(work, wanted, view),
        previous_url=_beside(page, query, back=True),
        next_url=_beside(page, query, back=False),
        total=total,
        total_text=f"超过{EXPORT_CAP}" if total > EXPORT_CAP else str(total),
        export_url=url_for("requests.export", **query),
        choices=_choices(work),
        narrows=bool(wanted.kind or wanted.status or wanted.area),
    )


def _tabs(work: Work, wanted: RequestFilter, view: str) -> list[dict[str, Any]]:
    shown = [name for name in VIEWS if name != "decided" or not work.actor.has(Role.UNIT)]
    more = {name: value for name, value in wanted.as_query().items() if name != "view"}
    return [
        {
            "label": VIEWS[name],
            "url": url_for("requests.index", view=name, **more),
            "is_current": name == view,
        }
        for name in shown
    ]


def _beside(page: Any, query: dict[str, Any], *, back: bool) -> str:
    if not page.rows or not (page.has_previous if back else page.has_next):
        return ""
    cursor = Cursor(None, page.rows[0 if back else -1].Request.id, back)
    return url_for("requests.index", **query, at=paging.sign(cursor, query))


def _choices(work: Work) -> dict[str, list[tuple[str, str]]]:
    return {
        "kind": [("", "全部申请"), *((str(one.value), one.noun) for one in RequestKind)],
        "status": [("", "全部状态"), *((str(one.value), one.title) for one in RequestStatus)],
        "area": [("", "全市"), *((str(one.id), one.name) for one in work.settings.areas.values())],
    }


@blueprint.post("/export.xlsx")
@guards.place(*READERS)
def export() -> Response:
    """The list as a workbook: what the filter holds, with who and when; logged."""
    work = guards.work()
    wanted = wanted_filter()
    rows = (shown_row(work, row) for row in request_lists.export_rows(work, wanted))
    path, count = write_requests(rows, work.actor.name, work.now)
    auditing.record(work, "export", "申请与审批", filter=wanted.as_query(), rows=count)
    guards.commit()
    return send_file(path, as_attachment=True, download_name=f"申请与审批{local_date(work.now):%Y%m%d}.xlsx")


@blueprint.get("/<int:request_id>")
@guards.signed_in()
def show(request_id: int) -> str:
    page = request_page.load(guards.work(), request_id)
    return _page(page, _fresh(DecideForm, page), _fresh(ReviewForm, page))


def _fresh(kind: type[ActionForm], page: RequestPage) -> ActionForm:
    form = kind(formdata=None)
    form.version.data = str(page.ticket.version) if page.ticket else ""
    form.form_key.data = secrets.token_hex(16)
    return form


def _page(page: RequestPage, form: ActionForm, review_form: ActionForm) -> str:
    work = guards.work()
    return render_template(
        "requests/show.html",
        page=page,
        asked=page.request,
        ticket=page.ticket,
        reason_label=request_words.reason_label(page.request.kind),
        form=form,
        review_form=review_form,
        trail=[ticket_words.line(entry, is_short=True) for entry in page.entries],
        area=work.settings.areas[page.ticket.area_id].name if page.ticket else "",
        left=_left(work, page),
        today=local_date(work.now),
    )


def _left(work: Work, page: RequestPage) -> Any:
    if page.due_at is None:
        return None
    return remaining_text(work.settings.calendar, work.now, page.due_at, precise=True)


def _afresh(request_id: int) -> RequestPage:
    """As the database has it now; what this request had read or begun is let go."""
    db.session.rollback()
    g.pop("work", None)
    return request_page.load(guards.work(), request_id)


@blueprint.post("/<int:request_id>/decide")
@guards.signed_in()
def decide(request_id: int) -> Answer:
    """同意 or 不同意, with a note; what was typed is kept whatever goes wrong."""
    form = DecideForm()
    is_leaders = request.form.get("back") == "leader" and guards.actor().has(Role.LEADER)
    location = url_for("leader.index") if is_leaders else url_for("requests.show", request_id=request_id)
    try:
        work = guards.work()
        once(work, form.form_key.data, location)
        deciding.check(work, *request_access.load(work, request_id, lock=True), form.read_version)
        if not form.validate():
            raise Invalid("")
        if form.decision.data not in ("approve", "refuse"):
            raise Invalid("请选择同意或不同意。")
        is_approved = form.decision.data == "approve"
        found = deciding.decide(
            work, request_id, is_approved, form.note.data or "", version=form.read_version
        )
        said = f"{found.kind.noun}{found.status.title}，申请人会收到通知。"
        is_gone = found.ticket.is_restricted and not work.actor.has(Role.SUPERVISOR)
        guards.commit()
    except (Invalid, Conflict) as error:
        page = _afresh(request_id)
        _again(form, page, error)
        return _page(page, form, _fresh(ReviewForm, page)), 409 if isinstance(error, Conflict) else 400
    flash(said, "success")
    return redirect(url_for("requests.index") if is_gone else location)


@blueprint.post("/<int:request_id>/review")
@guards.signed_in()
def review(request_id: int) -> Answer:
    """挂账复核: goes on until a new day, or ends."""
    form = ReviewForm()
    location = url_for("requests.show", request_id=request_id)
    try:
        work = guards.work()
        once(work, form.form_key.data, location)
        suspending.check(work, request_access.load(work, request_id, lock=True)[0], form.read_version)
        if not form.validate():
            raise Invalid("")
        if form.decision.data not in ("continue", "end"):
            raise Invalid("请选择继续挂账或结束挂账。")
        goes_on = form.decision.data == "continue"
        suspending.review(
            work,
            request_id,
            form.review_on.data,
            form.note.data or "",
            goes_on=goes_on,
            version=form.read_version,
        )
        guards.commit()
    except (Invalid, Conflict) as error:
        page = _afresh(request_id)
        _again(form, page, error)
        return _page(page, _fresh(DecideForm, page), form), 409 if isinstance(error, Conflict) else 400
    flash("已继续挂账。" if goes_on else "已结束挂账，办理时限继续计算。", "success")
    return redirect(location)


def _again(form: ActionForm, page: RequestPage, error: Invalid | Conflict) -> None:
    """The same form with the error at its field; after a stale page with the present version."""
    action_pages.put(form, error)
    if isinstance(error, StaleTicket) and page.ticket is not None:
        form.version.data = str(page.ticket.version)
