"""One run of one job: measured, its heartbeat written, its errors kept from stopping the scheduler."""

import logging
import time
from dataclasses import dataclass, field

from assist.jobs.context import Context, JobFault
from assist.jobs.steps import Step
from assist.services import heartbeats
from assist.services.heartbeats import Run

log = logging.getLogger(__name__)

# A quiet job tells that it is alive no more often than this; whatever it did or missed is told at once.
QUIET_SECONDS = 30


def run_once(context: Context, step: Step) -> Run:
    """Run a job and keep the run if it is worth it. No heartbeat: that is the scheduler's. Raises what the job does."""
    began, started_at = time.monotonic(), context.time.now()
    counts = step.run(context)
    made = Run(step.name.value, started_at, _since(began), counts)
    if made.is_worth_a_row:
        with context.writing() as work:
            heartbeats.record(work, made)
    return made


@dataclass
class Runner:
    """A job in the scheduler: called again and again, never raises."""

    context: Context
    step: Step
    last_error: str = ""
    beaten_at: float = field(default=float("-inf"))

    def __call__(self) -> None:
        began, started_at = time.monotonic(), self.context.time.now()
        counts: dict[str, int] = {}
        error = ""
        try:
            counts = self.step.run(self.context)
        except JobFault as fault:
            error = str(fault)
            log.error("%s: %s", self.step.name.value, error)
        except Exception as fault:
            error = f"{type(fault).__name__}: {fault}"
            log.exception("job %s failed", self.step.name.value)
        self._tell(Run(self.step.name.value, started_at, _since(began), counts, error))

    def _tell(self, run: Run) -> None:
        is_news = any(run.counts.values()) or run.error != self.last_error
        if not is_news and time.monotonic() - self.beaten_at < QUIET_SECONDS:
            return
        try:
            with self.context.writing() as work:
                heartbeats.beat(work, run)
                if is_news and run.is_worth_a_row:
                    heartbeats.record(work, run)
        except Exception:
            log.exception("the heartbeat of %s could not be written", run.name)
            return
        self.beaten_at, self.last_error = time.monotonic(), run.error


def _since(began: float) -> int:
    return round((time.monotonic() - began) * 1000)
