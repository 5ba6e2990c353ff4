"""How far the database has been migrated, and how far the programme expects it to be."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection


@dataclass(frozen=True)
class DatabaseState:
    """Revisions by their ids; `current` is empty in a database that was never migrated."""

    current: frozenset[str]
    expected: frozenset[str]

    @property
    def is_current(self) -> bool:
        return self.current == self.expected


@cache
def expected_revisions(folder: str) -> frozenset[str]:
    """The heads of the migrations that came with the programme."""
    return frozenset(ScriptDirectory(Path(folder)).get_heads())


def state(connection: Connection, folder: str) -> DatabaseState:
    """The state of this database. `folder` is the directory of the migrations."""
    current = frozenset(MigrationContext.configure(connection).get_current_heads())
    return DatabaseState(current, expected_revisions(folder))
