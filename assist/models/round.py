"""第 n 轮: what belongs to one round of a ticket: its answer, its outcome, how it ended and how it was rated."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from assist.domain.status import ConfirmedBy, Outcome, Rating, Result, RoundStart
from assist.models.base import Base, Json, enum_column


class TicketRound(Base):
    """`opened_at` is when the enterprise first opened the present answer: silence counts from there.

    A round ends confirmed (`result`) or returned (`returned_at`), never both.
    """

    __tablename__ = "ticket_round"
    __table_args__ = (
        UniqueConstraint("ticket_id", "no"),
        CheckConstraint("(answered_at IS NULL) = (outcome IS NULL)", name="answer_has_outcome"),
        CheckConstraint("(answered_at IS NULL) = (answer IS NULL)", name="answer_has_words"),
        CheckConstraint("(result IS NULL) = (confirmed_at IS NULL)", name="result_has_time"),
        CheckConstraint("(result IS NULL) = (confirmed_by IS NULL)", name="result_has_author"),
        CheckConstraint("(rating IS NULL) = (rated_at IS NULL)", name="rating_has_time"),
        CheckConstraint("opened_at IS NULL OR answered_at IS NOT NULL", name="opened_was_answered"),
        CheckConstraint("result IS NULL OR returned_at IS NULL", name="ends_once"),
        Index("ix_ticket_round_confirmed", "confirmed_at"),
        Index("ix_ticket_round_rated", "rated_at"),
        Index(
            "ix_ticket_round_returned",
            "ticket_id",
            "no",
            "returned_at",
            sqlite_where=text("returned_at IS NOT NULL"),
            postgresql_where=text("returned_at IS NOT NULL"),
        ),
        Index(
            "ix_ticket_round_waiting",
            "answered_at",
            sqlite_where=text("answered_at IS NOT NULL AND result IS NULL AND returned_at IS NULL"),
            postgresql_where=text("answered_at IS NOT NULL AND result IS NULL AND returned_at IS NULL"),
        ),
    )

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    no: Mapped[int]
    started_at: Mapped[datetime]
    started_by: Mapped[RoundStart] = mapped_column(enum_column(RoundStart, "started_by"))
    opinion: Mapped[str | None] = mapped_column(Text)
    expected_on: Mapped[date | None]
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    outcome: Mapped[Outcome | None] = mapped_column(enum_column(Outcome, "outcome"))
    answer: Mapped[str | None] = mapped_column(Text)
    internal_account: Mapped[str] = mapped_column(Text, default="")
    corrected_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    result: Mapped[Result | None] = mapped_column(enum_column(Result, "result"))
    confirmed_by: Mapped[ConfirmedBy | None] = mapped_column(enum_column(ConfirmedBy, "confirmed_by"))
    returned_at: Mapped[datetime | None]
    return_reason: Mapped[str] = mapped_column(Text, default="")
    rating: Mapped[Rating | None] = mapped_column(enum_column(Rating, "rating"))
    rated_at: Mapped[datetime | None]
    rating_reasons: Mapped[list[str]] = mapped_column(Json, default=list)
    rating_comment: Mapped[str] = mapped_column(Text, default="")
