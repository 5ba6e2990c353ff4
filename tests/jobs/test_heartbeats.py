"""Heartbeats: a job that runs says so, one that fails is seen, one that is quiet writes little."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assist.domain.clock import FixedTime
from assist.domain.job_names import JobName
from assist.jobs.context import Context, JobFault
from assist.jobs.running import QUIET_SECONDS, Runner
from assist.jobs.steps import Step
from assist.models import Job, JobRun
from assist.services import heartbeats
from assist.services.queries.jobs_health import silent_jobs
from tests.engines import TestDatabase


@pytest.fixture
def job(database: TestDatabase, time: FixedTime) -> Context:
    made = Context(database.engine, time)
    with made.writing() as work:
        heartbeats.register(work, {"sweep": 30})
    return made


def heartbeat(session: Session) -> Job:
    session.rollback()
    return session.scalars(select(Job).where(Job.name == "sweep")).one()


def runner(job: Context, run: Callable[[Context], dict[str, int]]) -> Runner:
    return Runner(job, Step(JobName.SWEEP, 30, run))


def test_a_quiet_run_leaves_a_heartbeat_and_no_row(job: Context, session: Session, time: FixedTime) -> None:
    runner(job, lambda context: {"reminders": 0})()
    assert heartbeat(session).last_success_at == time.at
    assert session.scalar(select(func.count()).select_from(JobRun)) == 0


def test_a_run_that_did_something_leaves_a_row(job: Context, session: Session) -> None:
    runner(job, lambda context: {"reminders": 3})()
    assert session.scalars(select(JobRun)).one().counts == {"reminders": 3}


def test_quiet_runs_do_not_write_each_time(job: Context, session: Session, time: FixedTime) -> None:
    quiet = runner(job, lambda context: {"sent": 0})
    quiet()
    first = heartbeat(session).last_run_at
    time.at += timedelta(seconds=5)
    quiet()
    assert heartbeat(session).last_run_at == first
    quiet.beaten_at -= QUIET_SECONDS
    quiet()
    assert heartbeat(session).last_run_at == time.at


def test_a_failing_job_is_said_once_and_its_success_grows_old(
    job: Context, session: Session, time: FixedTime
) -> None:
    state = {"fails": False}

    def work(context: Context) -> dict[str, int]:
        if state["fails"]:
            raise RuntimeError("磁盘已满")
        return {}

    running = runner(job, work)
    running()
    began = time.at
    state["fails"] = True
    for _ in range(3):
        time.at += timedelta(minutes=1)
        running.beaten_at -= QUIET_SECONDS
        running()
    found = heartbeat(session)
    assert (found.last_success_at, found.last_error) == (began, "RuntimeError: 磁盘已满")
    assert session.scalar(select(func.count()).select_from(JobRun)) == 1
    assert [silent.name for silent in silent_jobs(session, time.at)] == ["sweep"]
    state["fails"] = False
    running()
    assert heartbeat(session).last_error == ""
    assert silent_jobs(session, time.at) == []


def test_a_fault_found_by_a_job_is_its_error(job: Context, session: Session) -> None:
    def work(context: Context) -> dict[str, int]:
        raise JobFault("核验发现1处不符。")

    runner(job, work)()
    assert heartbeat(session).last_error == "核验发现1处不符。"


def test_a_job_that_is_no_more_is_forgotten_and_the_first_start_is_kept(
    job: Context, session: Session, time: FixedTime
) -> None:
    first = heartbeat(session).first_started_at
    time.at += timedelta(days=1)
    with job.writing() as work:
        heartbeats.register(work, {"sweep": 60})
        heartbeats.register(work, {"sweep": 60, "deliver": 5})
        heartbeats.register(work, {"sweep": 60})
    assert [row.name for row in session.scalars(select(Job))] == ["sweep"]
    assert (heartbeat(session).first_started_at, heartbeat(session).every_seconds) == (first, 60)
