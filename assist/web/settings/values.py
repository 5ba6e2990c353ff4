"""单项设置 (`/settings/values`): telephones, numbers, prefixes, as a table of `domain.setting_specs`. At once."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from assist.domain.errors import NotFound, Refused
from assist.domain.policy import Deed
from assist.domain.setting_specs import SPECS, SettingKind
from assist.forms.kept_settings import ValueForm
from assist.services import configuring
from assist.web import guards
from assist.web.settings.place import afresh, blueprint, refused


@blueprint.get("/values")
@guards.for_deed(Deed.KEEP_SETTINGS)
def values() -> str:
    work = guards.work()
    rows = [{"spec": spec, "value": work.settings.value(name)} for name, spec in SPECS.items()]
    return render_template("settings/values.html", rows=rows)


@blueprint.route("/values/<name>", methods=["GET", "POST"])
@guards.for_deed(Deed.KEEP_SETTINGS)
def value(name: str) -> Any:
    if name not in SPECS:
        raise NotFound()
    spec = SPECS[name]
    form = ValueForm(data={"value": str(guards.work().settings.value(name))})
    form.value.label.text = spec.title
    if request.method == "POST" and form.validate():
        try:
            shown = configuring.put(guards.work(), name, form.value.data or "")
            guards.commit()
        except Refused as error:
            refused(form, error)
        else:
            flash(f"{spec.title}已改为 {shown}，立即生效。", "success")
            return redirect(url_for("settings.values"))
    is_wrong = bool(form.errors or form.form_errors)
    text = render_template(
        "settings/value.html",
        form=form,
        spec=spec,
        present=afresh().settings.value(name),
        is_count=spec.kind is SettingKind.COUNT,
    )
    return text, 400 if is_wrong else 200
