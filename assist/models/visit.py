"""走访: a planned or recorded contact that an enterprise feels: a visit, a survey, a meeting, a demand for reports."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from assist.domain.status import Method
from assist.domain.visits import VisitKind, VisitStatus
from assist.models.account import Account
from assist.models.base import Base, enum_column
from assist.models.enterprise import Enterprise


class Visit(Base):
    """Fields of ledger C. `joined_id` is the visit it was merged into; `ticket_id` the problem that was found there."""

    __tablename__ = "visit"
    __table_args__ = (
        CheckConstraint("(status = 'joined') = (joined_id IS NOT NULL)", name="joined_has_visit"),
        CheckConstraint("(status = 'done') = (recorded_at IS NOT NULL)", name="done_has_time"),
        Index("ix_visit_enterprise", "enterprise_id", "visit_on"),
        Index("ix_visit_account", "account_id", "visit_on"),
        Index("ix_visit_on", "visit_on", "id"),
    )

    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    kind: Mapped[VisitKind] = mapped_column(enum_column(VisitKind, "kind"), default=VisitKind.VISIT)
    status: Mapped[VisitStatus] = mapped_column(
        enum_column(VisitStatus, "status"), default=VisitStatus.PLANNED
    )
    visit_on: Mapped[date]
    method: Mapped[Method | None] = mapped_column(enum_column(Method, "method"))
    purpose: Mapped[str] = mapped_column(String(200), default="")
    companions: Mapped[str] = mapped_column(String(200), default="")
    situation: Mapped[str] = mapped_column(Text, default="")
    policies: Mapped[str] = mapped_column(Text, default="")
    problems: Mapped[str] = mapped_column(Text, default="")
    promises: Mapped[str] = mapped_column(Text, default="")
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"))
    joined_id: Mapped[int | None] = mapped_column(ForeignKey("visit.id"))
    over_budget_reason: Mapped[str] = mapped_column(String(200), default="")
    planned_at: Mapped[datetime]
    recorded_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]

    enterprise: Mapped[Enterprise] = relationship(lazy="select")
    account: Mapped[Account] = relationship(lazy="select", foreign_keys=[account_id])
