"""Which scheduled jobs are silent: late beyond their interval and the grace. Reads heartbeats, changes nothing."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from assist.models import Job

GRACE = timedelta(seconds=60)


@dataclass(frozen=True)
class SilentJob:
    """`since` is the last success, or the first start of a job that has never succeeded."""

    name: str
    since: datetime
    last_error: str


def has_ever_run(session: Session) -> bool:
    """Whether the scheduler was ever started on this database."""
    return session.scalar(select(Job.id).limit(1)) is not None


def silent_jobs(session: Session, now: datetime) -> list[SilentJob]:
    """The jobs whose last success is longer ago than two intervals and a minute, by name."""
    rows = session.scalars(select(Job).order_by(Job.name))
    return [
        SilentJob(job.name, since, job.last_error) for job in rows if (since := silent_since(job, now)) is not None
    ]


def silent_since(job: Job, now: datetime) -> datetime | None:
    """Since when this job is silent; None while it is not."""
    since = job.last_success_at or job.first_started_at
    every = timedelta(seconds=job.every_seconds)
    return since if now > since + every + every + GRACE else None
