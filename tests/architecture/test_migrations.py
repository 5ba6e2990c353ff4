"""The migrations lead to the tables the models describe, on both engines, and never back past the first release."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import flask_migrate
import pytest
from sqlalchemy import Connection, Engine, create_engine, func, inspect, select, text
from sqlalchemy.orm import Session

from assist import create_app
from assist.extensions import db
from assist.models import Area, Limit, Setting
from assist.services.queries.database_state import state
from config import PROJECT
from tests.engines import TestDatabase

Empty = Callable[[], AbstractContextManager[str]]
OWN = ("alembic_version", "sqlite_", "ticket_fts_")


@contextmanager
def application(url: str) -> Iterator[Engine]:
    """Inside an application on this database, with its engine."""
    app = create_app({"DATABASE_URL": url}, {"TESTING": True})
    with app.app_context():
        try:
            yield db.engine
        finally:
            db.session.remove()
            db.engine.dispose()


@contextmanager
def migrated(url: str) -> Iterator[Engine]:
    with application(url) as engine:
        flask_migrate.upgrade()
        yield engine


def one_line(sql: str | None) -> str:
    return re.sub(r"\s+", " ", sql or "").strip()


def sqlite_shape(connection: Connection) -> dict[str, Any]:
    """Tables by column and constraint; indexes, triggers and the full-text table by their very words."""
    shape: dict[str, Any] = {}
    rows = connection.execute(text("SELECT type, name, sql FROM sqlite_master")).all()
    for kind, name, sql in rows:
        if name.startswith(OWN):
            continue
        if kind != "table" or sql.startswith("CREATE VIRTUAL"):
            shape[f"{kind} {name}"] = one_line(sql)
            continue
        shape[f"table {name}"] = {
            "columns": connection.execute(text(f"PRAGMA table_info({name})")).all(),
            "constraints": sorted(constraints(sql)),
        }
    return shape


def constraints(sql: str) -> list[str]:
    """The constraint clauses of a CREATE TABLE, which SQLAlchemy writes one a line."""
    lines = (one_line(line).rstrip(",") for line in sql.splitlines())
    return [
        line for line in lines if line.startswith(("CONSTRAINT", "UNIQUE", "PRIMARY", "FOREIGN", "CHECK"))
    ]


POSTGRES = {
    # Not their order: a column that came later stands at the end there.
    "columns": "SELECT table_name, column_name, data_type, character_maximum_length, is_nullable, "
    "column_default FROM information_schema.columns WHERE table_schema = 'public'",
    "constraints": "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
    "WHERE connamespace = 'public'::regnamespace",
    "indexes": "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "triggers": "SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    "functions": "SELECT proname, proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
}


def postgres_shape(connection: Connection) -> dict[str, Any]:
    return {
        what: sorted(
            str(tuple(row)) for row in connection.execute(text(query)) if not str(row[0]).startswith(OWN)
        )
        for what, query in POSTGRES.items()
    }


def shape(engine: Engine) -> dict[str, Any]:
    with engine.connect() as connection:
        return sqlite_shape(connection) if engine.dialect.name == "sqlite" else postgres_shape(connection)


def test_migrated_is_the_same_as_created(database: TestDatabase, new_database: Empty) -> None:
    with new_database() as url, migrated(url) as engine:
        assert shape(engine) == shape(database.engine)


def test_a_migrated_database_has_the_first_configuration_once(new_database: Empty) -> None:
    with new_database() as url, migrated(url) as engine:
        flask_migrate.upgrade()
        with Session(engine) as session:
            assert session.scalar(select(func.count()).select_from(Limit))
            areas = session.scalars(select(Area.code)).all()
            assert len(areas) == len(set(areas)) > 0
            assert session.scalars(select(Setting).where(Setting.name == "revision")).one()


def test_an_upgrade_says_what_it_did(new_database: Empty, capsys: pytest.CaptureFixture[str]) -> None:
    with new_database() as url, migrated(url):
        assert "数据库已升级：0001" in capsys.readouterr().out
        flask_migrate.upgrade()
        assert capsys.readouterr().out.strip() == "数据库已是最新版本。"


def test_a_migrated_database_is_at_the_head_and_an_empty_one_is_not(new_database: Empty) -> None:
    folder = str(PROJECT / "migrations")
    with new_database() as url, application(url) as engine:
        with engine.connect() as connection:
            assert not state(connection, folder).is_current
        flask_migrate.upgrade()
        with engine.connect() as connection:
            assert state(connection, folder).is_current


def test_there_is_no_way_back_past_the_first_release(
    new_database: Empty, caplog: pytest.LogCaptureFixture
) -> None:
    with new_database() as url, migrated(url) as engine:
        before = shape(engine)
        with pytest.raises(SystemExit) as stopped:
            flask_migrate.downgrade()
        assert stopped.value.code == 1
        assert "不能再向下退" in caplog.text
        assert shape(engine) == before


def test_a_failed_migration_leaves_nothing_behind(new_database: Empty) -> None:
    with new_database() as url:
        other = create_engine(url)
        with other.begin() as connection:
            connection.execute(text("CREATE TABLE ticket_search (id integer)"))
        other.dispose()
        with application(url) as engine:
            with pytest.raises(Exception, match="ticket_search"):
                flask_migrate.upgrade()
            assert inspect(engine).get_table_names() == ["ticket_search"]


def test_the_models_have_no_change_without_a_migration(new_database: Empty) -> None:
    with new_database() as url, migrated(url):
        flask_migrate.check()
