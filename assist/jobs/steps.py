"""The table of the jobs: what runs how often. Daily ones run every hour and ask themselves what is not done yet,

because the scheduler keeps nothing of what it missed while it was down.
"""

from collections.abc import Callable
from dataclasses import dataclass

from assist.domain.job_names import JobName
from assist.jobs import anchor, backup, deliver, digest, export, housekeeping, lapse, month, sweep
from assist.jobs.context import Context

HOURLY = 3600


@dataclass(frozen=True)
class Step:
    """One job. `run` returns what it did as counts; it commits by itself."""

    name: JobName
    every_seconds: int
    run: Callable[[Context], dict[str, int]]

    @property
    def is_hourly(self) -> bool:
        return self.every_seconds == HOURLY


STEPS: tuple[Step, ...] = (
    Step(JobName.SWEEP, 30, sweep.run),
    Step(JobName.DELIVER, 5, deliver.run),
    Step(JobName.EXPORT, 5, export.run),
    Step(JobName.LAPSE, 300, lapse.run),
    Step(JobName.DIGEST, HOURLY, digest.run),
    Step(JobName.MONTH, HOURLY, month.run),
    Step(JobName.ANCHOR, HOURLY, anchor.run),
    Step(JobName.HOUSEKEEPING, HOURLY, housekeeping.run),
    Step(JobName.BACKUP, HOURLY, backup.run),
)


def named(name: str) -> Step | None:
    return next((step for step in STEPS if step.name.value == name), None)
