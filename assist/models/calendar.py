"""The working calendar as rows: office hours with dates, years and how well they are known, and special dates.

The counted days (ordinal, minutes before) are derived from these by `domain.workdays` and never stored.
"""

from datetime import date

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from assist.domain.office_hours import YearStatus
from assist.models.base import Base, Json, enum_column


class OfficeHours(Base):
    """The windows of a working day in a span of dates, as [["08:30", "12:00"], …]. Of several the last begun counts."""

    __tablename__ = "office_hours"
    __table_args__ = (UniqueConstraint("from_on"),)

    from_on: Mapped[date]
    to_on: Mapped[date | None]
    windows: Mapped[list[list[str]]] = mapped_column(Json)
    name: Mapped[str] = mapped_column(String(40), default="")


class CalendarYear(Base):
    """A year that was imported, and whether its notice is official or the days are provisional."""

    __tablename__ = "calendar_year"

    year: Mapped[int] = mapped_column(unique=True)
    status: Mapped[YearStatus] = mapped_column(enum_column(YearStatus, "status"))
    note: Mapped[str] = mapped_column(String(200), default="")


class CalendarOverride(Base):
    """A date that differs from its weekday: a holiday, or a make-up working day."""

    __tablename__ = "calendar_override"

    on: Mapped[date] = mapped_column("day_on", unique=True)
    year_id: Mapped[int] = mapped_column(ForeignKey("calendar_year.id"), index=True)
    name: Mapped[str] = mapped_column(String(40))
    is_working: Mapped[bool]
