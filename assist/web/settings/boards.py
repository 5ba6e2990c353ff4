"""榜单规则 (`/settings/boards`): what holds, what will, what waits; a change is proposed after a look at its effect."""

import secrets
from typing import Any

from flask import render_template, request, url_for

from assist.domain.board_rules import SPECS
from assist.domain.changes import ChangeKind
from assist.domain.clock import local_date
from assist.domain.errors import Refused
from assist.domain.policy import Deed
from assist.forms.settings import RuleForm
from assist.services import proposed_boards, proposing
from assist.services.proposing import Proposal
from assist.services.queries import board_preview, setting_changes
from assist.services.work import Work
from assist.web import guards
from assist.web.settings.limits import proposed
from assist.web.settings.place import afresh, blueprint, refused


@blueprint.get("/boards")
@guards.for_deed(Deed.KEEP_SETTINGS)
def board_rules() -> str:
    work = guards.work()
    waiting = setting_changes.waiting(work, ChangeKind.BOARD.value)
    return render_template("settings/boards.html", rows=[_row(work, name, waiting.get(name)) for name in SPECS])


def _row(work: Work, name: str, waiting: Any) -> dict[str, Any]:
    spec, today = SPECS[name], local_date(work.now)
    return {
        "key": name,
        "title": spec.title,
        "hint": spec.hint,
        "text": spec.text(work.settings.board_rules_on(today)[name]),
        "usual": spec.text(spec.usual),
        "coming": [
            {"from_on": on, "text": spec.text(value)}
            for on, which, value in work.settings.board_rules
            if which == name and on > today
        ],
        "waiting": waiting,
    }


@blueprint.route("/boards/<name>", methods=["GET", "POST"])
@guards.for_deed(Deed.KEEP_SETTINGS)
def board_rule(name: str) -> Any:
    work = guards.work()
    spec = proposed_boards.spec_of(name)
    form = RuleForm(data={"value": spec.text(work.settings.board_rules_on()[name]).removesuffix("%")})
    told, seen = "", None
    if request.method == "GET":
        form.form_key.data = secrets.token_hex(16)
    elif form.validate():
        try:
            value = spec.read(form.value.data or "")
            found = Proposal(ChangeKind.BOARD, name, *proposed_boards.difference(work, name, value))
            if request.form.get("step") == "propose":
                return proposed(work, form, found)
            proposing.check_different(found)
            on = proposing.for_date(work)
            told = f"{found.words}，对{on.year}年{on.month}月起的月份生效；已冻结的月份不变。"
            seen = board_preview.preview(work, name, value)
        except Refused as error:
            refused(form, error)
    work = afresh()
    is_wrong = bool(form.errors or form.form_errors)
    row = _row(work, name, setting_changes.waiting(work, ChangeKind.BOARD.value).get(name))
    page = render_template(
        "settings/board.html", form=form, row=row, told=told, seen=seen, back=url_for("settings.board_rules")
    )
    return (page, 400) if is_wrong else page
