"""封存的月份: what a month's figures were, what they left out, who signed them, what was put right later.

Every table here is append-only: a month is drafted, frozen, signed and corrected by new rows, never by changed ones.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from assist.domain.months import SnapshotKind
from assist.models.base import Base, Json, enum_column


class Snapshot(Base):
    """A month as it stood at `told_at`. `figures` are the keys it holds; `kind` says whether it is the draft.

    Its rows are `SnapshotFigure`, `SnapshotName`, `SnapshotItem`, `SnapshotPlace`; `Seal` closes it.
    """

    __tablename__ = "snapshot"
    __table_args__ = (UniqueConstraint("month_on", "kind"),)

    month_on: Mapped[date]
    kind: Mapped[SnapshotKind] = mapped_column(enum_column(SnapshotKind, "kind"))
    told_at: Mapped[datetime]
    made_at: Mapped[datetime]
    figures: Mapped[list[str]] = mapped_column(Json)


class SnapshotFigure(Base):
    """n and d of one figure for one value of a dimension (`city` has the key 0; so has what is of none).

    `span`: over so many months, the frozen one the last. `other` is the second key of a crossing (the category of
    `area_category`), else 0.
    """

    __tablename__ = "snapshot_figure"
    __table_args__ = (
        UniqueConstraint("snapshot_id", "dimension", "figure", "span", "key", "other"),
        Index("ix_snapshot_figure_series", "figure", "dimension", "key", "span", "snapshot_id"),
    )

    snapshot_id: Mapped[int] = mapped_column(ForeignKey("snapshot.id"))
    figure: Mapped[str] = mapped_column(String(32))
    dimension: Mapped[str] = mapped_column(String(16))
    span: Mapped[int] = mapped_column(default=1)
    key: Mapped[int]
    other: Mapped[int] = mapped_column(default=0)
    n: Mapped[int]
    d: Mapped[int]


class SnapshotName(Base):
    """What a key of a dimension was called then, in its usual order."""

    __tablename__ = "snapshot_name"
    __table_args__ = (UniqueConstraint("snapshot_id", "dimension", "key"),)

    snapshot_id: Mapped[int] = mapped_column(ForeignKey("snapshot.id"))
    dimension: Mapped[str] = mapped_column(String(16))
    key: Mapped[int]
    name: Mapped[str] = mapped_column(String(80))
    sort: Mapped[int] = mapped_column(default=0)


class SnapshotItem(Base):
    """A ticket that the rates leave out, with the reason; or one with an objection that was not decided yet."""

    __tablename__ = "snapshot_item"
    __table_args__ = (
        UniqueConstraint("snapshot_id", "what", "ticket_id", "request_id"),
        Index("ix_snapshot_item_request", "request_id"),
    )

    snapshot_id: Mapped[int] = mapped_column(ForeignKey("snapshot.id"))
    what: Mapped[str] = mapped_column(String(16))
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    number: Mapped[str] = mapped_column(String(24))
    enterprise: Mapped[str] = mapped_column(String(80))
    request_id: Mapped[int | None] = mapped_column(ForeignKey("request.id"))
    reason: Mapped[str] = mapped_column(Text, default="")


class SnapshotPlace(Base):
    """蓝黄红榜: where an area or unit stood. `place` is empty for who is listed and not ranked; `facts` say why."""

    __tablename__ = "snapshot_place"
    __table_args__ = (UniqueConstraint("snapshot_id", "board", "key"),)

    snapshot_id: Mapped[int] = mapped_column(ForeignKey("snapshot.id"))
    board: Mapped[str] = mapped_column(String(8))
    key: Mapped[int]
    line: Mapped[int]
    place: Mapped[int | None]
    band: Mapped[str] = mapped_column(String(8))
    facts: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)


class Seal(Base):
    """封存: the hash of everything a snapshot holds, in its canonical words (`services.sealing`)."""

    __tablename__ = "seal"

    snapshot_id: Mapped[int] = mapped_column(ForeignKey("snapshot.id"), unique=True)
    hash: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]


class Publication(Base):
    """发布: who signed a frozen month, when, with which words."""

    __tablename__ = "publication"
    __table_args__ = (CheckConstraint("signed_name <> ''", name="signed_has_name"),)

    snapshot_id: Mapped[int] = mapped_column(ForeignKey("snapshot.id"), unique=True)
    signed_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    signed_name: Mapped[str] = mapped_column(String(60))
    signed_at: Mapped[datetime]
    note: Mapped[str] = mapped_column(Text, default="")
    hash: Mapped[str] = mapped_column(String(64))

    snapshot: Mapped[Snapshot] = relationship(lazy="select")


class Correction(Base):
    """更正: dated, with its reason; by a supervisor, or by the system for an objection that came too late."""

    __tablename__ = "correction"
    __table_args__ = (UniqueConstraint("snapshot_id", "no"), UniqueConstraint("snapshot_id", "request_id"))

    snapshot_id: Mapped[int] = mapped_column(ForeignKey("snapshot.id"))
    no: Mapped[int]
    at: Mapped[datetime]
    told_at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    by_name: Mapped[str] = mapped_column(String(60))
    request_id: Mapped[int | None] = mapped_column(ForeignKey("request.id"))
    reason: Mapped[str] = mapped_column(Text)


class CorrectionFigure(Base):
    """One number that a correction changes: what it was (frozen, or corrected before) and what it is."""

    __tablename__ = "correction_figure"
    __table_args__ = (UniqueConstraint("correction_id", "dimension", "figure", "key"),)

    correction_id: Mapped[int] = mapped_column(ForeignKey("correction.id"))
    figure: Mapped[str] = mapped_column(String(32))
    dimension: Mapped[str] = mapped_column(String(16))
    key: Mapped[int]
    old_n: Mapped[int]
    old_d: Mapped[int]
    new_n: Mapped[int]
    new_d: Mapped[int]
