"""Schedulers that can be killed: a process that forks one when it is told to. Run by `schedulers`, not imported.

Forked from a process that has everything loaded, a new one works within milliseconds of the death of the last. Each is
a process of its own with connections of its own, running `sweep` and `deliver` as the scheduler does, over and over.
"""

import json
import logging
import os
import signal
import sys
import threading
import time
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import create_engine

from assist.channels import http, make
from assist.domain.clock import FixedTime
from assist.domain.job_names import JobName
from assist.jobs import deliver, sweep
from assist.jobs.context import Context
from assist.jobs.running import Runner
from assist.jobs.steps import Step
from assist.models.engine import tune

MINUTES_A_SECOND = 6


class FastTime:
    """Business time that runs six minutes a second: what is tried again in five minutes is so within the test."""

    def __init__(self, at: datetime) -> None:
        self.at, self.began = at, time.monotonic()

    def now(self) -> datetime:
        return self.at + timedelta(minutes=MINUTES_A_SECOND * (time.monotonic() - self.began))


def work(said: dict[str, Any]) -> None:
    """One scheduler, until TERM. The sweep is as of one moment, so that what is due is known beforehand."""
    http.PATIENCE_SECONDS = said["patience"]
    stopping = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    engine = create_engine(said["url"], pool_pre_ping=True)
    tune(engine)
    config = {
        "ASSIST_BASE_URL": "http://assist.test",
        "ASSIST_DELIVERY_LEASE": said["lease"],
        "ASSIST_CHANNEL_PAUSE": 0,
    }
    moment = datetime.fromisoformat(said["at"])
    sweeper = Runner(
        Context(engine, FixedTime(moment), config, stopping.is_set), Step(JobName.SWEEP, 30, sweep.run)
    )
    sender = Runner(
        Context(engine, FastTime(datetime.fromisoformat(said["sent_from"])), config, stopping.is_set),
        Step(
            JobName.DELIVER,
            5,
            lambda context: deliver.run(
                context, {name: make(name, values) for name, values in said["channels"].items()}
            ),
        ),
    )
    while not stopping.wait(0.02):
        sweeper()
        sender()


def main() -> None:
    """`start` on a line starts one and answers with its process id; the end of input ends this."""
    logging.disable(logging.CRITICAL)
    said = json.loads(sys.argv[1])
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for _ in sys.stdin:
        child = os.fork()
        if not child:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            work(said)
            os._exit(0)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
