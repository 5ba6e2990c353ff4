"""What administrators do to an account: 停用 启用, a one-time password, ending sessions, roles, unlocking; locks."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from assist.domain.errors import Forbidden, NotFound, Refused
from assist.domain.policy import Deed
from assist.forms.accounts import PersonForm, StandingForm
from assist.forms.roster import ConfirmForm
from assist.services import account_keeping, accounts, passwords
from assist.services.account_keeping import PersonWords
from assist.services.queries import account_lists as queries
from assist.web import guards
from assist.web.settings.accounts import offer, shown, standing_of
from assist.web.settings.place import afresh, blueprint, refused

BOTH = (Deed.KEEP_ACCOUNTS, Deed.KEEP_ROLES)


def _may(account_id: int, act: str) -> dict[str, Any]:
    """What the page of the account shows, if this act is the reader's. Raises NotFound, Forbidden."""
    work = afresh()
    found = shown(work, queries.account(work, account_id))
    if not found["may"][act]:
        raise Forbidden("您不能对自己的账号做这项操作。" if found["is_own"] else "这项操作不在您的职责内。")
    return found


def _back(account_id: int, told: str) -> Any:
    flash(told, "success")
    return redirect(url_for("settings.account", account_id=account_id))


@blueprint.route("/accounts/<int:account_id>/state", methods=["GET", "POST"])
@guards.for_deed(*BOTH)
def account_state(account_id: int) -> Any:
    """停用 one that is in use, 启用 one that is not."""
    form = ConfirmForm()
    if request.method == "POST":
        is_active = request.form.get("is_active") == "1"
        try:
            account_keeping.set_active(guards.work(), account_id, is_active)
            guards.commit()
            return _back(account_id, "账号已启用。" if is_active else "账号已停用，本人已退出登录。")
        except (NotFound, Forbidden):
            raise
        except Refused as error:
            refused(form, error)
    found = _may(account_id, "state")
    return render_template("settings/account_state.html", form=form, **found), 409 if form.form_errors else 200


@blueprint.route("/accounts/<int:account_id>/password", methods=["GET", "POST"])
@guards.for_deed(Deed.KEEP_ACCOUNTS)
def account_password(account_id: int) -> Any:
    found = _may(account_id, "password")
    back = url_for("settings.account", account_id=account_id)
    if request.method == "POST":
        secret = passwords.one_time()
        guards.start_writing()
        person = accounts.reset_password(guards.work(), account_id, secret)
        told = {"name": person.name, "username": person.username, "back": back, "note": ""}
        guards.commit()
        return render_template("roster/password.html", **told, password=secret.plain, what="密码已重置")
    return render_template("roster/reset_password.html", form=ConfirmForm(), person=found["one"], back=back)


@blueprint.post("/accounts/<int:account_id>/sessions")
@guards.for_deed(*BOTH)
def end_sessions(account_id: int) -> Any:
    accounts.revoke_sessions(guards.work(), account_id)
    guards.commit()
    return _back(account_id, "已结束这个账号的全部登录。")


@blueprint.post("/accounts/<int:account_id>/unlock")
@guards.for_deed(Deed.KEEP_ROLES)
def unlock_account(account_id: int) -> Any:
    accounts.unlock(guards.work(), account_id)
    guards.commit()
    return _back(account_id, "已解除锁定，登录失败次数清零。")


@blueprint.route("/accounts/<int:account_id>/roles", methods=["GET", "POST"])
@guards.for_deed(Deed.KEEP_ROLES)
def account_roles(account_id: int) -> Any:
    one = _may(account_id, "roles")["one"]
    form = StandingForm(
        data={
            "roles": [role.value for role in one.roles],
            "unit": str(one.unit_id or ""),
            "area": str(one.area_id or ""),
            "is_approver": "1" if one.is_approver else "0",
            "is_head": "1" if one.is_head else "0",
        }
    )
    offer(guards.work(), form)
    if request.method == "POST" and form.validate():
        try:
            account_keeping.set_standing(guards.work(), account_id, standing_of(form))
            guards.commit()
            return _back(account_id, "角色已保存，本人须重新登录。")
        except (NotFound, Forbidden):
            raise
        except Refused as error:
            refused(form, error)
    is_wrong = bool(form.errors or form.form_errors)
    text = render_template("settings/account_roles.html", form=form, **_may(account_id, "roles"))
    return text, 400 if is_wrong else 200


@blueprint.route("/accounts/<int:account_id>/edit", methods=["GET", "POST"])
@guards.for_deed(Deed.KEEP_ACCOUNTS)
def edit_account(account_id: int) -> Any:
    one = _may(account_id, "correct")["one"]
    form = PersonForm(
        data={"name": one.name, "phone": one.phone, "email": one.email or "", "position": one.position}
    )
    if request.method == "POST" and form.validate():
        words = PersonWords(
            form.name.data or "", form.phone.data or "", form.email.data or "", form.position.data or ""
        )
        try:
            account_keeping.correct(guards.work(), account_id, words)
            guards.commit()
            return _back(account_id, "已保存。")
        except (NotFound, Forbidden):
            raise
        except Refused as error:
            refused(form, error)
    is_wrong = bool(form.errors or form.form_errors)
    found = _may(account_id, "correct")
    return render_template("settings/account_form.html", form=form, one=found["one"]), 400 if is_wrong else 200


@blueprint.get("/locks")
@guards.for_deed(Deed.KEEP_ROLES)
def locks() -> str:
    """Accounts that are locked or fail, and from where."""
    work = guards.work()
    return render_template(
        "settings/locks.html",
        rows=queries.failing(work),
        addresses=queries.failing_addresses(work),
        now=work.now,
    )
