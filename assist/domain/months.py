"""The life of a month's figures: draft, objections, frozen, published. When each comes is counted in working days.

2nd working day a draft → 2 working days for objections → frozen at the end of the 5th working day → published when a
supervisor signs. A month is told as of those very instants, so that a job that comes late tells the same.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from assist.domain.rates import Period, month, month_of
from assist.domain.status import Worded
from assist.domain.workdays import WorkCalendar

DRAFT_DAY, OBJECTION_DAY, FREEZE_DAY = 2, 4, 5


class SnapshotKind(Worded):
    DRAFT = "draft", "草稿"
    FINAL = "final", "冻结"


class MonthState(Worded):
    """How a month stands, for people."""

    OPEN = "open", "统计中", "inf"
    DRAFT = "draft", "草稿，可提异议", "soon"
    WAITING = "waiting", "异议期已过，待冻结", "soon"
    FROZEN = "frozen", "已冻结，待签发", "soon"
    PUBLISHED = "published", "已发布", "ok"


@dataclass(frozen=True)
class Milestones:
    """When a month is drafted, from when it may no longer be objected to, when it is frozen."""

    draft_at: datetime
    objections_until: datetime
    freeze_at: datetime


def milestones(calendar: WorkCalendar, period: Period) -> Milestones:
    """Working days are counted from the month's end; the draft is there when the second one begins."""
    ends = period.end - timedelta(microseconds=1)
    first_close = calendar.day_due(ends, DRAFT_DAY - 1)
    return Milestones(
        draft_at=calendar.working_from(first_close + timedelta(minutes=1)),
        objections_until=calendar.day_due(ends, OBJECTION_DAY),
        freeze_at=calendar.day_due(ends, FREEZE_DAY),
    )


def parse(text: str) -> Period | None:
    """The calendar month of `2026-11`; None for anything else."""
    year, _, number = text.partition("-")
    if not (len(year) == 4 and len(number) == 2 and (year + number).isascii() and (year + number).isdigit()):
        return None
    return month(int(year), int(number)) if 2000 <= int(year) <= 2100 and 1 <= int(number) <= 12 else None


def word(on: date) -> str:
    """`2026-11`, as months stand in addresses and on the command line."""
    return f"{on:%Y-%m}"


def whole_month(period: Period) -> date | None:
    """The first day when a period is one calendar month, else None."""
    own = month_of(period.start)
    return own.first_on if (own.start, own.end) == (period.start, period.end) else None


def spanning(last: Period, count: int) -> Period:
    """So many months as one period, `last` the last of them."""
    first = month(last.first_on.year, last.first_on.month - count + 1)
    return Period(first.start, last.end, f"{first.label}至{last.label}" if count > 1 else last.label)
