"""Configuration in the database: time limits, the reminder ladder, and single settings; plus the counter of numbers."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from assist.domain.changes import ChangeStatus
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
    """One step of the ladder: when (offset from the due time, in its unit), who, which channels; from a date on."""

    __tablename__ = "ladder_step"
    __table_args__ = (
        UniqueConstraint("kind", "step", "from_on"),
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
    from_on: Mapped[date] = mapped_column(default=date(2020, 1, 1))


class BoardRule(Base):
    """One rule of the 蓝黄红榜 by name (`domain.board_rules`), for months from a date on."""

    __tablename__ = "board_rule"
    __table_args__ = (UniqueConstraint("name", "from_on"),)

    name: Mapped[str] = mapped_column(String(24))
    value: Mapped[Any] = mapped_column(Json)
    from_on: Mapped[date]


class Setting(Base):
    """A single value by name, e.g. `restricted_owner_id`, `oversight_phone`, `revision`."""

    __tablename__ = "setting"

    name: Mapped[str] = mapped_column(String(40), unique=True)
    value: Mapped[Any] = mapped_column(Json)


class SettingChange(Base):
    """A change of limits, ladder or boards: proposed by one supervisor, decided by another, in force from `from_on`.

    `kind` (`limit`, `ladder`, `board`) and `subject` say which row; of one row one change waits at a time. `payload`:
    `new` and `old` as the row's columns, and `words`, the difference as people read it.
    """

    __tablename__ = "setting_change"
    __table_args__ = (
        CheckConstraint("(status = 'proposed') = (decided_at IS NULL)", name="decided_has_time"),
        CheckConstraint(
            "decided_by_id IS NULL OR decided_by_id <> proposed_by_id OR status = 'withdrawn'", name="two"
        ),
        Index("ix_setting_change_status", "status"),
        Index(
            "uq_setting_change_proposed",
            "kind",
            "subject",
            unique=True,
            sqlite_where=text("status = 'proposed'"),
            postgresql_where=text("status = 'proposed'"),
        ),
    )

    kind: Mapped[str] = mapped_column(String(16))
    subject: Mapped[str] = mapped_column(String(60))
    payload: Mapped[dict[str, Any]] = mapped_column(Json)
    reason: Mapped[str] = mapped_column(String(400), default="")
    from_on: Mapped[date]
    status: Mapped[ChangeStatus] = mapped_column(
        enum_column(ChangeStatus, "status"), default=ChangeStatus.PROPOSED
    )
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    proposed_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(String(400), default="")


class Counter(Base):
    """The last number given out in a series, e.g. `LC-20261123`. Taken late in the transaction."""

    __tablename__ = "counter"

    name: Mapped[str] = mapped_column(String(40), unique=True)
    value: Mapped[int]
