"""Ledger E 月度通报: a month's figures by area or by the unit in the lead, and the whole city in the last row.

A frozen month is told as of the time it was frozen for, so that it stays as it was published; any other as of now.
应办结 is 按期 + 按期答复后退回 + 超期办结 + 超期未办结. Places and bands are what the month's snapshot holds.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import String, and_, case, func, literal_column, not_, or_, select, union_all
from sqlalchemy.orm import aliased

from assist.domain import months
from assist.domain.boards import Band
from assist.domain.clock import local
from assist.domain.rates import Period, Rate, month_of
from assist.domain.requests import RequestKind, RequestStatus
from assist.domain.roles import Role
from assist.models import Publication, Request, Snapshot, SnapshotPlace, Ticket, TicketRound
from assist.services.queries.figures import counting, frozen, left_out
from assist.services.queries.figures.catalogue import FIGURES
from assist.services.queries.figures.dimensions import DIMENSIONS, lead_unit_at, names_of
from assist.services.queries.figures.facts import AsOf, Condition, within
from assist.services.queries.months import may_see_unpublished
from assist.services.work import Work

BY = {"area": "县（市、区）", "unit": "承办单位（牵头）"}
FIGURE_OF = {
    "original_rate": "original_on_time",
    "solved_rate": "solved",
    "satisfied_rate": "satisfied",
    "rated_rate": "rated",
}
GRANTED = {"deferred": RequestKind.DEFERRAL, "suspended": RequestKind.SUSPENSION}
RED = "red_cards"
RED_CARDS = {"area": "red_cards", "unit": "unit_red_cards"}
UNPLACED = {"rank_before": "—", "band": "—"}
NOTHING = Rate(0, 0)
Counts = dict[str, dict[int, int]]
Rates = dict[str, dict[int, Rate]]
Row = dict[str, Any]


@dataclass(frozen=True)
class MonthFilter:
    """`month` as 2026-10 (empty: the last that is over, or that the reader may see); `by` is a key of `BY`."""

    month: str = ""
    by: str = ""

    def as_query(self) -> dict[str, Any]:
        return {each.name: getattr(self, each.name) for each in fields(self) if getattr(self, each.name)}


def period_of(work: Work, wanted: MonthFilter) -> Period:
    """A month to come is the present one."""
    given = months.parse(wanted.month)
    return month_of(work.now, 1) if given is None else given if given.start <= work.now else month_of(work.now)


def time_of(work: Work, period: Period) -> AsOf:
    """When it was frozen for; else now."""
    found = work.settings.frozen_months.get(period.first_on)
    return AsOf(work.now, live=True) if found is None else AsOf(found.told_at, live=False)


def told_as(work: Work, wanted: MonthFilter) -> str:
    """2026年10月，冻结数（截至11月6日17:30） · 2026年11月，截至11月26日09:30"""
    period = period_of(work, wanted)
    if not _may_see(work, period):
        return f"{period.label}，尚未发布"
    at = time_of(work, period)
    shown = local(at.at)
    words = f"截至{shown.month}月{shown.day}日{shown:%H:%M}"
    return f"{period.label}，{words}" if at.live else f"{period.label}，冻结数（{words}）"


def _may_see(work: Work, period: Period) -> bool:
    """Leaders read what is published."""
    if work.actor.is_system or may_see_unpublished(work):
        return True
    query = select(Publication.id).join(Snapshot, Snapshot.id == Publication.snapshot_id)
    return work.session.scalar(query.where(Snapshot.month_on == period.first_on)) is not None


def count(work: Work, wanted: MonthFilter) -> int:
    return sum(not row.get("is_total") for row in rows(work, wanted))


def rows(work: Work, wanted: MonthFilter) -> Iterator[Row]:
    """Every area in the city's order (an area's coordinator his own), or the units that have something; the total."""
    period = period_of(work, wanted)
    if not _may_see(work, period):
        return
    by = "unit" if wanted.by == "unit" else "area"
    at = time_of(work, period)
    counts, rates = _counts(work, by, period, at), _rates(work, by, period, at)
    places = _places(work, by, period)
    for key, name in _names(work, by, counts, rates).items():
        own = {what: found.get(key, 0) for what, found in counts.items()}
        told = {what: found.get(key, NOTHING) for what, found in rates.items()}
        yield {"name": name, **_row(own, told), **places.get(key, UNPLACED)}
    whole = {what: sum(found.values()) for what, found in counts.items()}
    city = {what: _sum(found) for what, found in rates.items()}
    yield {"is_total": True, "name": "", **_row(whole, city), "rank_before": "", "band": ""}


def _row(counts: Mapping[str, int], rates: Mapping[str, Rate]) -> Row:
    told = {what: _shown(rate) for what, rate in rates.items() if what != RED}
    red = rates[RED].n if RED in rates else None
    return {**counts, **told, RED: red, "on_time_rate": _shown(Rate(counts["on_time"], counts["due"]))}


def _shown(rate: Rate) -> str:
    """No percentage of a few."""
    return rate.fraction if rate.d and rate.is_few else rate.percent


def _sum(found: Mapping[int, Rate]) -> Rate:
    return Rate(sum(rate.n for rate in found.values()), sum(rate.d for rate in found.values()))


def _names(work: Work, by: str, counts: Counts, rates: Rates) -> dict[int, str]:
    """In the usual order; what is nobody's (no unit in the lead) stands last, so that all adds up."""
    if by == "area":
        own = work.actor.area_id if work.actor.has(Role.COORDINATOR) else None
        return {area.id: area.name for area in work.settings.areas.values() if own in (None, area.id)}
    ids = {key for found in counts.values() for key, number in found.items() if number}
    ids |= {key for found in rates.values() for key, rate in found.items() if rate.d}
    named = {key or 0: name for key, name in names_of(work, by, sorted(ids)).items()}
    return {key: named[key] for key in sorted(ids, key=lambda key: (key == 0, key)) if key in named}


