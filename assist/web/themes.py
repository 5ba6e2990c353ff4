"""共性问题 (`/themes/`): the list with what might become one, one theme with its tickets, the acts on it.

What an act does and who may is `services.theming`; published ones stand in the box of `portal.similar`.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from assist.domain.errors import Conflict, Forbidden, Invalid, NotFound
from assist.domain.policy import Deed, may
from assist.domain.themes import ThemeAction, ThemeStatus
from assist.extensions import db
from assist.forms.fields import Shape
from assist.forms.themes import EditForm, KeptForm, PublishForm, SolveForm, ThemeForm, TicketForm
from assist.models import Theme
from assist.services import theming
from assist.services.queries import theme_suggestions
from assist.services.queries import themes as queries
from assist.services.work import Work, leads_to, once
from assist.web import guards
from assist.web.action_pages import category_choices

blueprint = Blueprint("themes", __name__, url_prefix="/themes")
LONGEST = 60


@dataclass(frozen=True)
class Act:
    """One act on a theme: its form, the service, what is said afterwards; a page where something is to be written."""

    action: ThemeAction
    form: type[Shape]
    deed: Callable[[Work, int, Any], object]
    success: str
    has_page: bool = False


A = ThemeAction
ACTS = {
    str(act.action.value): act
    for act in (
        Act(A.ADD, TicketForm, lambda w, one, f: theming.add(w, one, f.number.data), "诉求已列入。"),
        Act(A.REMOVE, TicketForm, lambda w, one, f: theming.remove(w, one, f.number.data), "诉求已移出。"),
        Act(
            A.EDIT,
            EditForm,
            lambda w, one, f: theming.edit(
                w, one, f.title.data, f.description.data or "", f.solution.data or "", version=f.read_version
            ),
            "已保存。",
            has_page=True,
        ),
        Act(
            A.SOLVE,
            SolveForm,
            lambda w, one, f: theming.solve(w, one, f.solution.data, version=f.read_version),
            "方案已形成，各责任专员都已收到消息，可据此答复。",
            has_page=True,
        ),
        Act(
            A.PUBLISH,
            PublishForm,
            lambda w, one, f: theming.publish(w, one, f.public_text.data, version=f.read_version),
            "已公开，其他企业填写类似诉求时可以看到。",
            has_page=True,
        ),
        Act(
            A.WITHDRAW,
            KeptForm,
            lambda w, one, f: theming.withdraw(w, one, version=f.read_version),
            "已撤回公开，企业不再看到。",
        ),
        Act(A.CLOSE, KeptForm, lambda w, one, f: theming.close(w, one, version=f.read_version), "已撤销。"),
    )
}


@blueprint.get("/")
@guards.for_deed(Deed.SEE_THEMES)
def index() -> str:
    work = guards.work()
    status = request.args.get("status", "")
    q = request.args.get("q", "").strip()[:LONGEST]
    page = min(max(request.args.get("page", 1, type=int), 1), 1000)
    rows, total = queries.themes(work, status, q, page)
    last = max(1, ceil(total / queries.PAGE))
    query: dict[str, Any] = {name: value for name, value in (("status", status), ("q", q)) if value}
    keeps = may(work.actor, Deed.KEEP_THEMES)
    return render_template(
        "themes/index.html",
        rows=rows,
        total=total,
        status=status,
        q=q,
        states=[("", "未撤销的"), *((str(one.value), one.title) for one in ThemeStatus)],
        may_keep=keeps,
        suggested=theme_suggestions.suggestions(work) if keeps and not query and page == 1 else [],
        previous_url=url_for("themes.index", **query, page=page - 1) if page > 1 else "",
        next_url=url_for("themes.index", **query, page=page + 1) if page < last else "",
    )


@blueprint.route("/new", methods=["GET", "POST"])
@guards.for_deed(Deed.KEEP_THEMES)
def new() -> Any:
    work, form = guards.work(), ThemeForm()
    form.category.choices = category_choices(work.settings, "不限类别", restricted=False)
    if request.method == "GET":
        form.form_key.data = secrets.token_hex(16)
        form.numbers.data = request.args.get("numbers", "")[:4000].replace(",", "\n")
        form.category.data = request.args.get("category", "")[:8]
        return render_template("themes/new.html", form=form)
    once(work, form.form_key.data, url_for("themes.index"))
    try:
        if not form.validate():
            raise Invalid("")
        made = theming.make(
            work, form.title.data or "", form.description.data or "", form.category.data or "", form.wanted
        )
        here = url_for("themes.show", theme_id=made.id)
        leads_to(work, form.form_key.data, here)
        guards.commit()
    except (Invalid, Conflict, Forbidden) as error:
        db.session.rollback()
        _put(form, error)
        return render_template("themes/new.html", form=form), error.status_code
    flash("共性问题已建立。", "success")
    return redirect(here)


@blueprint.get("/<int:theme_id>")
@guards.for_deed(Deed.SEE_THEMES)
def show(theme_id: int) -> str:
    return _page(queries.theme(guards.work(), theme_id), TicketForm(formdata=None))


@blueprint.route("/<int:theme_id>/<slug>", methods=["GET", "POST"])
@guards.for_deed(Deed.SEE_THEMES)
def act(theme_id: int, slug: str) -> Any:
    found = ACTS.get(slug)
    work = guards.work()
    page = queries.theme(work, theme_id)
    if found is None or (request.method == "GET" and not found.has_page):
        raise NotFound()
    form = found.form()
    if request.method == "GET":
        return _ask(found, page, form)
    try:
        if not form.validate():
            raise Invalid("")
        if isinstance(form, KeptForm) and form.read_version is None:
            raise Invalid("页面已失效，请核对下面的内容后重新提交。")
        found.deed(work, theme_id, form)
        guards.commit()
    except (Invalid, Conflict) as error:
        db.session.rollback()
        _put(form, error)
        return _again(found, theme_id, form, error.status_code)
    flash(found.success, "success")
    return redirect(url_for("themes.show", theme_id=theme_id))


def _ask(found: Act, page: queries.ThemePage, form: Any) -> Any:
    """The form of an act, filled in with what there is; one that is not open leads back."""
    if found.action not in page.acts:
        flash(f"这个共性问题现在是“{page.theme.status.title}”，不能“{found.action.title}”。", "warning")
        return redirect(url_for("themes.show", theme_id=page.theme.id))
    known: Theme = page.theme
    for name in ("title", "description", "solution", "public_text"):
        if name in form:
            form[name].data = getattr(known, name)
    if found.action is ThemeAction.PUBLISH and not known.public_text:
        form.public_text.data = known.solution
    return render_template("themes/act.html", act=found, page=page, form=_versioned(form, page))


def _again(found: Act, theme_id: int, form: Any, code: int) -> Any:
    """The same form with what was typed and the version of now."""
    page = queries.theme(guards.work(), theme_id)
    if found.has_page and found.action in page.acts:
        shown = _versioned(form, page)
        return render_template("themes/act.html", act=found, page=page, form=shown), code
    return _page(page, form), code


def _versioned(form: Any, page: queries.ThemePage) -> Any:
    form.version.data = str(page.theme.version)
    return form


def _put(form: Shape, error: Invalid | Conflict | Forbidden) -> None:
    name = getattr(error, "field", None) or ""
    if name in form:
        form[name].errors = [*form[name].errors, error.sentence]
    elif error.sentence:
        form.form_errors = [*form.form_errors, error.sentence]


def _page(page: queries.ThemePage, form: Any) -> str:
    work = guards.work()
    return render_template(
        "themes/show.html",
        page=page,
        one=page.theme,
        form=form if isinstance(form, TicketForm) else TicketForm(formdata=None),
        errors=form,
        acts=[(one, ACTS[str(one.value)].has_page) for one in page.acts],
        mine=work.actor.officers,
        may_keep=may(work.actor, Deed.KEEP_THEMES),
    )
