"""后台导出的进度 (`/ledgers/exports/<id>`): a page that can be left and come back to, the file, and calling it off.

Only who asked finds it. With scripts the bar moves by itself; without, by the link or by the page's own reloading.
"""

from datetime import timedelta
from typing import Any

from flask import Response, current_app, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as WerkzeugResponse

from assist.domain.clock import local_date
from assist.domain.errors import NotFound
from assist.domain.ledgers import KEPT_DAYS, ExportStatus
from assist.domain.policy import Deed
from assist.models import Export
from assist.services import export_files, export_runs
from assist.services.queries.ledgers import narrowing
from assist.web import guards
from assist.web.downloads import download
from assist.web.ledgers.place import blueprint

PATIENCE = timedelta(minutes=2)  # then it is said that the scheduler may stand still


@blueprint.get("/exports/<int:export_id>")
@guards.for_deed(Deed.TAKE_LEDGERS)
def export(export_id: int) -> str:
    return render_template("ledgers/export.html", **_shown(export_runs.one(guards.work(), export_id)))


@blueprint.get("/exports/<int:export_id>/progress")
@guards.for_deed(Deed.TAKE_LEDGERS)
def progress(export_id: int) -> str:
    """The part of the page that changes."""
    return render_template("ledgers/progress.html", **_shown(export_runs.one(guards.work(), export_id)))


def _shown(row: Export) -> dict[str, Any]:
    work = guards.work()
    is_waiting = row.status is ExportStatus.WAITING
    return {
        "row": row,
        "words": narrowing.words(work, row.ledger, row.query),
        "ahead": export_runs.ahead_of(work, row) if is_waiting else 0,
        "is_silent": is_waiting and work.now - row.asked_at > PATIENCE,
        "kept_until": row.ended_at + timedelta(days=KEPT_DAYS) if row.ended_at else None,
        "again_url": url_for("ledgers.ask", letter=row.ledger.letter, **row.query),
    }


@blueprint.get("/exports/<int:export_id>/file")
@guards.for_deed(Deed.TAKE_LEDGERS)
def export_file(export_id: int) -> Response:
    """What was written. Raises NotFound for another's and for what is over."""
    row = export_runs.one(guards.work(), export_id)
    path = export_files.folder(current_app.config["ASSIST_UPLOADS"]) / row.file
    if row.status is not ExportStatus.DONE or not path.is_file():
        raise NotFound("这份台账还没有生成，或已过保存期，请重新导出。")
    return download(path, f"{row.ledger.title}{local_date(row.asked_at):%Y%m%d}.xlsx")


@blueprint.post("/exports/<int:export_id>/cancel")
@guards.for_deed(Deed.TAKE_LEDGERS)
def cancel(export_id: int) -> WerkzeugResponse:
    export_runs.cancel(guards.work(), export_id)
    guards.commit()
    flash("已取消这次导出。", "success")
    return redirect(url_for("ledgers.index"))
