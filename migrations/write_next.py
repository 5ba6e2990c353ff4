"""Writes the next migration for both engines: what lies between the newest version and the models, as plain SQL.

    .venv/bin/python migrations/write_next.py 0002 "tasks, requests, supervision"

SQLite: a table that changed is made anew, filled from the old one, and put in its place, with its indexes and its
append-only triggers (a batch would lose the CHECKs and the triggers). PostgreSQL: columns, constraints and indexes
are altered. What new columns of existing rows hold, where a default is not enough, is written by hand into `FILL`.
Read what it wrote; from then on the file is frozen.
"""

import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import flask_migrate  # noqa: E402 - the project is on the path only now
from sqlalchemy import Connection, Table, create_engine, text  # noqa: E402
from sqlalchemy.dialects import postgresql, sqlite  # noqa: E402
from sqlalchemy.schema import AddConstraint, CreateIndex, CreateTable  # noqa: E402

from assist import create_app  # noqa: E402
from assist.extensions import db  # noqa: E402
from assist.models import Base, ddl  # noqa: E402
from tests import postgres  # noqa: E402

FILE = '''"""{what}. Written by `migrations/write_next.py`, read, and frozen."""

from alembic import op
from alembic.util import CommandError
from sqlalchemy import text

revision = "{revision}"
down_revision = "{before}"
branch_labels = None
depends_on = None

SQLITE = {sqlite}
POSTGRESQL = {postgresql}
# What existing rows hold where a default is not enough; the same on both engines.
FILL: list[str] = []


def upgrade() -> None:
    statements = SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL
    for statement in [*statements, *FILL]:
        op.execute(text(statement.replace(":", "\\\\:")))


def downgrade() -> None:
    raise CommandError("不能再向下退；要回到上一版，请用升级前的备份恢复。")
'''
Rows = dict[str, dict[str, str]]


def migrate(url: str, revision: str) -> None:
    """Bring a database to a version."""
    app = create_app({"DATABASE_URL": url}, {"TESTING": True})
    with app.app_context():
        flask_migrate.upgrade(revision=revision)
        db.session.remove()
        db.engine.dispose()


def literal(column: Any) -> str:
    """What a new column of an existing row holds, as SQL: its default, or NULL."""
    value = getattr(column.default, "arg", None)
    if callable(value):
        value = {"list": "[]", "dict": "{}"}[value(None).__class__.__name__]
    if value is None:
        return "NULL"
    value = getattr(value, "value", value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) else "'" + str(value).replace("'", "''") + "'"


def made(table: Table, dialect: Any, name: str = "") -> str:
    words = str(CreateTable(table).compile(dialect=dialect)).strip()
    return words.replace(f"CREATE TABLE {table.name} ", f"CREATE TABLE {name} ", 1) if name else words


def indexes(table: Table, dialect: Any) -> list[str]:
    found = sorted(table.indexes, key=lambda index: str(index.name))
    return [str(CreateIndex(index).compile(dialect=dialect)).strip() for index in found]


def sqlite_words(old: Connection, new: Connection) -> list[str]:
    before, after = sqlite_shape(old), sqlite_shape(new)
    words: list[str] = []
    for table in Base.metadata.sorted_tables:
        if table.name not in before:
            words += [made(table, sqlite.dialect()), *indexes(table, sqlite.dialect()), *guards(table, "sqlite")]
        elif before[table.name] != after[table.name]:
            words += rebuilt(old, table)
        else:
            words += changed_indexes(old, new, table)
    return words


def rebuilt(old: Connection, table: Table) -> list[str]:
    """A table made anew under another name, filled, and put in place of the old one."""
    there = {row[1] for row in old.execute(text(f"PRAGMA table_info({table.name})"))}
    columns = [column.name for column in table.columns]
    values = [name if name in there else literal(table.columns[name]) for name in columns]
    made_anew = [
        made(table, sqlite.dialect(), f"new_{table.name}"),
        f"INSERT INTO new_{table.name} ({', '.join(columns)}) SELECT {', '.join(values)} FROM {table.name}",
        f"DROP TABLE {table.name}",
        f"ALTER TABLE new_{table.name} RENAME TO {table.name}",
        *indexes(table, sqlite.dialect()),
    ]
    return made_anew + guards(table, "sqlite")


def guards(table: Table, dialect: str) -> list[str]:
    """The append-only triggers of a table."""
    return [one for one in ddl.append_only(dialect) if f" ON {table.name} " in one]


def sqlite_shape(connection: Connection) -> dict[str, Any]:
    """Columns and constraint lines of each table."""
    found: dict[str, Any] = {}
    for name, words in connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'table'")):
        lines = (" ".join(line.split()).rstrip(",") for line in words.splitlines())
        held = [line for line in lines if line.startswith(("CONSTRAINT", "UNIQUE", "PRIMARY", "FOREIGN", "CHECK"))]
        columns = [tuple(row) for row in connection.execute(text(f"PRAGMA table_info({name})"))]
        found[name] = (columns, sorted(held))
    return found


def changed_indexes(old: Connection, new: Connection, table: Table) -> list[str]:
    query = text("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = :t AND sql IS NOT NULL")
    before, after = ({r[0]: r[1] for r in one.execute(query, {"t": table.name})} for one in (old, new))
    gone = [f"DROP INDEX {name}" for name in sorted(before) if before[name] != after.get(name)]
    return gone + [after[name] for name in sorted(after) if before.get(name) != after[name]]


