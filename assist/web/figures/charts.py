"""The charts of the 驾驶舱: from what was counted to a table with a link behind every number.

One function a chart; `CHARTS` names them all, for the page, the workbooks and the big screen.
"""

from collections.abc import Callable
from typing import Any

from assist.domain.policy import Deed, may
from assist.domain.rates import Rate
from assist.services.queries.figures.catalogue import FIGURES, HEADLINE
from assist.services.queries.figures.chart import Cell, Chart, Column, Draw, Row, Shape
from assist.services.queries.figures.durations import Spent
from assist.services.queries.figures.standing import LOADS, Load, loaded
from assist.services.queries.ticket_lists import UNDECIDED
from assist.web.figures.place import View

TONES = ("main", "second", "third", "fourth")
MOST_UNITS = 12


def trend(view: View) -> Chart:
    """各项比率走势: the headline rates of 24 months, and how many fell due."""
    columns = [Column("应办结", Shape.COUNT, Draw.BAR, "pale")]
    columns += [
        Column(FIGURES[key].title, Shape.RATE, Draw.LINE, tone) for key, tone in zip(HEADLINE, TONES, strict=True)
    ]
    rows = []
    for month in view.cockpit.months:
        told = view.cockpit.told(month)
        due = Cell(told["on_time"].d, view.behind("on_time", "d", month))
        cells = [
            Cell(told[key], view.behind(key, "d", month), view.behind(key, "n", month)) for key in HEADLINE
        ]
        on = month.first_on
        rows.append(Row(month.label, (due, *cells), f"{on:%Y}年" if on.month == 1 else f"{on.month}月"))
    words = f"{rows[0].name}至{rows[-1].name}"
    return Chart("trend", "各项比率走势", "月份", tuple(columns), tuple(rows), words)


def heat(view: View) -> Chart:
    """县区与类别: a headline rate by area and category of the first level, with what they add up to."""
    settings, figure = view.work.settings, FIGURES[view.heat_key]
    tops = [one for one in settings.categories.values() if one.parent_id is None]
    top_of = {one.id: one.parent_id or one.id for one in settings.categories.values()}
    summed: dict[tuple[int, int], Rate] = {}
    for (area_id, category_id), rate in view.cockpit.heat.items():
        place = (area_id, top_of.get(category_id, 0))
        for key in (place, (area_id, -1), (0, place[1]), (0, -1)):
            before = summed.get(key, Rate(0, 0))
            summed[key] = Rate(before.n + rate.n, before.d + rate.d)
    one_only = settings.by_code(view.query.get("category", ""))
    shown = [(-1, one_only.name if one_only else "合计", "")]
    if one_only is None:
        unknown = [(0, "未定类别", UNDECIDED)] if (0, 0) in summed else []
        shown = [*((one.id, one.name, one.code) for one in tops), *unknown, *shown]

    def row(area_id: int, name: str) -> Row:
        return Row(name, tuple(_hot(view, summed, area_id, *one) for one in shown), is_total=not area_id)

    own, is_whole = view.narrowing.area_id or view.work.actor.area_id, may(view.work.actor, Deed.SEE_ROSTER)
    areas = [one for one in settings.areas.values() if own in (None, one.id)]
    rows = [row(one.id, one.name) for one in areas if is_whole or (one.id, -1) in summed]
    rows += [row(0, "合计")] if len(rows) > 1 else []
    columns = tuple(Column(name, Shape.RATE) for _, name, _ in shown)
    title = f"县（市、区）与类别：{figure.title}"
    return Chart("heat", title, "县（市、区）", columns, tuple(rows), view.words, figure.definition)


def _hot(view: View, summed: dict[Any, Rate], area_id: int, id: int, _name: str, code: str) -> Cell:
    rate = summed.get((area_id, id), Rate(0, 0))
    if not rate.d:
        return Cell(rate)
    narrowed: dict[str, Any] = {"area": area_id} if area_id else {}
    narrowed |= {"category": code} if code else {}
    at = view.heat_told_at
    url, n_url = (view.list_of(view.heat_key, part, view.period, at, **narrowed) for part in ("d", "n"))
    return Cell(rate, url, n_url)


