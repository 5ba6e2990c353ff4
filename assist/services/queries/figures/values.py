"""Figures that are no share of tickets: 办理时长, 平均超期, 补正顺延日数, 专员到位率, 走访完成率; by city and area.

Each is kept as n and d, so that frozen months hold it like any rate: a number of working days and what it was counted
on, or a share of enterprises.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased

from assist.domain.rates import Period, Rate
from assist.domain.status import ClockKind, Worded
from assist.models import Clock, ClockMove, Enterprise, Pairing, Ticket
from assist.services.queries import visit_figures
from assist.services.queries.figures import durations
from assist.services.queries.figures.as_it_was import was_open
from assist.services.queries.figures.durations import Spent
from assist.services.queries.figures.facts import AsOf, clock_facts, known, not_paused
from assist.services.queries.figures.narrowing import Narrowing
from assist.services.work import Work

Place = tuple[str, str, int]  # figure, dimension, key
EXTENDED = "%顺延"  # why a move by a pause says it was


class ValueKind(Worded):
    DAYS = "days", "工作日"  # n working days, counted on d
    MEAN = "mean", "工作日"  # n / d working days
    SHARE = "share", "比率"


@dataclass(frozen=True)
class Value:
    """One of these figures, with its words."""

    key: str
    title: str
    definition: str
    kind: ValueKind

    def text(self, told: Rate) -> str:
        """5个工作日 · 3.4个工作日 · 98.5%"""
        if not told.d:
            return "—"
        if self.kind is ValueKind.SHARE:
            return told.percent
        return f"{told.n if self.kind is ValueKind.DAYS else round(told.n / told.d, 1):g}个工作日"

    def counted(self, told: Rate) -> str:
        """What it was counted on."""
        if self.kind is ValueKind.SHARE:
            return told.fraction
        return f"{told.d}件" if self.kind is ValueKind.DAYS else f"共{told.n}个工作日 / {told.d}件"


K = ValueKind
_SPENT = "本期办结、从提交到企业认可的答复的工作日数（提交当日不计）；暂停计时的日子也在内。"
VALUES: dict[str, Value] = {
    one.key: one
    for one in (
        Value("duration_median", "办理时长（中位数）", f"{_SPENT}半数诉求不超过的天数。", K.DAYS),
        Value("duration_mean", "办理时长（平均）", f"{_SPENT}平均数。", K.MEAN),
        Value("duration_p90", "办理时长（九成）", f"{_SPENT}九成诉求不超过的天数。", K.DAYS),
        Value("overdue_days", "平均超期", "期末以前提交、统计时刻在办且超期的诉求，平均已超期的工作日数。", K.MEAN),
        Value(
            "supplement_days",
            "补正顺延日数",
            "本期提交的诉求，因请企业补正而顺延的工作日数，按补正过的诉求平均。",
            K.MEAN,
        ),
        Value("staffed", "专员到位率", "统计时刻在册的企业为分母；有服务专员的为分子。", K.SHARE),
        Value("visited", "走访完成率", "期末有服务专员的企业为分母；本期联系次数达到要求的为分子。", K.SHARE),
    )
}


def measured(work: Work, period: Period, at: AsOf) -> dict[Place, Rate]:
    """All of them for a period; five statements whatever the number of tickets."""
    found = _durations(work, period, at)
    found |= _summed("overdue_days", _overdue(work, period, at))
    found |= _summed("supplement_days", _supplements(work, period, at))
    found |= _staffed(work, at)
    found["visited", "city", 0] = visit_figures.completion(work, period, at.at).rate
    return found


def _durations(work: Work, period: Period, at: AsOf) -> dict[Place, Rate]:
    by_area = durations.by_area(work, period, Narrowing(), at)
    whole = Spent()
    for spent in by_area.values():
        whole.add(spent)
    found: dict[Place, Rate] = {}
    for dimension, key, spent in [("city", 0, whole), *(("area", id, one) for id, one in by_area.items())]:
        total = sum(days * count for days, count in spent.counts.items())
        found["duration_median", dimension, key] = Rate(spent.median or 0, spent.total)
        found["duration_mean", dimension, key] = Rate(total, spent.total)
        found["duration_p90", dimension, key] = Rate(spent.p90 or 0, spent.total)
    return found


def _summed(key: str, days: Iterable[tuple[int, int]]) -> dict[Place, Rate]:
    """(area, days) pairs as sums over the city and each area."""
    sums: dict[Place, list[int]] = defaultdict(lambda: [0, 0])
    sums[key, "city", 0] = [0, 0]
    for area_id, count in days:
        for place in ((key, "city", 0), (key, "area", area_id)):
            sums[place][0] += count
            sums[place][1] += 1
    return {place: Rate(n, d) for place, (n, d) in sums.items()}


def _overdue(work: Work, period: Period, at: AsOf) -> list[tuple[int, int]]:
    """Of each ticket that is open and late: its area and the working days since."""
    clock = aliased(Clock)
    facts = clock_facts(clock, at)
    query = (
        select(Ticket.area_id, facts.due)
        .join(clock, clock.ticket_id == Ticket.id)
        .where(
            clock.kind == ClockKind.RESOLUTION,
            clock.started_at <= at.at,
            facts.stopped.is_(None),
            facts.due < at.at,
            not_paused(clock, at),
            was_open(at),
            known(at),
            Ticket.submitted_at < period.end,
        )
    )
    calendar = work.settings.calendar
    return [(area_id, calendar.workdays_between(due, at.at)) for area_id, due in work.session.execute(query)]


def _supplements(work: Work, period: Period, at: AsOf) -> list[tuple[int, int]]:
    """Of each ticket submitted in the period whose first due time a supplement moved: its area and by how much."""
    query = (
        select(Ticket.id, Ticket.area_id, ClockMove.old_original_due_at, ClockMove.new_original_due_at)
        .join(Clock, Clock.ticket_id == Ticket.id)
        .join(ClockMove, ClockMove.clock_id == Clock.id)
        .where(
            Ticket.submitted_at >= period.start,
            Ticket.submitted_at < period.end,
            Clock.kind == ClockKind.RESOLUTION,
            Clock.round_no == 1,
            ClockMove.why.like(EXTENDED),
            ClockMove.old_original_due_at != ClockMove.new_original_due_at,
            ClockMove.at <= at.at,
        )
    )
    calendar, found = work.settings.calendar, dict[int, tuple[int, int]]()
    for ticket_id, area_id, old, new in work.session.execute(query):
        _, days = found.get(ticket_id, (area_id, 0))
        found[ticket_id] = (area_id, days + calendar.workdays_between(old, new))
    return list(found.values())


def _staffed(work: Work, at: AsOf) -> dict[Place, Rate]:
    """Enterprises with an officer then, of those that are in use."""
    then = and_(
        Pairing.enterprise_id == Enterprise.id,
        Pairing.started_at <= at.at,
        or_(Pairing.ended_at.is_(None), Pairing.ended_at > at.at),
    )
    query: Any = (
        select(Enterprise.area_id, func.count(Pairing.id), func.count())
        .select_from(Enterprise)
        .outerjoin(Pairing, then)
        .where(Enterprise.is_active, _there(at.at))
        .group_by(Enterprise.area_id)
    )
    rows = list(work.session.execute(query))
    found: dict[Place, Rate] = {("staffed", "area", area_id): Rate(n, d) for area_id, n, d in rows}
    found["staffed", "city", 0] = Rate(sum(row[1] for row in rows), sum(row[2] for row in rows))
    return found


def _there(at: datetime) -> Any:
    return Enterprise.created_at <= at
