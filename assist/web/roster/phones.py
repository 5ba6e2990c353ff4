"""显示完整电话: a page that asks why (the own officer is not asked) and then shows the numbers once; logged."""

from typing import Any
from urllib.parse import urlsplit

from flask import render_template, request, url_for

from assist.domain.errors import Invalid
from assist.domain.policy import Deed
from assist.domain.roles import Role
from assist.forms.roster import ReasonForm
from assist.services import phone_reveals
from assist.services.phone_reveals import Shown
from assist.web import guards
from assist.web.redirects import own_path
from assist.web.roster.place import afresh, blueprint, refused


@blueprint.route("/enterprises/<int:enterprise_id>/phones", methods=["GET", "POST"])
@guards.place(Role.OFFICER, Role.LEADER, Role.COORDINATOR, Role.SUPERVISOR)
def reveal(enterprise_id: int) -> Any:
    form = ReasonForm()
    shown: list[Shown] = []
    if request.method == "POST":
        try:
            shown = phone_reveals.contacts(guards.work(), enterprise_id, form.reason.data or "")
            guards.commit()
        except Invalid as error:
            refused(form, error)
    found, is_asked = phone_reveals.enterprise(afresh(), enterprise_id)
    return _page(form, shown, f"{found.name} 联系人", is_asked)


@blueprint.route("/officers/<int:account_id>/phone", methods=["GET", "POST"])
@guards.for_deed(Deed.SEE_ROSTER)
def reveal_officer(account_id: int) -> Any:
    form = ReasonForm()
    shown: list[Shown] = []
    if request.method == "POST":
        try:
            shown = [phone_reveals.officer_phone(guards.work(), account_id, form.reason.data or "")]
            guards.commit()
        except Invalid as error:
            refused(form, error)
    found = phone_reveals.officer(afresh(), account_id)
    return _page(form, shown, f"服务专员 {found.name}", True)


def _page(form: ReasonForm, shown: list[Shown], whose: str, is_asked: bool) -> Any:
    return render_template(
        "roster/phones.html", form=form, shown=shown, whose=whose, is_asked=is_asked, back=_back()
    ), 400 if form.errors else 200


def _back() -> str:
    """To the page one came from: the desk, a ticket, the roster."""
    given = request.values.get("back")
    if not given and request.referrer:
        parts = urlsplit(request.referrer)
        given = (
            parts.path + (f"?{parts.query}" if parts.query else "") if parts.netloc == request.host else ""
        )
    return own_path(given, url_for("home"))
