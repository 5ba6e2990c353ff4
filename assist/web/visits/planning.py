"""计划走访 and 登记走访 (`/visits/new`): which enterprise, who was or will be there, then the form.

`?enterprise=` names it, `?done=1` is the form for a visit that was not planned.
"""

import secrets
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from wtforms.fields.choices import SelectChoice

from assist.domain.clock import local_date
from assist.domain.date_words import date_text
from assist.domain.errors import Conflict, Invalid
from assist.domain.policy import Deed
from assist.domain.visits import VisitKind, VisitStatus, may_exceed
from assist.forms.visits import AmendForm, EnterpriseForm, PlanForm, RecordForm, RecordNewForm
from assist.models import Enterprise, Visit
from assist.services import visit_access, visiting
from assist.services.queries import visit_month
from assist.services.queries.visit_month import Month
from assist.services.work import Work, leads_to, once
from assist.web import guards
from assist.web.forms_again import afresh, refused
from assist.web.visits.place import blueprint


@blueprint.route("/new", methods=["GET", "POST"])
@guards.for_deed(Deed.VISIT)
def new() -> Any:
    enterprise_id = request.args.get("enterprise", type=int)
    if enterprise_id is None:
        return _which(guards.work())
    enterprise = visit_access.enterprise(guards.work(), enterprise_id)
    is_done = request.args.get("done") == "1"
    form: PlanForm | RecordNewForm = RecordNewForm() if is_done else PlanForm()
    months = visit_month.months(guards.work(), enterprise.id)
    if isinstance(form, PlanForm):
        form.joins.choices = joinings(guards.work(), months, alone="单独前往")
    if request.method == "GET":
        _begin(form)
        return _page(enterprise, form, months)
    location = url_for("visits.new", enterprise=enterprise_id, done="1" if is_done else None)
    once(guards.work(), form.form_key.data, location)
    try:
        if not form.validate():
            raise Invalid("")
        made = _made(enterprise.id, form)
        here = url_for("visits.show", visit_id=made.id)
        leads_to(guards.work(), form.form_key.data, here)
        guards.commit()
    except (Invalid, Conflict) as error:
        refused(form, error)
        return _again(enterprise_id, form), error.status_code
    flash(_said(made), "success")
    return redirect(here)


def _begin(form: PlanForm | RecordNewForm) -> None:
    form.form_key.data = secrets.token_hex(16)
    form.kind.data = VisitKind.VISIT
    if isinstance(form, PlanForm):
        form.joins.data, form.for_officer.data = "", "0"
    else:
        form.visit_on.data = local_date(guards.work().now)


def _made(enterprise_id: int, form: PlanForm | RecordNewForm) -> Visit:
    if isinstance(form, RecordNewForm):
        return visiting.record_new(guards.work(), enterprise_id, form.kind.data, record_of(form))
    said = visiting.Plan(
        kind=form.kind.data,
        purpose=form.purpose.data or "",
        visit_on=form.visit_on.data,
        joins=form.joins.target_id,
        is_for_officer=form.for_officer.is_yes,
        over_budget_reason=form.over_budget_reason.data or "",
    )
    return visiting.plan(guards.work(), enterprise_id, said)


def record_of(form: AmendForm) -> visiting.Record:
    """What the form says came of the visit."""
    is_dated = isinstance(form, RecordForm)
    return visiting.Record(
        method=form.method.data,
        situation=form.situation.data or "",
        visit_on=form.visit_on.data if is_dated else None,
        policies=form.policies.data or "",
        problems=form.problems.data or "",
        promises=form.promises.data or "",
        companions=form.companions.data or "",
        over_budget_reason=(form.over_budget_reason.data or "") if is_dated else "",
    )


def _said(made: Visit) -> str:
    if made.status is VisitStatus.DONE:
        return "走访情况已登记。"
    if made.status is VisitStatus.JOINED:
        return "已并入，不另占企业的次数，对方已收到消息。"
    over = "已超出每月上限，助企办调度员已收到提醒。" if made.over_budget_reason else ""
    return f"走访计划已保存。{over}"


def joinings(work: Work, months: list[Month], alone: str = "") -> list[SelectChoice]:
    """The planned visits of others that one may go along with."""
    year = local_date(work.now).year
    found = [SelectChoice("", alone)] if alone else []
    for month in months:
        for one in month.visits:
            if one.may_join:
                who = f"{one.unit}{one.who}" if one.who != one.unit else one.unit
                words = f"{date_text(one.visit_on, year)} 随{who}{one.kind.title}"
                found.append(SelectChoice(str(one.id), f"{words}：{one.purpose}"))
    return found


def _which(work: Work) -> Any:
    """Whoever may visit one enterprise only is led straight to it."""
    groups = visit_month.choices(work)
    all_of_them = [one for _, enterprises in groups for one in enterprises]
    if len(all_of_them) == 1:
        return redirect(url_for("visits.new", enterprise=all_of_them[0][0], done=request.args.get("done")))
    form = EnterpriseForm(formdata=None)
    form.enterprise.choices = [
        SelectChoice(str(row_id), name, optgroup=area) for area, enterprises in groups for row_id, name in enterprises
    ]
    return render_template("visits/which.html", form=form, has_any=bool(all_of_them))


def _again(enterprise_id: int, form: PlanForm | RecordNewForm) -> Any:
    """The same form with everything typed, beside what stands in the months now."""
    work = afresh()
    months = visit_month.months(work, enterprise_id)
    if isinstance(form, PlanForm):
        form.joins.choices = joinings(work, months, alone="单独前往")
    return _page(visit_access.enterprise(work, enterprise_id), form, months)


def _page(enterprise: Enterprise, form: PlanForm | RecordNewForm, months: list[Month]) -> str:
    is_done = isinstance(form, RecordNewForm)
    work = guards.work()
    is_full = any(month.is_full for month in (months[:1] if is_done else months))
    return render_template(
        "visits/new.html",
        enterprise=enterprise,
        form=form,
        is_done=is_done,
        months=months,
        may_exceed=may_exceed(work.actor),
        asks_reason=bool(form.over_budget_reason.errors) or (is_full and (is_done or may_exceed(work.actor))),
        today=local_date(work.now),
        tab_items=[
            {"label": label, "url": url_for("visits.new", enterprise=enterprise.id, done=done), "is_current": on}
            for label, done, on in (("计划走访", None, not is_done), ("已经走访，直接登记", "1", is_done))
        ],
    )
