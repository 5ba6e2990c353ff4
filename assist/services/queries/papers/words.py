"""What documents share: dates as they write them (always with the year), offices, the id in an address."""

from datetime import date, datetime

from assist.domain.clock import local_date
from assist.domain.date_words import date_text, moment_text
from assist.domain.errors import NotFound

ALWAYS = 0  # in a document no year goes without saying
OFFICE = "聊城市“助企远航”行动办公室"
OVERSIGHT = "聊城市“助企远航”行动督查室"
BLANK_DATE = "　　　　年　　月　　日"
ROOM = "\n\n\n"  # to write in by hand


def number_in(no: str) -> int:
    """The id in an address. Raises NotFound."""
    if not (no.isascii() and no.isdigit() and len(no) < 10):
        raise NotFound()
    return int(no)


def day(on: date | datetime | None, empty: str = "") -> str:
    """2026年11月23日"""
    if on is None:
        return empty
    return date_text(local_date(on) if isinstance(on, datetime) else on, ALWAYS)


def moment(at: datetime | None, empty: str = "") -> str:
    """2026年11月23日17:30"""
    return moment_text(at, ALWAYS) if at is not None else empty