def ages(view: View) -> Chart:
    """在办时长: open tickets by working days since submission, the late ones apart."""
    columns = (
        Column("在办", Shape.COUNT),
        Column("未到期", Shape.COUNT, Draw.STACK, "main"),
        Column("已超期", Shape.COUNT, Draw.STACK, "late"),
    )
    rows = []
    for one in view.cockpit.ages:
        name = f"{one.least}至{one.most}个工作日" if one.least else f"{one.most}个工作日以内"
        name = name if one.most is not None else f"超过{one.least - 1}个工作日"
        short = name.removesuffix("个工作日").replace("个工作日", "日").replace("至", "–")
        span = {"state": "open", "since": one.since.isoformat(), "until": one.until.isoformat()}
        all_url, late_url = view.tickets(**span), view.tickets(**span, lateness="late")
        cells = (Cell(one.open, all_url), Cell(one.open - one.late, all_url), Cell(one.late, late_url))
        rows.append(Row(name, cells, f"{short}日" if short[-1].isdigit() else short))
    return Chart("ages", "在办诉求已提交多久", "提交至今", columns, tuple(rows), "截至现在", "按提交之日起的工作日计。")


def units(view: View) -> Chart:
    """承办单位反馈: first replies and promises that units kept and missed."""
    columns = (
        Column("首次反馈率", Shape.RATE),
        Column("承诺兑现率", Shape.RATE),
        Column("按时首次反馈", Shape.COUNT, Draw.STACK, "main"),
        Column("未按时首次反馈", Shape.COUNT, Draw.STACK, "late"),
        Column("未按时兑现", Shape.COUNT, Draw.STACK, "soon"),
    )
    rows = []
    for one in view.cockpit.units:
        feedback, promise = (_unit_urls(view, key, one.id) for key in ("feedback", "promise"))
        cells = (
            Cell(one.feedback, feedback["d"], feedback["n"], is_few=one.feedback.is_few),
            Cell(one.promise, promise["d"], promise["n"], is_few=one.promise.is_few),
            Cell(one.feedback.n, feedback["n"]),
            Cell(one.feedback.d - one.feedback.n, feedback["missed"]),
            Cell(one.promise.d - one.promise.n, promise["missed"]),
        )
        rows.append(Row(one.name, cells))
    note = f"按未按时件数排列，图中为前{MOST_UNITS}个单位。应反馈不足10件的不显示比率。"
    return Chart(
        "units", "承办单位反馈", "承办单位", columns, tuple(rows), view.words, note, is_across=True, most=MOST_UNITS
    )


def _unit_urls(view: View, key: str, unit_id: int) -> dict[str, str]:
    is_live = bool(view.narrowed)
    return {
        part: view.behind(key, part, view.period, is_live=is_live, unit=unit_id) for part in ("n", "d", "missed")
    }


def loads(view: View) -> Chart:
    """专员在办: how many officers have how many open tickets."""
    columns = (
        Column("专员人数", Shape.COUNT, Draw.BAR, "main"),
        Column("在办件数", Shape.COUNT),
        Column("其中超期", Shape.COUNT),
    )
    found = view.cockpit.loads
    rows = []
    for least, most in LOADS:
        those = loaded(found, least, most)
        name = f"{least}至{most}件" if most and most > least else f"{least}件" if most == least else f"{least}件以上"
        url = view.address("figures.officers", least=least, most=most)
        cells = (Cell(len(those), url), *(Cell(value) for value in _sums(those)))
        rows.append(Row(name, cells, name.replace("至", "–")))
    note = "限制范围的诉求由指定的人办理，不计入专员。"
    return Chart("loads", "专员在办", "每名专员在办", columns, tuple(rows), "截至现在", note)


def _sums(those: list[Load]) -> tuple[int, int]:
    return sum(one.open for one in those), sum(one.late for one in those)


def spent(view: View) -> Chart:
    """办理时长: median, mean and P90 by area, the city's last."""
    columns = (
        Column("办结件数", Shape.COUNT),
        Column("中位数", Shape.DAYS, Draw.BAR, "main"),
        Column("平均", Shape.DAYS),
        Column("九成不超过", Shape.DAYS, Draw.BAR, "second"),
    )
    found, together = view.cockpit.spent, Spent()
    rows = []
    for area in view.work.settings.areas.values():
        if area.id in found:
            rows.append(_spent_row(view, area.name, found[area.id], area=area.id))
            together.add(found[area.id])
    if len(rows) > 1:
        rows.append(_spent_row(view, "合计", together))
    note = "自提交至企业认可的答复，单位为工作日；提交当日不计，当日答复为0。"
    return Chart("spent", "办理时长", "县（市、区）", columns, tuple(rows), view.words, note, is_across=True)


def _spent_row(view: View, name: str, one: Spent, **narrowed: Any) -> Row:
    url = view.behind("rated", "d", view.period, is_live=True, **narrowed)
    values = (one.median, one.mean, one.p90)
    cells = (Cell(one.total, url), *(Cell(value, url) for value in values))
    return Row(name, cells, is_total=not narrowed)


CHARTS: dict[str, Callable[[View], Chart]] = {
    "trend": trend,
    "heat": heat,
    "ages": ages,
    "units": units,
    "loads": loads,
    "spent": spent,
}
