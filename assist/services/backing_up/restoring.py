"""Reading a backup back into an empty place: all of it or nothing."""

import json
import shutil
import zipfile
from dataclasses import dataclass
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Any

from sqlalchemy import Connection, Engine, delete, func, insert, select, text

from assist.domain.errors import Invalid
from assist.models import Account, Ticket
from assist.models.engine import WRITER
from assist.services.backing_up.rows import from_lines
from assist.services.backing_up.writing import FORMAT, tables

BATCH = 1000


@dataclass(frozen=True)
class Restored:
    rows: int
    files: int


def restore(engine: Engine, uploads: Path, source: Path, revision: str) -> Restored:
    """Put a backup into an empty database at the same revision, and its files into an empty folder.

    Raises Invalid when the file is no backup, is of another revision, or the place is not empty.
    """
    if uploads.is_dir() and any(path.is_file() for path in uploads.rglob("*")):
        raise Invalid(f"附件目录 {uploads} 不是空的，只能恢复到空的地方。")
    try:
        with zipfile.ZipFile(source) as archive:
            manifest = _manifest(archive, revision)
            with engine.connect().execution_options(**{WRITER: True}) as connection, connection.begin():
                _refuse_unless_empty(connection)
                rows = _read_tables(connection, archive, manifest)
                files = _read_uploads(archive, uploads)
            return Restored(rows, files)
    except (zipfile.BadZipFile, KeyError, json.JSONDecodeError) as error:
        raise Invalid(f"{source} 不是完整的备份文件。") from error
    except FileNotFoundError as error:
        raise Invalid(f"没有找到 {source}。") from error


def _manifest(archive: zipfile.ZipFile, revision: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(archive.read("manifest.json"))
    if found["format"] != FORMAT:
        raise Invalid("这个备份的格式不是本版本能读的。")
    if found["revision"] != revision:
        raise Invalid(
            f"备份的数据库版本是 {found['revision'] or '未知'}，当前是 {revision or '未知'}；"
            "请用备份时的程序版本恢复后再升级。"
        )
    return found


def _refuse_unless_empty(connection: Connection) -> None:
    for model, word in ((Account, "账号"), (Ticket, "诉求")):
        if connection.scalar(select(func.count()).select_from(model)):
            raise Invalid(f"数据库里已有{word}，只能恢复到空的数据库。")
    for table in reversed(tables()):  # the first configuration of a new database gives way
        if connection.scalar(select(func.count()).select_from(table)):
            connection.execute(delete(table))


def _read_tables(connection: Connection, archive: zipfile.ZipFile, manifest: dict[str, Any]) -> int:
    total = 0
    for table in tables():
        names = manifest["columns"][table.name]
        count = 0
        with archive.open(f"tables/{table.name}.jsonl") as lines:
            found = from_lines(table, lines, names)
            while rows := list(islice(found, BATCH)):
                connection.execute(insert(table), rows)
                count += len(rows)
        if count != manifest["tables"][table.name]:
            raise Invalid(f"备份不完整：{table.name} 应有 {manifest['tables'][table.name]} 行，只有 {count} 行。")
        if connection.dialect.name == "postgresql":
            _set_sequence(connection, table.name)
        total += count
    return total


def _set_sequence(connection: Connection, name: str) -> None:
    """Let new rows be numbered after the restored ones."""
    sequence = connection.scalar(text("SELECT pg_get_serial_sequence(:name, 'id')"), {"name": name})
    if sequence:
        connection.execute(
            text(f'SELECT setval(:sequence, (SELECT coalesce(max(id), 0) + 1 FROM "{name}"), false)'),
            {"sequence": sequence},
        )


def _read_uploads(archive: zipfile.ZipFile, uploads: Path) -> int:
    count = 0
    for info in archive.infolist():
        path = PurePosixPath(info.filename)
        if path.parts[:1] != ("uploads",) or info.is_dir():
            continue
        if ".." in path.parts or path.is_absolute():
            raise Invalid("备份里有不安全的文件路径，已停止恢复。")
        target = uploads.joinpath(*path.parts[1:])
        target.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(info) as source, target.open("wb") as written:
            shutil.copyfileobj(source, written)
        count += 1
    return count
