"""The scheduled jobs as an administrator looks at them: heartbeats, and the runs that did or missed something."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from assist.domain.clock import local
from assist.domain.job_names import JobName, counts_text, title_of
from assist.models import Job, JobRun
from assist.services.queries.jobs_health import silent_since
from assist.services.work import Work

PAGE = 50
HOUR = 3600
HOURLY_MINUTE = 30


@dataclass(frozen=True)
class JobState:
    """One job. `is_silent`: a planned run since the first start, plus grace, has not succeeded."""

    title: str
    every: str
    last_run_at: datetime | None
    last_success_at: datetime | None
    duration: str
    next_at: datetime | None
    error: str
    is_silent: bool


@dataclass(frozen=True)
class RunRow:
    title: str
    started_at: datetime
    duration: str
    did: str
    error: str


def jobs(work: Work) -> list[JobState]:
    """Every job that the scheduler has registered, in the order of the table of jobs."""
    rows = {row.name: row for row in work.session.scalars(select(Job))}
    order = [one.value for one in JobName if one.value in rows]
    return [_state(rows[name], work.now) for name in order]


def _state(row: Job, now: datetime) -> JobState:
    return JobState(
        title=JobName.of(row.name).title,
        every=_every(row.every_seconds),
        last_run_at=row.last_run_at,
        last_success_at=row.last_success_at,
        duration=_duration(row.last_duration_ms) if row.last_run_at else "—",
        next_at=_next(row),
        error=row.last_error,
        is_silent=silent_since(row, now) is not None,
    )


def _every(seconds: int) -> str:
    if seconds == HOUR:
        return f"每小时（{HOURLY_MINUTE}分）"
    return f"每{seconds // 60}分钟" if seconds % 60 == 0 else f"每{seconds}秒"


def _next(row: Job) -> datetime | None:
    """When it is to run next, told from its last run; hourly ones run at half past."""
    if row.last_run_at is None:
        return None
    if row.every_seconds != HOUR:
        return row.last_run_at + timedelta(seconds=row.every_seconds)
    here = local(row.last_run_at)
    half_past = here.replace(minute=HOURLY_MINUTE, second=0, microsecond=0)
    return (half_past if half_past > here else half_past + timedelta(hours=1)).astimezone(UTC)


def _duration(ms: int) -> str:
    return f"{ms}毫秒" if ms < 1000 else f"{ms / 1000:.1f}秒"


def runs(work: Work, name: str, only_failed: bool, page: int) -> tuple[Sequence[RunRow], int]:
    """The runs that did something or failed, newest first, and how many there are."""
    conditions = [JobRun.name == name] if name else []
    if only_failed:
        conditions.append(JobRun.error != "")
    total = work.session.scalar(select(func.count()).select_from(JobRun).where(*conditions)) or 0
    query = select(JobRun).where(*conditions).order_by(JobRun.started_at.desc(), JobRun.id.desc())
    found = work.session.scalars(query.limit(PAGE).offset((page - 1) * PAGE))
    return [
        RunRow(
            title_of(row.name),
            row.started_at,
            _duration(round((row.ended_at - row.started_at).total_seconds() * 1000)),
            counts_text(row.counts),
            row.error,
        )
        for row in found
    ], total
