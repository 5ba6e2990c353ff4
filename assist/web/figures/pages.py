"""The 驾驶舱 for a desk and a phone: five numbers first, then the charts; each as a workbook; officers by load."""

from typing import Any

from flask import Response, render_template, request, url_for

from assist.domain import periods
from assist.domain.clock import local_date
from assist.domain.errors import NotFound
from assist.domain.policy import Deed
from assist.domain.rates import Rate
from assist.services import auditing, exporting
from assist.services.queries.figures.catalogue import FIGURES, HEADLINE
from assist.services.queries.figures.standing import loaded
from assist.services.workbooks.chart_sheet import write_chart
from assist.services.workbooks.writer import Stamp
from assist.web import guards
from assist.web.downloads import download
from assist.web.figures.charts import CHARTS
from assist.web.figures.place import View, blueprint, view

PLACED = ("trend", "ages", "loads", "spent", "units")  # the heat table stands apart


@blueprint.get("/")
@guards.for_deed(Deed.SEE_FIGURES)
def index() -> str:
    wanted = view(guards.work())
    charts = {key: build(wanted) for key, build in CHARTS.items()}
    return render_template(
        "figures/index.html",
        words=wanted.words,
        numbers=numbers(wanted),
        heat=charts.pop("heat"),
        heat_tabs=_heat_tabs(wanted),
        charts=[charts[key] for key in PLACED],
        export_urls={key: wanted.address("figures.export", chart=key) for key in CHARTS},
        screen_url=wanted.address("figures.screen"),
        fields=_fields(wanted),
        more=_dates(wanted),
        is_narrowed=bool(wanted.query),
        frozen_at=wanted.rates_told_at,
        is_heat_frozen=wanted.heat_told_at is not None,
        now=wanted.work.now,
    )


def numbers(wanted: View) -> list[dict[str, Any]]:
    """Five numbers, each opening the very tickets it counts."""
    cockpit = wanted.cockpit
    opened, late = (sum(getattr(one, name) for one in cockpit.ages) for name in ("open", "late"))
    told, before = cockpit.told(cockpit.period), cockpit.told(cockpit.before)
    return [
        {"key": "open", "value": opened, "label": "在办", "note": "截至现在", "url": wanted.tickets(state="open")},
        {
            "key": "late",
            "value": late,
            "label": "超期",
            "note": "截至现在",
            "url": wanted.tickets(lateness="late", sort="due"),
            "tone": "late" if late else "",
        },
        {
            "key": "closed",
            "value": told["rated"].d,
            "label": "本期办结",
            "note": f"上期 {before['rated'].d}",
            "url": wanted.behind("rated", "d", wanted.period),
        },
        *(_rate(wanted, key, told[key], before[key]) for key in ("on_time", "satisfied")),
    ]


def _rate(wanted: View, key: str, rate: Rate, before: Rate) -> dict[str, Any]:
    return {
        "key": key,
        "value": rate.percent,
        "label": FIGURES[key].title,
        "note": f"{rate.fraction}，上期 {before.percent}" if rate.d else f"上期 {before.percent}",
        "url": wanted.behind(key, "d", wanted.period),
    }


def _heat_tabs(wanted: View) -> list[dict[str, Any]]:
    return [
        {
            "label": FIGURES[key].title,
            "url": wanted.address("figures.index", heat=key) + "#heat",
            "is_current": key == wanted.heat_key,
        }
        for key in HEADLINE
    ]


def _fields(wanted: View) -> list[dict[str, Any]]:
    """The filter: a period, an area, a chain, a category."""
    settings, query = wanted.work.settings, wanted.query
    offered = periods.offered(wanted.work.now)
    named = periods.word(wanted.period)
    if named not in dict(offered):
        offered.insert(0, (named, wanted.period.label))
    own_area = wanted.work.actor.area_id
    areas = [(one.id, one.name) for one in settings.areas.values() if own_area in (None, one.id)]
    categories = [(one.code, one.name) for one in settings.categories.values() if one.parent_id is None]
    chosen = settings.by_code(query.get("category", ""))
    if chosen is not None and chosen.parent_id is not None:
        categories.append((chosen.code, chosen.name))
    found: list[dict[str, Any]] = [
        {"name": "period", "label": "时间", "options": offered, "value": named},
        {"name": "area", "label": "县（市、区）", "options": [("", "全部"), *areas]},
        {"name": "chain", "label": "产业链", "options": [("", "全部"), *settings.chains.items()]},
        {"name": "category", "label": "类别", "options": [("", "全部"), *categories]},
    ]
    shown = [{"kind": "select", "value": query.get(one["name"], ""), **one} for one in found]
    return [*shown, {"kind": "hidden", "name": "heat", "value": wanted.heat_key}]


def _dates(wanted: View) -> list[dict[str, Any]]:
    return [
        {"kind": "date", "name": name, "label": label, "value": wanted.query.get(name, "")}
        for name, label in (("since", "起（任意日期，两项都填）"), ("until", "止"))
    ]


@blueprint.post("/<chart>.xlsx")
@guards.for_deed(Deed.SEE_FIGURES)
def export(chart: str) -> Response:
    """One chart's table as a workbook; logged."""
    build = CHARTS.get(chart)
    if build is None:
        raise NotFound()
    wanted = view(guards.work())
    work, shown = wanted.work, build(wanted)
    stamp = Stamp(exporting.office(work), work.actor.name, work.now, wanted.words)
    content, rows = write_chart(shown, stamp)
    auditing.record(work, "export", f"驾驶舱：{shown.title}", filter=wanted.query, rows=rows)
    guards.commit()
    return download(content, f"{shown.title.replace('：', '_')}{local_date(work.now):%Y%m%d}.xlsx")


@blueprint.get("/officers")
@guards.for_deed(Deed.SEE_FIGURES)
def officers() -> str:
    """Officers with so many open tickets, by name and never ranked."""
    wanted = view(guards.work())
    least = request.args.get("least", 0, type=int)
    most = request.args.get("most", type=int)
    found = loaded(wanted.cockpit.loads, least, most)
    span = f"{least}件以上" if most is None else f"{least}件" if most == least else f"{least}至{most}件"
    return render_template(
        "figures/officers.html",
        rows=found,
        span=span,
        words=wanted.words.partition(" · ")[2],
        back_url=wanted.address("figures.index") + "#loads",
        list_url=lambda officer_id, **more: url_for(
            "tickets.index", **{**wanted.narrowed, "officer": officer_id, "state": "open", **more}
        ),
        now=wanted.work.now,
    )