COLUMNS = (
    "SELECT table_name, column_name, data_type || coalesce('(' || character_maximum_length || ')', '') "
    "|| '|' || is_nullable FROM information_schema.columns WHERE table_schema = 'public'"
)
CONSTRAINTS = (
    "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
    "WHERE connamespace = 'public'::regnamespace AND contype <> 'n'"
)
INDEXES = (
    "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND indexname NOT IN "
    "(SELECT conname FROM pg_constraint)"
)


def by_table(connection: Connection, query: str) -> Rows:
    found: Rows = {}
    for table, name, words in connection.execute(text(query)):
        found.setdefault(table, {})[name] = words
    return found


def postgres_words(old: Connection, new: Connection) -> list[str]:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    before, after = by_table(old, COLUMNS), by_table(new, COLUMNS)
    fresh = [table for table in Base.metadata.sorted_tables if table.name not in before]
    words = [
        word
        for table in fresh
        for word in (made(table, dialect), *indexes(table, dialect), *guards(table, "postgresql"))
    ]
    for table in Base.metadata.sorted_tables:
        if table.name in before:
            words += columns_added(table, before[table.name], after[table.name], dialect)
    old_names, new_names = by_table(old, CONSTRAINTS), by_table(new, CONSTRAINTS)
    old_indexes, new_indexes = by_table(old, INDEXES), by_table(new, INDEXES)
    names = [table.name for table in Base.metadata.sorted_tables if table.name in before]
    dropped, added = [], []
    for name in names:
        was, now = old_names.get(name, {}), new_names.get(name, {})
        dropped += [f"ALTER TABLE {name} DROP CONSTRAINT {one}" for one in sorted(was) if was[one] != now.get(one)]
        held = constraints(Base.metadata.tables[name], dialect)
        added += [held[one] for one in sorted(now) if was.get(one) != now[one]]
        was, now = old_indexes.get(name, {}), new_indexes.get(name, {})
        dropped += [f"DROP INDEX {one}" for one in sorted(was) if was[one] != now.get(one)]
        found = Base.metadata.tables[name].indexes
        held = {str(one.name): str(CreateIndex(one).compile(dialect=dialect)) for one in found}
        added += [held[one] for one in sorted(now) if was.get(one) != now[one]]
    return words + dropped + added


def constraints(table: Table, dialect: Any) -> dict[str, str]:
    """The words that add each constraint, as the models write them: PostgreSQL would write its own out differently."""
    found = {}
    for constraint in table.constraints:
        words = str(AddConstraint(constraint, isolate_from_table=False).compile(dialect=dialect)).strip()
        found[words.split("CONSTRAINT ")[1].split(" ")[0]] = words
    return found


def columns_added(table: Table, before: dict[str, str], after: dict[str, str], dialect: Any) -> list[str]:
    words = []
    for column in table.columns:
        kind = column.type.compile(dialect=dialect)
        if column.name in before:
            if before[column.name] != after[column.name]:
                words.append(f"ALTER TABLE {table.name} ALTER COLUMN {column.name} TYPE {kind}")
            continue
        default = "" if column.nullable else f" DEFAULT {literal(column)} NOT NULL"
        words.append(f"ALTER TABLE {table.name} ADD COLUMN {column.name} {kind}{default}")
        if default:
            words.append(f"ALTER TABLE {table.name} ALTER COLUMN {column.name} DROP DEFAULT")
    return words


def as_list(words: list[str]) -> str:
    return "[\n" + "".join(f'    """{word}""",\n' for word in words) + "]"


def lite_words(before: str) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        migrate(f"sqlite:///{folder}/old.db", before)
        old, new = (create_engine(f"sqlite:///{folder}/{name}.db") for name in ("old", "new"))
        with new.begin() as connection:
            ddl.create_everything(connection)
        with old.connect() as was, new.connect() as now:
            return sqlite_words(was, now)


def full_words(before: str) -> list[str]:
    server = postgres.server_url()
    urls = [postgres.make_database(server, f"write_next_{name}") for name in ("old", "new")]
    migrate(urls[0], before)
    old, new = (create_engine(url) for url in urls)
    with new.begin() as connection:
        ddl.create_everything(connection)
    with old.connect() as was, new.connect() as now:
        found = postgres_words(was, now)
    for engine, name in ((old, "old"), (new, "new")):
        engine.dispose()
        postgres.drop_database(server, f"write_next_{name}")
    return found


def main() -> None:
    revision, what = sys.argv[1:3]
    before = max(path.name[:4] for path in (HERE / "versions").glob("[0-9]*.py") if path.name[:4] < revision)
    target = HERE / "versions" / f"{revision}_{what.split(',')[0].replace(' ', '_')}.py"
    words = {"what": what, "revision": revision, "before": before}
    # A step that does nothing yet, so that the one before is not the newest and gets no first configuration.
    target.write_text(FILE.format(sqlite="[]", postgresql="[]", **words), encoding="utf-8")
    lite, full = as_list(lite_words(before)), as_list(full_words(before))
    target.write_text(FILE.format(sqlite=lite, postgresql=full, **words), encoding="utf-8")
    sys.stdout.write(f"written: {target}\n")


if __name__ == "__main__":
    main()
