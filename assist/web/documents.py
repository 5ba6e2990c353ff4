"""文书 (`/documents/<kind>/<no>`): a document as a page to print, as .docx (figures as .xlsx too), its stamped scans.

What fills them is `services.queries.papers`; whoever may not see the thing itself finds no document of it.
"""

import secrets
from collections.abc import Callable
from io import BytesIO
from typing import Any

import segno
from flask import Blueprint, current_app, flash, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response as WerkzeugResponse

from assist.documents.word import word
from assist.domain.errors import Forbidden, Invalid, NotFound
from assist.domain.papers import DocumentKind, Paper, Scan
from assist.extensions import db
from assist.forms.documents import ScanForm
from assist.services import auditing, document_scans, exporting
from assist.services.queries.papers import bulletin, of_case, of_service, of_ticket, week
from assist.services.queries.papers.words import moment
from assist.services.work import once
from assist.services.workbooks.paper_book import paper_book
from assist.services.workbooks.writer import Stamp
from assist.web import files, guards, reading, uploads
from assist.web.filters import full_time, size_text

blueprint = Blueprint("documents", __name__, url_prefix="/documents")
SHEETS = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
D = DocumentKind
# From a page of the ticket, which counts as having looked at its answer.
OF_TICKET = {
    D.TICKET: of_ticket.sheet,
    D.COMPLETION: of_ticket.completion,
    D.DECLINE: of_ticket.decline,
    D.SUPPLEMENT: of_ticket.supplement,
}
OF_ELSE = {
    D.TASK: of_case.task,
    D.DEFERRAL: of_case.deferral,
    D.SUPERVISION: of_case.supervision,
    D.HANDOVER: of_service.handover,
    D.VISIT: of_service.visit,
    D.CARD: of_service.card,
    D.BULLETIN: bulletin.bulletin,
    D.WEEK: week.week,
}
# Those that are figures, and so a workbook too.
AS_SHEETS = frozenset({D.BULLETIN, D.WEEK})
# Where a document is opened from.
BACK: dict[DocumentKind, Callable[[str], str]] = {
    **dict.fromkeys(OF_TICKET, lambda no: url_for("ticket_page.show", number=no)),
    D.TASK: lambda no: url_for("tasks.show", number=no),
    D.DEFERRAL: lambda no: url_for("requests.show", request_id=int(no)),
    D.SUPERVISION: lambda no: url_for("supervisions.show", supervision_id=int(no)),
    D.HANDOVER: lambda no: url_for("handovers.show", handover_id=int(no)),
    D.VISIT: lambda no: url_for("visits.show", visit_id=int(no)),
    D.CARD: lambda no: url_for("enterprises.show", enterprise_id=int(no)),
    D.BULLETIN: lambda no: url_for("months.show", word=no),
    D.WEEK: lambda no: url_for("ledgers.ask", letter="F", week=no),
}


def paper_of(kind: str, no: str) -> Paper:
    """The document as this reader may read it. Raises NotFound."""
    if kind not in {str(one.value) for one in DocumentKind}:
        raise NotFound()
    found = DocumentKind.of(kind)
    if found in OF_TICKET:
        page = reading.page_of(no, opens=True)
        return OF_TICKET[found](guards.work(), page)
    return OF_ELSE[found](guards.work(), no)


@blueprint.get("/<kind>/<no>")
@guards.signed_in()
def show(kind: str, no: str) -> str:
    return page_of(paper_of(kind, no), ScanForm(formdata=None))


def page_of(paper: Paper, form: ScanForm, kept: list[dict[str, str]] | None = None) -> str:
    work = guards.work()
    form.form_key.data = form.form_key.data or secrets.token_hex(16)
    return render_template(
        "documents/show.html",
        paper=paper,
        code=segno.make(address(paper)).svg_data_uri(scale=3, border=1),
        scans=[_line(paper, one) for one in document_scans.scans(work, paper)],
        may_add=document_scans.may_add(work, paper),
        form=form,
        kept=kept or [],
        back=BACK[paper.kind](paper.no),
        has_sheets=paper.kind in AS_SHEETS,
        printed_at=work.now,
    )


def address(paper: Paper) -> str:
    """What the QR code says: the place of the thing itself, in full."""
    base = str(current_app.config.get("ASSIST_BASE_URL") or request.url_root).rstrip("/")
    return f"{base}{paper.about}"


def _line(paper: Paper, one: Scan) -> dict[str, str]:
    url = url_for("documents.scan", kind=paper.kind.value, no=paper.no, scan_id=one.id)
    note = f"{one.who}　{full_time(one.at)}"
    return {"name": one.name, "url": url, "size_text": size_text(one.size), "note": note}


@blueprint.get("/<kind>/<no>.docx")
@guards.signed_in()
def docx(kind: str, no: str) -> Any:
    """The same for Word; who took it and when stands in it and in the log."""
    paper = paper_of(kind, no)
    work = guards.work()
    code = BytesIO()
    segno.make(address(paper)).save(code, kind="png", scale=8, border=1)
    printed = f"打印人：{work.actor.name}　打印时间：{moment(work.now)}"
    made = word(
        paper,
        code.getvalue(),
        paper.code_words,
        f"{paper.number or paper.title}　{printed}",
    )
    return _given(paper, BytesIO(made), WORD, "docx")


@blueprint.get("/<kind>/<no>.xlsx")
@guards.signed_in()
def xlsx(kind: str, no: str) -> Any:
    """A document of figures as a workbook: each table a sheet."""
    paper, work = paper_of(kind, no), guards.work()
    if paper.kind not in AS_SHEETS:
        raise NotFound()
    stamp = Stamp(exporting.office(work), work.actor.name, work.now, paper.warning)
    return _given(paper, paper_book(paper, stamp), SHEETS, "xlsx")


def _given(paper: Paper, made: BytesIO, mimetype: str, extension: str) -> Any:
    """As a download, logged, never kept on the way."""
    guards.start_writing()
    auditing.record(guards.work(), "take_document", paper.title, number=paper.number)
    guards.commit()
    name = f"{paper.file_name}.{extension}"
    response = send_file(made, mimetype=mimetype, as_attachment=True, download_name=name)
    response.headers["Cache-Control"] = "private, no-store"
    return response


@blueprint.post("/<kind>/<no>/scans")
@guards.signed_in()
def add_scan(kind: str, no: str) -> str | WerkzeugResponse | tuple[str, int]:
    """已盖章扫描件: received first, outside the transaction, and only from who may."""
    if not document_scans.may_add(guards.work(), paper_of(kind, no)):
        raise Forbidden("这份文书的扫描件不由您上传。")
    chosen = uploads.choose()
    form, paper = ScanForm(), paper_of(kind, no)
    place = url_for("documents.show", kind=kind, no=no)
    try:
        if chosen.sentences:
            chosen.onto(form.files)
            raise Invalid("", "files")
        once(guards.work(), form.form_key.data, place)
        count = document_scans.add(guards.work(), uploads.store(), paper, chosen.received)
        guards.commit()
    except Invalid as error:
        if error.sentence:
            form.files.errors = [*form.files.errors, error.sentence]
        kept = chosen.kept
        db.session.rollback()
        return page_of(paper, form, kept), 400
    flash(f"已上传{count}个扫描件。" if count else "这个扫描件已经在了，没有重复上传。", "success")
    return redirect(place)


@blueprint.get("/<kind>/<no>/scans/<int:scan_id>")
@guards.signed_in()
def scan(kind: str, no: str, scan_id: int) -> Any:
    paper = paper_of(kind, no)
    return files.send(document_scans.find(guards.work(), paper.kind, paper.no, scan_id))
