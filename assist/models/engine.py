"""How the two engines are set up and how a transaction that writes begins.

SQLite: foreign keys on, WAL, a busy timeout, our own BEGIN (the driver's is switched off), `BEGIN IMMEDIATE` for
writers only: a reader must never take the write lock, and a writer must take it before it reads.

PostgreSQL: planned for what is in memory or on flash, where going to a row is hardly dearer than reading on; without it
a month is counted by reading all tickets. Not compiled (JIT): that costs more than what is asked here.
"""

from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

BUSY_TIMEOUT_MS = 15_000
WRITER = "assist_writes"
PLANNING = ("random_page_cost = 1.1", "jit = off")


def tune(engine: Engine) -> None:
    """Hang the settings on an engine's connections. Call once, right after the engine is made."""
    if engine.dialect.name != "sqlite":
        _tune_planning(engine)
        return

    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in (
            "foreign_keys=ON",
            "journal_mode=WAL",
            f"busy_timeout={BUSY_TIMEOUT_MS}",
            "synchronous=NORMAL",
            "recursive_triggers=ON",
            "cache_size=-16000",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Any) -> None:
        writes = connection.get_execution_options().get(WRITER, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _tune_planning(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: Any) -> None:
        for setting in PLANNING:
            connection.execute(f"SET {setting}")
        connection.commit()


def begin_writing(session: Session) -> None:
    """Start the session's transaction as a writer. Whatever it had read before is let go first."""
    session.rollback()
    session.connection(execution_options={WRITER: True})
