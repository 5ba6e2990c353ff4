"""督查工作台: red on top, the month's rates with trend, everything opening its list; one page for each figure."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from assist.domain import months
from assist.domain.channel_names import ChannelName
from assist.domain.clock import local_date
from assist.domain.errors import NotFound
from assist.domain.job_names import JobName
from assist.domain.lateness import Bearer
from assist.domain.policy import Deed
from assist.domain.rates import Period, Rate, month, month_of
from assist.services import delivering
from assist.services.queries import callback_list, oversight
from assist.services.queries.deliveries import PAGE, count, stuck
from assist.services.queries.figures import counting, frozen, own_lateness
from assist.services.queries.figures.catalogue import FIGURES, HEADLINE
from assist.services.queries.jobs_health import has_ever_run, silent_jobs
from assist.services.queries.ticket_lists import UNDECIDED
from assist.services.work import Work
from assist.web import guards
from assist.web.figure_links import list_url
from assist.web.tickets import LEFT_OUT_TITLES

blueprint = Blueprint("oversight", __name__, url_prefix="/oversight")
OWN_TITLES = {"area": "本地责任", "officer": "本人责任"}
DIMENSION_TITLES = {"area": "县（市、区）", "category": "类别", "officer": "责任专员"}


def wanted_month(work: Work) -> Period:
    """The month in the URL (2026-11), or this one; months to come are this one."""
    try:
        year, number = (int(part) for part in request.args.get("month", "").split("-"))
        found = month(year, number) if 1 <= number <= 12 and 2000 <= year <= 2100 else month_of(work.now)
    except ValueError:
        return month_of(work.now)
    return found if found.start <= work.now else month_of(work.now)


def _papers(work: Work) -> list[tuple[str, str]]:
    """What is made in one click: this week's sheet, the last month's bulletin."""
    last = month_of(work.now, 1)
    return [
        ("周调度表", url_for("documents.show", kind="week", no=local_date(work.now).isoformat())),
        (f"{last.first_on.month}月通报", url_for("documents.show", kind="bulletin", no=months.word(last.first_on))),
    ]


@blueprint.get("/")
@guards.for_deed(Deed.OVERSEE)
def index() -> str:
    work = guards.work()
    found = oversight.overview(work, wanted_month(work))
    silent = silent_jobs(work.session, work.now)
    return render_template(
        "oversight/index.html",
        found=found,
        tiles=[_tile(key, found) for key in HEADLINE],
        others=[_tile(key, found) for key in oversight.SHOWN if key not in HEADLINE],
        silent=[JobName.of(job.name).title for job in silent],
        never_ran=not silent and not has_ever_run(work.session),
        areas=_area_rows(work, found),
        left_out=[
            {
                "title": title,
                "count": getattr(found.left_out, what),
                "url": list_url("on_time", what, found.month, found.told_at),
            }
            for what, title in LEFT_OUT_TITLES.items()
        ],
        months=_months(work, found.month),
        now=work.now,
        papers=_papers(work),
    )


def _tile(key: str, found: oversight.Overview) -> dict[str, Any]:
    rate, before = found.rates[key], found.before[key]
    return {
        "key": key,
        "title": FIGURES[key].title,
        "definition": FIGURES[key].definition,
        "rate": rate,
        "n_url": list_url(key, "n", found.month, found.told_at),
        "d_url": list_url(key, "d", found.month, found.told_at),
        "change": _change(rate, before),
        "url": url_for("oversight.figure", key=key, month=f"{found.month.first_on:%Y-%m}"),
    }


def _change(rate: Rate, before: Rate) -> str:
    """Against the period before, in percentage points: 较上月 +1.2个百分点."""
    if rate.value is None or before.value is None:
        return "上月 " + before.percent
    points = round((rate.value - before.value) * 100, 1)
    return f"上月 {before.percent}，{'持平' if not points else f'{points:+.1f}个百分点'}"


def _area_rows(work: Work, found: oversight.Overview) -> list[dict[str, Any]]:
    """Areas in the city's usual order, those with nothing to count too."""
    return [
        {
            "name": area.name,
            "rate": found.areas.get(area.id, Rate(0, 0)),
            "url": list_url("on_time", "d", found.month, found.told_at, area=area.id),
            "missed_url": list_url("on_time", "missed", found.month, found.told_at, area=area.id),
        }
        for area in work.settings.areas.values()
    ]


def _months(work: Work, shown: Period) -> list[dict[str, Any]]:
    """The last six months as one-click choices."""
    found = []
    for back in range(6):
        each = month_of(work.now, back)
        found.append(
            {
                "label": f"{each.first_on.month}月" if back else "本月",
                "url": url_for("oversight.index", month=f"{each.first_on:%Y-%m}"),
                "is_current": each.start == shown.start,
            }
        )
    return list(reversed(found))


@blueprint.get("/figures/<key>")
@guards.for_deed(Deed.OVERSEE)
def figure(key: str) -> str:
    """One figure: definition, n and d with their lists, against the month before, by dimension, twelve months."""
    work = guards.work()
    if key not in FIGURES:
        raise NotFound()
    period, at = wanted_month(work), counting.as_of(work)
    dimension = request.args.get("by", "area")
    dimension = dimension if dimension in DIMENSION_TITLES else "area"
    before = month_of(period.start, 1)
    present, previous = counting.rates(work, [key], [period, before], at)
    late = own_lateness.own_late(work, key, period, at) if key in own_lateness.KEYS else None
    return render_template(
        "oversight/figure.html",
        figure=FIGURES[key],
        period=period,
        rate=present[key],
        before=previous[key],
        before_period=before,
        urls={part: list_url(key, part, period) for part in counting.PARTS},
        rows=_broken_down(work, key, dimension, period, late),
        parties=_parties(key, period, late) if late is not None else [],
        has_own=late is not None and dimension in OWN_TITLES,
        own_title=OWN_TITLES.get(dimension, ""),
        tab_items=[
            {
                "label": title,
                "url": url_for("oversight.figure", key=key, by=name, month=f"{period.first_on:%Y-%m}"),
                "is_current": name == dimension,
            }
            for name, title in DIMENSION_TITLES.items()
        ],
        dimension_title=DIMENSION_TITLES[dimension],
        trend_rows=frozen.trend(work, key, period, oversight.TREND_MONTHS, at),
    )


