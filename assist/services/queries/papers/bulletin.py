"""月度通报 in one click: a month's figures, boards, typical problems, common matters, what stands open.

A frozen month is told by its frozen numbers; of what is not published it says so. Who may not read the month (a leader
before it is published) gets no bulletin of it.
"""

from collections.abc import Iterator, Sequence

from assist.domain import months
from assist.domain.boards import Band, BoardKind
from assist.domain.errors import NotFound
from assist.domain.months import MonthState
from assist.domain.papers import SPECS, Block, DocumentKind, Grid, Heading, Paper, Words, signed
from assist.domain.policy import Deed, may
from assist.domain.rates import Rate
from assist.services.queries import boards
from assist.services.queries import months as month_queries
from assist.services.queries.figures import counting, values
from assist.services.queries.figures.catalogue import FIGURES, OF_UNITS
from assist.services.queries.ledgers import month as ledger
from assist.services.queries.months import MonthPage
from assist.services.queries.papers import standing
from assist.services.queries.papers.words import BLANK_DATE, OVERSIGHT, day, moment
from assist.services.work import Work

TO = "各县（市、区）、市属开发区助企办，市直各承办单位"
IN_WORDS = ("on_time", "original_on_time", "solved", "satisfied", "rated")
NUMERALS = "一二三四五六七八九"
AREA_COLUMNS = {
    "name": "单位",
    "due": "应办结",
    "on_time": "按期",
    "on_time_rate": "按期办结率",
    "original_rate": "原时限按期率",
    "solved_rate": "解决率",
    "satisfied_rate": "满意率",
    "red_cards": "红牌",
    "band": "榜",
}
NOTHING = Rate(0, 0)


def bulletin(work: Work, no: str) -> Paper:
    """月度通报 of a month (2026-10). Raises NotFound."""
    period = months.parse(no)
    if period is None or not may(work.actor, Deed.SEE_FIGURES):
        raise NotFound()
    page = month_queries.page(work, period, is_compared=False)
    blocks: list[Block] = []
    for place, (title, inner) in enumerate(_sections(work, page)):
        blocks += [Heading(f"{NUMERALS[place]}、{title}"), *inner]
    signer = page.publication
    return Paper(
        kind=DocumentKind.BULLETIN,
        no=months.word(period.first_on),
        title=f"关于{period.label}企业诉求办理情况的通报",
        number=f"{SPECS[DocumentKind.BULLETIN].prefix}〔{period.first_on.year}〕第{period.first_on.month}期",
        about=f"/figures/months/{months.word(period.first_on)}",
        blocks=tuple(blocks),
        office=OVERSIGHT,
        addressee=TO,
        closing=(OVERSIGHT, day(signer.signed_at if signer else None, BLANK_DATE)),
        signers=signed(issued=signer.signed_name if signer else ""),
        warning="" if signer else _warning(page),
        phone=work.settings.oversight_phone,
        code_says="扫码查看月度数据",
    )


def _warning(page: MonthPage) -> str:
    if page.state is MonthState.FROZEN:
        return "数据已冻结，尚未签发。"
    return "数据尚未冻结，数字还会变化，不能作为正式通报。"


def _sections(work: Work, page: MonthPage) -> Iterator[tuple[str, Sequence[Block]]]:
    """(title, what stands below it), without those that have nothing to say."""
    told = page.said
    if page.snapshot is None:
        told = page.present | values.measured(work, page.period, counting.as_of(work))
    yield "总体情况", _overall(work, page, told)
    yield "县（市、区）办理情况", [_areas(work, page)]
    if units := _units(page, told):
        yield "承办单位办理情况", [units]
    if page.snapshot is not None and (lines := _boards(work, page)):
        yield "蓝黄红榜", [Words("\n".join(lines))]
    yield "典型问题", [standing.typical(work, page.period)]
    if themes := standing.themes(work):
        yield "共性问题", [themes]
    yield "尚未办结的超期诉求", standing.late(work)


def _overall(work: Work, page: MonthPage, told: month_queries.Numbers) -> list[Block]:
    """The month in two sentences, then every figure with both its numbers."""
    city = {key: told.get((key, "city", 0), NOTHING) for key in FIGURES}
    open_ = city["overdue"]
    at = moment(page.snapshot.told_at if page.snapshot is not None else work.now)
    before = month_queries.headline_before(work, page.period)
    rates = "，".join(
        f"{FIGURES[key].title}{_rate(city[key])}{_change(city[key], before.get(key))}" for key in IN_WORDS
    )
    words = (
        f"{page.period.label}，企业新提交诉求{city['progress'].d}件，办结{city['rated'].d}件。"
        f"截至{at}，在办{open_.d}件，其中超期{open_.n}件。\n{rates}。"
    )
    rows = [(figure.title, city[key].percent, city[key].fraction) for key, figure in FIGURES.items()]
    rows += [
        (one.title, one.text(rate), one.counted(rate))
        for one in values.VALUES.values()
        if (rate := told.get((one.key, "city", 0))) is not None
    ]
    return [Words(words), Grid(("指标", "数值", "分子 / 分母"), tuple(rows))]


def _rate(rate: Rate) -> str:
    return f"{rate.percent}（{rate.fraction}）" if rate.d else "无可统计"


def _change(now: Rate, before: Rate | None) -> str:
    """，较上月提高1.2个百分点"""
    if before is None or now.value is None or before.value is None:
        return ""
    points = round((now.value - before.value) * 100, 1)
    if not points:
        return "、与上月持平"
    return f"、较上月{'提高' if points > 0 else '下降'}{abs(points):g}个百分点"


def _areas(work: Work, page: MonthPage) -> Grid:
    wanted = ledger.MonthFilter(months.word(page.period.first_on), "area")
    rows = []
    for row in ledger.rows(work, wanted):
        shown = {**row, "name": "合计" if row.get("is_total") else row["name"]}
        rows.append(tuple("" if (value := shown.get(key)) is None else str(value) for key in AREA_COLUMNS))
    return Grid(tuple(AREA_COLUMNS.values()), tuple(rows))


def _units(page: MonthPage, told: month_queries.Numbers) -> Grid | None:
    rows = tuple(
        (page.names.get(("unit", key), ""), *(_few(told.get((figure, "unit", key), NOTHING)) for figure in OF_UNITS))
        for key in page.keys("unit", OF_UNITS)
    )
    return Grid(("承办单位", *(FIGURES[key].title for key in OF_UNITS)), rows) if rows else None


def _few(rate: Rate) -> str:
    """No percentage of a few."""
    return "—" if not rate.d else rate.fraction if rate.is_few else f"{rate.percent}（{rate.fraction}）"


def _boards(work: Work, page: MonthPage) -> list[str]:
    """A line a band that somebody stands in; yellow and red with the reasons."""
    assert page.snapshot is not None
    rules, found = work.settings.board_rules_on(page.period.first_on), boards.read(work, page.snapshot)
    lines = []
    for kind in BoardKind:
        for band in (Band.BLUE, Band.YELLOW, Band.RED):
            on_it = [one for one in found[kind] if one.band is band]
            if on_it:
                names = "；".join(one.name if band is Band.BLUE else _with_reasons(one) for one in on_it)
                lines.append(f"{kind.title}{band.label(rules)}：{names}。")
    return lines


def _with_reasons(one: boards.Line) -> str:
    return f"{one.name}（{'，'.join(one.reasons)}）" if one.reasons else one.name

