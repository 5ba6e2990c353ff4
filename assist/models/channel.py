"""A channel by which messages leave the house: how it is set up, what it did last, until when it must keep still."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from assist.models.base import Base, Json


class Channel(Base):
    """`fields` is empty while nothing was ever set here: then the environment decides (e-mail only). `secrets` is
    one encrypted value. `blocked_until` (the database's time): the other side asked not to be called before.
    """

    __tablename__ = "channel"

    name: Mapped[str] = mapped_column(String(16), unique=True)
    is_on: Mapped[bool] = mapped_column(default=False)
    fields: Mapped[dict[str, Any] | None] = mapped_column(Json)
    secrets: Mapped[str] = mapped_column(Text, default="")
    blocked_until: Mapped[datetime | None]
    last_success_at: Mapped[datetime | None]
    last_error_at: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(String(400), default="")
    sent_count: Mapped[int] = mapped_column(default=0)
    failed_count: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime | None]
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