def _broken_down(
    work: Work, key: str, dimension: str, period: Period, late: own_lateness.Found | None
) -> list[dict[str, Any]]:
    found = counting.by_dimension(work, key, dimension, period, counting.as_of(work))
    if late is not None and dimension == "officer":  # who stood in for another may have no ticket of his own
        persons = {one.party.id for one in late.lates if one.party.bearer in own_lateness.PERSONS}
        found |= {id: Rate(0, 0) for id in persons if id not in found}
    names = counting.names_of(work, dimension, list(found))
    order = [one for one in (work.settings.areas if dimension == "area" else names) if one in found]
    if dimension == "officer":  # officers are never ranked: by name, not by rate
        order.sort(key=lambda one: names.get(one, ""))
    return [
        {
            "name": names.get(one, "未定"),
            "rate": found[one],
            "is_person": dimension == "officer",
            "urls": {
                part: list_url(key, part, period, **_narrowed(work, dimension, one))
                for part in counting.PARTS
            },
            **(_own(key, dimension, one, period, late) if late is not None and dimension in OWN_TITLES else {}),
        }
        for one in order
    ]


def _own(key: str, dimension: str, value: Any, period: Period, late: own_lateness.Found) -> dict[str, Any]:
    """What of a row is late, by its own doing and by units', each with its list."""
    is_person = dimension == "officer"
    word = f"{'person' if is_person else 'area'}:{value}"
    theirs = [one for one in late.lates if value == (one.owner_id if is_person else one.area_id)]
    narrowed = {dimension: value or counting.NOBODY}
    of_unit = sum(one.is_of("unit") for one in theirs)
    return {
        "late": (len(theirs), list_url(key, "missed", period, party="any", **narrowed)),
        "own": (late.count(word), list_url(key, "missed", period, party=word)),
        "unit": (of_unit, list_url(key, "missed", period, party="unit", **narrowed)),
    }


def _parties(key: str, period: Period, late: own_lateness.Found) -> list[dict[str, Any]]:
    """Everything late by who answers for it; units one by one, people never."""
    words = {one.party.word if one.party.bearer is Bearer.UNIT else one.party.bearer.value for one in late.lates}
    found = []
    for word in words:
        bearer, _, id = word.partition(":")
        name = late.units.get(int(id), "") if id else Bearer.of(bearer).title
        found.append({"name": name, "count": late.count(word), "url": list_url(key, "missed", period, party=word)})
    return sorted(found, key=lambda one: (-one["count"], one["name"]))


def _narrowed(work: Work, dimension: str, value: Any) -> dict[str, Any]:
    if dimension == "category":
        return {"category": work.settings.categories[value].code if value else UNDECIDED}
    return {dimension: value or counting.NOBODY}


@blueprint.get("/callbacks")
@guards.for_deed(Deed.OVERSEE)
def callbacks() -> str:
    """回访: whom to call, the form one click away; and what came of those that were made."""
    is_done = request.args.get("state") == "done"
    page = min(max(request.args.get("page", 1, type=int), 1), 1000)
    rows, total, owed = callback_list.rows(guards.work(), is_done=is_done, page=page)
    query: dict[str, Any] = {"state": "done"} if is_done else {}
    return render_template(
        "oversight/callbacks.html",
        rows=rows,
        is_done=is_done,
        total=total,
        tab_items=[
            {"label": "待回访", "url": url_for("oversight.callbacks"), "is_current": not is_done, "count": owed},
            {"label": "已回访", "url": url_for("oversight.callbacks", state="done"), "is_current": is_done},
        ],
        previous_url=url_for("oversight.callbacks", **query, page=page - 1) if page > 1 else "",
        next_url=url_for("oversight.callbacks", **query, page=page + 1)
        if page * callback_list.PAGE < total
        else "",
    )


@blueprint.get("/deliveries")
@guards.for_deed(Deed.OVERSEE)
def deliveries() -> str:
    """Messages that did not get out or are late, with the reason."""
    work = guards.work()
    page = min(max(request.args.get("page", 1, type=int), 1), 1000)
    total = count(work.session, work.now)
    last = max(1, -(-total // PAGE))
    return render_template(
        "oversight/deliveries.html",
        rows=stuck(work.session, work.now, offset=(page - 1) * PAGE),
        total=total,
        channels={one.value: one.title for one in ChannelName},
        previous_url=url_for("oversight.deliveries", page=page - 1) if page > 1 else "",
        next_url=url_for("oversight.deliveries", page=page + 1) if page < last else "",
    )


@blueprint.post("/deliveries/<int:delivery_id>/again")
@guards.for_deed(Deed.OVERSEE)
def send_again(delivery_id: int) -> Response:
    """重发."""
    delivering.again(guards.work(), delivery_id)
    guards.commit()
    flash("已重新排入发送，几分钟内会再试。", "success")
    return redirect(url_for("oversight.deliveries"))
