"""The scheduler as a real process: it starts, tells that it is alive, stops when asked; and its commands."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from assist.domain.clock import SHANGHAI, FixedTime, shanghai
from assist.domain.job_names import JobName
from assist.jobs import scheduler
from assist.jobs.context import Context
from assist.jobs.steps import STEPS
from assist.models import Clock, Job, JobRun, Message, Reminder, Ticket
from tests.cast import Cast
from tests.engines import TestDatabase
from tests.make import Make

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture
def migrated(database: TestDatabase) -> Iterator[TestDatabase]:
    """Tests make their tables without migrations; this leaves the mark of `db upgrade`."""
    with database.engine.begin() as connection:
        script = ScriptDirectory(PROJECT / "migrations")
        MigrationContext.configure(connection).stamp(script, "head")
    yield database
    with database.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE alembic_version")


@pytest.fixture
def environ(migrated: TestDatabase, tmp_path: Path) -> dict[str, str]:
    """The environment of a process on this test's database."""
    own = {
        "DATABASE_URL": migrated.url,
        "ASSIST_UPLOADS": str(tmp_path / "uploads"),
        "SECRET_KEY": "for tests " * 4,
        "ASSIST_SECRETS_KEY": "for tests too " * 3,
        "PYTHONUNBUFFERED": "1",
    }
    left_out = ("FLASK_RUN_FROM_CLI", "ASSIST_SMTP_URL")
    return {**{name: value for name, value in os.environ.items() if name not in left_out}, **own}


def run_until(
    environ: dict[str, str], is_reached: Callable[[], bool], *, with_signal: signal.Signals
) -> tuple[int, str]:
    """Start the scheduler, wait for something to become true, send the signal; (exit code, all it said)."""
    process = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "wsgi", "jobs", "run"],
        cwd=PROJECT,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        waited = 0.0
        while not is_reached():
            assert process.poll() is None, process.communicate()[0]
            assert waited < 60, "the scheduler did not get there"
            try:
                process.wait(0.1)
            except subprocess.TimeoutExpired:
                waited += 0.1
        process.send_signal(with_signal)
        said, _ = process.communicate(timeout=15)
    finally:
        process.kill()
        process.wait()
    return process.returncode, said


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_it_runs_every_job_at_once_and_stops_cleanly_when_asked(
    environ: dict[str, str], database: TestDatabase, cast: Cast, ending: signal.Signals
) -> None:
    def all_ran() -> bool:
        with Session(database.engine) as session:
            done = session.scalars(select(Job.name).where(Job.last_success_at.is_not(None))).all()
        return set(done) == {step.name.value for step in STEPS}

    code, said = run_until(environ, all_ran, with_signal=ending)
    assert code == 0, said
    assert "定时任务已启动。" in said
    assert said.rstrip().endswith("定时任务已停止。")
    assert "Traceback" not in said


def test_asked_to_stop_while_it_is_starting_it_stops(environ: dict[str, str], database: TestDatabase) -> None:
    def is_registered() -> bool:
        with Session(database.engine) as session:
            return session.scalar(select(func.count()).select_from(Job)) == len(STEPS)

    code, said = run_until(environ, is_registered, with_signal=signal.SIGTERM)
    assert code == 0, said
    assert "Traceback" not in said


def test_it_refuses_a_database_that_is_not_migrated(app: Flask) -> None:
    done = app.test_cli_runner().invoke(args=["jobs", "run"])
    assert done.exit_code == 1
    assert "db upgrade" in done.stderr


def test_one_run_prints_one_json_line(
    migrated: TestDatabase, app: Flask, make: Make, session: Session
) -> None:
    make.ticket()
    session.commit()
    done = app.test_cli_runner().invoke(args=["jobs", "once", "sweep", "--at", "2026-11-23T10:30"])
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told == {
        "job": "sweep",
        "at": "2026-11-23T10:30:00+08:00",
        "clocks": 1,
        "reminders": 1,
        "passed_over": 0,
        "broken": 0,
    }
    again = app.test_cli_runner().invoke(args=["jobs", "once", "sweep", "--at", "2026-11-23T02:30+00:00"])
    assert json.loads(again.stdout)["reminders"] == 0
    runs = session.scalars(select(JobRun)).all()
    assert [(run.name, run.counts["reminders"]) for run in runs] == [("sweep", 1)]


