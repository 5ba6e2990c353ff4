"""导入台账 in three steps: send the sheet; look at what it would do and at each fault; take it over, or the good rows.

Between the steps the sheet lies where `kept_sheets` keeps it.
"""

from pathlib import Path
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from sqlalchemy.exc import IntegrityError

from assist.domain.errors import Conflict, Invalid, Refused
from assist.domain.policy import Deed
from assist.extensions import db
from assist.forms.roster import UploadForm
from assist.services import passwords
from assist.services.imports import first_passwords, history, roster
from assist.services.imports.history import CheckedHistory
from assist.services.imports.roster import CheckedRoster
from assist.services.work import Work
from assist.services.workbooks.account_sheet import write_accounts
from assist.services.workbooks.container import MOST_BYTES
from assist.web import guards, kept_sheets
from assist.web.downloads import download
from assist.web.kept_sheets import LISTED_ROWS, Sent
from assist.web.roster.place import blueprint, refused

TITLES = {"roster": "包联台账", "history": "诉求办理台账"}


@blueprint.route("/import", methods=["GET", "POST"])
@guards.for_deed(Deed.KEEP_ROSTER)
def import_roster() -> Any:
    form = UploadForm()
    if request.method == "GET" and request.args.get("kind") in TITLES:
        form.kind.data = request.args["kind"]
    if request.method == "POST" and form.validate():
        try:
            token = _keep(form.kind.data, form.file.data)
        except Refused as error:
            refused(form, error)
        else:
            return redirect(url_for("roster.preview", token=token))
    is_wrong = bool(form.errors or form.form_errors)
    waiting = first_passwords.count(guards.work())
    return render_template("roster/import.html", form=form, waiting=waiting), 400 if is_wrong else 200


def _keep(kind: str, file: Any) -> str:
    """Read the sheet once (a bad file is refused at once) and put it aside."""
    content = file.stream.read(MOST_BYTES + 1)
    db.session.rollback()
    _check(guards.work(), kind, content)
    return kept_sheets.keep(kind, content, file.filename)


def _check(work: Work, kind: str, source: bytes | Path) -> CheckedRoster | CheckedHistory:
    return roster.check(work, source) if kind == "roster" else history.check(work, source)


@blueprint.get("/import/<token>")
@guards.for_deed(Deed.KEEP_ROSTER)
def preview(token: str) -> str:
    sent = kept_sheets.sent(token, TITLES)
    checked = _check(guards.work(), sent.kind, sent.path)
    return _preview(sent, token, checked)


def _preview(sent: Sent, token: str, checked: CheckedRoster | CheckedHistory) -> str:
    summary, rows, total = _words(checked)
    return render_template(
        "ledgers/preview.html",
        **kept_sheets.shown(checked.check),
        title=TITLES[sent.kind],
        file_name=sent.name,
        summary=summary,
        rows=rows,
        total=total,
        does_something=bool(rows),
        beside="服务专员",
        take_over_url=url_for("roster.take_over", token=token),
        report_url=url_for("roster.fault_report", token=token),
        again_url=url_for("roster.import_roster", kind=sent.kind),
        back_url=url_for("roster.index"),
        back_text="返回企业与结对",
        ways=((f"只导入无误的 {len(checked.check.rows)} 行", {"rows": "good"}),)
        if checked.check.faults
        else ((f"全部导入 {len(checked.check.rows)} 行", {"rows": "all"}),),
    )


def _words(checked: CheckedRoster | CheckedHistory) -> tuple[str, list[dict[str, Any]], int]:
    """(what would happen in one sentence, the first rows that would change something, how many there are)."""
    if isinstance(checked, CheckedRoster):
        plan = checked.plan
        rows = [
            {"row": one.row.row, "name": one.row.enterprise_name, "code": one.row.credit_code, "words": one.words,
             "beside": one.row.officer_name}
            for one in (*plan.new, *plan.changed)
        ]  # fmt: skip
        words = f"新增 {len(plan.new)} 家，变更 {len(plan.changed)} 家，不变 {plan.unchanged_count} 家"
        return words, rows[:LISTED_ROWS], len(rows)
    new = checked.new
    is_open = sum(not row.dates.is_closed for row in new)
    rows = [
        {"row": one.row, "name": one.enterprise_name, "code": one.number, "beside": one.officer_name,
         "words": "已办结" if one.dates.is_closed else ("在办，已超期" if one.is_late else "在办")}
        for one in new
    ]  # fmt: skip
    counts = f"已办结 {len(new) - is_open} 件，在办 {is_open} 件"
    words = f"转入 {len(new)} 件（{counts}），已在系统中 {checked.known_count} 件"
    return words, rows[:LISTED_ROWS], len(rows)


@blueprint.get("/import/<token>/faults.xlsx")
@guards.for_deed(Deed.KEEP_ROSTER)
def fault_report(token: str) -> Response:
    """The very sheet with a red column 错误原因."""
    sent = kept_sheets.sent(token, TITLES)
    checked = _check(guards.work(), sent.kind, sent.path)
    return kept_sheets.report(sent, checked.sheet, checked.check.faults)


@blueprint.post("/import/<token>")
@guards.for_deed(Deed.KEEP_ROSTER)
def take_over(token: str) -> Any:
    """Check once more, in the transaction that writes, and take over all rows or the good ones."""
    sent = kept_sheets.sent(token, TITLES)
    work = guards.work()
    checked = _check(work, sent.kind, sent.path)
    if checked.check.faults and request.form.get("rows") != "good":
        raise Conflict("表格里还有错误，没有写入任何内容。请改正后重新上传，或选择只导入无误的行。")
    if not checked.check.rows:
        raise Invalid("没有可以导入的行，没有写入任何内容。")
    try:
        if isinstance(checked, CheckedRoster):
            sentence = roster.take_over(work, checked).sentence()
        else:
            sentence = history.take_over(work, checked).sentence()
        guards.commit()
    except IntegrityError:
        raise Conflict("名录刚刚被他人改动，没有写入任何内容，请重新导入。") from None
    sent.path.unlink(missing_ok=True)
    flash(f"{TITLES[sent.kind]}导入完成。{sentence}", "success")
    return redirect(url_for("roster.import_roster" if sent.kind == "roster" else "tickets.index"))


@blueprint.post("/import/accounts.xlsx")
@guards.for_deed(Deed.KEEP_ROSTER)
def hand_out() -> Response:
    """初始密码表 of all new accounts that wait for one: made now, given out this once, kept nowhere."""
    waiting = first_passwords.count(guards.work())
    db.session.rollback()
    secrets = passwords.one_time_many(waiting)
    guards.start_writing()
    work = guards.work()
    lines = first_passwords.hand_out(work, secrets)
    content = write_accounts(lines, work.actor.name, work.now)
    guards.commit()
    return download(content, "初始密码表.xlsx")
