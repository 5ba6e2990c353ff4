"""一企一档: one enterprise with its contacts and pairings; registering and correcting it; its contacts."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from wtforms.fields.choices import SelectChoice

from assist.domain.errors import Refused
from assist.domain.policy import Deed
from assist.forms.roster import ConfirmForm, EnterpriseForm, PersonForm
from assist.models import Enterprise
from assist.services import pairing, passwords, rosters
from assist.services.queries import roster as queries
from assist.services.rosters import EnterpriseWords
from assist.services.work import Work
from assist.web import guards
from assist.web.roster.place import afresh, blueprint, may_change, refused


@blueprint.get("/enterprises/<int:enterprise_id>")
@guards.for_deed(Deed.SEE_ROSTER)
def enterprise(enterprise_id: int) -> str:
    work = guards.work()
    card = queries.card(work, enterprise_id)
    return render_template(
        "roster/enterprise.html",
        card=card,
        one=card.enterprise,
        area=work.settings.areas[card.enterprise.area_id].name,
        chain=work.settings.chains.get(card.enterprise.chain_id or 0, ""),
        may_change=may_change(work),
        most_contacts=rosters.MOST_CONTACTS,
    )


@blueprint.route("/enterprises/new", methods=["GET", "POST"])
@guards.for_deed(Deed.KEEP_ROSTER)
def add_enterprise() -> Any:
    form = _form(guards.work(), None)
    if request.method == "POST" and form.validate():
        try:
            made = rosters.add_enterprise(guards.work(), _words(form))
            guards.commit()
        except Refused as error:
            refused(form, error)
        else:
            flash(f"已登记{made.name}，请接着增加联系人、结对服务专员。", "success")
            return redirect(url_for("roster.enterprise", enterprise_id=made.id))
    return _page(form, None)


@blueprint.route("/enterprises/<int:enterprise_id>/edit", methods=["GET", "POST"])
@guards.for_deed(Deed.KEEP_ROSTER)
def edit_enterprise(enterprise_id: int) -> Any:
    found = pairing.in_scope(guards.work(), enterprise_id)
    form = _form(guards.work(), found)
    if request.method == "POST" and form.validate():
        try:
            rosters.change_enterprise(guards.work(), found.id, _words(form))
            guards.commit()
        except Refused as error:
            refused(form, error)
        else:
            flash("企业信息已保存。", "success")
            return redirect(url_for("roster.enterprise", enterprise_id=enterprise_id))
    return _page(form, pairing.in_scope(afresh(), enterprise_id))


PLAIN = ("name", "short_name", "credit_code", "leader_name", "group_names", "address", "honour", "joined_on")


def _form(work: Work, found: Enterprise | None) -> EnterpriseForm:
    own = work.actor.area_id
    known: dict[str, Any] = {"area": str(own or "")}
    if found is not None:
        known = {name: getattr(found, name) for name in PLAIN}
        known["area"], known["chain"] = str(found.area_id), str(found.chain_id or "")
        known["code_reason"] = found.credit_code_note or ""
        known["state"] = "1" if found.is_active else "0"
    form = EnterpriseForm(data=known)
    areas = [one for one in work.settings.areas.values() if own in (None, one.id)]
    form.area.choices = [SelectChoice("", "请选择"), *(SelectChoice(str(one.id), one.name) for one in areas)]
    chains = work.settings.chains.items()
    form.chain.choices = [SelectChoice("", "未定"), *(SelectChoice(str(key), name) for key, name in chains)]
    return form


def _words(form: EnterpriseForm) -> EnterpriseWords:
    return EnterpriseWords(
        name=form.name.data or "",
        credit_code=form.credit_code.data or "",
        area_id=int(form.area.data) if form.area.data else None,
        short_name=form.short_name.data or "",
        code_reason=form.code_reason.data or "",
        chain_id=int(form.chain.data) if form.chain.data else None,
        leader_name=form.leader_name.data or "",
        group_names=form.group_names.data or "",
        address=form.address.data or "",
        honour=form.honour.data or "",
        joined_on=form.joined_on.data,
        is_active=form.state.data == "1",
    )


def _page(form: EnterpriseForm, found: Enterprise | None) -> Any:
    is_wrong = bool(form.errors or form.form_errors)
    return render_template("roster/enterprise_form.html", form=form, one=found), 400 if is_wrong else 200


@blueprint.route("/enterprises/<int:enterprise_id>/contacts/new", methods=["GET", "POST"])
@guards.for_deed(Deed.KEEP_ROSTER)
def add_contact(enterprise_id: int) -> Any:
    form = PersonForm()
    if request.method == "POST" and form.validate():
        secret = passwords.one_time()
        guards.start_writing()
        try:
            person, is_new = rosters.add_contact(
                guards.work(),
                enterprise_id,
                form.name.data or "",
                form.phone.data or "",
                form.position.data or "",
                secret,
            )
            back = url_for("roster.enterprise", enterprise_id=enterprise_id)
            told = {"name": person.name, "username": person.username, "back": back}
            guards.commit()
        except Refused as error:
            refused(form, error)
        else:
            if is_new:
                return render_template(
                    "roster/password.html", **told, password=secret.plain, what="已建立账号"
                )
            flash(f"已增加联系人{told['name']}，用原有的账号登录。", "success")
            return redirect(back)
    found = pairing.in_scope(afresh(), enterprise_id)
    is_wrong = bool(form.errors or form.form_errors)
    return render_template("roster/contact_form.html", form=form, one=found), 400 if is_wrong else 200


@blueprint.post("/enterprises/<int:enterprise_id>/contacts/<int:contact_id>/main")
@guards.for_deed(Deed.KEEP_ROSTER)
def main_contact(enterprise_id: int, contact_id: int) -> Any:
    made = rosters.make_main(guards.work(), enterprise_id, contact_id)
    flash(f"{made.account.name}已设为主联系人。", "success")
    guards.commit()
    return redirect(url_for("roster.enterprise", enterprise_id=enterprise_id))


@blueprint.route("/enterprises/<int:enterprise_id>/contacts/<int:contact_id>/remove", methods=["GET", "POST"])
@guards.for_deed(Deed.KEEP_ROSTER)
def remove_contact(enterprise_id: int, contact_id: int) -> Any:
    found = pairing.in_scope(guards.work(), enterprise_id)
    form = ConfirmForm()
    if request.method == "POST":
        try:
            name = rosters.remove_contact(guards.work(), enterprise_id, contact_id)
            guards.commit()
        except Refused as error:
            refused(form, error)
            if error.status_code == 404:
                raise
        else:
            flash(f"{name}不再是这家企业的联系人。", "success")
            return redirect(url_for("roster.enterprise", enterprise_id=enterprise_id))
        found = pairing.in_scope(afresh(), enterprise_id)
    person = rosters.contact(guards.work(), enterprise_id, contact_id).account
    is_wrong = bool(form.form_errors)
    return render_template(
        "roster/contact_remove.html", form=form, one=found, person=person
    ), 409 if is_wrong else 200
