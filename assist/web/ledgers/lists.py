"""台账 (`/ledgers/`): which one may take out, each with its filter and how many rows it will be, and the workbook."""

import secrets
from typing import Any

from flask import Response, redirect, render_template, request, url_for

from assist.domain import months
from assist.domain.errors import Invalid
from assist.domain.ledgers import open_to
from assist.domain.policy import Deed, may
from assist.forms.ledgers import ExportForm
from assist.services import export_runs, exporting
from assist.services.exporting import TooLarge, Wanted
from assist.services.queries.ledgers import month, week
from assist.services.queries.ledgers.catalogue import SOURCES
from assist.services.queries.ledgers.month import MonthFilter
from assist.services.queries.ledgers.week import WeekFilter
from assist.services.work import leads_to, once
from assist.services.workbooks.ledger_tables import TABLES
from assist.web import guards
from assist.web.ledgers import narrowing
from assist.web.ledgers.place import LETTER, blueprint, given


@blueprint.get("/")
@guards.for_deed(Deed.TAKE_LEDGERS)
def index() -> str:
    work = guards.work()
    return render_template(
        "ledgers/index.html",
        ledgers=[one for one in open_to(work.actor) if one in SOURCES],
        exports=export_runs.own(work),
        may_send_in=may(work.actor, Deed.ENTER_TICKET),
    )


@blueprint.route(f"/{LETTER}", methods=["GET", "POST"])
@guards.for_deed(Deed.TAKE_LEDGERS)
def ask(letter: str) -> Any:
    """Narrow it, see how many rows it will be, say how phones are shown; then it is given, or put into the queue."""
    work, form, code = guards.work(), ExportForm(), 200
    exporting.open_ledger(work, letter)
    if request.method == "POST":
        code = 400
        if form.validate():
            try:
                return _given_or_queued(_asked(letter, form), form)
            except Invalid as error:
                form.reason.errors = [error.sentence]
    form.form_key.data = form.form_key.data or secrets.token_hex(16)
    return _page(letter, form), code


def _given_or_queued(wanted: Wanted, form: ExportForm) -> Any:
    total = exporting.count(guards.work(), wanted)
    if total <= exporting.MOST_AT_ONCE:
        return given(wanted)
    guards.start_writing()
    work = guards.work()
    once(work, form.form_key.data)
    row = export_runs.ask(work, wanted, total)
    location = url_for("ledgers.export", export_id=row.id)
    leads_to(work, form.form_key.data, location)
    guards.commit()
    return redirect(location)


def _asked(letter: str, form: ExportForm) -> Wanted:
    is_whole = form.phones.data == "whole"
    return exporting.wanted(
        guards.work(), letter, request.args, is_whole=is_whole, reason=form.reason.data or ""
    )


def _paper(one: Wanted) -> dict[str, str] | None:
    """The document that the ledger is in one click: 月度通报 of its month, 周调度表 of its week."""
    work = guards.work()
    if isinstance(one.filter, MonthFilter):
        word = months.word(month.period_of(work, one.filter).first_on)
        return {"title": "生成月度通报", "kind": "bulletin", "no": word} if may(work.actor, Deed.SEE_FIGURES) else None
    if isinstance(one.filter, WeekFilter):
        return {"title": "生成周调度表", "kind": "week", "no": week.period_of(work, one.filter).first_on.isoformat()}
    return None


def _page(letter: str, form: ExportForm) -> str:
    work = guards.work()
    one = exporting.wanted(work, letter, request.args)
    table = TABLES[one.ledger]
    return render_template(
        "ledgers/ask.html",
        ledger=one.ledger,
        filter_items=narrowing.items(work, one.ledger, one.filter),
        query=one.query,
        paper=_paper(one),
        total=exporting.count(work, one),
        in_request=exporting.MOST_AT_ONCE,
        form=form,
        action=url_for("ledgers.ask", letter=one.ledger.letter, **one.query),
        folded=[column.title for column in table.columns if not column.is_printed],
        column_count=len(table.columns),
    )


@blueprint.get(f"/{LETTER}.xlsx")
@guards.for_deed(Deed.TAKE_LEDGERS)
def file(letter: str) -> Any:
    """The workbook at its own address, phones hidden. What is too large is asked for on its page."""
    wanted = exporting.wanted(guards.work(), letter, request.args)
    return given_or_asked(wanted)


def given_or_asked(wanted: Wanted) -> Response | Any:
    """At once when it is small enough; else the page where it is asked for."""
    try:
        return given(wanted)
    except TooLarge:
        return redirect(url_for("ledgers.ask", letter=wanted.ledger.letter, **wanted.query))
