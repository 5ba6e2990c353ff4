"""The doors: signing in and out, the own password, the own account, larger text. Resetting others' is the roster's."""

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy import select
from werkzeug.wrappers import Response

from assist.domain.errors import Invalid, Refused
from assist.domain.password_policy import DEMO_PASSWORD
from assist.domain.roles import Role
from assist.extensions import db
from assist.forms.auth import ChoicesForm, FirstPasswordForm, LoginForm, PasswordForm
from assist.models import Account, Enterprise, EnterpriseContact
from assist.services import accounts, logins, passwords
from assist.web import guards, session
from assist.web.redirects import own_path

blueprint = Blueprint("auth", __name__)

DEMO_LOGINS = (
    ("qiye001", "企业联系人，至 qiye200"),
    ("zhuanyuan001", "服务专员，至 zhuanyuan200，与企业一一对应"),
    ("duban01", "督查员"),
    ("diaodu01", "市助企办调度员"),
    ("diaodu02", "县（市、区）调度员"),
    ("chengban01", "承办单位；chengban01s 为其签发人"),
    ("lingdao01", "工作组领导"),
    ("xitong", "系统管理员；另有 anquan 安全、shenji 审计"),
)
YEAR_SECONDS = 365 * 24 * 3600


@blueprint.route("/login", methods=["GET", "POST"])
@guards.anybody()
def login() -> Any:
    form = LoginForm()
    status = 200
    if request.method == "POST":
        refused = _let_in(form)
        if refused is None:
            return redirect(own_path(form.next.data))
        status = refused.status_code
    elif current_user.is_authenticated:
        return redirect(own_path(request.args.get("next")))
    else:
        form.next.data = own_path(request.args.get("next"), "")
    return _login_page(form), status


def _let_in(form: LoginForm) -> Refused | None:
    """Sign in with what was typed, or say why not (at the form, too)."""
    if not form.validate():
        return Invalid("请输入用户名和密码。")
    refused = _tried(form.username.data, form.password.data)
    if refused is not None:
        form.form_errors.append(refused.sentence)
    return refused


def _tried(username: str, password: str) -> Refused | None:
    attempt = logins.look_up(guards.work(), username)
    db.session.rollback()  # nobody waits for this connection while the hash is computed
    try:
        fits = attempt.check(password)
        guards.start_writing()
        if not fits:
            refused = logins.record_failure(guards.work(), attempt)
            guards.commit()
            return refused
        account = logins.record_success(guards.work(), attempt)
    except Refused as error:
        db.session.rollback()
        return error
    session.sign_in(account)
    guards.commit()
    return None


def _login_page(form: LoginForm) -> str:
    demo = _demo_logins()
    return render_template(
        "auth/login.html",
        form=form,
        office_phone=guards.work().settings.values.get("office_phone", ""),
        demo=demo,
        demo_password=DEMO_PASSWORD,
        is_demo=bool(demo),
    )


def _demo_logins() -> list[tuple[str, str]]:
    """The demo world's logins; nothing in a real one (production refuses demo accounts)."""
    if current_app.config["ASSIST_ENV"] == "production":
        return []
    names = [name for name, _ in DEMO_LOGINS]
    there = set(
        db.session.scalars(select(Account.username).where(Account.username.in_(names), Account.is_demo))
    )
    return [(name, what) for name, what in DEMO_LOGINS if name in there]


@blueprint.post("/logout")
@guards.anybody()
def logout() -> Response:
    session.sign_out()
    flash("您已退出登录。", "notice")
    return redirect(url_for("auth.login"))


@blueprint.route("/password", methods=["GET", "POST"])
@guards.signed_in()
def password() -> Any:
    is_first = current_user.must_change
    form = FirstPasswordForm() if is_first else PasswordForm()
    status = 200
    if request.method == "POST":
        status = 400
        if form.validate():
            try:
                _change_password(form)
            except Refused as error:
                db.session.rollback()
                status = error.status_code
                _show(form, error)
            else:
                flash("密码已修改，其他设备上的登录已全部退出。", "success")
                return redirect(url_for("home"))
    return render_template(
        "auth/password.html", form=form, is_first=is_first, username=current_user.username, layout=_layout()
    ), status


def _change_password(form: PasswordForm) -> None:
    """Check all that is slow, then write. A wrong present password counts as a failed login."""
    work = guards.work()
    account = accounts.own(work)
    old_hash = account.password_hash
    if form.current_password is not None:
        _confirm_present(account.username, form.current_password.data)
    accounts.check_new_password(work, account, form.new_password.data)
    new_hash = passwords.hash_password(form.new_password.data)
    guards.start_writing()
    account = accounts.set_own_password(guards.work(), current_user.account_id, old_hash, new_hash)
    session.sign_in(account)
    guards.commit()


def _confirm_present(username: str, typed: str) -> None:
    attempt = logins.look_up(guards.work(), username)
    if attempt.check(typed):
        return
    guards.start_writing()
    refused = logins.record_failure(guards.work(), attempt)
    guards.commit()
    if isinstance(refused, Invalid):
        raise Invalid("现在的密码不正确。", "current_password")
    raise refused


def _show(form: PasswordForm, error: Refused) -> None:
    """Put a refusal at its field, or on top of the form."""
    field = form[error.field] if isinstance(error, Invalid) and error.field in form else None
    if field is None:
        form.form_errors.append(error.sentence)
    else:
        field.errors = [*field.errors, error.sentence]


@blueprint.get("/me")
@guards.signed_in()
def me() -> str:
    work = guards.work()
    account = accounts.own(work)
    enterprises = db.session.scalars(
        select(Enterprise.name)
        .join(EnterpriseContact)
        .where(EnterpriseContact.account_id == account.id)
        .order_by(Enterprise.pinyin, Enterprise.id)
    ).all()
    area = work.settings.areas.get(account.area_id) if account.area_id else None
    return render_template(
        "auth/me.html",
        form=ChoicesForm(inbox_only=account.inbox_only),
        account=account,
        unit_name=current_user.unit_name,
        area_name=area.name if area else "",
        enterprises=enterprises,
        role_labels=[role.label for role in Role if role in account.roles],
        layout=_layout(),
    )


@blueprint.post("/me")
@guards.signed_in()
def save_choices() -> Response:
    form = ChoicesForm()
    accounts.set_inbox_only(guards.work(), bool(form.inbox_only.data))
    guards.commit()
    flash("已保存。", "success")
    return redirect(url_for("auth.me"))


@blueprint.post("/me/sign-out-everywhere")
@guards.signed_in()
def sign_out_everywhere() -> Response:
    accounts.revoke_sessions(guards.work(), current_user.account_id)
    guards.commit()
    session.sign_out()
    flash("已在所有设备上退出登录。", "notice")
    return redirect(url_for("auth.login"))


@blueprint.post("/large-text")
@guards.anybody()
def large_text() -> Response:
    """大字版: kept in a cookie of this device, for whoever sits at it."""
    response = redirect(own_path(request.form.get("next")))
    is_large = request.form.get("large") == "1"
    response.set_cookie(
        "large_text",
        "1" if is_large else "",
        max_age=YEAR_SECONDS if is_large else 0,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )
    return response


def _layout() -> str:
    """The frame a person knows from his own pages; before the first change of password there is none."""
    if current_user.must_change:
        return "layouts/plain.html"
    is_enterprise = current_user.actor.has(Role.ENTERPRISE)
    return "layouts/portal.html" if is_enterprise else "layouts/work.html"
