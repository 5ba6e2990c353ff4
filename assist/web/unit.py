"""承办: what is our unit asked for, and by when? The list, its sheet for the bureau's head, the ended ones."""

from dataclasses import fields
from typing import Any

from flask import Blueprint, Response, render_template, request, send_file, url_for

from assist.domain.clock import local_date
from assist.domain.policy import Deed
from assist.domain.tasks import TaskKind
from assist.models import Unit
from assist.services import auditing, unit_staff
from assist.services.queries import owed_replies, unit_desk
from assist.services.queries.unit_desk import TaskFilter
from assist.services.workbooks.task_sheet import write_tasks
from assist.web import guards

blueprint = Blueprint("unit", __name__, url_prefix="/unit")
LONGEST = 60
MOST_ENDED = 5000


def wanted_filter() -> TaskFilter:
    given = {each.name: request.args.get(each.name, "").strip()[:LONGEST] for each in fields(TaskFilter)}
    return TaskFilter(**given)


def _own_unit() -> Unit:
    return unit_staff.own_unit(guards.work())


@blueprint.get("/")
@guards.for_deed(Deed.WORK_ON_TASKS)
def index() -> str:
    wanted = wanted_filter()
    if wanted.state == "ended":
        return _ended(wanted)
    found = unit_desk.desk(guards.work(), wanted)
    owed = owed_replies.owed(guards.work())
    return render_template("unit/index.html", desk=found, owed=owed, **_frame(wanted))


def _ended(wanted: TaskFilter) -> str:
    page = min(max(request.args.get("page", 1, type=int), 1), 1000)
    rows, has_more = unit_desk.ended(guards.work(), wanted, page)
    query: dict[str, Any] = wanted.as_query()
    return render_template(
        "unit/ended.html",
        rows=rows,
        previous_url=url_for("unit.index", **query, page=page - 1) if page > 1 else "",
        next_url=url_for("unit.index", **query, page=page + 1) if has_more else "",
        **_frame(wanted),
    )


def _frame(wanted: TaskFilter) -> dict[str, Any]:
    work = guards.work()
    return {
        "unit": _own_unit(),
        "wanted": wanted,
        "query": wanted.as_query(),
        "kinds": [("", "全部"), *((str(one.value), one.title) for one in TaskKind)],
        "is_approver": work.actor.is_approver,
        "today": local_date(work.now),
        "clear_url": url_for("unit.index", state=wanted.state or None) if wanted.narrows else "",
    }


@blueprint.get("/print")
@guards.for_deed(Deed.WORK_ON_TASKS)
def sheet() -> str:
    """本单位承办任务清单, for paper: late, this week and next."""
    work = guards.work()
    return render_template(
        "unit/sheet.html",
        desk=unit_desk.desk(work, TaskFilter()),
        unit=_own_unit(),
        today=local_date(work.now),
        printed_at=work.now,
    )


@blueprint.post("/export.xlsx")
@guards.for_deed(Deed.WORK_ON_TASKS)
def export() -> Response:
    """The list as a workbook, open or ended as the filter says; logged."""
    work, wanted = guards.work(), wanted_filter()
    rows = (
        unit_desk.ended(work, wanted, 1, MOST_ENDED)[0]
        if wanted.state == "ended"
        else unit_desk.desk(work, wanted).rows
    )
    path, count = write_tasks(rows, _own_unit().name, work.actor.name, work.now)
    auditing.record(work, "export", "承办任务", filter=wanted.as_query(), rows=count)
    guards.commit()
    return send_file(path, as_attachment=True, download_name=f"承办任务{local_date(work.now):%Y%m%d}.xlsx")
