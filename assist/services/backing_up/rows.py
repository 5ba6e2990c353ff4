"""A table's rows as JSON lines and back, whatever the engine. Values go by the column's own type."""

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from enum import Enum
from typing import Any

from sqlalchemy import Date, Table
from sqlalchemy import Enum as SqlEnum

from assist.domain.roles import Role
from assist.models.account import RoleSet
from assist.models.base import UtcDateTime


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted(_plain(one) for one in value)
    return value


def _reader(column: Any) -> Callable[[Any], Any]:
    kind = column.type
    if isinstance(kind, UtcDateTime):
        return datetime.fromisoformat
    if isinstance(kind, Date):
        return date.fromisoformat
    if isinstance(kind, RoleSet):
        return lambda words: frozenset(Role(word) for word in words)
    if isinstance(kind, SqlEnum) and kind.enum_class is not None:
        return kind.enum_class
    return lambda value: value


def to_lines(table: Table, rows: Iterable[Any]) -> Iterator[bytes]:
    """One JSON line a row, values in the order of the table's columns."""
    for row in rows:
        yield json.dumps([_plain(value) for value in row], ensure_ascii=False).encode() + b"\n"


def from_lines(table: Table, lines: Iterable[bytes], names: list[str]) -> Iterator[dict[str, Any]]:
    """The rows again; `names` are the columns as they were written."""
    readers = [(name, _reader(table.c[name])) for name in names]
    for line in lines:
        values = json.loads(line)
        yield {
            name: None if value is None else read(value)
            for (name, read), value in zip(readers, values, strict=True)
        }
