"""Fixtures every test may use: engines, a clean database, a session, the application, a client, the time.

Not here: the fixed cast and its factories (`cast.py`, `make.py`), what checks a page (`pages.py`).
"""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from importlib.util import find_spec
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from assist import create_app
from assist.domain.clock import FixedTime, shanghai
from assist.extensions import db
from assist.services.work import Work
from tests import postgres
from tests.engines import PostgresDatabase, SqliteDatabase, TestDatabase, empty_database

BESIDE = ("tests.cast", "tests.make", "tests.pages", "tests.reminders", "tests.outward", "tests.gateway")
PLUGINS = (*BESIDE, "tests.browser.world")
pytest_plugins = [name for name in PLUGINS if find_spec(name)]

ENGINES = ("sqlite", "postgresql")
MORNING = shanghai(2026, 11, 23, 9, 30)
databases: dict[str, TestDatabase] = {}
apps: dict[str, Flask] = {}
server = pytest.StashKey[str]()
absence = pytest.StashKey[str]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--engines", default=",".join(ENGINES), help="sqlite, postgresql or both (the default)")


def asked(config: pytest.Config) -> list[str]:
    return [name for name in config.getoption("--engines").split(",") if name]


def pytest_configure(config: pytest.Config) -> None:
    """Start PostgreSQL once, in the process that controls the run; workers are told its address."""
    unknown = set(asked(config)) - set(ENGINES)
    if unknown:
        raise pytest.UsageError(f"--engines: unknown {', '.join(sorted(unknown))}")
    told = getattr(config, "workerinput", None)
    if told is not None:
        config.stash[server], config.stash[absence] = told["postgres"], told["no_postgres"]
        return
    config.stash[server] = config.stash[absence] = ""
    if "postgresql" not in asked(config) or config.getoption("collectonly"):
        return
    try:
        config.stash[server] = postgres.server_url()
    except postgres.NoPostgres as error:
        config.stash[absence] = str(error)
        if postgres.must_have_one():
            raise pytest.UsageError(f"CI needs PostgreSQL: {error}") from None


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    node.workerinput["postgres"] = node.config.stash[server]
    node.workerinput["no_postgres"] = node.config.stash[absence]


def pytest_report_header(config: pytest.Config) -> str:
    found = [f"SQLite {sqlite3.sqlite_version}"] if "sqlite" in asked(config) else []
    if config.stash[server]:
        found.append(f"PostgreSQL {postgres.version(config.stash[server])}")
    elif config.stash[absence]:
        found.append(f"no PostgreSQL ({config.stash[absence]})")
    return "engines: " + ", ".join(found)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every test that touches the database runs once an engine."""
    if "engine_name" not in metafunc.fixturenames:
        return
    only = metafunc.definition.get_closest_marker("only_on")
    wanted = [name for name in asked(metafunc.config) if only is None or name in only.args]
    missing = metafunc.config.stash[absence]
    metafunc.parametrize(
        "engine_name",
        [
            pytest.param(name, marks=pytest.mark.skip(missing) if name == "postgresql" and missing else ())
            for name in wanted
        ],
    )


def pytest_sessionfinish() -> None:
    for made in databases.values():
        made.close()
    databases.clear()


@pytest.fixture
def database(engine_name: str, pytestconfig: pytest.Config) -> TestDatabase:
    """This worker's database of this engine, in its first state: every table, the first configuration."""
    if engine_name not in databases:
        worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
        databases[engine_name] = (
            SqliteDatabase(worker)
            if engine_name == "sqlite"
            else PostgresDatabase(pytestconfig.stash[server], worker)
        )
    databases[engine_name].reset()
    return databases[engine_name]


@pytest.fixture
def database_url(database: TestDatabase) -> str:
    """For tests that start processes of their own."""
    return database.url


@pytest.fixture
def new_database(engine_name: str, pytestconfig: pytest.Config) -> Callable[[], AbstractContextManager[str]]:
    """Makes empty databases: `with new_database() as url`."""
    return lambda: empty_database(engine_name, pytestconfig.stash[server])


@pytest.fixture
def time() -> FixedTime:
    """Monday 2026-11-23 09:30 in Shanghai; set `time.at` to move on."""
    return FixedTime(MORNING)


@pytest.fixture
def now(time: FixedTime) -> datetime:
    return time.at


@pytest.fixture
def session(database: TestDatabase) -> Iterator[Session]:
    with Session(database.engine) as made:
        yield made


@pytest.fixture
def work(session: Session, time: FixedTime) -> Work:
    """A piece of work done by the system."""
    return Work(session, time)


@pytest.fixture
def app(database: TestDatabase, time: FixedTime, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application on this test's database and time. CSRF is on, as in life."""
    if database.name not in apps:
        uploads = tmp_path_factory.mktemp("uploads")
        apps[database.name] = create_app(
            {"DATABASE_URL": database.url, "ASSIST_UPLOADS": str(uploads)},
            {"TESTING": True, "SECRET_KEY": "for tests " * 4, "ASSIST_SECRETS_KEY": "for tests too " * 3},
        )
        with apps[database.name].app_context():
            database.others.append(db.engine)
    made = apps[database.name]
    made.extensions["assist_time"] = time
    yield made
    with made.app_context():
        db.session.remove()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
