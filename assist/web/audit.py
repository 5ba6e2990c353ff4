"""审计日志 (`/audit/`): who did what, when, from where; and whether the chains are whole. For the auditor alone."""

from typing import Any

from flask import Blueprint, Response, render_template, request, url_for

from assist.domain.audit_words import DEEDS, deed_title, detail_words
from assist.domain.clock import local_date
from assist.domain.job_names import JobName
from assist.domain.policy import Deed
from assist.services import anchoring, auditing
from assist.services.queries import audit_log as queries
from assist.services.queries.audit_log import AuditFilter
from assist.services.queries.jobs_health import silent_jobs
from assist.services.workbooks.audit_sheet import write_audit
from assist.web import guards
from assist.web.downloads import download
from assist.web.forms_again import asked

blueprint = Blueprint("audit", __name__, url_prefix="/audit")


def _wanted() -> AuditFilter:
    deed = asked("deed")
    return AuditFilter(
        asked("since"), asked("until"), asked("who"), deed if deed in DEEDS else "", asked("q")
    )


@blueprint.get("/")
@guards.for_deed(Deed.READ_AUDIT)
def index() -> str:
    work = guards.work()
    wanted = _wanted()
    rows, following = queries.entries(work, wanted, request.args.get("before", type=int))
    query: dict[str, Any] = wanted.as_query()
    silent = {job.name for job in silent_jobs(work.session, work.now)}
    return render_template(
        "audit/index.html",
        rows=[_row(row) for row in rows],
        wanted=wanted,
        query=query,
        deeds=[("", "全部"), *sorted(DEEDS.items(), key=lambda one: one[1])],
        anchor=anchoring.last_anchor(work.session),
        is_silent=str(JobName.ANCHOR.value) in silent,
        first_url=url_for("audit.index", **query) if request.args.get("before") else "",
        next_url=url_for("audit.index", **query, before=following) if following else "",
        export_url=url_for("audit.export", **query),
    )


def _row(entry: Any) -> dict[str, Any]:
    return {"entry": entry, "deed": deed_title(entry.deed), "details": detail_words(entry.detail, entry.deed)}


@blueprint.post("/export")
@guards.for_deed(Deed.READ_AUDIT)
def export() -> Response:
    """The log as filtered, in a workbook; logged itself."""
    work = guards.work()
    wanted = _wanted()
    rows, _ = queries.entries(work, wanted, size=queries.EXPORT_CAP)
    content, count = write_audit(rows, work.actor.name, work.now)
    auditing.record(work, "export", "审计日志", filter=wanted.as_query(), rows=count)
    name = f"审计日志{local_date(work.now):%Y%m%d}.xlsx"
    guards.commit()
    return download(content, name)
