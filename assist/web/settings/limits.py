"""办理时限 (`/settings/limits`): what holds, what will hold, what waits; changes are proposed after a look at them."""

import secrets
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from assist.domain.changes import ChangeKind
from assist.domain.clock import local_date
from assist.domain.errors import Refused
from assist.domain.limits import LIMITS, limit_title
from assist.domain.policy import Deed
from assist.forms.settings import LimitForm
from assist.services import proposed_limits, proposing
from assist.services.proposing import Proposal
from assist.services.queries import setting_changes
from assist.services.work import Work, once
from assist.web import guards
from assist.web.settings.place import afresh, blueprint, refused


@blueprint.get("/limits")
@guards.for_deed(Deed.KEEP_SETTINGS)
def limits() -> str:
    work = guards.work()
    waiting = setting_changes.waiting(work, ChangeKind.LIMIT.value)
    with_days = [one for one in work.settings.categories.values() if one.days]
    return render_template(
        "settings/limits.html",
        rows=[_row(work, key, waiting.get(key)) for key in LIMITS],
        with_days=with_days,
    )


def _row(work: Work, key: str, waiting: Any) -> dict[str, Any]:
    rule, today = LIMITS[key], local_date(work.now)
    dated = work.settings.limits[(rule.kind, rule.case)]
    return {
        "key": key,
        "title": limit_title(rule.kind, rule.case),
        "text": proposed_limits.in_force(work, rule).text,
        "usual": rule.budget.text,
        "coming": [{"from_on": on, "text": budget.text} for on, budget in dated if on > today],
        "waiting": waiting,
    }


@blueprint.route("/limits/<key>", methods=["GET", "POST"])
@guards.for_deed(Deed.KEEP_SETTINGS)
def limit(key: str) -> Any:
    work = guards.work()
    rule = proposed_limits.rule_of(key)
    form = LimitForm(data=LimitForm.known(proposed_limits.latest(work, rule)))
    told = ""
    if request.method == "GET":
        form.form_key.data = secrets.token_hex(16)
    elif form.validate():
        try:
            found = Proposal(ChangeKind.LIMIT, key, *proposed_limits.difference(work, key, form.budget))
            if request.form.get("step") == "propose":
                return proposed(work, form, found)
            told = preview(work, found)
        except Refused as error:
            refused(form, error)
    return _page(form, key, told)


def _page(form: LimitForm, key: str, told: str) -> Any:
    work = afresh()
    is_wrong = bool(form.errors or form.form_errors)
    row = _row(work, key, setting_changes.waiting(work, ChangeKind.LIMIT.value).get(key))
    return render_template("settings/limit.html", form=form, row=row, told=told), 400 if is_wrong else 200


def preview(work: Work, found: Proposal) -> str:
    """The sentence that says what would be different, from when, for what. Raises Invalid when nothing would."""
    proposing.check_different(found)
    on = proposing.for_date(work)
    return f"{found.words}，自{on.year}年{on.month}月{on.day}日起对新起算的时限生效；正在计时的不变。"


def proposed(work: Work, form: Any, found: Proposal) -> Any:
    """Propose it and lead to the change."""
    once(work, form.form_key.data, url_for("settings.changes"))
    made = proposing.propose(work, found, form.reason.data or "")
    location = url_for("settings.change", change_id=made.id)
    guards.commit()
    flash("已提出，等待另一位督查员审批。", "success")
    return redirect(location)
