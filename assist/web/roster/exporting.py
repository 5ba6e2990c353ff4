"""导出包联台账 has its page among the ledgers; here: the way there from the list, and the empty sheet to fill in."""

from typing import Any

from flask import Response, redirect, request, url_for
from werkzeug.wrappers import Response as WerkzeugResponse

from assist.domain.ledgers import Ledger
from assist.domain.policy import Deed
from assist.services.workbooks.ledger_tables import ROSTER
from assist.services.workbooks.writer import Stamp, workbook
from assist.web import guards
from assist.web.downloads import download
from assist.web.roster.place import blueprint

TO_FILL_IN = "填报单位：{}填报时间：{}"


@blueprint.get("/export")
@guards.for_deed(Deed.SEE_ROSTER)
def export() -> WerkzeugResponse:
    query: dict[str, Any] = {name: value for name, value in request.args.items() if name != "letter"}
    return redirect(url_for("ledgers.ask", letter=Ledger.ROSTER.letter, **query))


@blueprint.get("/import/template.xlsx")
@guards.for_deed(Deed.KEEP_ROSTER)
def template() -> Response:
    """The empty ledger to be filled in."""
    work = guards.work()
    told = TO_FILL_IN.format("　" * 12, "　　　　年　　月　　日")
    content, _ = workbook(ROSTER, (), Stamp("", work.actor.name, work.now), told=told)
    return download(content, "包联台账（空表）.xlsx")
