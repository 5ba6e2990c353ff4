"""结对: choosing an officer for an enterprise, confirming it, preparing a handover to him where another serves it,
and ending a pairing; each on a page of its own. What becomes of a handover is `web.handovers`.
"""

import secrets
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from assist.domain.errors import Conflict, Invalid, NotFound, Refused
from assist.domain.policy import Deed
from assist.domain.roles import Role
from assist.forms.roster import ConfirmForm, HandoverForm, ReasonForm
from assist.models import Account
from assist.services import handing_over, officers, pairing
from assist.services.queries import handover_inventory
from assist.services.queries import officers as officer_lists
from assist.services.work import Work, leads_to, once
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
    """Confirm: begin a pairing. Where somebody serves the enterprise, it is a handover."""
    work = guards.work()
    form = ConfirmForm()
    if request.method == "POST":
        try:
            officer = _officer(work, officer_id)
            pairing.pair(work, enterprise_id, officer.id)
            sentence = f"{officer.name}已与企业结对，双方都已收到消息。"
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
    if pairing.active(work, found.id) is not None and request.method == "GET":
        return redirect(url_for("roster.hand_over", enterprise_id=found.id, officer_id=officer.id))
    load = officers.serves_count(work, officer.id)
    return render_template(
        "roster/pair.html", form=form, one=found, officer=officer, load=load
    ), 400 if form.errors or form.form_errors else 200


@blueprint.route("/enterprises/<int:enterprise_id>/hand-over/<int:officer_id>", methods=["GET", "POST"])
@guards.for_deed(Deed.KEEP_ROSTER)
def hand_over(enterprise_id: int, officer_id: int) -> Any:
    """交接: why, and what the successor should know; the inventory is made by the system."""
    work, form = guards.work(), HandoverForm()
    if request.method == "POST":
        once(work, form.form_key.data, url_for("roster.enterprise", enterprise_id=enterprise_id))
        try:
            if not form.validate():
                raise Invalid("")
            reason, notes = form.reason.data or "", form.notes.data or ""
            made = handing_over.prepare(work, enterprise_id, officer_id, reason, notes)
            here = url_for("handovers.show", handover_id=made.id)
            leads_to(work, form.form_key.data, here)
            guards.commit()
        except (Invalid, Conflict) as error:
            refused(form, error)
            work = afresh()
        else:
            flash("交接清单已生成，两位专员都已收到消息，双方确认后生效。", "success")
            return redirect(here)
    else:
        form.form_key.data = secrets.token_hex(16)
    return _handover_form(work, form, enterprise_id, officer_id)


def _handover_form(work: Work, form: HandoverForm, enterprise_id: int, officer_id: int) -> Any:
    found = pairing.in_scope(work, enterprise_id)
    officer, present = _officer(work, officer_id), pairing.active(work, found.id)
    if present is None and not form.form_errors:
        return redirect(url_for("roster.pair", enterprise_id=found.id, officer_id=officer.id))
    return render_template(
        "roster/hand_over.html",
        form=form,
        one=found,
        officer=officer,
        load=officers.serves_count(work, officer.id),
        present=present.officer if present else None,
        lines=handover_inventory.inventory(work, found.id),
    ), 400 if form.errors or form.form_errors else 200


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
