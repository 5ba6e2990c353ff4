"""What a unit asks about its task: GET /tasks/<no>/request?kind=… is the form, POST asks. Deciding is `requests`."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice

from assist.domain.clock import local_date
from assist.domain.errors import Conflict, Invalid, NotFound
from assist.domain.requests import RequestKind
from assist.forms import task_actions as forms
from assist.models import Task
from assist.services import request_objections, requesting, task_access
from assist.services.queries import unit_choices
from assist.services.queries.task_page import TaskPage
from assist.services.work import Work, once
from assist.web import action_pages, guards, task_words
from assist.web.task_actions import page_afresh, page_of

blueprint = Blueprint("task_requests", __name__, url_prefix="/tasks")
Answer = str | Response | tuple[str, int]


@dataclass(frozen=True)
class Asked:
    """One kind: its form, and what the service is given of it beside the reason."""

    kind: RequestKind
    form: type[forms.RequestForm]
    facts: Callable[[Any], dict[str, Any]]
    lead: str = ""
    has_files: bool = False

    @property
    def heading(self) -> str:
        return self.kind.title if self.kind is RequestKind.OBJECTION else f"申请{self.kind.title}"


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdigit() else None


KINDS = {
    asked.kind.value: asked
    for asked in (
        Asked(
            RequestKind.DEFERRAL,
            forms.TaskDeferralForm,
            lambda form: {"new_due_on": form.new_due_on.data, "work_done": form.work_done.data},
            "到期前提出的，审批期间不计红牌；同意后按新的日期计时。",
        ),
        Asked(
            RequestKind.TASK_RETURN,
            forms.TaskReturnForm,
            lambda form: {"basis": form.basis.data, "unit": _number(form.unit.data)},
            "不属于本单位职责的，可在任务送达后1个工作日内申请退回；审批前时限继续计算。",
        ),
        Asked(
            RequestKind.OBJECTION,
            forms.TaskObjectionForm,
            lambda form: {"subject": form.subject.data, "about": form.about.data},
            "对本任务的黄牌红牌、时限结论或超期责任方有异议的，由督查员审核。",
        ),
    )
}


@blueprint.route("/<number>/request", methods=["GET", "POST"])
@guards.signed_in()
def ask(number: str) -> Answer:
    asked = KINDS.get(request.values.get("kind", ""))
    if asked is None:
        task_access.task(guards.work(), number)
        raise NotFound("没有这种申请。")
    return _do(asked, number) if request.method == "POST" else _form(asked, number)


def _form(asked: Asked, number: str) -> Answer:
    """The form; what cannot be asked now leads back with the reason."""
    page = page_of(number)
    try:
        requesting.check(guards.work(), page.ticket, asked.kind, task=page.task)
    except Conflict as error:
        flash(error.sentence, "warning")
        return redirect(url_for("tasks.show", number=number))
    form = asked.form(data={"kind": asked.kind.value})
    form.form_key.data = secrets.token_hex(16)
    return _page(asked, page, form)


def _do(asked: Asked, number: str) -> Answer:
    form = asked.form()
    try:
        location = _ask(asked, number, form)
    except (Invalid, Conflict) as error:
        action_pages.put(form, error)
        return _page(asked, page_afresh(number), form, 409 if isinstance(error, Conflict) else 400)
    flash("申请已提交，审批结果会通知您。", "success")
    return redirect(location)


def _ask(asked: Asked, number: str, form: forms.RequestForm) -> str:
    work, location = guards.work(), url_for("tasks.show", number=number)
    once(work, form.form_key.data, location)
    task = task_access.task(work, number, lock=True)
    requesting.check(work, task.ticket, asked.kind, task=task)
    _fill(work, form, task)
    if not form.validate():
        raise Invalid("")
    requesting.ask(work, task.ticket, asked.kind, form["reason"].data, asked.facts(form), task=task)
    guards.commit()
    return location


def _fill(work: Work, form: forms.RequestForm, task: Task) -> None:
    """The units that might do it instead, or what may be objected to."""
    if "unit" in form:
        found = unit_choices.choices(work, task.ticket)
        others = [one for one in found.units if one.id != task.unit_id]
        form["unit"].choices = [
            SelectChoice("", "请选择"),
            *(SelectChoice(str(one.id), one.name, optgroup=one.group) for one in others),
        ]
    if "about" in form:
        targets = request_objections.targets(work, task.ticket, task)
        form["about"].choices = [
            SelectChoice("", "请选择"),
            *(SelectChoice(one.key, one.words) for one in targets),
        ]


def _page(asked: Asked, page: TaskPage, form: forms.RequestForm, code: int = 200) -> Answer:
    work = guards.work()
    _fill(work, form, page.task)
    text = render_template(
        "tasks/action.html",
        act=asked,
        form=form,
        kept=[],
        today=local_date(work.now),
        draft=f"request-{asked.kind.value}-{page.task.number}",
        account_id=work.actor.account_id,
        needs_signature=False,
        **task_words.shown(page),
    )
    return text if code == 200 else (text, code)
