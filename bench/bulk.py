"""Putting very many rows in, and what is taken away meanwhile: indexes, foreign keys, the full-text index.

All of it is put back afterwards by the same definitions, so that what is wrong with the rows is found then.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, ForeignKeyConstraint, inspect, text
from sqlalchemy.schema import AddConstraint, DropConstraint

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


def _foreign_keys() -> list[ForeignKeyConstraint]:
    return [
        each
        for name in FILLED
        for each in Base.metadata.tables[name].constraints
        if isinstance(each, ForeignKeyConstraint)
    ]


def strip(connection: Connection) -> None:
    """Take away what slows filling down."""
    for name in FILLED:
        for index in Base.metadata.tables[name].indexes:
            index.drop(connection, checkfirst=True)
    if connection.dialect.name == "sqlite":
        for trigger in ("ai", "ad", "au"):
            connection.execute(text(f"DROP TRIGGER ticket_search_{trigger}"))
        connection.execute(text("DROP TABLE ticket_fts"))
        return
    for name in ("public", "internal"):
        connection.execute(text(f"ALTER TABLE ticket_search DROP COLUMN {name}_vector"))
    for constraint in _foreign_keys():
        connection.execute(DropConstraint(constraint))


def restore(connection: Connection) -> None:
    """Put it back; foreign keys are checked by that on PostgreSQL."""
    for name in FILLED:
        for index in sorted(Base.metadata.tables[name].indexes, key=lambda each: each.name or ""):
            index.create(connection)
    for statement in ddl.search_index(connection.dialect.name):
        connection.execute(text(statement))
    if connection.dialect.name == "sqlite":
        connection.execute(text("INSERT INTO ticket_fts (ticket_fts) VALUES ('rebuild')"))
        return
    for constraint in _foreign_keys():
        connection.execute(AddConstraint(constraint))


def follow_models(connection: Connection) -> None:
    """Indexes of a kept database as the models have them today: new ones made, gone ones dropped."""
    for name in FILLED:
        table = Base.metadata.tables[name]
        there = {each["name"]: each["column_names"] for each in inspect(connection).get_indexes(name)}
        for index in table.indexes:
            if index.name in there and there[index.name] != [column.name for column in index.columns]:
                index.drop(connection)
                del there[index.name]
            if index.name not in there:
                index.create(connection)
        wanted = {index.name for index in table.indexes} | {
            "ix_ticket_search_public",
            "ix_ticket_search_internal",
        }
        unique = {each["name"] for each in inspect(connection).get_unique_constraints(name)}
        for gone in set(there) - wanted - unique:
            connection.execute(text(f"DROP INDEX {gone}"))
