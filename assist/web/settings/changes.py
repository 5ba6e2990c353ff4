"""调整: every change of limits, ladder and boards, and one of them with its decision by a second supervisor."""

from math import ceil
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from assist.domain.changes import ChangeKind
from assist.domain.errors import Conflict, Forbidden, Invalid
from assist.domain.policy import Deed
from assist.forms.settings import DecisionForm
from assist.services import proposing
from assist.services.queries import setting_changes as queries
from assist.web import guards
from assist.web.settings.place import afresh, asked_page, blueprint, refused


@blueprint.get("/changes/")
@guards.for_deed(Deed.KEEP_SETTINGS)
def changes() -> str:
    page = asked_page()
    rows, total = queries.changes(guards.work(), page)
    last = max(1, ceil(total / queries.PAGE))
    return render_template(
        "settings/changes.html",
        rows=rows,
        total=total,
        kinds=ChangeKind,
        previous_url=url_for("settings.changes", page=page - 1) if page > 1 else "",
        next_url=url_for("settings.changes", page=page + 1) if page < last else "",
    )


@blueprint.get("/changes/<int:change_id>")
@guards.for_deed(Deed.KEEP_SETTINGS)
def change(change_id: int) -> Any:
    return _page(change_id, DecisionForm())


def _page(change_id: int, form: DecisionForm, code: int = 200) -> Any:
    work = afresh()
    row = queries.change(work, change_id)
    text = render_template(
        "settings/change.html",
        form=form,
        row=row,
        one=row.SettingChange,
        kind=ChangeKind.of(row.SettingChange.kind),
        is_mine=row.SettingChange.proposed_by_id == work.actor.account_id,
    )
    return text if code == 200 else (text, code)


@blueprint.post("/changes/<int:change_id>/decide")
@guards.for_deed(Deed.KEEP_SETTINGS)
def decide(change_id: int) -> Any:
    form = DecisionForm()
    try:
        if not form.validate():
            raise Invalid("")
        if request.form.get("decision") not in ("approve", "refuse"):
            raise Invalid("请选择批准或不批准。")
        made = proposing.decide(
            guards.work(), change_id, request.form["decision"] == "approve", form.note.data or ""
        )
        on = made.from_on
        told = f"已批准，自{on.year}年{on.month}月{on.day}日起{proposing.in_force_words(made)}。"
        told = told if request.form["decision"] == "approve" else "已退回，提出人会收到消息。"
        guards.commit()
    except (Invalid, Conflict, Forbidden) as error:
        refused(form, error)
        return _page(change_id, form, error.status_code)
    flash(told, "success")
    return redirect(url_for("settings.change", change_id=change_id))


@blueprint.post("/changes/<int:change_id>/withdraw")
@guards.for_deed(Deed.KEEP_SETTINGS)
def withdraw(change_id: int) -> Any:
    form = DecisionForm()
    try:
        proposing.withdraw(guards.work(), change_id)
        guards.commit()
    except (Conflict, Forbidden) as error:
        refused(form, error)
        return _page(change_id, form, error.status_code)
    flash("已撤回。", "success")
    return redirect(url_for("settings.change", change_id=change_id))
