"""The acts on one visit (`/visits/<id>/<act>`): write down, correct, merge, call off, make a ticket of a problem."""

import secrets
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from assist.domain.clock import local_date
from assist.domain.errors import Conflict, Invalid, NotFound
from assist.domain.policy import Deed
from assist.domain.visits import VISIT_ACTS, VisitAction
from assist.extensions import db
from assist.forms.fields import Shape
from assist.forms.visits import AmendForm, CancelForm, JoinForm, RecordForm
from assist.services import visit_access, visit_problems, visiting
from assist.services.queries import visit_month
from assist.services.queries import visits as queries
from assist.services.queries.visits import VisitPage
from assist.services.work import once
from assist.web import guards
from assist.web.forms_again import afresh, refused
from assist.web.visits.lists import shown
from assist.web.visits.place import blueprint
from assist.web.visits.planning import joinings, record_of

A = VisitAction
FORMS: dict[VisitAction, type[Shape]] = {
    A.RECORD: RecordForm,
    A.AMEND: AmendForm,
    A.JOIN: JoinForm,
    A.CANCEL: CancelForm,
}
SAID = {
    A.RECORD: "走访情况已登记。",
    A.AMEND: "已修改，原来的内容保留在审计日志里。",
    A.JOIN: "已并入，不再单独占企业的次数，对方已收到消息。",
    A.CANCEL: "计划已取消。",
}
COLUMNS = ("visit_on", "method", "companions", "situation", "policies", "problems", "promises")


@blueprint.post("/<int:visit_id>/make-ticket")
@guards.for_deed(Deed.VISIT)
def make_ticket(visit_id: int) -> Any:
    """One click; the second one leads to the same ticket."""
    try:
        made = visit_problems.make_ticket(guards.work(), visit_id)
        guards.commit()
    except (Invalid, Conflict) as error:
        db.session.rollback()
        flash(error.sentence, "warning")
        return redirect(url_for("visits.show", visit_id=visit_id))
    flash(f"已生成诉求 {made.number}，请尽快受理；企业会收到核对请求。", "success")
    return redirect(url_for("ticket_page.show", number=made.number))


@blueprint.route("/<int:visit_id>/<slug>", methods=["GET", "POST"])
@guards.for_deed(Deed.VISIT)
def act(visit_id: int, slug: str) -> Any:
    action = next((one for one in FORMS if one.slug == slug), None)
    if action is None:
        raise NotFound()
    page = queries.one(guards.work(), visit_id)
    form: Any = FORMS[action]()
    here = url_for("visits.show", visit_id=visit_id)
    if request.method == "GET":
        if not _is_open(page, action):
            flash(f"这次走访现在是“{page.visit.status.title}”，不能“{action.title}”。", "warning")
            return redirect(here)
        _begin(form, page)
        return _asked(action, page, form)
    _offer(form, page)
    try:
        once(guards.work(), form.form_key.data, here)
        if not form.validate():
            raise Invalid("")
        _done(action, visit_id, form)
        guards.commit()
    except (Invalid, Conflict) as error:
        refused(form, error)
        afresh()
        again = queries.one(guards.work(), visit_id)
        _offer(form, again)
        return _asked(action, again, form), error.status_code
    flash(SAID[action], "success")
    return redirect(here)


def _is_open(page: VisitPage, action: VisitAction) -> bool:
    who, statuses = VISIT_ACTS[action]
    if not page.stands & who:
        visit_access.check(guards.work(), page.visit, page.stands, action)
    return page.visit.status in statuses


def _begin(form: Any, page: VisitPage) -> None:
    form.form_key.data = secrets.token_hex(16)
    for name in COLUMNS:
        if name in form:
            form[name].data = getattr(page.visit, name)
    today = local_date(guards.work().now)
    if isinstance(form, RecordForm) and page.visit.visit_on > today:
        form.visit_on.data = today
    _offer(form, page)


def _offer(form: Any, page: VisitPage) -> None:
    if isinstance(form, JoinForm):
        months = visit_month.months(guards.work(), page.visit.enterprise_id, after=3)
        first = page.visit.visit_on.replace(day=1)
        form.joins.choices = joinings(guards.work(), [one for one in months if one.first_on == first])


def _done(action: VisitAction, visit_id: int, form: Any) -> None:
    work = guards.work()
    if action is A.RECORD:
        visiting.record(work, visit_id, record_of(form))
    elif action is A.AMEND:
        visiting.amend(work, visit_id, record_of(form))
    elif action is A.JOIN:
        visiting.join(work, visit_id, form.joins.target_id or 0)
    else:
        visiting.cancel(work, visit_id, form.reason.data or "")


def _asked(action: VisitAction, page: VisitPage, form: Any) -> str:
    name = "record" if isinstance(form, AmendForm) else str(action.value)
    return render_template(
        f"visits/{name}.html",
        form=form,
        action=action,
        is_own=page.visit.account_id == guards.actor().account_id,
        **shown(page),
    )
