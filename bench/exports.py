"""Ledgers out and in: the export of 100,000 rows with its memory; checks and imports of 10,000 rows; on both engines.

    python -m bench.exports [--rows 100000] [--sheet-rows 10000] [--engines sqlite,postgresql] [--only out|in]

Each measurement runs in a process of its own, so that the memory told is its own. The export is the job's: rows of
ledger A with everything in them, under its lease, with its progress. Nothing here passes or fails.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from assist.domain.clock import FixedTime, shanghai
from assist.domain.ledgers import Ledger
from assist.domain.roles import Role
from assist.jobs import export
from assist.jobs.context import Context
from assist.models import Account, Export
from assist.models.account import holds
from assist.models.engine import begin_writing
from assist.services import defaults, export_runs, exporting
from assist.services.imports import history, progress, roster
from assist.services.queries.ticket_lists import TicketFilter
from assist.services.work import Work
from bench import engines, seeding, sheets
from bench.sweep import emptied
from config import PROJECT

NOW = shanghai(2026, 11, 23, 9, 30)
TITLES = {
    "export": "导出 A（后台任务）",
    "roster_check": "检查包联台账",
    "roster_import": "导入包联台账",
    "history_check": "检查原诉求台账",
    "history_import": "转入原诉求台账",
    "progress_check": "检查回填的 A",
}


def peak_mb() -> float:
    """The most this process has held; what its parent held when it was started (`ru_maxrss`) is not its own."""
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024


def timed(deed: Callable[[], Any]) -> tuple[Any, dict[str, float]]:
    began, cpu = time.perf_counter(), time.process_time()
    found = deed()
    took = {"seconds": time.perf_counter() - began, "cpu": time.process_time() - cpu}
    return found, {**took, "mb": peak_mb()}


def exported(engine: Engine) -> list[dict[str, Any]]:
    """One run of the job for a supervisor, all tickets there are."""
    with Session(engine) as session:
        begin_writing(session)
        account = session.scalars(select(Account).where(holds(Role.SUPERVISOR)).limit(1)).one()
        work = Work(session, FixedTime(NOW), account.as_actor())
        wanted = exporting.wanted(work, "A", {})
        asked_id = export_runs.ask(work, wanted, exporting.count(work, wanted)).id
        session.commit()
    with tempfile.TemporaryDirectory() as folder:
        context = Context(engine, FixedTime(NOW), {"ASSIST_UPLOADS": f"{folder}/uploads"})
        before = peak_mb()
        counts, took = timed(lambda: export.run(context))
        with Session(engine) as session:
            row = session.get_one(Export, asked_id)
            size, error = row.size, row.error
    assert counts["exports"] == 1, error
    return [{"what": "export", "rows": counts["exported_rows"], "before_mb": before, "file_mb": size / 2**20, **took}]


def taken_in(engine: Engine, count: int) -> list[dict[str, Any]]:
    """A roster and an old ledger into an empty city; then ledger A as it was taken out, sent back unedited."""
    with Session(engine) as session:
        defaults.install(session)
        session.commit()
    found = [
        *_into(engine, "roster", roster, sheets.roster(count)),
        *_into(engine, "history", history, sheets.history(count)),
    ]
    with Session(engine) as session:
        work = Work(session, FixedTime(NOW))
        target = BytesIO()
        exporting.write(work, exporting.Wanted(Ledger.TICKETS, TicketFilter()), target)
        checked, took = timed(lambda: progress.check(work, target.getvalue()))
    assert len(checked.check.rows) == count, checked.check.faults[:3]
    return [*found, {"what": "progress_check", "rows": count, **took}]


def _into(engine: Engine, what: str, read: Any, content: bytes) -> list[dict[str, Any]]:
    """The check, then the whole taking over up to its commit (without the check that comes before it again)."""
    with Session(engine) as session:
        begin_writing(session)
        work = Work(session, FixedTime(NOW))
        checked, looked = timed(lambda: read.check(work, content))
        assert not checked.check.faults, checked.check.faults[:3]

        def take() -> None:
            read.take_over(work, checked)
            session.commit()

        _, wrote = timed(take)
    rows = checked.check.row_count
    return [{"what": f"{what}_check", "rows": rows, **looked}, {"what": f"{what}_import", "rows": rows, **wrote}]


def apart(what: str, url: str, count: int) -> list[dict[str, Any]]:
    """The same in a process of its own."""
    command = [sys.executable, "-m", "bench.exports", "--worker", what, "--url", url, "--sheet-rows", str(count)]
    done = subprocess.run(command, cwd=PROJECT, check=True, stdout=subprocess.PIPE, text=True)
    found: list[dict[str, Any]] = json.loads(done.stdout.splitlines()[-1])
    return found


def worker(what: str, url: str, count: int) -> None:
    engine = seeding.connected(url)
    if what == "in":
        with engine.begin() as connection:
            seeding.prepare(connection)
    found = exported(engine) if what == "out" else taken_in(engine, count)
    sys.stdout.write(json.dumps(found) + "\n")


def told(lines: list[tuple[str, dict[str, Any]]]) -> str:
    found = [f"{'引擎':<12}{'行':>8}{'秒':>9}{'CPU 秒':>9}{'最多 MB':>9}  什么"]
    for engine_name, one in lines:
        beside = f"（之前 {one['before_mb']:.0f} MB，文件 {one['file_mb']:.1f} MB）" if "file_mb" in one else ""
        found.append(
            f"{engine_name:<12}{one['rows']:>9}{one['seconds']:>10.1f}{one['cpu']:>10.1f}{one['mb']:>10.0f}  "
            f"{TITLES[one['what']]}{beside}"
        )
    return "\n".join(found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000, help="so many tickets are taken out")
    parser.add_argument("--sheet-rows", type=int, default=10_000, help="so many rows come in")
    parser.add_argument("--engines", default="sqlite,postgresql")
    parser.add_argument("--only", choices=("out", "in"))
    parser.add_argument("--worker", choices=("out", "in"), help=argparse.SUPPRESS)
    parser.add_argument("--url", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.worker:
        worker(asked.worker, asked.url, asked.sheet_rows)
        return
    lines: list[tuple[str, dict[str, Any]]] = []
    for engine_name in asked.engines.split(","):
        if asked.only != "in":
            with engines.filled(engine_name, asked.rows) as url:
                lines += [(engine_name, one) for one in apart("out", url, asked.sheet_rows)]
        if asked.only != "out":
            with emptied(engine_name, asked.sheet_rows) as url:
                lines += [(engine_name, one) for one in apart("in", url, asked.sheet_rows)]
    print(f"负载 {os.getloadavg()[0]:.1f}\n{told(lines)}")


if __name__ == "__main__":
    main()
