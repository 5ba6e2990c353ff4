"""The scheduler: a process of its own that runs every job of `steps` in time, until it is asked to end.

The memory store forgets what it missed while it was down; so every job runs at once when it starts, and daily jobs ask
what is not done yet. TERM and INT end it: what is in hand is finished, nothing new begins, and after nine seconds it is
let go (claims and unique keys make that harmless).
"""

import logging
import os
import signal
import threading
import time

from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy import Engine

from assist.domain.clock import SHANGHAI, TimeSource
from assist.jobs.context import Context
from assist.jobs.running import Runner
from assist.jobs.steps import STEPS, Step
from assist.services import heartbeats

log = logging.getLogger(__name__)

ENDING = frozenset({signal.SIGTERM, signal.SIGINT})
LET_GO_SECONDS = 9
HOURLY_MINUTE = 30  # so that the digest comes at 08:30


def start(engine: Engine, time_source: TimeSource, config: dict[str, object]) -> None:
    """Run until TERM or INT. The main thread's signals are taken over for good."""
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
    stopping = threading.Event()
    context = Context(engine, time_source, config, stopping.is_set)
    with context.writing() as work:
        heartbeats.register(work, {step.name.value: step.every_seconds for step in STEPS})
    scheduler = make(context)
    waiter = threading.Thread(target=_wait_for_the_end, args=(scheduler, stopping), name="ending")
    waiter.start()
    scheduler.start()
    waiter.join()


def make(context: Context) -> BlockingScheduler:
    """The scheduler with every job in it, not yet started."""
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    scheduler = BlockingScheduler(
        timezone=SHANGHAI,
        executors={"default": {"type": "threadpool", "max_workers": len(STEPS)}},
        job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
    )
    for step in STEPS:
        scheduler.add_job(
            Runner(context, step),
            trigger(step),
            id=step.name.value,
            name=step.name.value,
            next_run_time=context.time.now(),
        )
    return scheduler


def trigger(step: Step) -> CronTrigger | IntervalTrigger:
    if step.is_hourly:
        return CronTrigger(minute=HOURLY_MINUTE, timezone=SHANGHAI)
    return IntervalTrigger(seconds=step.every_seconds, timezone=SHANGHAI)


def _wait_for_the_end(scheduler: BlockingScheduler, stopping: threading.Event) -> None:
    """Waits for a signal in a thread of its own: nothing is done inside a signal handler."""
    signal.sigwait(ENDING)
    stopping.set()
    guard = threading.Timer(LET_GO_SECONDS, _let_go)
    guard.daemon = True
    guard.start()
    while not scheduler.running:  # asked to end while it was starting
        time.sleep(0.01)
    scheduler.shutdown(wait=True)
    guard.cancel()


def _let_go() -> None:
    log.warning("something in hand did not end in time; it is let go and will be taken up again")
    logging.shutdown()
    os._exit(0)
