"""The scheduler's own traces: one heartbeat row a job, and a run's row only when something was done or failed."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from assist.models.base import Base, Json


class Job(Base):
    """`planned_at` is when it should have run next; late beyond the grace means the scheduler is silent."""

    __tablename__ = "job"

    name: Mapped[str] = mapped_column(String(24), unique=True)
    every_seconds: Mapped[int]
    first_started_at: Mapped[datetime]
    last_run_at: Mapped[datetime | None]
    last_success_at: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(Text, default="")
    last_duration_ms: Mapped[int] = mapped_column(default=0)


class JobRun(Base):
    __tablename__ = "job_run"
    __table_args__ = (Index("ix_job_run_name_at", "name", "started_at"),)

    name: Mapped[str] = mapped_column(String(24))
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    counts: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    error: Mapped[str] = mapped_column(Text, default="")
