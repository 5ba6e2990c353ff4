"""回访: a talk with the enterprise that is owed, and what came of it."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from assist.domain.status import CallbackReason
from assist.models.base import Base, enum_column


class Callback(Base):
    """Owed from `owed_at`; entering one comes with supervision and fills `entered_at`."""

    __tablename__ = "callback"
    __table_args__ = (
        Index(
            "uq_callback_owed",
            "ticket_id",
            unique=True,
            sqlite_where=text("entered_at IS NULL"),
            postgresql_where=text("entered_at IS NULL"),
        ),
    )

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    reason: Mapped[CallbackReason] = mapped_column(enum_column(CallbackReason, "reason"))
    owed_at: Mapped[datetime]
    entered_at: Mapped[datetime | None]
