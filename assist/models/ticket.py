"""诉求 / 工单: one problem of one enterprise, with one status and one owner."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, String, Text, literal_column, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from assist.domain.status import Difficulty, Source, Status, TicketType, Urgency
from assist.models.account import Account
from assist.models.area import Category
from assist.models.base import Base, enum_column
from assist.models.enterprise import Enterprise

IS_OPEN = "status IN ('submitted', 'supplementing', 'handling', 'answered')"
_OPEN_WORDS: list[ColumnElement[str]] = [
    literal_column(f"'{word}'") for word in ("submitted", "supplementing", "handling", "answered")
]


class Ticket(Base):
    """Late, suspended, second round are facts in tables beside it, never a status.

    `status` is written by `services.transitions` alone. `owner_id` is empty only in a vacancy. `asked_category_id`
    and `asked_type` keep the enterprise's own choice. `due_at` mirrors the running resolution clock and
    `next_due_at` the earliest running clock of the case side, so that lists sort and page by an index.
    `event_seq` and `head_hash` are the head of the ticket's event chain. `is_entered` marks 代录; such a ticket
    counts in rates once `entry_verified_at` is set, or once it is late. `parent_id` is the ticket it was merged into;
    `suspended_at` stands while it is suspended (挂账); `deferral_count` counts granted deferrals (延期).
    """

    __tablename__ = "ticket"
    __table_args__ = (
        CheckConstraint(
            "(status = 'closed') = (closed_at IS NOT NULL) OR is_imported", name="closed_has_time"
        ),
        CheckConstraint("(status = 'withdrawn') = (withdrawn_at IS NOT NULL)", name="withdrawn_has_time"),
        CheckConstraint("(status = 'declined') = (declined_at IS NOT NULL)", name="declined_has_time"),
        CheckConstraint("(status = 'merged') = (merged_at IS NOT NULL)", name="merged_has_time"),
        CheckConstraint("(merged_at IS NULL) = (parent_id IS NULL)", name="merged_has_parent"),
        CheckConstraint("suspended_at IS NULL OR status = 'handling'", name="suspended_is_handling"),
        CheckConstraint(
            "accepted_at IS NOT NULL OR status NOT IN ('handling', 'answered', 'closed') OR is_imported",
            name="handling_was_accepted",
        ),
        CheckConstraint(
            "accepted_at IS NULL OR status NOT IN ('submitted', 'supplementing')",
            name="submitted_not_accepted",
        ),
        CheckConstraint("is_entered = (entered_by_id IS NOT NULL) OR is_imported", name="entered_has_author"),
        CheckConstraint("(urgency = 'critical') = (critical_at IS NOT NULL)", name="critical_has_time"),
        # With all that is asked of an enterprise's tickets by those who serve it, so that the rows are left alone.
        Index("ix_ticket_enterprise", "enterprise_id", "id", "is_restricted", "submitted_at"),
        Index(
            "ix_ticket_enterprise_open",
            "enterprise_id",
            "id",
            sqlite_where=text(IS_OPEN),
            postgresql_where=text(IS_OPEN),
        ),
        Index("ix_ticket_owner_status", "owner_id", "status", "next_due_at"),
        Index("ix_ticket_submitted", "submitted_at", "id"),
        # The category last, so that an area's tickets of one kind are counted in the index alone.
        Index("ix_ticket_area_submitted", "area_id", "submitted_at", "id", "category_id"),
        Index("ix_ticket_status_submitted", "status", "submitted_at", "id"),
        Index("ix_ticket_category_submitted", "category_id", "submitted_at", "id"),
        Index(
            "ix_ticket_open_due", "due_at", "id", sqlite_where=text(IS_OPEN), postgresql_where=text(IS_OPEN)
        ),
        Index(
            "ix_ticket_open_next",
            "next_due_at",
            "id",
            sqlite_where=text(IS_OPEN),
            postgresql_where=text(IS_OPEN),
        ),
        Index("ix_ticket_closed", "closed_at"),
        Index("ix_ticket_entered", "id", sqlite_where=text("is_entered = 1"), postgresql_where=text("is_entered")),
        Index(
            "ix_ticket_unverified",
            "id",
            sqlite_where=text("is_entered = 1 AND entry_verified_at IS NULL"),
            postgresql_where=text("is_entered AND entry_verified_at IS NULL"),
        ),
        Index(
            "ix_ticket_vacant",
            "id",
            sqlite_where=text(f"owner_id IS NULL AND {IS_OPEN}"),
            postgresql_where=text(f"owner_id IS NULL AND {IS_OPEN}"),
        ),
    )

    number: Mapped[str] = mapped_column(String(24), unique=True)
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"))
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id"))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    status: Mapped[Status] = mapped_column(enum_column(Status, "status"))
    title: Mapped[str] = mapped_column(String(60))
    description: Mapped[str] = mapped_column(Text)
    wish: Mapped[str] = mapped_column(Text, default="")
    category_id: Mapped[int | None] = mapped_column(ForeignKey("category.id"))
    type: Mapped[TicketType | None] = mapped_column(enum_column(TicketType, "type"))
    difficulty: Mapped[Difficulty | None] = mapped_column(enum_column(Difficulty, "difficulty"))
    urgency: Mapped[Urgency] = mapped_column(enum_column(Urgency, "urgency"), default=Urgency.NORMAL)
    critical_at: Mapped[datetime | None]
    source: Mapped[Source] = mapped_column(enum_column(Source, "source"), default=Source.SELF)
    asked_category_id: Mapped[int | None] = mapped_column(ForeignKey("category.id"))
    asked_type: Mapped[TicketType | None] = mapped_column(enum_column(TicketType, "asked_type"))
    is_pressing: Mapped[bool] = mapped_column(default=False)
    pressing_reason: Mapped[str] = mapped_column(String(400), default="")
    is_restricted: Mapped[bool] = mapped_column(default=False)
    is_imported: Mapped[bool] = mapped_column(default=False)
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    is_entered: Mapped[bool] = mapped_column(default=False)
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    entry_verified_at: Mapped[datetime | None]
    entry_is_true: Mapped[bool | None]
    submitted_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    declined_at: Mapped[datetime | None]
    merged_at: Mapped[datetime | None]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"), index=True)
    suspended_at: Mapped[datetime | None]
    deferral_count: Mapped[int] = mapped_column(default=0)
    round_no: Mapped[int] = mapped_column(default=1)
    supplement_count: Mapped[int] = mapped_column(default=0)
    linked_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"))
    version: Mapped[int] = mapped_column(default=1)
    event_seq: Mapped[int] = mapped_column(default=0)
    head_hash: Mapped[str] = mapped_column(String(64), default="")
    due_at: Mapped[datetime | None]
    next_due_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]

    enterprise: Mapped[Enterprise] = relationship(lazy="select")
    owner: Mapped[Account | None] = relationship(lazy="select", foreign_keys=[owner_id])
    category: Mapped[Category | None] = relationship(lazy="select", foreign_keys=[category_id])


def is_open() -> ColumnElement[bool]:
    """SQL condition: the ticket is open. In the very words of the partial indexes, without which SQLite uses none."""
    return Ticket.status.in_(_OPEN_WORDS)
