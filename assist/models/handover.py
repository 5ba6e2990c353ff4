"""交接: an enterprise passes from one officer to another, with the inventory of what is open."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from assist.domain.handovers import HandoverStatus
from assist.models.account import Account
from assist.models.base import Base, Json, enum_column
from assist.models.enterprise import Enterprise

PREPARED = "status = 'prepared'"


class Handover(Base):
    """`inventory` is every open ticket as it stood when the handover was prepared, and again when it took effect.

    `…_for_id` is the coordinator who acknowledged for an absent officer, with `…_reason`.
    """

    __tablename__ = "handover"
    __table_args__ = (
        CheckConstraint("former_id <> successor_id", name="two_officers"),
        CheckConstraint("(status = 'effective') = (effective_at IS NOT NULL)", name="effective_has_time"),
        CheckConstraint(
            "status <> 'effective' OR (former_at IS NOT NULL AND successor_at IS NOT NULL)",
            name="both_acknowledged",
        ),
        Index(
            "uq_handover_prepared",
            "enterprise_id",
            unique=True,
            sqlite_where=text(PREPARED),
            postgresql_where=text(PREPARED),
        ),
        Index("ix_handover_former", "former_id", "status"),
        Index("ix_handover_successor", "successor_id", "status"),
        Index("ix_handover_effective", "enterprise_id", "effective_at"),
    )

    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"))
    former_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    successor_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    status: Mapped[HandoverStatus] = mapped_column(
        enum_column(HandoverStatus, "status"), default=HandoverStatus.PREPARED
    )
    reason: Mapped[str] = mapped_column(String(200))
    notes: Mapped[str] = mapped_column(Text, default="")
    inventory: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    prepared_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    prepared_at: Mapped[datetime]
    former_at: Mapped[datetime | None]
    former_for_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    former_reason: Mapped[str] = mapped_column(String(200), default="")
    successor_at: Mapped[datetime | None]
    successor_for_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    successor_reason: Mapped[str] = mapped_column(String(200), default="")
    effective_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]

    enterprise: Mapped[Enterprise] = relationship(lazy="select")
    former: Mapped[Account] = relationship(lazy="select", foreign_keys=[former_id])
    successor: Mapped[Account] = relationship(lazy="select", foreign_keys=[successor_id])
