"""承办任务页: one task for the unit that does it, and for those who may see its ticket. Acts are `task_actions`."""

from flask import Blueprint, render_template

from assist.web import guards, task_words
from assist.web.task_actions import page_of

blueprint = Blueprint("tasks", __name__, url_prefix="/tasks")


@blueprint.get("/<number>")
@guards.signed_in()
def show(number: str) -> str:
    return render_template("tasks/show.html", **task_words.shown(page_of(number)))
