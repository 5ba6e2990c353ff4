"""Spans of time in the words of an address: 2026-11, 2026-Q4, 2026. What came before one, and which ones to offer."""

from datetime import date, datetime, timedelta

from assist.domain import months
from assist.domain.clock import local_date
from assist.domain.rates import Period, days, month, month_of

QUARTERS = "一二三四"


def quarter(year: int, number: int) -> Period:
    """第一至四季度; numbers under 1 or over 4 run into the neighbouring years."""
    year, number = year + (number - 1) // 4, (number - 1) % 4 + 1
    first, last = month(year, 3 * number - 2), month(year, 3 * number)
    return Period(first.start, last.end, f"{year}年第{QUARTERS[number - 1]}季度")


def year(number: int) -> Period:
    return days(date(number, 1, 1), date(number, 12, 31), f"{number}年")


def parse(text: str) -> Period | None:
    """The span that a word names; None for anything else."""
    if (found := months.parse(text)) is not None:
        return found
    named, _, part = text.partition("-")
    if not (len(named) == 4 and named.isascii() and named.isdigit() and 2000 <= int(named) <= 2100):
        return None
    if part in ("Q1", "Q2", "Q3", "Q4"):
        return quarter(int(named), int(part[1]))
    return year(int(named)) if text == named else None


def word(period: Period) -> str:
    """The word of a month, quarter or year; empty for any other span."""
    first = period.first_on
    named = (months.word(first), f"{first.year}-Q{(first.month + 2) // 3}", str(first.year))
    return next((one for one in named if _is(parse(one), period)), "")


def _is(found: Period | None, period: Period) -> bool:
    return found is not None and (found.start, found.end) == (period.start, period.end)


def before(period: Period) -> Period:
    """The period before: the month, quarter or year before, else as many days that end where this one begins."""
    first, own = period.first_on, word(period)
    if "Q" in own:
        return quarter(first.year, (first.month + 2) // 3 - 1)
    if own:
        return month(first.year, first.month - 1) if "-" in own else year(first.year - 1)
    count = (period.last_on - first).days + 1
    return days(first - timedelta(days=count), first - timedelta(days=1))


def offered(now: datetime, most_months: int = 12) -> list[tuple[str, str]]:
    """The spans to choose from, each by its word, the present one of each length first."""
    today = local_date(now)
    found = [month_of(now, back) for back in range(most_months)]
    found += [quarter(today.year, (today.month + 2) // 3 - back) for back in range(4)]
    found += [year(today.year - back) for back in range(2)]
    return [(word(one), one.label) for one in found]
