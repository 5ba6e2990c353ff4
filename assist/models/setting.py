"""Configuration in the database: time limits, the reminder ladder, and single settings; plus the counter of numbers."""

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from assist.domain.deadlines import Measure
from assist.domain.status import ClockKind, Step
from assist.models.base import Base, Json, enum_column


class Limit(Base):
    """A time limit: how long a kind of clock gets, for a case of it (`general`, `complex`, `round`, … or '')."""

    __tablename__ = "limit_rule"
    __table_args__ = (
        UniqueConstraint("kind", "for_case", "from_on"),
        CheckConstraint("amount > 0", name="amount_positive"),
    )

    kind: Mapped[ClockKind] = mapped_column(enum_column(ClockKind, "kind"))
    for_case: Mapped[str] = mapped_column(String(24), default="")
    measure: Mapped[Measure] = mapped_column(enum_column(Measure, "measure"))
    amount: Mapped[int]
    from_on: Mapped[date]


class LadderStep(Base):
    """One step of the ladder: when (offset from the due time, in its unit), who, and which channels."""

    __tablename__ = "ladder_step"
    __table_args__ = (
        UniqueConstraint("kind", "step"),
        CheckConstraint("unit IN ('days', 'hours', 'half', 'due')", name="unit"),
    )

    kind: Mapped[ClockKind] = mapped_column(enum_column(ClockKind, "kind"))
    step: Mapped[Step] = mapped_column(enum_column(Step, "step"))
    unit: Mapped[str] = mapped_column(String(8))
    amount: Mapped[int] = mapped_column(default=0)
    repeat_every: Mapped[int | None]
    recipients: Mapped[list[str]] = mapped_column(Json)
    channels: Mapped[list[str]] = mapped_column(Json)
    is_on: Mapped[bool] = mapped_column(default=True)


class Setting(Base):
    """A single value by name, e.g. `restricted_owner_id`, `oversight_phone`, `revision`."""

    __tablename__ = "setting"

    name: Mapped[str] = mapped_column(String(40), unique=True)
    value: Mapped[Any] = mapped_column(Json)


class Counter(Base):
    """The last number given out in a series, e.g. `LC-20261123`. Taken late in the transaction."""

    __tablename__ = "counter"

    name: Mapped[str] = mapped_column(String(40), unique=True)
    value: Mapped[int]
