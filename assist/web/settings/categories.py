"""诉求类别 (`/settings/categories`): the groups with their leaves, and who is named for restricted matters. At once."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy import select
from wtforms.fields.choices import SelectChoice

from assist.domain.errors import Refused
from assist.domain.policy import Deed
from assist.forms.kept_settings import CategoryForm, NamedForm
from assist.models import Category, Unit
from assist.services import categories as verbs
from assist.services import configuring
from assist.services.categories import CategoryWords
from assist.services.settings import CategoryEntry
from assist.services.work import Work
from assist.web import guards
from assist.web.settings.place import afresh, blueprint, refused


@blueprint.route("/categories", methods=["GET", "POST"])
@guards.for_deed(Deed.KEEP_SETTINGS)
def categories() -> Any:
    """GET lists them; POST names the person for restricted matters."""
    form = NamedForm()
    _offer_named(guards.work(), form)
    if request.method == "POST" and form.validate():
        try:
            wanted = int(form.owner.data) if form.owner.data else None
            count = configuring.name_for_restricted(guards.work(), wanted)
            guards.commit()
        except Refused as error:
            refused(form, error)
        else:
            flash(f"已保存，{count}件在办的专项诉求随之转交。" if count else "已保存。", "success")
            return redirect(url_for("settings.categories"))
    return _list(form)


def _offer_named(work: Work, form: NamedForm) -> None:
    people = [
        SelectChoice(str(one.id), f"{one.name}（{one.username}）") for one in configuring.candidates(work)
    ]
    form.owner.choices = [SelectChoice("", "不指定（专项类别停用）"), *people]
    if request.method == "GET":
        form.owner.data = str(work.settings.restricted_owner_id or "")


def _list(form: NamedForm) -> Any:
    work = afresh()
    entries = list(work.settings.categories.values())
    groups = [
        {"group": group, "leaves": [one for one in entries if one.parent_id == group.id]}
        for group in entries
        if group.parent_id is None
    ]
    is_wrong = bool(form.errors or form.form_errors)
    text = render_template(
        "settings/categories.html", form=form, groups=groups, is_named=work.settings.restricted_owner_id is not None
    )
    return text, 400 if is_wrong else 200


@blueprint.route("/categories/new", methods=["GET", "POST"])
@guards.for_deed(Deed.KEEP_SETTINGS)
def add_category() -> Any:
    return _edited(None)


@blueprint.route("/categories/<code>", methods=["GET", "POST"])
@guards.for_deed(Deed.KEEP_SETTINGS)
def category(code: str) -> Any:
    return _edited(verbs.leaf(guards.work(), code))


def _edited(row: Category | None) -> Any:
    work = guards.work()
    code, name = (row.code, row.name) if row else ("", "")
    form = _form(work, row)
    if request.method == "POST" and form.validate():
        try:
            words = _words(form)
            made = (
                verbs.change(work, code, words) if code else verbs.add_leaf(work, form.parent.data or "", words)
            )
            told = f"类别“{made.name}”已保存，立即生效。"
            guards.commit()
        except Refused as error:
            refused(form, error)
        else:
            flash(told, "success")
            return redirect(url_for("settings.categories"))
    is_wrong = bool(form.errors or form.form_errors)
    text = render_template("settings/category.html", form=form, code=code, name=name)
    return text, 400 if is_wrong else 200


def _form(work: Work, row: Category | None) -> CategoryForm:
    known: dict[str, Any] = dict.fromkeys(("is_restricted", "is_shielded", "is_note_required"), "0")
    if row is not None:
        known |= {
            "name": row.name,
            "unit_name": row.unit_name or "",
            "days": str(row.days or ""),
            "is_restricted": "1" if row.is_restricted else "0",
            "is_shielded": "1" if row.is_shielded else "0",
            "is_note_required": "1" if row.is_note_required else "0",
            "guide": row.guide or "",
        }
    form = CategoryForm(data=known)
    if row is not None:
        del form.parent
    else:
        groups = [one for one in work.settings.categories.values() if one.parent_id is None]
        form.parent.choices = [SelectChoice("", "请选择"), *(_face(one) for one in groups)]
    units = work.session.scalars(
        select(Unit.name).where(Unit.is_active).order_by(Unit.level, Unit.sort, Unit.id)
    )
    names = dict.fromkeys([verbs.LOCAL, *([row.unit_name] if row and row.unit_name else []), *units])
    form.unit_name.choices = [SelectChoice("", "—"), *(SelectChoice(name, name) for name in names)]
    return form


def _face(entry: CategoryEntry) -> SelectChoice:
    return SelectChoice(entry.code, f"{entry.code} {entry.name}")


def _words(form: CategoryForm) -> CategoryWords:
    return CategoryWords(
        name=form.name.data or "",
        unit_name=form.unit_name.data or "",
        days=int(form.days.data) if (form.days.data or "").strip() else None,
        is_restricted=form.is_restricted.is_yes,
        is_shielded=form.is_shielded.is_yes,
        is_note_required=form.is_note_required.is_yes,
        guide=form.guide.data or "",
    )
