"""比率: a numerator over a denominator, and periods of time. What each figure counts is `services.queries.figures`."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from assist.domain.clock import local_date, shanghai

FEW = 10


@dataclass(frozen=True)
class Rate:
    """n of d. No percentage when d is 0, and for a person or a small unit none when d is under ten."""

    n: int
    d: int

    @property
    def value(self) -> float | None:
        """0 to 1; None when there is nothing to divide by."""
        return self.n / self.d if self.d else None

    @property
    def is_few(self) -> bool:
        return self.d < FEW

    @property
    def percent(self) -> str:
        """93.8%, cut and not rounded up to 100; — when there is none."""
        if not self.d:
            return "—"
        tenths = self.n * 1000 // self.d if self.n < self.d else 1000
        return f"{tenths // 10}.{tenths % 10}%" if tenths % 10 else f"{tenths // 10}%"

    @property
    def fraction(self) -> str:
        return f"{self.n} / {self.d}"


@dataclass(frozen=True)
class Period:
    """From `start` up to but not including `end`, both aware UTC; `label` as it reads on a page."""

    start: datetime
    end: datetime
    label: str

    @property
    def first_on(self) -> date:
        return local_date(self.start)

    @property
    def last_on(self) -> date:
        return local_date(self.end - timedelta(microseconds=1))


def days(first: date, last: date, label: str = "") -> Period:
    """Whole days in Shanghai, both included."""
    after = last + timedelta(days=1)
    start, end = shanghai(first.year, first.month, first.day), shanghai(after.year, after.month, after.day)
    return Period(start.astimezone(UTC), end.astimezone(UTC), label or f"{first}至{last}")


def month(year: int, number: int) -> Period:
    """A calendar month; numbers under 1 or over 12 run into the neighbouring years."""
    year, number = year + (number - 1) // 12, (number - 1) % 12 + 1
    following = date(year + number // 12, number % 12 + 1, 1)
    return days(date(year, number, 1), following - timedelta(days=1), f"{year}年{number}月")


def month_of(at: datetime, back: int = 0) -> Period:
    """The month of an instant, or so many months before."""
    on = local_date(at)
    return month(on.year, on.month - back)


def year_of(at: datetime) -> Period:
    on = local_date(at)
    return days(date(on.year, 1, 1), date(on.year, 12, 31), f"{on.year}年")
