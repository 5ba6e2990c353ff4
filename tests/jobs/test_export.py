"""Large ledgers by the scheduler: written for who asked, whatever dies meanwhile; kept for some days; called off."""

import json
import os
import signal
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from assist.domain.clock import FixedTime
from assist.domain.errors import Conflict, NotFound
from assist.domain.ledgers import ExportStatus
from assist.jobs import export, housekeeping
from assist.jobs.context import Context
from assist.models import Account, AuditEntry, Export, Message
from assist.models.engine import begin_writing
from assist.services import export_files, export_runs, exporting
from config import PROJECT
from tests import ledgers
from tests.cast import Cast, Person
from tests.engines import TestDatabase
from tests.make import Make

S = ExportStatus


@pytest.fixture
def job(database: TestDatabase, time: FixedTime, tmp_path: Path) -> Context:
    uploads = tmp_path / "uploads"
    uploads.mkdir()
    return Context(database.engine, time, {"ASSIST_UPLOADS": str(uploads), "SECRET_KEY": "for tests " * 4})


def asked(make: Make, who: Person, letter: str = "A", **query: str) -> int:
    begin_writing(make.session)
    work = make.work(who)
    wanted = exporting.wanted(work, letter, query)
    row = export_runs.ask(work, wanted, exporting.count(work, wanted))
    make.session.commit()
    return row.id


def fresh(make: Make, export_id: int) -> Export:
    make.session.rollback()
    row = make.session.get(Export, export_id, populate_existing=True)
    assert row is not None
    return row


def place(job: Context) -> Path:
    return export_files.folder(job.config["ASSIST_UPLOADS"])


def written(job: Context, row: Export) -> bytes:
    return (place(job) / row.file).read_bytes()


def test_a_ledger_is_written_for_who_asked_with_what_he_may_see(make: Make, cast: Cast, job: Context) -> None:
    own = make.handled()
    make.ticket(by=cast.sun)
    officers, supervisors = asked(make, cast.zhang), asked(make, cast.wang)
    assert export.run(job) == {"exports": 2, "exported_rows": 3, "failed": 0}
    row = fresh(make, officers)
    assert (row.status, row.total, row.done_count, row.leased_until) == (S.DONE, 1, 1, None)
    assert [one["诉求编号"] for one in ledgers.rows(written(job, row))] == [own.number]
    assert "张建华" in ledgers.opened(written(job, row))["A2"].value
    row = fresh(make, supervisors)
    assert (row.status, row.total, row.size) == (S.DONE, 2, len(written(job, row)))
    assert (place(job) / row.file).stat().st_mode & 0o077 == 0
    assert list(place(job).glob("*.part")) == []
    assert export.run(job)["exports"] == 0


def test_he_is_told_and_the_log_knows_it(make: Make, cast: Cast, job: Context, session: Session) -> None:
    make.handled()
    export_id = asked(make, cast.wang, state="handling")
    entry = session.scalars(select(AuditEntry).where(AuditEntry.deed == "export")).one()
    assert (entry.actor_id, entry.detail["rows"], entry.detail["filter"]) == (cast.wang.id, 1, {"state": "handling"})
    session.rollback()
    export.run(job)
    session.rollback()
    told = session.scalars(select(Message).where(Message.recipient_id == cast.wang.id, Message.kind == "export")).one()
    assert told.title == "企业诉求办理台账已生成，共 1 行"
    assert told.location == f"/ledgers/exports/{export_id}"


def test_who_may_no_longer_gets_nothing(make: Make, cast: Cast, job: Context, session: Session) -> None:
    make.handled()
    export_id = asked(make, cast.zhang)
    session.execute(update(Account).where(Account.id == cast.zhang.id).values(is_active=False))
    session.commit()
    assert export.run(job)["failed"] == 1
    row = fresh(make, export_id)
    assert (row.status, row.file) == (S.FAILED, "")
    assert row.error == "您的账号或权限有变动，没有生成。"
    assert [path.name for path in place(job).iterdir()] == []


