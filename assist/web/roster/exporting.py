"""导出包联台账: the list as filtered, in the columns it is imported by; phones whole only for a reason. Logged."""

from io import BytesIO
from typing import Any

from flask import Response, render_template, request, send_file, url_for

from assist.domain.clock import local_date
from assist.domain.masking import mask_phone
from assist.domain.policy import Deed
from assist.forms.roster import ExportForm
from assist.services import auditing
from assist.services.queries import roster as queries
from assist.services.workbooks.roster_export import RosterLine, write_roster
from assist.web import guards
from assist.web.roster.lists import wanted_filter
from assist.web.roster.place import blueprint

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.route("/export", methods=["GET", "POST"])
@guards.for_deed(Deed.SEE_ROSTER)
def export() -> Any:
    form = ExportForm()
    wanted = wanted_filter()
    is_whole = form.phones.data == "whole"
    if request.method == "POST" and form.validate():
        if not is_whole or (form.reason.data or "").strip():
            return _sheet(form, is_whole)
        form.reason.errors = ["请填写需要完整号码的原因。"]
    _, total = queries.enterprises(guards.work(), wanted, 1, 1)
    query: dict[str, Any] = wanted.as_query()
    return render_template(
        "roster/export.html",
        form=form,
        total=total,
        action=url_for("roster.export", **query),
        back=url_for("roster.index", **query),
    ), 400 if form.errors else 200


def _sheet(form: ExportForm, is_whole: bool) -> Response:
    work = guards.work()
    wanted = wanted_filter()
    rows, _ = queries.enterprises(work, wanted, 1, queries.EXPORT_CAP)
    content = write_roster([_line(row, is_whole) for row in rows], work.actor.name, work.now)
    auditing.record(
        work,
        "export",
        "包联台账",
        filter=wanted.as_query(),
        rows=len(rows),
        phones="完整" if is_whole else "隐去中间四位",
        reason=(form.reason.data or "").strip() if is_whole else "",
    )
    name = f"包联台账{local_date(work.now):%Y%m%d}.xlsx"
    guards.commit()
    return download(content, name)


def download(content: BytesIO, name: str) -> Response:
    """A workbook to be kept by who asked for it, and nowhere on the way."""
    answer = send_file(content, mimetype=XLSX, as_attachment=True, download_name=name)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _line(row: Any, is_whole: bool) -> RosterLine:
    def shown(number: str | None) -> str:
        return (number or "") if is_whole else mask_phone(number or "")

    return RosterLine(
        enterprise_name=row.name,
        credit_code=row.credit_code,
        area=row.area,
        chain=row.chain or "",
        leader=row.leader_name,
        members=row.group_names,
        officer_name=row.officer_name or "",
        officer_unit=row.unit_name or "",
        officer_title=row.officer_title or "",
        officer_phone=shown(row.officer_phone),
        contact_name=row.contact_name or "",
        contact_phone=shown(row.contact_phone),
    )


@blueprint.get("/import/template.xlsx")
@guards.for_deed(Deed.KEEP_ROSTER)
def template() -> Response:
    """The empty ledger to be filled in."""
    work = guards.work()
    content = write_roster([], work.actor.name, work.now)
    return download(content, "包联台账（空表）.xlsx")
