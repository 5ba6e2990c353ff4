"""结对: choosing an officer for an enterprise, confirming it, and ending a pairing; each on a page of its own."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from assist.domain.errors import NotFound, Refused
from assist.domain.policy import Deed
from assist.domain.roles import Role
from assist.forms.roster import ReasonForm
from assist.models import Account
from assist.services import officers, pairing
from assist.services.queries import officers as officer_lists
from assist.services.work import Work
from assist.web import guards
from assist.web.roster.place import afresh, asked, blueprint, refused

OFFERED = 30


@blueprint.get("/enterprises/<int:enterprise_id>/pair")
@guards.for_deed(Deed.KEEP_ROSTER)
def choose_officer(enterprise_id: int) -> str:
    """Officers to choose from: those who serve nobody first asked for, or by name, spelling or unit."""
    work = guards.work()
    found = pairing.in_scope(work, enterprise_id)
    q = asked("q")
    rows, served, total = officer_lists.officers(work, q, "" if q else "free", size=OFFERED)
    present = pairing.active(work, found.id)
    return render_template(
        "roster/choose_officer.html",
        one=found,
        rows=rows,
        served=served,
        total=total,
        offered=OFFERED,
        q=q,
        present=present.officer if present else None,
    )


@blueprint.route("/enterprises/<int:enterprise_id>/pair/<int:officer_id>", methods=["GET", "POST"])
@guards.for_deed(Deed.KEEP_ROSTER)
def pair(enterprise_id: int, officer_id: int) -> Any:
    """Confirm: begin a pairing, or put the officer in another's place (then with a reason)."""
    work = guards.work()
    form = ReasonForm()
    if request.method == "POST":
        try:
            sentence = _paired(work, enterprise_id, officer_id, form.reason.data or "")
            guards.commit()
        except Refused as error:
            if isinstance(error, NotFound):
                raise
            refused(form, error)
            work = afresh()
        else:
            flash(sentence, "success")
            return redirect(url_for("roster.enterprise", enterprise_id=enterprise_id))
    found = pairing.in_scope(work, enterprise_id)
    officer = _officer(work, officer_id)
    present = pairing.active(work, found.id)
    return render_template(
        "roster/pair.html",
        form=form,
        one=found,
        officer=officer,
        load=officers.serves_count(work, officer.id),
        present=present.officer if present else None,
    ), 400 if form.errors or form.form_errors else 200


def _paired(work: Work, enterprise_id: int, officer_id: int, reason: str) -> str:
    officer = _officer(work, officer_id)
    if pairing.active(work, enterprise_id) is None:
        pairing.pair(work, enterprise_id, officer.id)
        return f"{officer.name}已与企业结对，双方都已收到消息。"
    pairing.replace(work, enterprise_id, officer.id, reason)
    return f"服务专员已更换为{officer.name}，在办诉求随之转交，各方都已收到消息。"


def _officer(work: Work, officer_id: int) -> Account:
    found = work.session.get(Account, officer_id)
    if found is None or not found.has(Role.OFFICER) or not found.is_active:
        raise NotFound()
    return found


@blueprint.route("/enterprises/<int:enterprise_id>/end-pairing", methods=["GET", "POST"])
@guards.for_deed(Deed.KEEP_ROSTER)
def end_pairing(enterprise_id: int) -> Any:
    work = guards.work()
    form = ReasonForm()
    if request.method == "POST":
        try:
            pairing.end(work, enterprise_id, form.reason.data or "")
            guards.commit()
        except Refused as error:
            if isinstance(error, NotFound):
                raise
            refused(form, error)
            work = afresh()
        else:
            flash("结对已结束。企业目前没有在岗专员，请尽快结对。", "warning")
            return redirect(url_for("roster.enterprise", enterprise_id=enterprise_id))
    found = pairing.in_scope(work, enterprise_id)
    present = pairing.active(work, found.id)
    if present is None:
        return redirect(url_for("roster.enterprise", enterprise_id=enterprise_id))
    return render_template(
        "roster/end_pairing.html", form=form, one=found, officer=present.officer
    ), 400 if form.errors or form.form_errors else 200
