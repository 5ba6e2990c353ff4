"""People of the roster: taking an officer on, correcting a record, letting an officer rest, a new one-time password."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy import select
from wtforms.fields.choices import SelectChoice

from assist.domain.errors import Invalid, Refused
from assist.domain.policy import Deed
from assist.domain.roles import Role
from assist.forms.roster import ConfirmForm, OfficerForm, PersonForm
from assist.models import Account, EnterpriseContact, Unit
from assist.services import accounts, officers, passwords
from assist.services.officers import PersonWords
from assist.services.work import Work
from assist.web import guards
from assist.web.roster.place import afresh, blueprint, refused


@blueprint.route("/officers/new", methods=["GET", "POST"])
@guards.for_deed(Deed.KEEP_ROSTER)
def add_officer() -> Any:
    form = OfficerForm()
    _offer_units(guards.work(), form)
    if request.method == "POST" and form.validate():
        secret = passwords.one_time()
        guards.start_writing()
        try:
            person = officers.take_on(guards.work(), _words(form), secret)
            told = {"name": person.name, "username": person.username, "back": url_for("roster.officers")}
            guards.commit()
        except Refused as error:
            _refused(form, error)
        else:
            return render_template("roster/password.html", **told, password=secret.plain, what="已建立账号")
    return _form_page(form, None, url_for("roster.officers"))


@blueprint.route("/people/<int:account_id>/edit", methods=["GET", "POST"])
@guards.for_deed(Deed.KEEP_ROSTER)
def edit_person(account_id: int) -> Any:
    person = officers.mine_to_keep(guards.work(), account_id)
    form = _person_form(guards.work(), person)
    back = _back(guards.work(), person)
    if request.method == "POST" and form.validate():
        try:
            officers.change(guards.work(), account_id, _words(form))
            guards.commit()
        except Refused as error:
            _refused(form, error)
        else:
            flash("人员信息已保存。", "success")
            return redirect(back)
    return _form_page(form, officers.mine_to_keep(afresh(), account_id), back)


def _person_form(work: Work, person: Account) -> PersonForm:
    known = {"name": person.name, "phone": person.phone, "position": person.position}
    if not person.has(Role.OFFICER):
        return PersonForm(data=known)
    form = OfficerForm(data={**known, "unit": str(person.unit_id or "")})
    _offer_units(work, form)
    return form


def _offer_units(work: Work, form: OfficerForm) -> None:
    rows = work.session.execute(
        select(Unit.id, Unit.name).where(Unit.is_active).order_by(Unit.level, Unit.sort, Unit.id)
    )
    form.unit.choices = [
        SelectChoice("", "请选择"),
        *(SelectChoice(str(row.id), row.name) for row in rows),
    ]


def _words(form: PersonForm) -> PersonWords:
    unit = form["unit"].data if "unit" in form else ""
    return PersonWords(
        form.name.data or "", form.phone.data or "", form.position.data or "", int(unit) if unit else None
    )


def _refused(form: PersonForm, error: Refused) -> None:
    """The user name is the phone number here: what is said of it belongs to that field."""
    if isinstance(error, Invalid) and error.field == "username":
        error = Invalid(error.sentence, "phone")
    refused(form, error)


def _form_page(form: PersonForm, person: Account | None, back: str) -> Any:
    is_wrong = bool(form.errors or form.form_errors)
    return render_template(
        "roster/person_form.html", form=form, person=person, back=back
    ), 400 if is_wrong else 200


def _back(work: Work, person: Account) -> str:
    """To the contact's enterprise, or to the list of officers."""
    if person.has(Role.OFFICER):
        return url_for("roster.officers")
    if person.has(Role.UNIT):
        return url_for("roster.staff", unit_id=person.unit_id)
    query = select(EnterpriseContact.enterprise_id).where(EnterpriseContact.account_id == person.id)
    enterprise_id = work.session.scalars(query).first()
    if enterprise_id is None:
        return url_for("roster.index")
    return url_for("roster.enterprise", enterprise_id=enterprise_id)


@blueprint.route("/officers/<int:account_id>/active", methods=["GET", "POST"])
@guards.for_deed(Deed.KEEP_ROSTER)
def set_active(account_id: int) -> Any:
    """停用 an officer who is active, 启用 one who rests."""
    person = officers.mine_to_keep(guards.work(), account_id)
    form = ConfirmForm()
    if request.method == "POST":
        is_active = request.form.get("is_active") == "1"
        try:
            officers.set_active(guards.work(), account_id, is_active)
            guards.commit()
        except Refused as error:
            refused(form, error)
            person = officers.mine_to_keep(afresh(), account_id)
        else:
            flash("账号已启用。" if is_active else "账号已停用，本人已不能登录。", "success")
            return redirect(url_for("roster.officers"))
    return render_template(
        "roster/set_active.html", form=form, person=person
    ), 409 if form.form_errors else 200


@blueprint.route("/people/<int:account_id>/password", methods=["GET", "POST"])
@guards.for_deed(Deed.RESET_PASSWORD)
def reset_password(account_id: int) -> Any:
    person = officers.mine_to_keep(guards.work(), account_id)
    back = _back(guards.work(), person)
    if request.method == "POST":
        secret = passwords.one_time()
        guards.start_writing()
        person = accounts.reset_password(guards.work(), account_id, secret)
        told = {"name": person.name, "username": person.username, "back": back}
        guards.commit()
        return render_template("roster/password.html", **told, password=secret.plain, what="密码已重置")
    return render_template("roster/reset_password.html", form=ConfirmForm(), person=person, back=back)
