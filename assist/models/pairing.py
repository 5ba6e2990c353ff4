"""结对: the dated record of which officer serves which enterprise. At most one is active, and the database says so."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from assist.models.account import Account
from assist.models.base import Base
from assist.models.enterprise import Enterprise


class Pairing(Base):
    """Never dated into the future: `ended_at IS NULL` is what makes it the active one."""

    __tablename__ = "pairing"
    __table_args__ = (
        CheckConstraint("ended_at IS NULL OR ended_at >= started_at", name="ends_after_start"),
        Index(
            "uq_pairing_active",
            "enterprise_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_pairing_officer", "officer_id", "ended_at"),
        Index("ix_pairing_enterprise", "enterprise_id", "started_at"),
    )

    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"))
    officer_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    started_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    end_reason: Mapped[str] = mapped_column(String(200), default="")

    enterprise: Mapped[Enterprise] = relationship(lazy="select")
    officer: Mapped[Account] = relationship(lazy="select", foreign_keys=[officer_id])
