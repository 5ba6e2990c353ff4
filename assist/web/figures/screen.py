"""大屏 (`/figures/screen`): 1920 × 1080, refreshing by itself for days, names masked, every mark opening its list.

The page and what it fetches each minute are made from the same values, so that the first sight is no other than the
next. `version` changes with the program: the page then loads itself anew.
"""

from typing import Any

from flask import Response, jsonify, render_template, url_for

from assist.domain.clock import local
from assist.domain.policy import Deed
from assist.services.queries.figures.chart import Cell, Chart
from assist.services.queries.figures.latest import latest
from assist.web import guards
from assist.web.figures.charts import CHARTS
from assist.web.figures.pages import numbers
from assist.web.figures.place import View, blueprint, view
from assist.web.filters import static_url

DRAWN = ("trend", "ages", "spent", "units")
LATEST = 8
EVERY_SECONDS = 60
SCRIPTS = ("vendor/echarts-6.1.0/echarts.common.min.js", "js/drawing.js", "js/screen.js")
SHEETS = ("css/tokens.css", "css/screen.css")
HEAT_FROM = ((100, "heat-0"), (95, "heat-1"), (90, "heat-2"), (80, "heat-3"), (0, "heat-4"))


def shown(wanted: View) -> dict[str, Any]:
    """Everything on the screen as plain values."""
    now = local(wanted.work.now)
    charts = {key: CHARTS[key](wanted) for key in DRAWN}
    return {
        "at": f"{now.year}年{now.month}月{now.day}日 {now:%H:%M:%S}",
        "version": "".join(static_url(name).rpartition("=")[2] for name in (*SCRIPTS, *SHEETS)),
        "numbers": numbers(wanted),
        "charts": {key: _short(chart) for key, chart in charts.items()},
        "heat": [[_hot(cell) for cell in row.cells] for row in CHARTS["heat"](wanted).rows],
        "latest": [_latest(one) for one in latest(wanted.work, wanted.narrowing, LATEST)],
    }


def _short(chart: Chart) -> dict[str, Any]:
    return {"title": chart.title, "words": chart.words, "is_empty": chart.is_empty, **chart.drawn}


def _hot(cell: Cell) -> dict[str, str]:
    share = cell.number
    tone = "" if share is None else next(tone for least, tone in HEAT_FROM if share >= least)
    return {"text": "—" if share is None else cell.text, "url": cell.url, "tone": tone}


def _latest(one: Any) -> dict[str, str]:
    at = local(one.submitted_at)
    return {
        "at": f"{at.month}月{at.day}日 {at:%H:%M}",
        "where": f"{one.area} · {one.category}",
        "whose": f"{one.enterprise}　专员 {one.officer}",
        "state": "已超期" if one.is_late else one.status.title,
        "tone": "late" if one.is_late else one.status.tone,
        "url": url_for("ticket_page.show", number=one.number),
    }


@blueprint.get("/screen")
@guards.for_deed(Deed.SEE_FIGURES)
def screen() -> str:
    wanted = view(guards.work())
    heat = CHARTS["heat"](wanted)
    return render_template(
        "figures/screen.html",
        words=wanted.words,
        shown=shown(wanted),
        heat=heat,
        rows=LATEST,
        drawn=DRAWN,
        data_url=wanted.address("figures.screen_data"),
        back_url=wanted.address("figures.index"),
        every=EVERY_SECONDS,
        scripts=SCRIPTS,
        sheets=SHEETS,
    )


@blueprint.get("/screen.json")
@guards.for_deed(Deed.SEE_FIGURES)
def screen_data() -> Response:
    """What the screen fetches: the same values again."""
    return jsonify(shown(view(guards.work())))
