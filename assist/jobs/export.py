"""`export`: writes the ledgers that wait, one after the other, each under a lease that is renewed as rows are written.

Read in one transaction, so that a ledger is of one moment; its progress is told in transactions of its own. Whoever is
asked to end gives his one back; whoever is killed loses it with its lease, and the next begins it anew.
"""

import logging
import shutil
import time
from datetime import timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from assist.jobs.context import Context
from assist.services import export_files, export_runs, exporting
from assist.services.export_runs import Claimed
from assist.services.work import Work

log = logging.getLogger(__name__)

TOLD_EVERY = 1.0  # seconds between two words of progress
FULL = "服务器磁盘空间不足，没有生成。请联系系统管理员。"


class _Stopped(Exception):
    """It was cancelled, lost to another, or the process was asked to end."""


def run(context: Context) -> dict[str, int]:
    counts = {"exports": 0, "exported_rows": 0, "failed": 0}
    if not context.config.get("ASSIST_UPLOADS"):
        return counts
    while not context.stopping():
        with context.reading() as work:
            if not export_runs.is_anything_waiting(work):
                break
        with context.writing() as work:
            claimed = export_runs.claim(work, _lease(context))
        if claimed is None:
            break
        rows = _Run(context, claimed).write()
        counts["exports"] += rows is not None
        counts["exported_rows"] += rows or 0
        counts["failed"] += rows is None
    return counts


def _lease(context: Context) -> timedelta:
    given = context.config.get("ASSIST_EXPORT_LEASE")
    return export_runs.LEASE if given is None else timedelta(seconds=float(given))


class _Run:
    """One export from its claim to its end."""

    def __init__(self, context: Context, claimed: Claimed) -> None:
        self.context, self.claimed = context, claimed
        self.place = export_files.folder(context.config["ASSIST_UPLOADS"])
        self.told_at = time.monotonic()

    def write(self) -> int | None:
        """How many rows; None when nothing came of it."""
        part = export_files.begin(self.place, self.claimed.export_id)
        try:
            return self._settled(part, *self._written(part))
        except _Stopped:
            if self.context.stopping():
                with self.context.writing() as work:
                    export_runs.release(work, self.claimed)
        except OSError:
            log.exception("export %s could not be written", self.claimed.export_id)
            self._fail(FULL)
        except Exception:
            log.exception("export %s failed", self.claimed.export_id)
            self._fail(export_runs.BROKEN)
        finally:
            shutil.rmtree(part, ignore_errors=True)
        return None

    def _written(self, part: Path) -> tuple[Path, int]:
        file = part / "ledger.xlsx"
        with Session(self.context.engine) as session:
            if session.get_bind().dialect.name == "postgresql":
                session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            asked = export_runs.as_asker(Work(session, self.context.time), self.claimed)
            if asked is None:
                self._fail(export_runs.NO_LONGER)
                raise _Stopped
            return file, exporting.write(*asked, file, folder=part, beat=self._beat)

    def _beat(self, count: int) -> None:
        """Now and then, and once before the file is put together."""
        if self.context.stopping():
            raise _Stopped
        if time.monotonic() - self.told_at < TOLD_EVERY:
            return
        with self.context.writing() as work:
            going_on = export_runs.beat(work, self.claimed, count, _lease(self.context))
        if going_on is None:
            raise _Stopped
        self.claimed, self.told_at = going_on, time.monotonic()

    def _settled(self, part: Path, file: Path, rows: int) -> int:
        name = export_runs.new_name(self.claimed)
        target = export_files.finish(part, file, name)
        with self.context.writing() as work:
            is_ours = export_runs.done(work, self.claimed, name, target.stat().st_size, rows)
        if not is_ours:
            target.unlink(missing_ok=True)
            raise _Stopped
        return rows

    def _fail(self, sentence: str) -> None:
        with self.context.writing() as work:
            export_runs.failed(work, self.claimed, sentence)
