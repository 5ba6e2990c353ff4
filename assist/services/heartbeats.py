"""心跳: one row a job says when it last ran and succeeded; a row a run only when something was done or went wrong.

A silent scheduler is the worst failure of this product: `queries.jobs_health` reads these rows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, select, update

from assist.domain.clock import local
from assist.models import Job, JobRun
from assist.services import bulk
from assist.services.work import Work

MAX_ERROR = 2000


@dataclass(frozen=True)
class Run:
    """One run of a job, as it went. `error` is empty when it succeeded."""

    name: str
    started_at: datetime
    duration_ms: int
    counts: Mapping[str, int]
    error: str = ""

    @property
    def is_worth_a_row(self) -> bool:
        return bool(self.error) or any(self.counts.values())


def register(work: Work, every_seconds: Mapping[str, int]) -> None:
    """The scheduler starts with these jobs: their first start is kept, and jobs there are no more are forgotten."""
    rows = [
        {
            "name": name,
            "every_seconds": every,
            "first_started_at": work.now,
            "last_error": "",
            "last_duration_ms": 0,
        }
        for name, every in every_seconds.items()
    ]
    bulk.insert_new(work.session, Job, rows, Job.id)
    work.session.execute(delete(Job).where(Job.name.not_in(every_seconds)))
    for row in work.session.scalars(select(Job)):
        row.every_seconds = every_seconds[row.name]


def beat(work: Work, run: Run) -> None:
    """Note that a job ran, and whether it succeeded."""
    values = {
        "last_run_at": run.started_at,
        "last_duration_ms": run.duration_ms,
        "last_error": run.error[:MAX_ERROR],
    }
    if not run.error:
        values["last_success_at"] = run.started_at
    work.session.execute(
        update(Job).where(Job.name == run.name).values(**values).execution_options(synchronize_session=False)
    )


def record(work: Work, run: Run) -> None:
    """Keep a run that did something or failed."""
    work.session.add(
        JobRun(
            name=run.name,
            started_at=run.started_at,
            ended_at=run.started_at + timedelta(milliseconds=run.duration_ms),
            counts=dict(run.counts),
            error=run.error[:MAX_ERROR],
        )
    )


def done_today(work: Work, name: str) -> bool:
    """Whether a run of this job on this day in Shanghai did its work already."""
    midnight = local(work.now).replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)
    found = select(JobRun.id).where(
        JobRun.name == name,
        JobRun.error == "",
        JobRun.started_at >= midnight,
        JobRun.started_at < midnight + timedelta(days=1),
    )
    return work.session.scalar(found.limit(1)) is not None
