"""附件: files by content hash, outside the web root, each belonging to one ticket and to the event that brought it."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from assist.models.base import Base


class Attachment(Base):
    """`digest` is the sha256 of the stored content and its place on disk. `is_visible`: the enterprise may read it."""

    __tablename__ = "attachment"
    __table_args__ = (Index("ix_attachment_ticket", "ticket_id", "event_seq"), Index("ix_attachment_digest", "digest"))

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    event_seq: Mapped[int]
    name: Mapped[str] = mapped_column(String(160))
    extension: Mapped[str] = mapped_column(String(8))
    mime: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    is_visible: Mapped[bool] = mapped_column(default=True)
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]
