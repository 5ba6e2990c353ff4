"""The days of one row of the old ledger, and whether they can follow each other."""

from dataclasses import dataclass
from datetime import date

from assist.services.workbooks.row_reader import RowReader


@dataclass(frozen=True)
class HistoryDates:
    """Calendar days in Shanghai. `submitted_on` is certain in every good row; an open row has a `due_on`."""

    submitted_on: date
    accepted_on: date | None
    due_on: date | None
    extended_due_on: date | None
    closed_on: date | None
    is_closed: bool

    @property
    def final_due_on(self) -> date | None:
        """办理时限, or 延期后时限 where it was extended."""
        return self.extended_due_on or self.due_on

    def is_late(self, today: date) -> bool | None:
        """Whether an open row's time has passed; None once it is closed."""
        if self.is_closed:
            return None
        return self.final_due_on is not None and self.final_due_on < today


def read_dates(reader: RowReader, today: date) -> HistoryDates:
    """All days of a row; those that cannot be are faults."""
    is_closed = reader.yes_no("closed", is_required=True)
    submitted_on = reader.day("submitted_on", is_required=True)
    dates = HistoryDates(
        submitted_on=submitted_on or date.min,
        accepted_on=reader.day("accepted_on"),
        due_on=reader.day("due_on", is_required=is_closed is False),
        extended_due_on=reader.day("extended_due_on"),
        closed_on=reader.day("closed_on"),
        is_closed=bool(is_closed),
    )
    _check_order(dates, reader, today)
    return dates


def _check_order(dates: HistoryDates, reader: RowReader, today: date) -> None:
    if dates.submitted_on > today:
        reader.fault("submitted_on", f"提出时间 {dates.submitted_on} 在今天以后，请核对")
        return
    for key, title, day in (
        ("accepted_on", "受理时间", dates.accepted_on),
        ("due_on", "办理时限", dates.due_on),
        ("closed_on", "办结时间", dates.closed_on),
    ):
        if day is not None and day < dates.submitted_on:
            reader.fault(key, f"{title} {day} 早于提出时间 {dates.submitted_on}，请核对")
    if dates.extended_due_on and dates.due_on and dates.extended_due_on < dates.due_on:
        reader.fault("extended_due_on", f"早于办理时限 {dates.due_on}，请核对")
