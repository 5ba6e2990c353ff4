"""导出: a ledger too large to wait for, written by the scheduler; its file is kept for some days for who asked."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from assist.domain.ledgers import ExportStatus, Ledger
from assist.models.base import Base, Json, enum_column

UNFINISHED = "status IN ('waiting', 'running')"


class Export(Base):
    """`query` is the filter as in an address. `done_count` of `total` rows are written.

    `leased_until` is the database's time: whoever writes it has it until then, and says so again and again.
    `attempt_count` counts the leases that ended without a word. `file` is the name in the exports' folder.
    """

    __tablename__ = "export"
    __table_args__ = (
        CheckConstraint("(status IN ('waiting', 'running')) = (ended_at IS NULL)", name="ended_has_time"),
        CheckConstraint("(status = 'running') = (leased_until IS NOT NULL)", name="running_has_lease"),
        CheckConstraint("(status = 'done') = (file <> '')", name="done_has_file"),
        Index("ix_export_account", "account_id", "id"),
        Index(
            "ix_export_unfinished", "id", sqlite_where=text(UNFINISHED), postgresql_where=text(UNFINISHED)
        ),
    )

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    ledger: Mapped[Ledger] = mapped_column(enum_column(Ledger, "ledger", 1))
    query: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    is_whole: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(String(200), default="")
    status: Mapped[ExportStatus] = mapped_column(
        enum_column(ExportStatus, "status"), default=ExportStatus.WAITING
    )
    total: Mapped[int]
    done_count: Mapped[int] = mapped_column(default=0)
    file: Mapped[str] = mapped_column(String(80), default="")
    size: Mapped[int] = mapped_column(default=0)
    asked_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    leased_until: Mapped[datetime | None]
    attempt_count: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(String(200), default="")

    @property
    def is_unfinished(self) -> bool:
        return self.status in (ExportStatus.WAITING, ExportStatus.RUNNING)
