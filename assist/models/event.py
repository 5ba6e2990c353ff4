"""流转记录: the append-only, hash-chained record of every act on a ticket. Neither changed nor deleted."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from assist.domain.status import Status
from assist.domain.transitions import Action
from assist.models.base import Base, Json, enum_column


class TicketEvent(Base):
    """`hash` covers the row and `prev_hash`; `seq` runs from 1 without gaps in each ticket.

    `is_visible` events may be read by the enterprise. `note` is their words; `fields` what changed, old and new.
    """

    __tablename__ = "ticket_event"
    __table_args__ = (
        UniqueConstraint("ticket_id", "seq"),
        CheckConstraint("seq >= 1", name="seq_from_one"),
    )

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    seq: Mapped[int]
    action: Mapped[Action] = mapped_column(enum_column(Action, "action"))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    actor_name: Mapped[str] = mapped_column(String(60))
    acting_for_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    round_no: Mapped[int]
    old_status: Mapped[Status | None] = mapped_column(enum_column(Status, "old_status"))
    new_status: Mapped[Status] = mapped_column(enum_column(Status, "new_status"))
    fields: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    note: Mapped[str] = mapped_column(Text, default="")
    is_visible: Mapped[bool] = mapped_column(default=True)
    at: Mapped[datetime]
    prev_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
