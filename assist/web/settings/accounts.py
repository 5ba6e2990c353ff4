"""账号 (`/settings/accounts`): the list, one account, a new one. Administrators only, and never a ticket.

What is done to an account is `account_acts`.
"""

from math import ceil
from typing import Any

from flask import render_template, request, url_for
from sqlalchemy import select
from wtforms.fields.choices import SelectChoice

from assist.domain import account_policy
from assist.domain.errors import Refused
from assist.domain.policy import Deed, may
from assist.domain.roles import ADMINISTRATORS, Role
from assist.forms.accounts import AccountForm, StandingForm
from assist.models import Account, Unit
from assist.services import account_keeping, accounts, passwords
from assist.services.account_keeping import Standing
from assist.services.accounts import NewAccount
from assist.services.queries import account_lists as queries
from assist.services.queries.account_lists import AccountFilter
from assist.services.work import Work
from assist.web import guards
from assist.web.settings.place import asked, asked_page, blueprint, refused


@blueprint.get("/accounts")
@guards.for_deed(Deed.KEEP_ACCOUNTS, Deed.KEEP_ROLES)
def account_list() -> str:
    work = guards.work()
    wanted = AccountFilter(asked("q"), asked("role"), asked("state") if asked("state") in queries.STATES else "")
    page = asked_page()
    rows, total = queries.accounts(work, wanted, page)
    last = max(1, ceil(total / queries.PAGE))
    query: dict[str, Any] = wanted.as_query()
    return render_template(
        "settings/accounts.html",
        rows=rows,
        total=total,
        wanted=wanted,
        query=query,
        now=work.now,
        areas=work.settings.areas,
        roles=[("", "全部"), *((role.value, role.label) for role in Role)],
        states=list(queries.STATES.items()),
        may_create=may(work.actor, Deed.KEEP_ACCOUNTS),
        previous_url=url_for("settings.account_list", **query, page=page - 1) if page > 1 else "",
        next_url=url_for("settings.account_list", **query, page=page + 1) if page < last else "",
        page_text=f"第{page}页，共{last}页" if last > 1 else "",
    )


@blueprint.get("/accounts/<int:account_id>")
@guards.for_deed(Deed.KEEP_ACCOUNTS, Deed.KEEP_ROLES)
def account(account_id: int) -> str:
    work = guards.work()
    one = queries.account(work, account_id)
    return render_template("settings/account.html", **shown(work, one))


def shown(work: Work, one: Account) -> dict[str, Any]:
    """What the page of one account shows, and which acts are this reader's."""
    actor = work.actor
    return {
        "one": one,
        "is_locked": one.locked_until is not None and one.locked_until > work.now,
        "area": work.settings.areas[one.area_id].name if one.area_id else "",
        "titles": "、".join(role.label for role in Role if role in one.roles),
        "ties": account_keeping.ties(work, one, one.roles),
        "is_own": one.id == actor.account_id,
        "is_administrator": bool(one.roles & ADMINISTRATORS),
        "may": {
            "state": account_policy.may_put_out(actor, one.id)
            if one.is_active
            else account_policy.may_put_back(actor, one.id, one.roles),
            "password": accounts.may_reset(work, one),
            "sessions": account_policy.may_end_sessions(actor, one.id),
            "roles": account_policy.may_set_roles(actor, one.id),
            "correct": account_policy.may_correct(actor, one.roles),
            "unlock": account_policy.may_unlock(actor) and bool(one.failed_count or one.locked_until),
        },
    }


@blueprint.route("/accounts/new", methods=["GET", "POST"])
@guards.for_deed(Deed.KEEP_ACCOUNTS)
def add_account() -> Any:
    form = AccountForm(data={"is_approver": "0", "is_head": "0"})
    offer(guards.work(), form)
    if request.method == "POST" and form.validate():
        secret = passwords.one_time()
        guards.start_writing()
        try:
            made = account_keeping.open_account(guards.work(), _words(form), standing_of(form), secret)
            told = {
                "name": made.name,
                "username": made.username,
                "back": url_for("settings.account", account_id=made.id),
                "note": "" if made.is_active else "管理员账号还要由安全管理员启用，之后才能登录。",
            }
            guards.commit()
        except Refused as error:
            refused(form, error)
        else:
            return render_template("roster/password.html", **told, password=secret.plain, what="已建立账号")
    is_wrong = bool(form.errors or form.form_errors)
    return render_template("settings/account_form.html", form=form, one=None), 400 if is_wrong else 200


def _words(form: AccountForm) -> NewAccount:
    return NewAccount(
        username=form.username.data or "",
        name=form.name.data or "",
        roles=frozenset(),
        phone=form.phone.data or "",
        email=form.email.data or None,
        position=form.position.data or "",
    )


def offer(work: Work, form: StandingForm) -> None:
    """The units in use and the areas to choose from."""
    units = work.session.execute(
        select(Unit.id, Unit.name).where(Unit.is_active).order_by(Unit.level, Unit.sort, Unit.id)
    )
    form.unit.choices = [SelectChoice("", "—"), *(SelectChoice(str(one.id), one.name) for one in units)]
    areas = work.settings.areas.values()
    form.area.choices = [SelectChoice("", "—"), *(SelectChoice(str(one.id), one.name) for one in areas)]


def standing_of(form: StandingForm) -> Standing:
    return Standing(
        roles=form.roles.chosen,
        unit_id=int(form.unit.data) if form.unit.data else None,
        area_id=int(form.area.data) if form.area.data else None,
        is_approver=form.is_approver.is_yes,
        is_head=form.is_head.is_yes,
    )
