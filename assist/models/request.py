"""申请: what was asked, by whom, with which facts; and who decided it, when and how."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from assist.domain.requests import RequestKind, RequestStatus
from assist.domain.status import ClockHolder
from assist.models.base import Base, Json, enum_column
from assist.models.task import Task
from assist.models.ticket import Ticket

PENDING = "status = 'pending'"


class Request(Base):
    """`facts` are what the kind asks (`new_due_on`, `plan`, `review_on`, `basis`, `guidance`, `difficulty`, …).

    `decider` (with the ticket's area for a coordinator) may decide; `unit_id` is the unit that asked about its task.
    `in_time`: asked before the due time it is about. A granted suspension lasts until `ended_at`.
    """

    __tablename__ = "request"
    __table_args__ = (
        CheckConstraint("(status = 'pending') = (decided_at IS NULL)", name="decided_has_time"),
        CheckConstraint(
            "decided_by_id IS NULL OR asked_by_id IS NULL OR decided_by_id <> asked_by_id",
            name="who_asked_never_decides",
        ),
        Index(
            "uq_request_pending",
            "ticket_id",
            "kind",
            unique=True,
            sqlite_where=text(f"{PENDING} AND task_id IS NULL AND kind <> 'objection'"),
            postgresql_where=text(f"{PENDING} AND task_id IS NULL AND kind <> 'objection'"),
        ),
        Index(
            "uq_request_task_pending",
            "task_id",
            "kind",
            unique=True,
            sqlite_where=text(f"{PENDING} AND task_id IS NOT NULL AND kind <> 'objection'"),
            postgresql_where=text(f"{PENDING} AND task_id IS NOT NULL AND kind <> 'objection'"),
        ),
        Index(
            "ix_request_pending", "decider", "id", sqlite_where=text(PENDING), postgresql_where=text(PENDING)
        ),
        Index("ix_request_ticket", "ticket_id", "id"),
        Index("ix_request_asked_by", "asked_by_id", "id"),
        Index("ix_request_kind_decided", "kind", "decided_at"),
    )

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    task_id: Mapped[int | None] = mapped_column(ForeignKey("task.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    round_no: Mapped[int]
    kind: Mapped[RequestKind] = mapped_column(enum_column(RequestKind, "kind"))
    status: Mapped[RequestStatus] = mapped_column(
        enum_column(RequestStatus, "status"), default=RequestStatus.PENDING
    )
    decider: Mapped[ClockHolder] = mapped_column(enum_column(ClockHolder, "decider"))
    reason: Mapped[str] = mapped_column(Text)
    facts: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    in_time: Mapped[bool] = mapped_column(default=True)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    asked_by_name: Mapped[str] = mapped_column(String(60))
    asked_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_by_name: Mapped[str] = mapped_column(String(60), default="")
    decided_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(Text, default="")
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str] = mapped_column(String(400), default="")

    ticket: Mapped[Ticket] = relationship(lazy="select")
    task: Mapped[Task | None] = relationship(lazy="select")
