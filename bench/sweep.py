"""The sweep: 1,000 due among a million clocks beside the same 1,000 among ten thousand; 100,000 due; memory.

    python -m bench.sweep [--sizes 10000,1000000] [--due 1000] [--many 100000] [--engines sqlite,postgresql]

A city of ten enterprises is copied until it has so many running clocks, all in the future but those that are made due;
the sweep itself is the job's own, batch after batch. Nothing here passes or fails.
"""

import argparse
import os
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, Engine, NullPool, bindparam, create_engine, func, make_url, select, text
from sqlalchemy.orm import Session

from assist.domain.clock import FixedTime, shanghai
from assist.domain.status import ClockKind
from assist.jobs.context import Context
from assist.models import Account, Clock, Enterprise, EnterpriseContact, Reminder, Ticket
from assist.models.base import Base, UtcDateTime
from assist.models.engine import begin_writing
from assist.services import delivering, intake, sweeping
from assist.services.work import Work
from bench import engines, seeding

SUBMITTED = shanghai(2026, 11, 30, 9, 30)
MOMENT = shanghai(2026, 11, 30, 11, 31)  # the first contact was due at 11:30: red cards for officer and coordinators
NEVER = SUBMITTED + timedelta(days=400)
CITY_TICKETS, CITY_ENTERPRISES = 20, 10
ROUNDS = 3
WARM = 20


@dataclass(frozen=True)
class Line:
    engine: str
    clocks: int
    due: int
    seconds: list[float]
    cpu: float
    reminders: int
    first_mb: float
    most_mb: float


@contextmanager
def emptied(engine_name: str, clocks: int) -> Iterator[str]:
    """The address of a database of its own, gone afterwards."""
    if engine_name == "sqlite":
        path = engines.folder() / f"sweep-{clocks}-{os.getpid()}.db"
        try:
            yield f"sqlite:///{path}"
        finally:
            for suffix in ("", "-wal", "-shm"):
                Path(f"{path}{suffix}").unlink(missing_ok=True)
        return
    server, name = engines.server(), f"bench_sweep_{os.getpid()}"
    maintenance = create_engine(server, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with maintenance.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'"))
    try:
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        with maintenance.connect() as connection:
            connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))


def fill(engine: Engine, clocks: int, channels: list[str]) -> None:
    """A city with one fresh ticket an enterprise, copied until so many clocks run; none of them due."""
    with engine.begin() as connection:
        seeding.prepare(connection)
        seeding.carry(seeding.lived(engines.folder(), CITY_TICKETS, CITY_ENTERPRISES), connection)
        seeding.set_sequences(connection)
        connection.execute(Clock.__table__.update().values(next_fire_at=None))  # type: ignore[attr-defined]
    with Session(engine, expire_on_commit=False) as session:
        begin_writing(session)
        system = Work(session, FixedTime(SUBMITTED))
        delivering.publish_channels(system, channels)
        contacts = session.execute(
            select(EnterpriseContact.enterprise_id, Account)
            .join(Account, Account.id == EnterpriseContact.account_id)
            .join(Enterprise, Enterprise.id == EnterpriseContact.enterprise_id)
            .where(EnterpriseContact.is_main, Enterprise.is_active)
        ).all()
        fresh = []
        for enterprise_id, account in contacts:
            work = Work(session, FixedTime(SUBMITTED), account.as_actor())
            fresh.append(intake.submit(work, enterprise_id, intake.Submission("车间用电需要增容。")).id)
        session.commit()
    with engine.begin() as connection:
        _copy(connection, fresh, clocks)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))


def _copy(connection: Connection, tickets: list[int], clocks: int) -> None:
    kinds = connection.scalar(select(func.count()).where(Clock.ticket_id == tickets[0])) or 1
    times = max(clocks // (kinds * len(tickets)), 1)
    if connection.dialect.name == "sqlite":
        connection.execute(text("PRAGMA foreign_keys=OFF"))
    base = (connection.scalar(select(func.max(Ticket.id))) or 0) + 1
    series = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :times) "
    never = bindparam("never", NEVER, UtcDateTime())
    for place, ticket in enumerate(tickets):
        given = {"times": times, "ticket": ticket, "base": base + place * times, "place": f"LC-B{place}-"}
        own = {"id": ":base + n.i", "number": ":place || n.i"}
        connection.execute(text(series + _inserting("ticket", own, "id = :ticket")), given)
        of_clock = {"ticket_id": ":base + n.i", "next_fire_at": ":never"}
        filled = text(series + _inserting("clock", of_clock, "ticket_id = :ticket")).bindparams(never)
        connection.execute(filled, {name: value for name, value in given.items() if name != "place"})
    seeding.set_sequences(connection)


