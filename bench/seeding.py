"""The small city that a bench world is multiplied from: a demo world, lived by the services, kept as a SQLite file.

Here: making it once, and carrying its rows into an empty database of either engine.
"""

import hashlib
import sys
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, func, insert, inspect, select, text
from sqlalchemy.orm import Session
from sqlalchemy.schema import CreateTable

from assist.demo import world
from assist.demo.plan import Plan
from assist.domain.clock import shanghai
from assist.models import ddl
from assist.models.base import Base
from assist.models.ddl import create_everything
from assist.models.engine import tune
from assist.services import defaults
from bench import keeping

UNTIL = shanghai(2026, 11, 23)
MOST_LIVED = 2000
ENTERPRISES = 200


def connected(url: str) -> Engine:
    engine = create_engine(url)
    tune(engine)
    return engine


def shape() -> str:
    """A short mark of all tables: other tables make another world. Indexes are brought up to date instead."""
    tables = [str(CreateTable(table)) for table in Base.metadata.sorted_tables]
    words = "\n".join(tables + ddl.search_index("sqlite") + ddl.search_index("postgresql"))
    return hashlib.sha256(words.encode()).hexdigest()[:8]


def lived(folder: Path, tickets: int, enterprises: int = ENTERPRISES) -> Path:
    """The file of a city with so many tickets, or as many as are lived through at most."""
    count = min(tickets, MOST_LIVED)
    kept = folder / f"lived-{enterprises}-{count}-{shape()}.db"
    with keeping.alone(folder, kept.stem):
        if not kept.exists():
            print(f"making a city of {count} tickets by the services …", file=sys.stderr)
            making = keeping.afresh(kept)
            _live(making, Plan(until=UNTIL, enterprises=enterprises, tickets=count))
            keeping.keep(making, kept)
    return kept


def _live(making: Path, plan: Plan) -> None:
    engine = connected(f"sqlite:///{making}")
    with engine.begin() as connection:
        create_everything(connection)
    with Session(engine, expire_on_commit=False) as session:
        defaults.install(session)
        session.commit()
        world.load(session, plan)
    engine.dispose()


def prepare(connection: Connection) -> None:
    """Tables where there are none yet. Raises SystemExit when somebody lives here already."""
    if not inspect(connection).has_table("ticket"):
        create_everything(connection)
    if connection.scalar(text("SELECT count(*) FROM account")):
        raise SystemExit("The database must be empty: a bench world is never mixed with anything.")


def carry(source: Path, target: Connection) -> None:
    """Every row of the city into a database that has its tables and nobody in it."""
    engine = connected(f"sqlite:///{source}")
    tables = Base.metadata.sorted_tables
    for table in reversed(tables):
        if target.scalar(select(func.count()).select_from(table)):
            target.execute(table.delete())
    with engine.connect() as city:
        for table in tables:
            rows = [dict(row) for row in city.execute(select(table).order_by(table.c.id)).mappings()]
            if rows:
                target.execute(insert(table), rows)
    engine.dispose()


def set_sequences(connection: Connection) -> None:
    """PostgreSQL: the next id of each table lies behind the rows that were put in with theirs."""
    if connection.dialect.name == "sqlite":
        return
    for name in Base.metadata.tables:
        connection.execute(
            text(
                f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), coalesce(max(id), 0) + 1, false) FROM {name}"
            )
        )
