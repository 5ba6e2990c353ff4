"""Chinese wording of dates and times on Shanghai's clock, for texts that the domain itself composes.

`year` is the year that goes without saying; a date of another year is written with it. Not here: what pages show
in tables (the web's filters).
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from assist.domain.day_span import day_date, to_local

_WEEKDAYS = "一二三四五六日"
_DAY = timedelta(days=1)


def date_text(on: date, year: int) -> str:
    """12月11日 · 2027年1月4日"""
    return f"{on.month}月{on.day}日" if on.year == year else f"{on.year}年{on.month}月{on.day}日"


def weekday_text(on: date) -> str:
    return f"周{_WEEKDAYS[on.weekday()]}"


def time_text(at: datetime) -> str:
    """09:12; seconds are cut off"""
    hour, minute = divmod(to_local(at)[1] // 60_000_000, 60)
    return f"{hour:02d}:{minute:02d}"


def local_day(at: datetime) -> date:
    return day_date(to_local(at)[0])


def moment_text(at: datetime, year: int) -> str:
    """12月11日17:30"""
    return f"{date_text(local_day(at), year)}{time_text(at)}"


def runs(days: Iterable[date]) -> list[tuple[date, date]]:
    """Dates in order, as first and last of each unbroken run."""
    found: list[tuple[date, date]] = []
    for on in days:
        if found and on - found[-1][1] == _DAY:
            found[-1] = (found[-1][0], on)
        else:
            found.append((on, on))
    return found


def runs_text(spans: Iterable[tuple[date, date]], year: int) -> str:
    """11月21—22日、28—29日、12月5—6日: a month is named once, a run across months names both."""
    parts = []
    named: tuple[int, int] | None = None
    for first, last in spans:
        is_named = named == (first.year, first.month)
        begins = f"{first.day}日" if is_named else date_text(first, year)
        if first == last:
            parts.append(begins)
        elif (first.year, first.month) == (last.year, last.month):
            parts.append(f"{begins.removesuffix('日')}—{last.day}日")
        else:
            parts.append(f"{begins}—{date_text(last, first.year)}")
        named = (last.year, last.month)
    return "、".join(parts)
