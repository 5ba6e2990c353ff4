"""承办人员: the people of a unit who sign in for it, kept by the coordinators who keep the unit."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from assist.domain.errors import Invalid, Refused
from assist.domain.policy import Deed
from assist.forms.roster import StaffFlagsForm, StaffForm
from assist.services import passwords, unit_staff, units
from assist.services.unit_staff import StaffWords
from assist.web import guards
from assist.web.roster.place import afresh, blueprint, refused


@blueprint.get("/units/<int:unit_id>/staff")
@guards.for_deed(Deed.KEEP_ROSTER)
def staff(unit_id: int) -> str:
    work = guards.work()
    unit = units.in_scope(work, unit_id)
    return render_template("roster/staff.html", unit=unit, rows=unit_staff.of(work, unit_id))


@blueprint.route("/units/<int:unit_id>/staff/new", methods=["GET", "POST"])
@guards.for_deed(Deed.KEEP_ROSTER)
def add_staff(unit_id: int) -> Any:
    unit = units.in_scope(guards.work(), unit_id)
    back, name = url_for("roster.staff", unit_id=unit_id), unit.name
    form = StaffForm(data={"signs": "0", "heads": "0"})
    if request.method == "POST" and form.validate():
        secret = passwords.one_time()
        guards.start_writing()
        try:
            person = unit_staff.take_on(guards.work(), unit_id, _words(form), secret)
            told = {"name": person.name, "username": person.username, "back": back}
            guards.commit()
        except Refused as error:
            _refused(form, error)
        else:
            return render_template("roster/password.html", **told, password=secret.plain, what="已建立账号")
    is_wrong = bool(form.errors or form.form_errors)
    return render_template("roster/staff_form.html", form=form, unit_name=name, back=back), 400 if is_wrong else 200


def _words(form: StaffForm) -> StaffWords:
    return StaffWords(
        form.name.data or "",
        form.phone.data or "",
        form.position.data or "",
        is_approver=form.signs.is_yes,
        is_head=form.heads.is_yes,
    )


def _refused(form: StaffForm, error: Refused) -> None:
    """The user name is the phone number here: what is said of it belongs to that field."""
    if isinstance(error, Invalid) and error.field == "username":
        error = Invalid(error.sentence, "phone")
    refused(form, error)


@blueprint.route("/units/<int:unit_id>/staff/<int:account_id>", methods=["GET", "POST"])
@guards.for_deed(Deed.KEEP_ROSTER)
def edit_staff(unit_id: int, account_id: int) -> Any:
    """Who signs, who heads, who may sign in."""
    person = unit_staff.find(guards.work(), unit_id, account_id)
    known = {"signs": person.is_approver, "heads": person.is_head, "active": person.is_active}
    form = StaffFlagsForm(data={name: "1" if is_so else "0" for name, is_so in known.items()})
    back = url_for("roster.staff", unit_id=unit_id)
    if request.method == "POST" and form.validate():
        try:
            unit_staff.change(
                guards.work(),
                unit_id,
                account_id,
                is_approver=form.signs.is_yes,
                is_head=form.heads.is_yes,
                is_active=form.active.is_yes,
            )
            guards.commit()
        except Refused as error:
            refused(form, error)
            person = unit_staff.find(afresh(), unit_id, account_id)
        else:
            flash("承办人员已保存。", "success")
            return redirect(back)
    is_wrong = bool(form.errors or form.form_errors)
    return render_template("roster/staff_flags.html", form=form, person=person, back=back), 409 if is_wrong else 200