def test_what_was_called_off_is_not_written_and_leaves_nothing(
    make: Make, cast: Cast, job: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.handled()
    before, during = asked(make, cast.wang), asked(make, cast.wang)
    begin_writing(make.session)
    export_runs.cancel(make.work(cast.wang), before)
    make.session.commit()
    with job.writing() as work:
        claimed = export_runs.claim(work)
    assert claimed is not None
    assert claimed.export_id == during
    begin_writing(make.session)
    export_runs.cancel(make.work(cast.wang), during)
    make.session.commit()
    monkeypatch.setattr(export, "TOLD_EVERY", -1)
    assert export._Run(job, claimed).write() is None
    monkeypatch.setattr(export, "TOLD_EVERY", 60)
    assert export._Run(job, claimed).write() is None  # found out only at the end
    assert {fresh(make, one).status for one in (before, during)} == {S.CANCELLED}
    assert list(place(job).iterdir()) == []
    with pytest.raises(Conflict, match="已取消"):
        export_runs.cancel(make.work(cast.wang), during)
    with pytest.raises(NotFound):
        export_runs.cancel(make.work(cast.zhao), during)


def test_progress_is_told_and_the_lease_renewed(
    make: Make, cast: Cast, job: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        make.ticket()
    export_id = asked(make, cast.wang)
    monkeypatch.setattr(export, "TOLD_EVERY", -1)
    seen = []
    beat = export_runs.beat

    def watched(work: object, claimed: export_runs.Claimed, count: int, lease: timedelta) -> object:
        found = beat(work, claimed, count, lease)  # type: ignore[arg-type]
        seen.append((count, found is not None and found.lease > claimed.lease - timedelta(seconds=1)))
        return found

    monkeypatch.setattr(export_runs, "beat", watched)
    export.run(job)
    assert seen == [(1, True), (2, True), (3, True)]
    assert fresh(make, export_id).status is S.DONE


def test_who_is_asked_to_end_gives_it_back(make: Make, cast: Cast, job: Context) -> None:
    make.ticket()
    export_id = asked(make, cast.wang)
    answers = iter([False])
    ending = Context(job.engine, job.time, job.config, lambda: next(answers, True))
    export.run(ending)
    row = fresh(make, export_id)
    assert (row.status, row.attempt_count, row.leased_until) == (S.WAITING, 0, None)
    assert list(place(job).iterdir()) == []
    export.run(job)
    assert fresh(make, export_id).status is S.DONE


def test_a_fault_ends_it_and_says_so(
    make: Make, cast: Cast, job: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> int:
        raise ZeroDivisionError

    make.ticket()
    first = asked(make, cast.wang)
    monkeypatch.setattr(exporting, "write", broken)
    assert export.run(job)["failed"] == 1
    row = fresh(make, first)
    assert row.status is S.FAILED
    assert "请稍后再导出一次" in row.error
    assert list(place(job).iterdir()) == []


def killed(make: Make, job: Context, lease: float) -> None:
    """A real process that has begun to write it dies."""
    said = {
        "url": make.session.get_bind().engine.url.render_as_string(hide_password=False),
        "at": make.time.at.isoformat(),
        "uploads": job.config["ASSIST_UPLOADS"],
        "lease": lease,
    }
    make.session.rollback()
    command = [sys.executable, "-m", "tests.jobs.export_worker", json.dumps(said)]
    process = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline().strip() == "1"
    os.kill(process.pid, signal.SIGKILL)
    process.wait(10)
    process.stdout.close()


def until_claimable(job: Context) -> None:
    for _ in range(200):
        with job.reading() as work:
            if export_runs.is_anything_waiting(work):
                return
        threading.Event().wait(0.05)
    raise AssertionError("the lease never ended")


def test_whoever_is_killed_loses_it_and_the_next_begins_anew(make: Make, cast: Cast, job: Context) -> None:
    make.ticket()
    make.ticket()
    export_id = asked(make, cast.wang)
    killed(make, job, 0.5)
    assert fresh(make, export_id).status is S.RUNNING
    assert [path.name for path in place(job).iterdir()] == [f"{export_id}.part"]
    until_claimable(job)
    assert export.run(job) == {"exports": 1, "exported_rows": 2, "failed": 0}
    row = fresh(make, export_id)
    assert (row.status, row.attempt_count) == (S.DONE, 1)
    assert [path.name for path in place(job).iterdir()] == [row.file]
    assert len(ledgers.rows(written(job, row))) == 2


def test_what_kills_whoever_writes_it_is_given_up(make: Make, cast: Cast, job: Context, session: Session) -> None:
    make.ticket()
    export_id = asked(make, cast.wang)
    for _ in range(export_runs.MOST_ATTEMPTS):
        until_claimable(job)
        with job.writing() as work:
            assert export_runs.claim(work, timedelta(milliseconds=20)) is not None
    until_claimable(job)
    assert export.run(job)["exports"] == 0
    row = fresh(make, export_id)
    assert (row.status, row.attempt_count) == (S.FAILED, export_runs.MOST_ATTEMPTS)
    assert "都被中断" in row.error


def test_two_schedulers_write_two_and_never_the_same(make: Make, cast: Cast, job: Context) -> None:
    make.ticket()
    asked(make, cast.wang)
    asked(make, cast.zhao)
    with job.writing() as work:
        first = export_runs.claim(work)
    with job.writing() as work:
        second = export_runs.claim(work)
    with job.writing() as work:
        assert export_runs.claim(work) is None
    assert first is not None
    assert second is not None
    assert first.export_id != second.export_id


def test_files_are_kept_three_days_and_what_nobody_names_goes(make: Make, cast: Cast, job: Context) -> None:
    make.ticket()
    export_id = asked(make, cast.wang)
    export.run(job)
    name = fresh(make, export_id).file
    for left in ("77.part", "77-left.xlsx"):
        path = place(job) / left
        path.mkdir() if left.endswith(".part") else path.write_text("left")
        os.utime(path, (0, 0))
    make.session.rollback()
    make.at(make.time.at + timedelta(days=2))
    housekeeping.run(job)
    assert [path.name for path in place(job).iterdir()] == [name]
    make.at(make.time.at + timedelta(days=2))
    housekeeping.run(job)
    row = fresh(make, export_id)
    assert (row.status, row.file) == (S.EXPIRED, "")
    assert list(place(job).iterdir()) == []


def test_nobody_has_more_than_three_at_a_time(make: Make, cast: Cast) -> None:
    make.ticket()
    for _ in range(3):
        asked(make, cast.wang)
    with pytest.raises(Conflict, match="您已有 3 份台账在生成"):
        asked(make, cast.wang)
    make.session.rollback()
    asked(make, cast.zhao)
