"""定时任务 (`/settings/jobs`): is the scheduler alive, how did each job go last, what did it do or miss."""

from math import ceil
from typing import Any

from flask import render_template, url_for

from assist.domain.job_names import JobName
from assist.domain.policy import Deed
from assist.services.queries import job_runs as queries
from assist.web import guards
from assist.web.settings.place import asked, asked_page, blueprint


@blueprint.get("/jobs")
@guards.for_deed(Deed.KEEP_CHANNELS)
def job_list() -> str:
    work = guards.work()
    name = asked("name") if asked("name") in {one.value for one in JobName} else ""
    only_failed = asked("show") == "failed"
    page = asked_page()
    runs, total = queries.runs(work, name, only_failed, page)
    last = max(1, ceil(total / queries.PAGE))
    query: dict[str, Any] = {}
    if name:
        query["name"] = name
    if only_failed:
        query["show"] = "failed"
    return render_template(
        "settings/jobs.html",
        rows=queries.jobs(work),
        runs=runs,
        total=total,
        query=query,
        names=[("", "全部"), *((one.value, one.title) for one in JobName)],
        shows=[("", "全部"), ("failed", "只看失败")],
        previous_url=url_for("settings.job_list", **query, page=page - 1) if page > 1 else "",
        next_url=url_for("settings.job_list", **query, page=page + 1) if page < last else "",
        page_text=f"第{page}页，共{last}页" if last > 1 else "",
    )