def test_a_single_run_is_no_sign_of_life_of_the_scheduler(
    migrated: TestDatabase, app: Flask, session: Session
) -> None:
    assert app.test_cli_runner().invoke(args=["jobs", "once", "lapse"]).exit_code == 0
    assert session.scalar(select(func.count()).select_from(Job)) == 0


def test_a_fault_that_a_run_finds_is_said_with_exit_1(
    migrated: TestDatabase, app: Flask, make: Make, session: Session
) -> None:
    ticket = make.ticket()
    session.execute(update(Ticket).where(Ticket.id == ticket.id).values(event_seq=7))
    session.commit()
    done = app.test_cli_runner().invoke(args=["jobs", "once", "anchor"])
    assert done.exit_code == 1
    assert "核验发现1处不符" in done.stderr
    verified = app.test_cli_runner().invoke(args=["audit", "verify"])
    assert verified.exit_code == 1
    assert f"{ticket.number}：流转记录有1条，登记为7条" in verified.stderr


def test_a_sound_database_is_verified_in_one_line(migrated: TestDatabase, app: Flask, make: Make) -> None:
    make.ticket()
    make.session.commit()
    done = app.test_cli_runner().invoke(args=["audit", "verify"])
    assert (done.exit_code, done.stdout[:5]) == (0, "核验通过：")


@pytest.mark.parametrize(
    ("words", "said"),
    [(("once", "tidy"), "没有名为“tidy”的任务"), (("once", "sweep", "--at", "soon"), "应是一个时间")],
)
def test_wrong_words_are_a_usage_error(app: Flask, words: tuple[str, ...], said: str) -> None:
    done = app.test_cli_runner().invoke(args=["jobs", *words])
    assert done.exit_code == 2
    assert said in done.stderr


def test_four_processes_at_once_write_the_same_set_as_one(
    environ: dict[str, str], make: Make, cast: Cast, session: Session
) -> None:
    for number in range(12):
        make.ticket(enterprise=cast.yi if number % 2 else cast.jia)
    session.commit()
    words = [sys.executable, "-m", "flask", "--app", "wsgi", "jobs", "once", "sweep"]
    at = ["--at", "2026-11-30T09:00"]
    running = [
        subprocess.Popen(
            [*words, *at], cwd=PROJECT, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    ended = [(process.communicate(timeout=120), process.returncode) for process in running]
    assert [code for _, code in ended] == [0, 0, 0, 0], ended
    counts = [json.loads(said[0]) for said, _ in ended]
    # Of each ticket acceptance, contact and opinion are told to owner, city and supervisor, half time to the owner.
    rows = session.execute(
        select(Clock.ticket_id, Clock.kind, Reminder.step, Reminder.recipient_key)
        .join(Clock, Clock.id == Reminder.clock_id)
        .where(Reminder.is_passed_over.is_(False))
    ).all()
    assert len(rows) == len(set(rows)) == 12 * (3 * 3 + 1)
    assert sum(each["reminders"] for each in counts) == len(rows)
    told = session.scalar(select(func.count()).select_from(Message).where(Message.kind == "reminder"))
    assert told == len(rows)


# The table of the jobs


def test_every_trigger_names_its_time_zone_and_nothing_missed_is_dropped(database: TestDatabase) -> None:
    made = scheduler.make(Context(database.engine, FixedTime(shanghai(2026, 11, 23, 9, 30))))
    assert made.timezone is SHANGHAI
    assert [scheduler.trigger(step).timezone for step in STEPS] == [SHANGHAI] * len(STEPS)
    defaults = made._job_defaults
    assert (defaults["misfire_grace_time"], defaults["coalesce"], defaults["max_instances"]) == (
        None,
        True,
        1,
    )


def test_every_job_has_a_name_for_people_and_a_place_in_the_table() -> None:
    assert [step.name for step in STEPS] == list(JobName)
