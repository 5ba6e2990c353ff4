"""月度数据 (`/figures/months/`): the months with their state, one month, its print page; 签发 and 更正.

The list behind a number that counts times (`/figures/months/times`) is here too: others show tickets.
"""

import secrets
from collections.abc import Mapping
from math import ceil
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for

from assist.domain import months
from assist.domain.clock import local_date
from assist.domain.errors import Conflict, Invalid, NotFound
from assist.domain.months import MonthState
from assist.domain.policy import Deed, may
from assist.domain.rates import Period, Rate
from assist.extensions import db
from assist.forms.months import CorrectForm, PublishForm
from assist.services import correcting, publishing, sealing
from assist.services.access import sees_all
from assist.services.frozen_items import OBJECTION
from assist.services.queries import months as queries
from assist.services.queries import ticket_lists
from assist.services.queries.figures import own_rates, time_rows, values
from assist.services.queries.figures.catalogue import FIGURES, GROUPS, HEADLINE, OF_UNITS
from assist.services.queries.figures.counting import as_of
from assist.services.queries.figures.left_out import TITLES
from assist.services.queries.months import MonthPage
from assist.services.work import once
from assist.web import action_pages, guards
from assist.web.figure_links import list_url
from assist.web.tickets import wanted_filter

blueprint = Blueprint("months", __name__, url_prefix="/figures/months")
TABLES: Mapping[str, tuple[str, ...]] = {"area": HEADLINE, "unit": OF_UNITS}
TITLES_OF = {
    own_rates.KEY: own_rates.TITLE,
    **{key: one.title for key, one in values.VALUES.items()},
    **{key: one.title for key, one in FIGURES.items()},
}
TABLE_TITLES = {"area": "县（市、区）", "unit": "承办单位"}


def _wanted(word: str) -> Period:
    found = months.parse(word)
    if found is None:
        raise NotFound()
    return found


@blueprint.get("/")
@guards.for_deed(Deed.SEE_FIGURES)
def index() -> str:
    work = guards.work()
    page = min(max(request.args.get("page", 1, type=int), 1), 100)
    lines, has_more = queries.lines(work, page)
    if page == 1 and queries.may_see_unpublished(work):
        lines = [*queries.running(work, (one.period for one in lines)), *lines]
    return render_template(
        "months/index.html",
        lines=lines,
        word=months.word,
        titles=[FIGURES[key].title for key in HEADLINE],
        keys=HEADLINE,
        states=MonthState,
        previous_url=url_for("months.index", page=page - 1) if page > 1 else "",
        next_url=url_for("months.index", page=page + 1) if has_more else "",
    )


@blueprint.get("/<word>")
@guards.for_deed(Deed.SEE_FIGURES)
def show(word: str) -> str:
    return _page(_wanted(word), PublishForm(formdata=None))


@blueprint.post("/<word>/publish")
@guards.for_deed(Deed.PUBLISH_MONTHS)
def publish(word: str) -> Any:
    """签发: the form stands on the month's page."""
    work, period, form = guards.work(), _wanted(word), PublishForm()
    here = url_for("months.show", word=word)
    once(work, form.form_key.data, here)
    try:
        if not form.validate():
            raise Invalid("")
        publishing.publish(work, period, form.signed_name.data or "", form.note.data or "")
        guards.commit()
    except (Invalid, Conflict) as error:
        db.session.rollback()
        action_pages.put(form, error)
        return _page(period, form), error.status_code
    flash(f"{period.label}数据已签发并公布。", "success")
    return redirect(here)


@blueprint.route("/<word>/correct", methods=["GET", "POST"])
@guards.for_deed(Deed.PUBLISH_MONTHS)
def correct(word: str) -> Any:
    """更正, with what would change shown before."""
    work, period, form = guards.work(), _wanted(word), CorrectForm()
    here = url_for("months.show", word=word)
    if request.method == "POST":
        once(work, form.form_key.data, here)
        try:
            if not form.validate():
                raise Invalid("")
            made = correcting.correct(work, period, form.reason.data or "")
            guards.commit()
            flash(f"更正（第{made.no}号）已登记，原数值和更正数值并列显示。", "success")
            return redirect(here)
        except (Invalid, Conflict) as error:
            db.session.rollback()
            action_pages.put(form, error)
            return _correct_page(period, form), error.status_code
    return _correct_page(period, form)


def _correct_page(period: Period, form: CorrectForm) -> str:
    page = queries.page(guards.work(), period)
    if page.snapshot is None or page.state not in (MonthState.FROZEN, MonthState.PUBLISHED):
        raise NotFound()
    form.form_key.data = form.form_key.data or secrets.token_hex(16)
    changes = [
        {"figure": FIGURES[figure].title, "whose": _whose(page, dimension, key), "old": old, "new": new}
        for (figure, dimension, key), old, new in page.changes()
    ]
    return render_template(
        "months/correct.html", form=form, page=page, word=months.word(period.first_on), changes=changes
    )


def _whose(page: MonthPage, dimension: str, key: int) -> str:
    return "全市" if dimension == "city" else page.names.get((dimension, key), "") or "未定"


@blueprint.get("/<word>/print")
@guards.for_deed(Deed.SEE_FIGURES)
def paper(word: str) -> str:
    return _page(_wanted(word), PublishForm(formdata=None), "months/print.html")


