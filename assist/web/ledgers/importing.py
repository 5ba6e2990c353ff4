"""台账回填 (`/ledgers/import`): an officer sends ledger A back as he edited it; progress and remarks are taken over.

Three steps as with the roster: send, look at what it would do, take it over (all rows or the good ones). Whether the
enterprises may read the progress is chosen at the last step; unless it is, nothing leaves the house.
"""

from pathlib import Path
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for

from assist.domain.errors import Conflict, Invalid, Refused
from assist.domain.policy import Deed
from assist.extensions import db
from assist.forms.ledgers import SheetForm
from assist.services.imports import progress
from assist.services.imports.progress import CheckedProgress
from assist.services.workbooks.container import MOST_BYTES
from assist.web import guards, kept_sheets
from assist.web.forms_again import refused
from assist.web.kept_sheets import LISTED_ROWS
from assist.web.ledgers.place import blueprint

KIND = "progress"
TITLE = "企业诉求办理台账"


@blueprint.route("/import", methods=["GET", "POST"])
@guards.for_deed(Deed.ENTER_TICKET)
def send_in() -> Any:
    form = SheetForm()
    if request.method == "POST" and form.validate():
        try:
            token = _keep(form.file.data)
        except Refused as error:
            refused(form, error)
        else:
            return redirect(url_for("ledgers.preview", token=token))
    is_wrong = bool(form.errors or form.form_errors)
    return render_template("ledgers/import.html", form=form), 400 if is_wrong else 200


def _keep(file: Any) -> str:
    """Read the sheet once (a bad file is refused at once) and put it aside."""
    content = file.stream.read(MOST_BYTES + 1)
    db.session.rollback()
    progress.check(guards.work(), content)
    return kept_sheets.keep(KIND, content, file.filename)


def _checked(token: str) -> tuple[kept_sheets.Sent, CheckedProgress]:
    sent = kept_sheets.sent(token, (KIND,))
    return sent, progress.check(guards.work(), Path(sent.path))


@blueprint.get("/import/<token>")
@guards.for_deed(Deed.ENTER_TICKET)
def preview(token: str) -> str:
    sent, checked = _checked(token)
    edits = checked.edits
    rows = [
        {"row": one.row.row, "name": one.row.enterprise_name, "code": one.row.number, "words": one.words, "beside": ""}
        for one in edits[:LISTED_ROWS]
    ]
    counts = (sum(bool(one.progress) for one in edits), sum(bool(one.remark) for one in edits))
    return render_template(
        "ledgers/preview.html",
        **kept_sheets.shown(checked.check),
        title=TITLE,
        file_name=sent.name,
        summary=f"办理进展 {counts[0]} 条，备注 {counts[1]} 条，没有变化 {checked.unchanged_count} 件",
        rows=rows,
        total=len(edits),
        does_something=bool(edits),
        beside="",
        take_over_url=url_for("ledgers.take_over", token=token),
        report_url=url_for("ledgers.fault_report", token=token),
        again_url=url_for("ledgers.send_in"),
        back_url=url_for("ledgers.index"),
        back_text="返回台账",
        ways=_ways(checked, counts[0]),
    )


def _ways(checked: CheckedProgress, progress_count: int) -> list[tuple[str, dict[str, str]]]:
    """The buttons: kept inside, or for the enterprises to read where there is progress to be read."""
    only = "只" if checked.check.faults else ""
    rows = {"rows": "good" if checked.check.faults else "all"}
    found = [(f"{only}写入 {len(checked.edits)} 件（仅内部可见）", {**rows, "visible": "0"})]
    if progress_count:
        found.append((f"{only}写入，进展企业可见", {**rows, "visible": "1"}))
    return found


@blueprint.get("/import/<token>/faults.xlsx")
@guards.for_deed(Deed.ENTER_TICKET)
def fault_report(token: str) -> Response:
    sent, checked = _checked(token)
    return kept_sheets.report(sent, checked.sheet, checked.check.faults)


@blueprint.post("/import/<token>")
@guards.for_deed(Deed.ENTER_TICKET)
def take_over(token: str) -> Any:
    """Check once more, in the transaction that writes; all edited rows, or the good ones."""
    sent, checked = _checked(token)
    if checked.check.faults and request.form.get("rows") != "good":
        raise Conflict("表格里还有错误，没有写入任何内容。请改正后重新上传，或选择只写入无误的行。")
    if not checked.edits:
        raise Invalid("没有可以写入的内容；这张表可能已经写入过了。")
    outcome = progress.take_over(guards.work(), checked, is_visible=request.form.get("visible") == "1")
    guards.commit()
    sent.path.unlink(missing_ok=True)
    flash(f"台账已写入。{outcome.sentence()}", "success")
    return redirect(url_for("tickets.index", state="handling"))
