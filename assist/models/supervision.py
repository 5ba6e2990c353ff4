"""督办: proposed by the ladder, issued by a supervisor, replied to, accepted or raised; a void one is kept."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from assist.domain.supervision import Addressee, SupervisionLevel, SupervisionStatus
from assist.models.base import Base, enum_column
from assist.models.ticket import Ticket

PROPOSED = "status = 'proposed'"


class Supervision(Base):
    """`number` is given at signing. `why` is what the ladder proposed it for; `raised_from_id` the one before it.

    `clock_id` is the clock whose lateness proposed it (no foreign key: clocks point here). A proposal that is not
    followed stays, dismissed, with its reason. Addressed to the ticket's owner of then (`account_id`), to a unit
    (`unit_id`, by its task), or to the area's coordinators.
    """

    __tablename__ = "supervision"
    __table_args__ = (
        CheckConstraint("(status IN ('proposed', 'dismissed')) = (issued_at IS NULL)", name="issued_has_time"),
        CheckConstraint("(issued_at IS NULL) = (number IS NULL)", name="issued_has_number"),
        CheckConstraint(
            "(addressee = 'unit') = (unit_id IS NOT NULL) OR addressee IS NULL", name="unit_is_named"
        ),
        CheckConstraint("status NOT IN ('replied') OR replied_at IS NOT NULL", name="replied_has_time"),
        CheckConstraint(
            "(settled_at IS NULL) = (status IN ('proposed', 'issued', 'replied'))", name="settled_has_time"
        ),
        Index(
            "uq_supervision_proposed",
            "ticket_id",
            unique=True,
            sqlite_where=text(PROPOSED),
            postgresql_where=text(PROPOSED),
        ),
        Index("ix_supervision_ticket", "ticket_id", "id"),
        Index("ix_supervision_status", "status", "id"),
        Index("ix_supervision_unit", "unit_id", "status"),
        Index("ix_supervision_account", "account_id", "status"),
    )

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    level: Mapped[SupervisionLevel] = mapped_column(enum_column(SupervisionLevel, "level"))
    status: Mapped[SupervisionStatus] = mapped_column(
        enum_column(SupervisionStatus, "status"), default=SupervisionStatus.PROPOSED
    )
    number: Mapped[str | None] = mapped_column(String(40), unique=True)
    why: Mapped[str] = mapped_column(String(200), default="")
    clock_id: Mapped[int | None]
    proposed_at: Mapped[datetime | None]
    addressee: Mapped[Addressee | None] = mapped_column(enum_column(Addressee, "addressee"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    task_id: Mapped[int | None] = mapped_column(ForeignKey("task.id"))
    demand: Mapped[str] = mapped_column(Text, default="")
    issued_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    issued_at: Mapped[datetime | None]
    reply: Mapped[str] = mapped_column(Text, default="")
    replied_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    replied_at: Mapped[datetime | None]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    settled_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(Text, default="")
    raised_from_id: Mapped[int | None] = mapped_column(ForeignKey("supervision.id"))

    ticket: Mapped[Ticket] = relationship(lazy="select")
