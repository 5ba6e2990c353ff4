"""承办单位: the directory of departments."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from wtforms.fields.choices import SelectChoice

from assist.domain.errors import Refused
from assist.domain.policy import Deed, may
from assist.forms.roster import UnitForm
from assist.models import Unit
from assist.services import units as verbs
from assist.services.queries import officers as queries
from assist.services.units import UnitWords
from assist.services.work import Work
from assist.web import guards
from assist.web.roster.place import blueprint, may_change, refused

LEVELS = {"city": "市级", "county": "县级"}


@blueprint.get("/units")
@guards.for_deed(Deed.SEE_ROSTER)
def units() -> str:
    work = guards.work()
    return render_template(
        "roster/units.html",
        rows=queries.units(work),
        areas=work.settings.areas,
        levels=LEVELS,
        own_area=work.actor.area_id,
        may_change=may(work.actor, Deed.KEEP_UNITS),
        may_staff=may_change(work),
    )


@blueprint.route("/units/new", methods=["GET", "POST"])
@guards.for_deed(Deed.KEEP_UNITS)
def add_unit() -> Any:
    return _edited(None)


@blueprint.route("/units/<int:unit_id>/edit", methods=["GET", "POST"])
@guards.for_deed(Deed.KEEP_UNITS)
def edit_unit(unit_id: int) -> Any:
    return _edited(verbs.in_scope(guards.work(), unit_id))


def _edited(unit: Unit | None) -> Any:
    form = _form(guards.work(), unit)
    unit_id, name = (unit.id, unit.name) if unit else (None, "")
    if request.method == "POST" and form.validate():
        try:
            words = _words(form)
            made = verbs.change(guards.work(), unit_id, words) if unit_id else verbs.add(guards.work(), words)
            told = f"{made.name}已保存。"
            guards.commit()
        except Refused as error:
            refused(form, error)
        else:
            flash(told, "success")
            return redirect(url_for("roster.units"))
    is_wrong = bool(form.errors or form.form_errors)
    return render_template("roster/unit_form.html", form=form, name=name), 400 if is_wrong else 200


def _form(work: Work, unit: Unit | None) -> UnitForm:
    own = work.actor.area_id
    known: dict[str, Any] = {"needs_signature": "0", "is_vertical": "0"}
    known |= {"level": "county", "area": str(own)} if own else {}
    if unit is not None:
        known = {
            "name": unit.name,
            "short_name": unit.short_name,
            "aliases": "、".join(unit.aliases),
            "level": unit.level,
            "area": str(unit.area_id or ""),
            "state": "1" if unit.is_active else "0",
            "needs_signature": "1" if unit.needs_signature else "0",
            "is_vertical": "1" if unit.is_vertical else "0",
        }
    form = UnitForm(data=known)
    areas = [one for one in work.settings.areas.values() if own in (None, one.id)]
    form.area.choices = [SelectChoice("", "—"), *(SelectChoice(str(one.id), one.name) for one in areas)]
    return form


def _words(form: UnitForm) -> UnitWords:
    return UnitWords(
        name=form.name.data or "",
        short_name=form.short_name.data or "",
        aliases=form.aliases.data or "",
        level=form.level.data or "city",
        area_id=int(form.area.data) if form.area.data else None,
        is_active=form.state.data == "1",
        needs_signature=form.needs_signature.is_yes,
        is_vertical=form.is_vertical.is_yes,
    )
