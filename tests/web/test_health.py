"""What machines may ask without a login: alive, ready, and whether the scheduler still runs."""

from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from assist.domain.clock import FixedTime
from assist.models import Job
from config import PROJECT


def heartbeat(
    session: Session, time: FixedTime, name: str, every: int, success: int | None, start: int
) -> None:
    """A job that last succeeded, and first started, so many seconds ago."""
    session.add(
        Job(
            name=name,
            every_seconds=every,
            first_started_at=time.at - timedelta(seconds=start),
            last_run_at=time.at,
            last_success_at=None if success is None else time.at - timedelta(seconds=success),
        )
    )
    session.commit()


def mark_migrated(session: Session, revision: str) -> None:
    session.execute(text("CREATE TABLE IF NOT EXISTS alembic_version (version_num varchar(32) PRIMARY KEY)"))
    session.execute(text("DELETE FROM alembic_version"))
    session.execute(text(f"INSERT INTO alembic_version VALUES ('{revision}')"))
    session.commit()


def newest_revision() -> str:
    return max(path.stem.split("_")[0] for path in (PROJECT / "migrations" / "versions").glob("*.py"))


def test_a_living_server_says_so(client: FlaskClient) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})


def test_a_server_is_ready_when_its_database_has_every_migration(
    client: FlaskClient, session: Session
) -> None:
    mark_migrated(session, newest_revision())
    assert client.get("/readyz").status_code == 200
    mark_migrated(session, "0000")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "db upgrade" in answer.text
    session.execute(text("DROP TABLE alembic_version"))
    session.commit()


def test_a_scheduler_that_was_never_started_is_reported(client: FlaskClient) -> None:
    answer = client.get("/healthz/jobs")
    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json["reason"] == "调度程序从未启动"


def test_a_job_within_its_grace_is_not_silent(client: FlaskClient, session: Session, time: FixedTime) -> None:
    heartbeat(session, time, "sweep", every=60, success=180, start=9999)
    heartbeat(session, time, "anchor", every=86400, success=None, start=100)
    answer = client.get("/healthz/jobs")
    assert (answer.status_code, answer.json) == (200, {"status": "ok", "silent": []})


def test_a_job_late_beyond_two_intervals_and_a_minute_is_silent(
    client: FlaskClient, session: Session, time: FixedTime
) -> None:
    heartbeat(session, time, "sweep", every=60, success=181, start=9999)
    heartbeat(session, time, "deliver", every=30, success=0, start=9999)
    answer = client.get("/healthz/jobs")
    assert answer.status_code == 503
    assert answer.json is not None
    assert [job["job"] for job in answer.json["silent"]] == ["sweep"]


def test_a_job_that_never_succeeded_is_silent_from_its_first_start(
    client: FlaskClient, session: Session, time: FixedTime
) -> None:
    heartbeat(session, time, "sweep", every=60, success=None, start=181)
    assert client.get("/healthz/jobs").status_code == 503


def test_health_tells_nothing_confidential(client: FlaskClient, session: Session, time: FixedTime) -> None:
    session.add(
        Job(
            name="sweep",
            every_seconds=60,
            first_started_at=time.at - timedelta(days=1),
            last_error="password=hush-hush",
        )
    )
    session.commit()
    assert "hush-hush" not in client.get("/healthz/jobs").text
