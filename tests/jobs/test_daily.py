"""What runs once a day: the digest, the tidying up, the copy."""

import os
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from assist.domain.clock import FixedTime, shanghai
from assist.domain.status import DeliveryStatus, Rating, RatingReason, Result
from assist.jobs import backup, digest, housekeeping
from assist.jobs.context import Context
from assist.jobs.running import run_once
from assist.jobs.steps import named
from assist.models import (
    Delivery,
    FormKey,
    JobRun,
    LoginFailure,
    Message,
    Pairing,
    Reminder,
    Ticket,
)
from assist.services import standing_in
from tests.cast import Cast
from tests.engines import TestDatabase
from tests.make import Make


@pytest.fixture
def job(database: TestDatabase, tmp_path: Path) -> Context:
    uploads = tmp_path / "uploads"
    uploads.mkdir()
    config = {"ASSIST_UPLOADS": str(uploads), "SECRET_KEY": "for tests " * 4}
    return Context(database.engine, FixedTime(shanghai(2026, 11, 24, 8, 30)), config)


def at(job: Context, *moment: int) -> Context:
    return Context(job.engine, FixedTime(shanghai(*moment)), job.config)


def told(session: Session, person: int) -> list[tuple[str, str]]:
    session.rollback()
    rows = session.execute(
        select(Message.title, Message.tone)
        .where(Message.recipient_id == person, Message.kind == "digest")
        .order_by(Message.id)
    )
    return [(title, tone) for title, tone in rows]


def test_who_stands_in_is_told_of_what_he_acts_for(
    make: Make, cast: Cast, session: Session, job: Context
) -> None:
    make.ticket()
    make.handled(make.ticket(enterprise=cast.yi))
    since, until = shanghai(2026, 11, 24), shanghai(2026, 11, 25)
    standing_in.appoint(make.work(cast.zhao), cast.zhang.id, cast.li.id, since, until, "培训")
    session.commit()
    for _ in range(2):
        digest.run(job)
    told_li = [title for title, _ in told(session, cast.li.id)]
    assert len(told_li) == 2
    assert [one for one in told_li if one.startswith("今日代张建华办理：")]


def test_at_half_past_eight_each_is_told_what_today_holds(
    make: Make, cast: Cast, session: Session, job: Context
) -> None:
    make.ticket()
    make.handled()
    make.answered(make.handled(make.ticket(enterprise=cast.yi)))
    session.commit()
    assert digest.run(job) == {"messages": 4, "days": 1}
    assert told(session, cast.zhang.id) == [("今日待办：超期1件，在办2件", "late")]
    assert told(session, cast.li.id) == []
    assert told(session, cast.qian.id) == [("今日调度：超期1件", "late")]
    assert told(session, cast.zhao.id) == [("今日调度：超期1件", "late")]
    assert told(session, cast.wang.id) == [("今日调度：超期1件", "late")]


def test_what_is_due_today_is_told(make: Make, cast: Cast, session: Session, job: Context) -> None:
    make.handled()
    session.commit()
    digest.run(at(job, 2026, 11, 30, 8, 30))
    assert told(session, cast.zhang.id) == [("今日待办：今日到期1件，在办1件", "soon")]


def test_it_comes_once_a_day_and_not_before_its_hour(make: Make, session: Session, job: Context) -> None:
    make.ticket()
    session.commit()
    step = named("digest")
    assert step is not None
    assert run_once(at(job, 2026, 11, 24, 8, 29), step).counts["messages"] == 0
    assert run_once(at(job, 2026, 11, 24, 9, 30), step).counts["messages"] > 0
    make.ticket()
    session.commit()
    assert run_once(at(job, 2026, 11, 24, 10, 30), step).counts["messages"] == 0
    assert run_once(at(job, 2026, 11, 25, 8, 30), step).counts["messages"] > 0


def test_a_run_that_died_before_it_was_noted_tells_nobody_twice(
    make: Make, cast: Cast, session: Session, job: Context
) -> None:
    make.ticket()
    session.commit()
    assert digest.run(job)["messages"] > 0
    assert digest.run(job)["messages"] == 0


@pytest.mark.parametrize("day", [(2026, 11, 28), (2026, 10, 1)])
def test_on_a_day_off_there_is_none(
    make: Make, session: Session, job: Context, day: tuple[int, int, int]
) -> None:
    make.at(shanghai(2026, 9, 20, 9, 0)).ticket()
    session.commit()
    assert digest.run(at(job, *day, 9, 0)) == {"messages": 0, "days": 0}


def test_on_a_make_up_saturday_there_is_one(make: Make, session: Session, job: Context) -> None:
    make.at(shanghai(2026, 2, 10, 9, 0)).ticket()
    session.commit()
    assert digest.run(at(job, 2026, 2, 14, 9, 0))["messages"] > 0