@blueprint.get("/<word>/content.json")
@guards.for_deed(Deed.PUBLISH_MONTHS)
def content(word: str) -> Response:
    """The canonical words whose hash stands on the page: for whoever wants to check it himself."""
    work, period = guards.work(), _wanted(word)
    snapshot = publishing.frozen_month(work, period)
    return Response(
        sealing.content(work.session, snapshot),
        mimetype="application/json",
        headers={"Content-Disposition": f"attachment; filename=month-{word}.json"},
    )


def _page(period: Period, form: PublishForm, template: str = "months/show.html") -> str:
    work = guards.work()
    page = queries.page(work, period)
    form.form_key.data = form.form_key.data or secrets.token_hex(16)
    links = sees_all(work.actor)
    items = [one for one in page.items if one.row.what != OBJECTION]
    return render_template(
        template,
        page=page,
        word=months.word(period.first_on),
        form=form,
        states=MonthState,
        groups=[
            {
                "title": title,
                "figures": [{"figure": one, **_cell(page, one.key, "city", 0, links)} for one in figures],
            }
            for title, figures in GROUPS.items()
        ],
        tables=[_table(page, dimension, keys, links) for dimension, keys in TABLES.items()],
        left_out=[
            {"title": title, "rows": [one.row for one in items if one.row.what == what]}
            for what, title in TITLES.items()
        ],
        objections=[one for one in page.items if one.row.what == OBJECTION],
        may_sign=may(work.actor, Deed.PUBLISH_MONTHS),
        values=_values(page),
        figure_titles=TITLES_OF,
        whose=_whose,
        printed_at=work.now,
        rate=Rate,
        told=_told,
    )


def _told(figure: str, rate: Rate) -> str:
    return values.VALUES[figure].text(rate) if figure in values.VALUES else rate.percent


def _values(page: MonthPage) -> list[dict[str, Any]]:
    """What is no share of tickets; of a month that is not written down yet as of now."""
    work = guards.work()
    told = page.said if page.snapshot is not None else values.measured(work, page.period, as_of(work))
    return [
        {"title": one.title, "definition": one.definition, "text": one.text(rate), "counted": one.counted(rate)}
        for one in values.VALUES.values()
        if (rate := told.get((one.key, "city", 0))) is not None
    ]


def _table(page: MonthPage, dimension: str, keys: tuple[str, ...], links: bool) -> dict[str, Any]:
    return {
        "title": TABLE_TITLES[dimension],
        "heads": [FIGURES[key].title for key in keys],
        "rows": [
            {
                "name": _whose(page, dimension, value),
                "cells": [_cell(page, key, dimension, value, links) for key in keys],
            }
            for value in page.keys(dimension, keys)
        ],
    }


def _cell(page: MonthPage, key: str, dimension: str, value: int, links: bool) -> dict[str, Any]:
    """One number: what the month says, what was put right, what it is now; with the lists it counted."""
    place, nothing = (key, dimension, value), Rate(0, 0)
    present = page.present.get(place, nothing)
    said = page.said.get(place, nothing) if page.snapshot is not None else present
    corrected = page.corrected.get(place)
    told_at = page.snapshot.told_at if page.snapshot is not None else None
    narrowed = {dimension: value} if dimension != "city" else {}
    return {
        "rate": said,
        "corrected": corrected if corrected != said else None,
        "present": present if present != (corrected or said) else None,
        "n_url": list_url(key, "n", page.period, told_at=told_at, **narrowed) if links else "",
        "d_url": list_url(key, "d", page.period, told_at=told_at, **narrowed) if links else "",
        "present_url": list_url(key, "d", page.period, **narrowed) if links else "",
        "is_few": dimension == "unit" and said.is_few,
    }


@blueprint.get("/times")
@guards.for_deed(Deed.SEE_FIGURES)
def times() -> str:
    """The list behind a number that counts times."""
    work, wanted = guards.work(), wanted_filter()
    figure, period = FIGURES.get(wanted.figure), ticket_lists.period_of(wanted)
    if figure is None or not figure.counts_times or period is None:
        raise NotFound()
    page = min(max(request.args.get("page", 1, type=int), 1), 1000)
    at = as_of(work, ticket_lists.told_at(work, wanted))
    narrowed = ticket_lists.narrowing(work, wanted)
    found = time_rows.behind(work, wanted.figure, wanted.part, period, at, narrowed, page)
    query: dict[str, Any] = wanted.as_query()
    last = max(1, ceil(found.total / time_rows.PAGE))
    sides = {"n": f"分子：{figure.met_words}", "missed": f"分母中未计入分子的：{figure.missed_words}"}
    return render_template(
        "months/times.html",
        figure=figure,
        part_words=sides.get(wanted.part, "分母"),
        since=period.first_on,
        until=period.last_on,
        told_on=None if at.live else local_date(at.at),
        rows=found.rows,
        total=found.total,
        is_late=lambda row: time_rows.is_late(row, at.at),
        previous_url=url_for("months.times", **query, page=page - 1) if page > 1 else "",
        next_url=url_for("months.times", **query, page=page + 1) if page < last else "",
    )
