"""Acts on a task: GET /tasks/<no>/<act> is its form, POST does it. What each act is says `task_table`.

The order is that of acts on a ticket: once, the ticket and the task locked and checked for this person, the form's
shape, the service, the files (internal), one commit. Whatever goes wrong changes nothing and keeps what was typed.
"""

import secrets
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice

from assist.domain.clock import local_date
from assist.domain.errors import Conflict, Invalid, NotFound, StaleTicket
from assist.domain.tasks import TASK_MOVES, TaskAction
from assist.extensions import db
from assist.forms.ticket_actions import ActionForm
from assist.models import Task
from assist.services import attachments, task_access, task_log
from assist.services.queries import task_page
from assist.services.queries.task_page import TaskPage
from assist.services.work import once
from assist.web import action_pages, guards, task_words, uploads
from assist.web.task_table import ACTS, TaskAct
from assist.web.ticket_actions import NO_VERSION

blueprint = Blueprint("task_actions", __name__, url_prefix="/tasks")
Answer = str | Response | tuple[str, int]


@blueprint.route("/<number>/<slug>", methods=["GET", "POST"])
@guards.signed_in()
def act(number: str, slug: str) -> Answer:
    found = ACTS.get(slug)
    if found is None:
        raise NotFound()
    return _do(found, number) if request.method == "POST" else _ask(found, number)


def _ask(found: TaskAct, number: str) -> Answer:
    """The form; an act that is not open leads back with the reason."""
    page = page_of(number)
    try:
        task_access.check(guards.work(), page.task, found.action)
    except Conflict as error:
        flash(error.sentence, "warning")
        return redirect(url_for("tasks.show", number=number))
    form = found.form(data={"version": str(page.task.version)})
    form.form_key.data = secrets.token_hex(16)
    return _page(found, page, form)


def _do(found: TaskAct, number: str) -> Answer:
    chosen = None
    if found.has_files:
        # Who may not see the task sends no files; the receiving itself must not hold the write lock.
        chosen = uploads.choose(task_access.task(guards.work(), number, lock=True).ticket_id)
    form = found.form()
    form.received = chosen.received if chosen else []
    try:
        location = _act(found, number, form, chosen)
    except StaleTicket as error:
        return _stale(found, page_afresh(number), form, error, chosen)
    except (Invalid, Conflict) as error:
        action_pages.put(form, error)
        code = 409 if isinstance(error, Conflict) else 400
        return _page(found, page_afresh(number), form, chosen, code)
    flash(found.success, "success")
    return redirect(location)


def _act(found: TaskAct, number: str, form: ActionForm, chosen: Any) -> str:
    """Do it and commit; where the person goes next. Raises what services raise, Invalid for a form not filled in."""
    work = guards.work()
    location = url_for("tasks.show", number=number)
    once(work, form.form_key.data, location)
    task = task_access.task(work, number, lock=True)
    _fill(form, task)
    is_versioned = TASK_MOVES[found.action].versioned
    version = form.read_version if is_versioned else None
    task_access.check(work, task, found.action, version)
    is_fine = form.validate()
    if chosen is not None:
        is_fine = chosen.onto(form.files) and is_fine
    if is_versioned and version is None:
        raise Invalid(NO_VERSION)
    if not is_fine:
        raise Invalid("")
    event = found.deed(work, task, form, version)
    if chosen is not None and chosen.received:
        attachments.attach(work, uploads.store(), task.ticket, event.seq, chosen.received, is_visible=False)
    guards.commit()
    return location


def page_of(number: str) -> TaskPage:
    work = guards.work()
    return task_page.load(work, task_access.task(work, number))


def page_afresh(number: str) -> TaskPage:
    """The page as the database has it now; what this request had read or begun is let go."""
    db.session.rollback()
    g.pop("work", None)
    return page_of(number)


def _fill(form: ActionForm, task: Task) -> None:
    """Whom it may be passed to: the colleagues of who has it now."""
    if "handler" in form:
        people = [one for one in task_log.staff(guards.work(), task.unit_id) if one.id != task.handler_id]
        choices = [SelectChoice(str(one.id), f"{one.name} {one.position}".strip()) for one in people]
        form["handler"].choices = [SelectChoice("", "请选择"), *choices]


def _stale(found: TaskAct, page: TaskPage, form: ActionForm, error: StaleTicket, chosen: Any) -> Answer:
    """Somebody was faster: the same form with the new version while the act is still open, else the words to copy."""
    if found.action in page.acts and found.needs_words:
        form.version.data = str(page.task.version)
        form.form_errors = [f"{error.sentence}请核对最新情况，仍需办理的可再次提交。"]
        return _page(found, page, form, chosen, 409)
    kept = action_pages.typed(form)
    words = task_words.shown(page)
    return render_template("tasks/stale.html", error=error, kept_words=kept, **words), 409


def _page(
    found: TaskAct, page: TaskPage, form: ActionForm, chosen: Any = None, code: int = 200
) -> Answer:
    _fill(form, page.task)
    text = render_template(
        "tasks/action.html",
        act=found,
        form=form,
        kept=chosen.kept if chosen else [],
        today=local_date(guards.work().now),
        draft=f"{found.action.slug}-{page.task.number}",
        account_id=guards.work().actor.account_id,
        needs_signature=_waits_for_signature(found, page),
        **task_words.shown(page),
    )
    return text if code == 200 else (text, code)


def _waits_for_signature(found: TaskAct, page: TaskPage) -> bool:
    """Whether what this person writes leaves the unit only when the approver has signed."""
    is_reply = found.action is TaskAction.REPLY
    return is_reply and page.task.unit.needs_signature and not guards.actor().is_approver