def _rates(work: Work, by: str, period: Period, at: AsOf) -> Rates:
    """By the value of the dimension, 0 for nobody's. One statement."""
    figures = {**FIGURE_OF, RED: RED_CARDS[by]}
    known = {what: figure for what, figure in figures.items() if figure in FIGURES}
    table = frozen.tables(work, list(known.values()), [period], at, by)[0]
    return {
        what: {key: rates[figure] for (key, _), rates in table.items() if figure in rates}
        for what, figure in known.items()
    }


def _counts(work: Work, by: str, period: Period, at: AsOf) -> Counts:
    """应办结 in its parts, and what is counted beside. Two statements."""
    column: Any = (Ticket.area_id if by == "area" else lead_unit_at(at)).label("of")
    again = aliased(TicketRound)
    rounds = select(_word("reopened"), column, func.count()).select_from(Ticket)
    rounds = rounds.join(again, again.ticket_id == Ticket.id)
    parts = [rounds.where(again.no > 1, within(period, again.started_at), again.started_at <= at.at)]
    for what, kind in GRANTED.items():
        granted = select(_word(what), column, func.count()).select_from(Ticket)
        parts.append(granted.join(Request, Request.ticket_id == Ticket.id).where(_granted(kind, period, at)))
    for what in left_out.KINDS:
        parts.append(left_out.rows(what, period, at, _word("left_out"), column, func.count(Ticket.id.distinct())))
    found = _on_time(work, by, period, at)
    found |= {what: defaultdict(int) for what in ("reopened", *GRANTED, "left_out")}
    scoped = (counting.scoped(work, part, None).group_by(column) for part in parts)
    for what, key, number in work.session.execute(union_all(*scoped)):
        found[what][key or 0] += int(number)
    return found


def _word(what: str) -> Any:
    return literal_column(f"'{what}'", String).label("what")


def _granted(kind: RequestKind, period: Period, at: AsOf) -> Condition:
    return and_(
        Request.kind == kind,
        Request.task_id.is_(None),
        Request.status == RequestStatus.APPROVED,
        within(period, Request.decided_at),
        Request.decided_at <= at.at,
    )


def _on_time(work: Work, by: str, period: Period, at: AsOf) -> Counts:
    """The parts of 应办结: one row of the figure is in exactly one of them."""
    counted = FIGURES["on_time"].build(period, at)
    facts: Any = counted.facts
    parts: dict[str, Any] = {
        "on_time": counted.met,
        "returned": and_(facts.is_met(), not_(counted.met)),
        "late": and_(not_(facts.is_met()), facts.stopped.is_not(None)),
        "overdue": facts.stopped.is_(None),
    }
    sums = [func.coalesce(func.sum(case((part, 1), else_=0)), 0) for part in parts.values()]
    column = DIMENSIONS[by](counted, at).label("of")
    query = counting.rows(counted, column, func.count(), *sums).group_by(column)
    found: Counts = {name: {} for name in ("due", *parts)}
    for row in work.session.execute(counting.scoped(work, query, None)):
        for name, number in zip(found, row[1:], strict=True):
            found[name][row[0] or 0] = int(number)
    return found


def _places(work: Work, by: str, period: Period) -> dict[int, Row]:
    """榜 as this month was frozen, 上期位次 of the last one that was frozen before; none where nothing was placed."""
    rules = work.settings.board_rules_on(period.first_on)
    final = select(Snapshot.id).where(Snapshot.kind == months.SnapshotKind.FINAL)
    before = final.where(Snapshot.month_on < period.first_on).order_by(Snapshot.month_on.desc()).limit(1)
    this = final.where(Snapshot.month_on == period.first_on)
    P = SnapshotPlace
    of_this = case((P.snapshot_id == this.scalar_subquery(), True), else_=False)
    query = select(of_this, P.key, P.place, P.band).where(
        P.board == by, or_(P.snapshot_id == before.scalar_subquery(), P.snapshot_id == this.scalar_subquery())
    )
    found: dict[int, Row] = {}
    for is_this, key, place, band in work.session.execute(query):
        row = found.setdefault(key, dict(UNPLACED))
        if is_this:
            row["band"] = Band.of(band).label(rules)
        elif place is not None:
            row["rank_before"] = str(place)
    return found
