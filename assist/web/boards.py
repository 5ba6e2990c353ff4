"""蓝黄红榜 (`/boards/`): a month's boards of areas and units, on screen and paper; for supervisors as they stand."""

from typing import Any

from flask import Blueprint, render_template, request, url_for

from assist.domain import months
from assist.domain.board_rules import BoardRules
from assist.domain.boards import FIGURES as ASKED
from assist.domain.boards import Band, BoardKind
from assist.domain.errors import NotFound
from assist.domain.months import MonthState, spanning
from assist.domain.policy import Deed, may
from assist.domain.rates import Period, month_of
from assist.services.queries import boards as queries
from assist.services.queries import months as month_queries
from assist.services.queries.boards import Line
from assist.services.queries.figures import counting, own_rates
from assist.services.queries.figures.catalogue import FIGURES
from assist.web import guards
from assist.web.figure_links import list_url

blueprint = Blueprint("boards", __name__, url_prefix="/boards")
NOW = "now"


@blueprint.get("/")
@guards.for_deed(Deed.SEE_FIGURES)
def index() -> str:
    return _page("boards/index.html")


@blueprint.get("/print")
@guards.for_deed(Deed.SEE_FIGURES)
def paper() -> str:
    return _page("boards/print.html")


def _page(template: str) -> str:
    work = guards.work()
    lines, _ = month_queries.lines(work)
    shown = {MonthState.PUBLISHED, *([MonthState.FROZEN] if may(work.actor, Deed.OVERSEE) else [])}
    frozen = [one for one in lines if one.state in shown]
    wanted = request.args.get("month", "")
    kind = BoardKind.UNIT if request.args.get("by") == "unit" else BoardKind.AREA
    one = next((each for each in frozen if months.word(each.period.first_on) == wanted), None)
    if one is None and wanted not in ("", NOW):
        raise NotFound()
    one = one or (frozen[0] if frozen and wanted != NOW else None)
    if one is None and not may(work.actor, Deed.OVERSEE):
        return render_template("boards/none.html")
    if one is not None and one.snapshot is not None:
        period, at = one.period, one.snapshot.told_at
        rules = work.settings.board_rules_on(period.first_on)
        found = queries.read(work, one.snapshot)
    else:
        period, at = month_of(work.now), work.now
        rules, found = work.settings.board_rules_on(period.first_on), _now(period)
    word = months.word(period.first_on) if one is not None else NOW
    return render_template(
        template,
        period=period,
        span=spanning(period, rules["months"]),
        told_at=at,
        state=one.state if one is not None else None,
        publication=one.publication if one is not None else None,
        kind=kind,
        word=word,
        rules=rules,
        **_board(kind, found[kind], rules, period, at if one is not None else None),
        tab_items=[_tab(each.title, word, str(each.value), each is kind) for each in BoardKind],
        month_items=_months(frozen, word, str(kind.value)),
        may_set=may(work.actor, Deed.KEEP_SETTINGS),
        printed_at=work.now,
    )


def _now(period: Period) -> dict[BoardKind, list[Line]]:
    """As it would stand if the month ended now: for supervisors alone, and never a place to be told."""
    work = guards.work()
    rules, at = work.settings.board_rules_on(period.first_on), counting.as_of(work)
    rolling = queries.numbers(work, period, rules["months"], at)
    return queries.boards(rules, queries.who(work), rolling, queries.numbers(work, period, 1, at))


def _tab(label: str, word: str, by: str, is_current: bool) -> dict[str, Any]:
    return {"label": label, "url": url_for("boards.index", month=word, by=by), "is_current": is_current}


def _months(frozen: list[Any], word: str, by: str) -> list[dict[str, Any]]:
    words = [(one.period.label, months.word(one.period.first_on)) for one in frozen[:6]]
    if may(guards.actor(), Deed.OVERSEE):
        words.insert(0, ("未冻结", NOW))
    return [_tab(label, each, by, each == word) for label, each in words]


def titles_of(kind: BoardKind) -> list[tuple[str, str]]:
    """(figure, its heading) in a board's columns."""
    return [(key, own_rates.TITLE if key == own_rates.KEY else FIGURES[key].title) for key in ASKED[kind]]


def _board(kind: BoardKind, lines: list[Line], rules: BoardRules, period: Period, told_at: Any) -> dict[str, Any]:
    """Heads, and the groups: ranked, apart, too few."""
    span = spanning(period, rules["months"])
    links = may(guards.actor(), Deed.OVERSEE)
    rows: list[dict[str, Any]] = [
        {
            "line": line,
            "label": line.band.label(rules),
            "tone": line.band.tone,
            "cells": [
                {
                    "rate": line.rates.get(key),
                    "month": line.month.get(key),
                    "url": _link(kind, key, line.key, span, told_at) if links else "",
                }
                for key in ASKED[kind]
            ],
        }
        for line in lines
    ]
    ranked = [one for one in rows if one["line"].band is not Band.NONE and not one["line"].is_apart]
    apart = [one for one in rows if one["line"].is_apart]
    few = [one for one in rows if one["line"].band is Band.NONE and not one["line"].is_apart]
    groups = [("参加排名的", ranked), ("中央和省驻聊单位（单列）", apart), ("件数不足，不排名", few)]
    return {"heads": titles_of(kind), "groups": [(title, own) for title, own in groups if own]}


def _link(kind: BoardKind, key: str, value: int, span: Period, told_at: Any) -> str:
    figure = "original_on_time" if key == own_rates.KEY else key
    return list_url(figure, "d", span, told_at=told_at, **{str(kind.value): value})
