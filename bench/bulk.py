"""Putting very many rows in, and what is taken away meanwhile: indexes, foreign keys, the full-text index.

All of it is put back afterwards by the same definitions, so that what is wrong with the rows is found then.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, inspect, text

from assist.models import ddl
from assist.models.base import Base

FILLED = (
    "ticket", "ticket_round", "ticket_event", "clock", "clock_move", "pause", "contact_record", "callback",
    "message", "reminder", "ticket_search",
)  # fmt: skip


def put(connection: Connection, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Rows by the engine's fastest way. Their values must be the driver's own."""
    names = ", ".join(columns)
    driver: Any = connection.connection.driver_connection
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * len(columns))
        driver.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)
        return
    with driver.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


@dataclass(frozen=True)
class ForeignKey:
    """A constraint in PostgreSQL's own words."""

    table: str
    name: str
    definition: str


def _foreign_keys(connection: Connection) -> list[ForeignKey]:
    rows = connection.execute(
        text(
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
            "WHERE contype = 'f' AND connamespace = current_schema()::regnamespace ORDER BY oid"
        )
    )
    return [found for row in rows if (found := ForeignKey(*row)).table in FILLED]


def strip(connection: Connection) -> list[ForeignKey]:
    """Take away what slows filling down; returns what `restore` cannot know by itself."""
    for name in FILLED:
        for index in Base.metadata.tables[name].indexes:
            index.drop(connection, checkfirst=True)
    if connection.dialect.name == "sqlite":
        for trigger in ("ai", "ad", "au"):
            connection.execute(text(f"DROP TRIGGER ticket_search_{trigger}"))
        connection.execute(text("DROP TABLE ticket_fts"))
        return []
    for name in ("public", "internal"):
        connection.execute(text(f"ALTER TABLE ticket_search DROP COLUMN {name}_vector"))
    keys = _foreign_keys(connection)
    for key in keys:
        connection.execute(text(f"ALTER TABLE {key.table} DROP CONSTRAINT {key.name}"))
    return keys


def restore(connection: Connection, keys: Sequence[ForeignKey]) -> None:
    """Put it back; foreign keys are checked by that on PostgreSQL."""
    for name in FILLED:
        for index in sorted(Base.metadata.tables[name].indexes, key=lambda each: each.name or ""):
            index.create(connection)
    for statement in ddl.search_index(connection.dialect.name):
        connection.execute(text(statement))
    if connection.dialect.name == "sqlite":
        connection.execute(text("INSERT INTO ticket_fts (ticket_fts) VALUES ('rebuild')"))
    for key in keys:
        connection.execute(text(f"ALTER TABLE {key.table} ADD CONSTRAINT {key.name} {key.definition}"))


def follow_models(connection: Connection) -> None:
    """Indexes of a kept database as the models have them today: new ones made, gone ones dropped.

    Then statistics again: beside indexes with them SQLite takes one without for better than it is.
    """
    if sum(_follow(connection, name) for name in FILLED):
        connection.execute(text("ANALYZE"))


def _follow(connection: Connection, name: str) -> int:
    """Bring the indexes of one table up to date; how many were made or dropped."""
    table = Base.metadata.tables[name]
    there = {each["name"]: each["column_names"] for each in inspect(connection).get_indexes(name)}
    count = 0
    for index in table.indexes:
        if index.name in there and there[index.name] != [column.name for column in index.columns]:
            index.drop(connection)
            del there[index.name]
        if index.name not in there:
            index.create(connection)
            count += 1
    wanted = {index.name for index in table.indexes} | {
        "ix_ticket_search_public",
        "ix_ticket_search_internal",
    }
    unique = {each["name"] for each in inspect(connection).get_unique_constraints(name)}
    for gone in set(there) - wanted - unique:
        connection.execute(text(f"DROP INDEX {gone}"))
        count += 1
    return count
