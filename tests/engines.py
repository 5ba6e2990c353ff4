"""The databases tests run on: one a worker and engine, brought back to its first state before each test.

SQLite: a file, copied anew from a template. PostgreSQL: a database of its own, emptied by one statement; made anew
only when a test changed the first configuration. Both take real commits from real processes.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.orm import Session

from assist.models import Base
from assist.models.ddl import APPEND_ONLY, create_everything
from assist.models.engine import tune
from assist.services import defaults, settings
from tests.postgres import drop_database, make_database


def fill(engine: Engine) -> None:
    """Every table and the first configuration, without migrations."""
    with engine.begin() as connection:
        create_everything(connection)
    with Session(engine) as session:
        defaults.install(session)
        session.commit()


class TestDatabase:
    """One database of a worker. `url` is what a process of its own needs; `engine` is tuned."""

    __test__ = False
    name: str
    url: str
    engine: Engine

    def __init__(self) -> None:
        self.others: list[Engine] = []

    def reset(self) -> None:
        """Bring back the first state."""
        self._reset()
        settings.forget()

    def disconnect(self) -> None:
        for engine in (self.engine, *self.others):
            engine.dispose()

    def _reset(self) -> None:
        raise NotImplementedError

    def close(self) -> None:
        raise NotImplementedError


class SqliteDatabase(TestDatabase):
    name = "sqlite"

    def __init__(self, worker: str) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix=f"assist-test-{worker}-"))
        self.template = self.folder / "template.db"
        made = create_engine(f"sqlite:///{self.template}")
        tune(made)
        fill(made)
        with made.connect() as connection:
            connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
        made.dispose()
        self.path = self.folder / "assist.db"
        self.url = f"sqlite:///{self.path}"
        self.engine = create_engine(self.url)
        tune(self.engine)

    def _reset(self) -> None:
        self.disconnect()
        for suffix in ("-wal", "-shm"):
            Path(f"{self.path}{suffix}").unlink(missing_ok=True)
        shutil.copyfile(self.template, self.path)

    def close(self) -> None:
        self.disconnect()
        shutil.rmtree(self.folder, ignore_errors=True)


class PostgresDatabase(TestDatabase):
    """Rows are deleted from all tables in one statement, so that their order does not matter."""

    name = "postgresql"

    def __init__(self, server: str, worker: str) -> None:
        super().__init__()
        self.server = server
        self.database = f"assist_test_{os.getpid()}_{worker}"
        self.url = make_database(server, self.database)
        self.engine = create_engine(self.url, connect_args={"options": "-c jit=off -c lock_timeout=10s"})
        fill(self.engine)
        with self.engine.connect() as connection:
            self.kept = self._filled(connection)
            self.first = self._fingerprint(connection)
        self.emptied = [name for name in Base.metadata.tables if name not in self.kept]
        self.used = text(
            " UNION ALL ".join(
                f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {name})" for name in self.emptied
            )
        )
        self.sequences = [f"{name}_id_seq" for name in self.emptied]

    def _filled(self, connection: Connection) -> list[str]:
        return [
            name
            for name in Base.metadata.tables
            if connection.scalar(text(f"SELECT EXISTS (SELECT 1 FROM {name})"))
        ]

    def _fingerprint(self, connection: Connection) -> str:
        """The first configuration as one hash; a changed row changes it."""
        parts = (
            f"(SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY id), '')) FROM {name} t)"
            for name in self.kept
        )
        return str(connection.scalar(text("SELECT " + " || ".join(parts))))

    def _empty(self, connection: Connection) -> None:
        used = list(connection.scalars(self.used))
        if not used:
            return
        guarded = [name for name in used if name in APPEND_ONLY]
        for name in guarded:
            connection.execute(text(f"ALTER TABLE {name} DISABLE TRIGGER USER"))
        deletions = ", ".join(f"_{number} AS (DELETE FROM {name})" for number, name in enumerate(used))
        connection.execute(text(f"WITH {deletions} SELECT 1"))
        for name in guarded:
            connection.execute(text(f"ALTER TABLE {name} ENABLE TRIGGER USER"))

    def _reset(self) -> None:
        with self.engine.begin() as connection:
            self._empty(connection)
            connection.execute(
                text(
                    "SELECT setval(schemaname || '.' || sequencename, 1, false) FROM pg_sequences "
                    "WHERE last_value IS NOT NULL AND sequencename = ANY(:names)"
                ),
                {"names": self.sequences},
            )
            intact = self._fingerprint(connection) == self.first
        if not intact:
            self.disconnect()
            drop_database(self.server, self.database)
            make_database(self.server, self.database)
            fill(self.engine)

    def close(self) -> None:
        self.disconnect()
        drop_database(self.server, self.database)


@contextmanager
def empty_database(name: str, server: str | None) -> Iterator[str]:
    """The address of a database with nothing in it, for tests that migrate or restore."""
    if name == "sqlite":
        with tempfile.TemporaryDirectory(prefix="assist-empty-") as folder:
            yield f"sqlite:///{folder}/assist.db"
        return
    assert server is not None
    database = f"assist_test_{os.getpid()}_empty_{os.urandom(3).hex()}"
    url = make_database(server, database)
    try:
        yield url
    finally:
        drop_database(server, database)
