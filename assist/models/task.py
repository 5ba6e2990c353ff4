"""承办任务: a unit's part of a ticket, with its replies. Its acts are in the ticket's chain, its clocks in `Clock`."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from assist.domain.tasks import TaskKind, TaskResult, TaskStatus
from assist.models.account import Account
from assist.models.base import Base, enum_column
from assist.models.ticket import Ticket
from assist.models.unit import Unit

TASK_IS_OPEN = "status IN ('asked', 'dispatched', 'signed', 'replied')"


class Task(Base):
    """`number` is the ticket's with -01, -02 … behind it. `needs_dispatch`: a city-level unit's, sent by the city.

    `is_shielded`: the unit sees the problem without the enterprise's name (kept as it was when asked). `handler_id` is
    whoever of the unit has it now. `with_unit_at` is when it reached the unit. `due_on` is a date the owner asked for.
    """

    __tablename__ = "task"
    __table_args__ = (
        UniqueConstraint("ticket_id", "no"),
        CheckConstraint(
            "(status IN ('accepted', 'returned', 'cancelled')) = (ended_at IS NOT NULL)",
            name="ended_has_time",
        ),
        Index("ix_task_unit_status", "unit_id", "status", "id"),
        Index(
            "ix_task_open", "ticket_id", sqlite_where=text(TASK_IS_OPEN), postgresql_where=text(TASK_IS_OPEN)
        ),
        Index(
            "ix_task_to_dispatch",
            "id",
            sqlite_where=text("status = 'asked' AND needs_dispatch"),
            postgresql_where=text("status = 'asked' AND needs_dispatch"),
        ),
    )

    number: Mapped[str] = mapped_column(String(28), unique=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    no: Mapped[int]
    round_no: Mapped[int]
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    kind: Mapped[TaskKind] = mapped_column(enum_column(TaskKind, "kind"))
    status: Mapped[TaskStatus] = mapped_column(enum_column(TaskStatus, "status"))
    text: Mapped[str] = mapped_column(Text)
    due_on: Mapped[date | None]
    needs_dispatch: Mapped[bool] = mapped_column(default=False)
    is_shielded: Mapped[bool] = mapped_column(default=False)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    asked_at: Mapped[datetime]
    dispatched_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    dispatched_at: Mapped[datetime | None]
    with_unit_at: Mapped[datetime | None]
    handler_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    signed_at: Mapped[datetime | None]
    replied_at: Mapped[datetime | None]
    promised_on: Mapped[date | None]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str] = mapped_column(String(400), default="")
    deferral_count: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)

    ticket: Mapped[Ticket] = relationship(lazy="select")
    unit: Mapped[Unit] = relationship(lazy="select")
    handler: Mapped[Account | None] = relationship(lazy="select", foreign_keys=[handler_id])


class TaskReply(Base):
    """One reply of a unit, from its draft to the owner's word. `sent_at` is when it left the unit.

    Handed back by the approver it never left; sent back by the owner it is followed by another.
    """

    __tablename__ = "task_reply"
    __table_args__ = (
        UniqueConstraint("task_id", "no"),
        CheckConstraint("(result = 'continuing') = (promised_on IS NOT NULL)", name="continuing_has_date"),
        CheckConstraint("handed_back_at IS NULL OR sent_at IS NULL", name="handed_back_never_left"),
        CheckConstraint("accepted_at IS NULL OR sent_back_at IS NULL", name="ends_once"),
    )

    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"))
    no: Mapped[int]
    result: Mapped[TaskResult] = mapped_column(enum_column(TaskResult, "result"))
    text: Mapped[str] = mapped_column(Text)
    promised_on: Mapped[date | None]
    basis: Mapped[str] = mapped_column(Text, default="")
    written_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    written_at: Mapped[datetime]
    signed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    sent_at: Mapped[datetime | None]
    handed_back_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    sent_back_at: Mapped[datetime | None]
    back_reason: Mapped[str] = mapped_column(Text, default="")
