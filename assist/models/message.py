"""What somebody must be told (`Message`), by which channel it goes (`Delivery`), which clock caused it (`Reminder`)."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from assist.domain.status import DeliveryStatus, Step
from assist.models.base import Base, enum_column

WAITING = "status IN ('pending', 'claimed', 'failed')"


class Message(Base):
    """One message in one inbox: the row is the delivery. `dedupe_key` makes a second writing impossible."""

    __tablename__ = "message"
    __table_args__ = (
        Index("ix_message_recipient", "recipient_id", "id"),
        Index(
            "ix_message_unread",
            "recipient_id",
            sqlite_where=text("read_at IS NULL"),
            postgresql_where=text("read_at IS NULL"),
        ),
        Index("ix_message_ticket", "ticket_id"),
    )

    recipient_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    kind: Mapped[str] = mapped_column(String(40))
    tone: Mapped[str] = mapped_column(String(8), default="inf")
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"))
    dedupe_key: Mapped[str] = mapped_column(String(120), unique=True)
    title: Mapped[str] = mapped_column(String(120))
    body: Mapped[str] = mapped_column(Text, default="")
    location: Mapped[str] = mapped_column(String(200), default="")
    at: Mapped[datetime]
    read_at: Mapped[datetime | None]


class Delivery(Base):
    """A message on its way through one channel other than the inbox.

    `dedupe_key` is the message's own; of a group robot that of the matter, so that a group hears of it once. What is
    `is_held` waits for office hours and goes together with what else waits for that person; `is_capped` counts under
    the enterprises' two a day. `parcel_key` says what went out together and is the key the other side sees; it never
    changes once an attempt was made. `leased_until` and `tried_at` are the database's time, the others business time.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("message_id", "channel"),
        UniqueConstraint("channel", "dedupe_key"),
        CheckConstraint("(status = 'sent') = (sent_at IS NOT NULL)", name="sent_has_time"),
        Index(
            "ix_delivery_waiting",
            "channel",
            "is_held",
            "next_try_at",
            "id",
            sqlite_where=text(WAITING),
            postgresql_where=text(WAITING),
        ),
        Index("ix_delivery_status", "status"),
        Index("ix_delivery_sent", "channel", "sent_at"),
        Index("ix_delivery_tried", "channel", "tried_at"),
        Index("ix_delivery_parcel", "parcel_key"),
    )

    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"))
    channel: Mapped[str] = mapped_column(String(16))
    dedupe_key: Mapped[str] = mapped_column(String(120))
    status: Mapped[DeliveryStatus] = mapped_column(
        enum_column(DeliveryStatus, "status"), default=DeliveryStatus.PENDING
    )
    address: Mapped[str] = mapped_column(String(160), default="")
    is_held: Mapped[bool] = mapped_column(default=True)
    is_capped: Mapped[bool] = mapped_column(default=False)
    parcel_key: Mapped[str] = mapped_column(String(32), default="")
    attempt_count: Mapped[int] = mapped_column(default=0)
    interrupted_count: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    tried_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    receipt: Mapped[str] = mapped_column(String(160), default="")
    error: Mapped[str] = mapped_column(String(400), default="")


class Reminder(Base):
    """The ledger of a clock's steps. The unique key is what makes a reminder happen exactly once.

    `recipient_key` is the account's id as text; `passed` for a step that a later one overtook or that was not needed
    (`recipient_id` is then who owned the ticket); `nobody` when there was no one to tell. `due_at` is when the step
    fell, by which its card counts; `at` is when the sweep came by.
    """

    __tablename__ = "reminder"
    __table_args__ = (
        UniqueConstraint("clock_id", "clock_version", "step", "repeat", "recipient_key"),
        Index("ix_reminder_at", "at"),
    )

    clock_id: Mapped[int] = mapped_column(ForeignKey("clock.id"))
    clock_version: Mapped[int]
    step: Mapped[Step] = mapped_column(enum_column(Step, "step"))
    repeat: Mapped[int] = mapped_column(default=0)
    recipient_key: Mapped[str] = mapped_column(String(20))
    recipient_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"))
    is_passed_over: Mapped[bool] = mapped_column(default=False)
    due_at: Mapped[datetime]
    at: Mapped[datetime]
