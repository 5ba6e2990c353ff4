"""回访: a talk with the enterprise that is owed, and what came of it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, String, Text, and_, text
from sqlalchemy.orm import Mapped, mapped_column

from assist.domain.status import CallbackReason, Method, Rating, Result
from assist.models.base import Base, enum_column

OWED = "entered_at IS NULL AND dropped_at IS NULL"


def is_owed() -> ColumnElement[bool]:
    """SQL condition: nobody has called yet, and somebody has to."""
    return and_(Callback.entered_at.is_(None), Callback.dropped_at.is_(None))


class Callback(Base):
    """Owed from `owed_at` until a supervisor has called (`entered_at`); its clock is the ticket's own of that kind.
    `dropped_at`: no longer owed, because the enterprise has spoken itself meanwhile.

    `result` and `rating` are the enterprise's words as they were heard; `is_reopening`: it said that it is not solved.
    """

    __tablename__ = "callback"
    __table_args__ = (
        CheckConstraint("(entered_at IS NULL) = (entered_by_id IS NULL)", name="entered_has_author"),
        CheckConstraint("(entered_at IS NULL) = (method IS NULL)", name="entered_has_method"),
        CheckConstraint("entered_at IS NULL OR dropped_at IS NULL", name="ends_once"),
        Index("ix_callback_ticket", "ticket_id", "round_no"),
        Index(
            "uq_callback_owed",
            "ticket_id",
            unique=True,
            sqlite_where=text(OWED),
            postgresql_where=text(OWED),
        ),
    )

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    reason: Mapped[CallbackReason] = mapped_column(enum_column(CallbackReason, "reason"))
    owed_at: Mapped[datetime]
    dropped_at: Mapped[datetime | None]
    entered_at: Mapped[datetime | None]
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    round_no: Mapped[int] = mapped_column(default=1)
    method: Mapped[Method | None] = mapped_column(enum_column(Method, "method"))
    person: Mapped[str] = mapped_column(String(40), default="")
    text: Mapped[str] = mapped_column(Text, default="")
    result: Mapped[Result | None] = mapped_column(enum_column(Result, "result"))
    rating: Mapped[Rating | None] = mapped_column(enum_column(Rating, "rating"))
    is_reopening: Mapped[bool] = mapped_column(default=False)