def test_leaders_are_told_on_the_first_working_day_of_a_week(
    make: Make, cast: Cast, session: Session, job: Context
) -> None:
    make.at(shanghai(2026, 9, 28, 9, 0)).handled()
    session.commit()
    digest.run(at(job, 2026, 9, 29, 8, 30))
    assert told(session, cast.liu.id) == []
    # The week of the National Day: Thursday 8 October is its first working day.
    digest.run(at(job, 2026, 10, 8, 8, 30))
    digest.run(at(job, 2026, 10, 9, 8, 30))
    assert [title for title, _ in told(session, cast.liu.id)] == ["本周企业诉求：在办1件"]


def test_a_restricted_matter_is_counted_for_the_supervisors_alone(
    make: Make, cast: Cast, session: Session, job: Context
) -> None:
    ticket = make.ticket()
    session.execute(update(Ticket).where(Ticket.id == ticket.id).values(is_restricted=True))
    session.commit()
    digest.run(job)
    assert told(session, cast.zhao.id) == []
    assert told(session, cast.wang.id) == [("今日调度：超期1件", "late")]


def test_supervisors_are_told_what_else_stands_in_red(
    make: Make, cast: Cast, session: Session, job: Context
) -> None:
    session.execute(
        update(Pairing).where(Pairing.enterprise_id == cast.yi).values(ended_at=shanghai(2026, 11, 20, 9))
    )
    session.commit()
    make.ticket(enterprise=cast.yi)
    make.closed(result=Result.PARTLY, rating=Rating.UNSATISFIED, reasons=(RatingReason.SPEED,))
    message_id = session.scalar(select(func.min(Message.id)))
    session.add(
        Delivery(
            message_id=message_id,
            channel="email",
            dedupe_key="k",
            status=DeliveryStatus.DEAD,
            next_try_at=shanghai(2026, 11, 23),
        )
    )
    session.commit()
    digest.run(job)
    assert told(session, cast.wang.id) == [
        ("今日调度：超期1件，无人主责1件，待回访1件，消息发送失败1条", "late")
    ]


def test_enterprises_get_no_digest(make: Make, cast: Cast, session: Session, job: Context) -> None:
    make.answered()
    make.ticket()
    session.commit()
    digest.run(job)
    assert told(session, cast.chen.id) == []


def test_old_traces_are_tidied_away_and_proofs_are_kept(
    make: Make, cast: Cast, session: Session, job: Context
) -> None:
    make.ticket()
    now = job.time.now()
    session.add_all(
        [
            FormKey(account_id=cast.chen.id, key="old", at=now - timedelta(days=31)),
            FormKey(account_id=cast.chen.id, key="new", at=now - timedelta(days=29)),
            LoginFailure(address="10.0.0.1", at=now - timedelta(days=2)),
            LoginFailure(address="10.0.0.1", at=now - timedelta(minutes=5)),
            JobRun(name="sweep", started_at=now - timedelta(days=200), ended_at=now - timedelta(days=200)),
        ]
    )
    session.commit()
    before = [
        session.scalar(select(func.count()).select_from(table)) for table in (Message, Reminder, Ticket)
    ]
    session.rollback()
    counts = housekeeping.run(job)
    assert counts == {"form_keys": 1, "login_failures": 1, "job_runs": 1, "files": 0, "days": 1}
    after = [session.scalar(select(func.count()).select_from(table)) for table in (Message, Reminder, Ticket)]
    assert after == before


def test_stored_files_that_nothing_names_are_removed_when_they_are_old(job: Context, cast: Cast) -> None:
    from assist.services.file_store import Store

    store = Store(Path(job.config["ASSIST_UPLOADS"]), job.config["SECRET_KEY"])
    paths = [store.path(mark * 64) for mark in "ab"]
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"left over")
    os.utime(paths[0], (0, 0))
    assert housekeeping.run(job)["files"] == 1
    assert [path.exists() for path in paths] == [False, True]


def test_a_copy_is_made_once_a_night_and_the_oldest_are_let_go(
    make: Make, session: Session, job: Context
) -> None:
    make.ticket()
    session.commit()
    folder = Path(job.config["ASSIST_UPLOADS"]).parent / "backups"
    folder.mkdir()
    for day in range(1, 21):
        (folder / f"assist-202611{day:02d}.zip").write_bytes(b"")
    assert backup.run(job)["rows"] > 0
    assert backup.run(job) == {"rows": 0, "files": 0}
    kept = sorted(path.name for path in folder.glob("*.zip"))
    assert (len(kept), kept[0], kept[-1]) == (backup.KEPT, "assist-20261108.zip", "assist-20261124.zip")
    assert zipfile.is_zipfile(folder / "assist-20261124.zip")
