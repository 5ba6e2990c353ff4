"""审计: who saw a full phone number, who exported what, who reset whose password. Append-only and chained."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from assist.models.base import Base, Json


class AuditEntry(Base):
    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_at", "at"),
        Index("ix_audit_entry_deed_seq", "deed", "seq"),
        Index("ix_audit_entry_actor_id_seq", "actor_id", "seq"),
    )

    seq: Mapped[int] = mapped_column(unique=True)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    actor_name: Mapped[str] = mapped_column(String(60))
    address: Mapped[str] = mapped_column(String(60), default="")
    deed: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(120), default="")
    detail: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    at: Mapped[datetime]
    prev_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
