"""Where "now" comes from: the only place that asks the machine for the time.

Everything else receives a `TimeSource` (or an instant) and so can be run as of any time. Not here: deadlines
(`deadlines`), working time (`workdays`).
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


class TimeSource(Protocol):
    """Anything that can say what time it is, as an aware UTC instant."""

    def now(self) -> datetime: ...


class SystemTime:
    """The machine's own time."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass
class FixedTime:
    """A time that stands still until it is moved: for tests, rehearsals (`--at`) and the demo world."""

    at: datetime

    def now(self) -> datetime:
        return self.at


def local(at: datetime) -> datetime:
    """The same instant on a clock in Shanghai."""
    return at.astimezone(SHANGHAI)


def local_date(at: datetime) -> date:
    return at.astimezone(SHANGHAI).date()


def shanghai(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    """An instant named by Shanghai's wall clock, as aware UTC."""
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI).astimezone(UTC)
