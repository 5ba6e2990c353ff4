"""代办（AB角）: somebody who acts for an officer between two instants. The owner stays the owner."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from assist.models.account import Account
from assist.models.base import Base


class StandIn(Base):
    """Holds from `started_at` up to but not including `ended_at` (moved forward when it is ended early)."""

    __tablename__ = "stand_in"
    __table_args__ = (
        CheckConstraint("ended_at > started_at", name="ends_after_start"),
        CheckConstraint("officer_id <> stand_in_id", name="two_people"),
        Index("ix_stand_in_officer", "officer_id", "ended_at"),
        Index("ix_stand_in_stand_in", "stand_in_id", "ended_at"),
    )

    officer_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    stand_in_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(200), default="")
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[datetime]

    officer: Mapped[Account] = relationship(lazy="select", foreign_keys=[officer_id])
    stand_in: Mapped[Account] = relationship(lazy="select", foreign_keys=[stand_in_id])