def _inserting(table: str, own: dict[str, str], where: str) -> str:
    """Every column as in the row that is copied, but for those of its own; a clock's id is the database's."""
    names = [one.name for one in Base.metadata.tables[table].columns if one.name != "id" or "id" in own]
    values = ", ".join(own.get(name, f"{table}.{name}") for name in names)
    return f"INSERT INTO {table} ({', '.join(names)}) SELECT {values} FROM {table}, n WHERE {where}"


def make_due(engine: Engine, count: int) -> None:
    """So many first contacts, spread evenly over all that have not been reminded of yet, are due."""
    with engine.begin() as connection:
        ids = connection.scalars(
            select(Clock.id).where(Clock.kind == ClockKind.CONTACT, Clock.next_fire_at == NEVER).order_by(Clock.id)
        ).all()
        chosen = ids[:: max(len(ids) // count, 1)][:count]
        connection.execute(
            Clock.__table__.update()  # type: ignore[attr-defined]
            .where(Clock.id == bindparam("_id"))
            .values(next_fire_at=MOMENT),
            [{"_id": one} for one in chosen],
        )
        assert len(chosen) == count, f"only {len(chosen)} clocks can be made due"


def rss_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1024 / 1024


def swept(engine: Engine, moment: datetime) -> tuple[float, float, float]:
    """(seconds, memory after the first batch, the most after any) of one run of the job."""
    context = Context(engine, FixedTime(moment))
    sizes = []
    began = time.perf_counter()
    while True:
        with context.reading() as work:
            if not sweeping.is_anything_due(work):
                break
        with context.writing() as work:
            sweeping.sweep_batch(work)
        sizes.append(rss_mb())
    return time.perf_counter() - began, sizes[0], max(sizes)


def measure(engine: Engine, name: str, clocks: int, due: int, rounds: int) -> Line:
    seconds, first, most, cpu = [], 0.0, 0.0, 0.0
    before = count(engine)
    for _ in range(rounds):
        make_due(engine, due)
        began = time.process_time()
        took, first, most = swept(engine, MOMENT)
        cpu = time.process_time() - began
        seconds.append(took)
    return Line(name, clocks, due, seconds, cpu, (count(engine) - before) // rounds, first, most)


def count(engine: Engine) -> int:
    with engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(Reminder)) or 0


def told(lines: list[Line]) -> str:
    titles = ("时限行", 10), ("到点", 9), ("提醒", 9), ("最快 s", 9), ("中位 s", 9), ("CPU s", 9), ("首批 MB", 10)
    rows = [f"{'引擎':<12}" + "".join(f"{title:>{width}}" for title, width in (*titles, ("最多 MB", 10)))]
    for one in lines:
        rows.append(
            f"{one.engine:<12}{one.clocks:>13}{one.due:>11}{one.reminders:>11}{min(one.seconds):>11.2f}"
            f"{statistics.median(one.seconds):>11.2f}{one.cpu:>9.2f}{one.first_mb:>12.0f}{one.most_mb:>12.0f}"
        )
    return "\n".join(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="10000,1000000")
    parser.add_argument("--due", type=int, default=1000)
    parser.add_argument("--many", type=int, default=100_000, help="so many due in the largest; 0: leave it out")
    parser.add_argument("--engines", default="sqlite,postgresql")
    parser.add_argument("--channels", default="", help="channels beside the inbox that are set up, e.g. email,sms")
    asked = parser.parse_args()
    sizes = sorted(int(size) for size in asked.sizes.split(","))
    channels = [name for name in asked.channels.split(",") if name]
    lines = []
    for engine_name in asked.engines.split(","):
        for size in sizes:
            with emptied(engine_name, size) as url:
                engine = seeding.connected(url)
                began = time.perf_counter()
                fill(engine, size, channels)
                print(f"{engine_name}: {size} clocks in {time.perf_counter() - began:.0f} s", file=sys.stderr)
                measure(engine, engine_name, size, WARM, 1)  # what is read once is read
                # Ten thousand clocks hold 2,500 first contacts: two rounds of a thousand.
                rounds = min(ROUNDS, max(1, (size // 4 - WARM) // asked.due))
                lines.append(measure(engine, engine_name, size, asked.due, rounds))
                if asked.many and size == sizes[-1]:
                    lines.append(measure(engine, engine_name, size, asked.many, 1))
                engine.dispose()
    print(f"负载 {os.getloadavg()[0]:.1f}\n{told(lines)}")


if __name__ == "__main__":
    main()
