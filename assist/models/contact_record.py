"""联系记录: a contact with the enterprise as its officer entered it, and what the enterprise says of it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from assist.domain.status import Method
from assist.models.base import Base, enum_column


class ContactRecord(Base):
    """`entered_at` is what counts; `claimed_at_text` is an earlier time the officer claims, marked 补登."""

    __tablename__ = "contact_record"
    __table_args__ = (
        CheckConstraint("(is_true IS NULL) = (verified_at IS NULL)", name="verified_has_time"),
        Index("ix_contact_record_entered", "entered_at", "ticket_id"),
        Index(
            "ix_contact_record_denied",
            "ticket_id",
            "id",
            "verified_at",
            sqlite_where=text("is_true IS 0"),
            postgresql_where=text("is_true IS FALSE"),
        ),
    )

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    officer_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    method: Mapped[Method] = mapped_column(enum_column(Method, "method"))
    person: Mapped[str] = mapped_column(String(40))
    summary: Mapped[str] = mapped_column(Text)
    claimed_at_text: Mapped[str] = mapped_column(String(40), default="")
    entered_at: Mapped[datetime]
    is_true: Mapped[bool | None]
    verified_at: Mapped[datetime | None]
