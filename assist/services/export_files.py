"""Where the files of large exports lie: beside the uploads, so that no backup carries them about; and their end.

A file is written in a folder of its own, `<id>.part`, and moved into its place whole. Three days after it was made, or
when no export names it any more, it goes.
"""

import contextlib
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from assist.domain.ledgers import KEPT_DAYS, ExportStatus
from assist.models import Export
from assist.services.work import Work

PART = ".part"
LEFT_AFTER = timedelta(hours=6)  # what a killed process has left
S = ExportStatus


def folder(uploads: str | Path) -> Path:
    """The exports' folder, made when it is missing; only its owner looks into it."""
    found = Path(uploads).parent / "exports"
    found.mkdir(mode=0o700, parents=True, exist_ok=True)
    return found


def begin(place: Path, export_id: int) -> Path:
    """An empty folder to write one in; whatever an earlier try has left in it is gone."""
    part = place / f"{export_id}{PART}"
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(mode=0o700)
    return part


def finish(part: Path, file: Path, name: str) -> Path:
    """Move what was written into its place."""
    target = part.parent / name
    file.chmod(0o600)
    file.replace(target)
    return target


def expire(work: Work) -> list[str]:
    """Files that have been kept long enough: their exports are over; the names, to be removed once that is stored."""
    query = select(Export).where(Export.status == S.DONE, Export.ended_at < work.now - timedelta(days=KEPT_DAYS))
    names = []
    for row in work.session.scalars(query):
        names.append(row.file)
        row.status, row.file = S.EXPIRED, ""
    work.session.flush()
    return names


def remove(place: Path, names: list[str]) -> int:
    for name in names:
        (place / name).unlink(missing_ok=True)
    return len(names)


def sweep(work: Work, place: Path, now: datetime) -> int:
    """Remove what nobody names and what was begun and left; how many. `now` is the machine's, as files' ages are."""
    rows = work.session.execute(select(Export.id, Export.file).where(Export.status.in_([S.DONE, S.RUNNING]))).all()
    names = {row.file for row in rows if row.file} | {f"{row.id}{PART}" for row in rows if not row.file}
    gone = 0
    for path in place.iterdir():
        with contextlib.suppress(FileNotFoundError):
            changed = datetime.fromtimestamp(path.stat().st_mtime, UTC)
            if path.name not in names and changed < now - LEFT_AFTER:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
                gone += 1
    return gone
