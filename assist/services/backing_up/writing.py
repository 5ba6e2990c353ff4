"""Making a backup: one snapshot of every table and every uploaded file, with a manifest that says what is in it."""

import json
import os
import zipfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from sqlalchemy import Connection, Engine, Table, select, text

from assist.domain.errors import Invalid
from assist.models import Base
from assist.services.backing_up.rows import to_lines

FORMAT = 1
LEFT_OUT = frozenset({"alembic_version"})


@dataclass(frozen=True)
class Made:
    """What a backup holds."""

    path: Path
    rows: int
    files: int
    size: int


def tables() -> list[Table]:
    """Every table, those that others point to first."""
    return [table for table in Base.metadata.sorted_tables if table.name not in LEFT_OUT]


def create(engine: Engine, uploads: Path, target: Path, revision: str, at: datetime) -> Made:
    """Write a backup to `target` (a .zip that must not exist yet). Nothing half-written is left behind.

    Raises Invalid when the place is taken or the disk is full.
    """
    if target.exists():
        raise Invalid(f"{target} 已经存在，请换一个文件名。")
    draft = target.with_name(target.name + ".part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:
            counts = _write_tables(engine, archive)
            files = _write_uploads(uploads, archive)
            manifest = {
                "format": FORMAT,
                "revision": revision,
                "made_at": at.isoformat(),
                "engine": engine.dialect.name,
                "tables": counts,
                "columns": {table.name: [column.name for column in table.columns] for table in tables()},
                "files": files,
            }
            archive.writestr("manifest.json", json.dumps(manifest, ensure_ascii=False, indent=1))
        os.replace(draft, target)
    except OSError as error:
        raise Invalid(f"备份没有写成：{error.strerror or error}。请检查磁盘空间和目录权限。") from error
    finally:
        draft.unlink(missing_ok=True)
    return Made(target, sum(counts.values()), files, target.stat().st_size)


def _write_tables(engine: Engine, archive: zipfile.ZipFile) -> dict[str, int]:
    with engine.connect() as connection, connection.begin():
        if engine.dialect.name == "postgresql":
            connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"))
        return {table.name: _write_table(connection, table, archive) for table in tables()}


def _write_table(connection: Connection, table: Table, archive: zipfile.ZipFile) -> int:
    count = 0
    query = select(table).order_by(*table.primary_key.columns).execution_options(yield_per=1000)
    with archive.open(f"tables/{table.name}.jsonl", "w", force_zip64=True) as target:
        for line in to_lines(table, connection.execute(query)):
            target.write(line)
            count += 1
    return count


def _write_uploads(uploads: Path, archive: zipfile.ZipFile) -> int:
    count = 0
    for path in sorted(uploads.rglob("*")) if uploads.is_dir() else []:
        if path.is_file() and not path.is_symlink():
            _copy(path, archive, f"uploads/{path.relative_to(uploads).as_posix()}")
            count += 1
    return count


def _copy(path: Path, archive: zipfile.ZipFile, name: str) -> None:
    """Stored and not squeezed: pictures and PDFs are squeezed already."""
    info = zipfile.ZipInfo(name, date_time=(2000, 1, 1, 0, 0, 0))
    with path.open("rb") as source, archive.open(info, "w", force_zip64=True) as target:
        _stream(source, target)


def _stream(source: IO[bytes], target: IO[bytes]) -> None:
    while piece := source.read(1 << 20):
        target.write(piece)
