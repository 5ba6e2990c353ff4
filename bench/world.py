"""A bench world of any size: a small city lived by the services, then multiplied row by row, truthfully.

Here: filling a database in bulk. Not here: measuring (`pages`), where it lives (`engines`).

    python -m bench.world --tickets 100000 --database URL
"""

import argparse
import sys
import time
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, select, text
from sqlalchemy.orm import Session

from assist.models import Ticket
from assist.services import numbers
from bench import bulk, chains, copying, planning, seeding
from bench.checks import check

SMALL = 5_000  # up to here indexes stay where they are


class Stopwatch:
    """Says on the side what takes how long."""

    def __init__(self) -> None:
        self.started = self.last = time.perf_counter()
        self.cpu = time.process_time()

    def __call__(self, what: str) -> None:
        now, cpu = time.perf_counter(), time.process_time()
        print(
            f"  {what:<24}{now - self.last:>8.1f} s  CPU {cpu - self.cpu:>7.1f} s",
            file=sys.stderr,
            flush=True,
        )
        self.last, self.cpu = now, cpu

    @property
    def seconds(self) -> float:
        return time.perf_counter() - self.started


def fill(engine: Engine, tickets: int, folder: Path, enterprises: int = seeding.ENTERPRISES) -> float:
    """Fill an empty database with so many tickets and check a sample of them. Returns the seconds it took.

    `folder` keeps the city that is lived through, which takes longest in small worlds.
    """
    city = seeding.lived(folder, tickets, enterprises)
    watch = Stopwatch()
    with engine.connect() as connection:
        _hasten(connection)
        with connection.begin():
            seeding.prepare(connection)
            seeding.carry(city, connection)
            watch("the city itself")
            _multiply(connection, tickets, watch)
            seeding.set_sequences(connection)
        _analyse(connection)
        watch("statistics")
        connection.invalidate()  # its settings are not for anybody else
    with Session(engine) as session:
        check(session, tickets)
    engine.dispose()
    watch("invariants")
    return watch.seconds


# Checks are left out because rows that are copied were checked when they were lived.
PRAGMAS = (
    "journal_mode=OFF",
    "synchronous=OFF",
    "foreign_keys=OFF",
    "ignore_check_constraints=ON",
    "cache_size=-800000",
)
SETTINGS = ("synchronous_commit = off", "maintenance_work_mem = '1GB'", "work_mem = '256MB'")


def _hasten(connection: Connection) -> None:
    """For this connection only; a filling that breaks off is thrown away. The next connection turns WAL on again."""
    driver: Any = connection.connection.driver_connection
    if connection.dialect.name == "sqlite":
        for pragma in PRAGMAS:
            driver.execute(f"PRAGMA {pragma}")
        return
    for setting in SETTINGS:
        driver.execute(f"SET {setting}")
    driver.commit()


def _multiply(connection: Connection, tickets: int, watch: Stopwatch) -> None:
    firms = planning.firms(connection)
    copies = list(planning.plan(connection, firms, tickets))
    if not copies:
        return
    patterns = chains.patterns(connection, firms, {copy.base_id for copy in copies})
    copying.set_aside(connection, firms)
    base_numbers = dict(connection.execute(select(Ticket.id, Ticket.number)).all())
    keys = bulk.strip(connection)
    seeding.set_sequences(connection)
    watch("plan")
    heads: list[tuple[str]] = []
    bulk.put(connection, "ticket_event", chains.COLUMNS, chains.rows(copies, firms, patterns, heads))
    watch("ticket_event")
    copying.put_plan(connection, copies, heads, base_numbers)
    for rule in copying.RULES:
        connection.execute(text(copying.statement(rule, connection.dialect.name)))
        watch(rule.table)
    connection.execute(text(copying.SEARCH))
    watch("ticket_search")
    _count_numbers(connection, copies)
    bulk.restore(connection, keys)
    watch("indexes and keys")


def _count_numbers(connection: Connection, copies: list[planning.Copy]) -> None:
    used: dict[str, int] = {}
    for copy in copies:
        day, _, last = copy.number.rpartition("-")
        used[day] = max(used.get(day, 0), int(last))
    with Session(connection) as session:
        numbers.at_least(session, used)
        session.flush()


def _analyse(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.execute(text("ANALYZE"))
        connection.commit()
        return
    connection.rollback()
    connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("VACUUM ANALYZE"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, default=100_000)
    parser.add_argument("--database", required=True)
    parser.add_argument(
        "--folder", type=Path, default=Path("/tmp"), help="where the lived-through city is kept"
    )
    wanted = parser.parse_args()
    engine = seeding.connected(wanted.database)
    seconds = fill(engine, wanted.tickets, wanted.folder)
    print(f"{wanted.tickets} tickets in {seconds:.0f} s")


if __name__ == "__main__":
    main()
