"""Every page: CPU beside a bare Flask page of the same bytes, statements, p50 and p95, at each size, on both engines.

    python -m bench.pages [--sizes 2000,100000,1000000] [--engines sqlite,postgresql] [--rounds 40]

One process, one thread, no network: what is measured is the server's own work. Nothing here passes or fails.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, func, select

from assist import create_app
from assist.domain.roles import Role
from assist.domain.status import OPEN, Status
from assist.extensions import db
from assist.models import Account, EnterpriseContact, Ticket
from assist.models.account import holds
from assist.web.session import SEEN, token
from bench.engines import filled
from bench.floor import bare_app

WARM = 3


@dataclass(frozen=True)
class Line:
    name: str
    size: int
    statements: int
    cpu_ms: float
    floor_ms: float
    p50_ms: float
    p95_ms: float


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    sent: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.upper().startswith(
            ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "PRAGMA")
        ):
            sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


def client_of(app: Flask, account: Account) -> FlaskClient:
    """A browser that is signed in already (the slow hash is not what is measured)."""
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token(account.id, account.session_version)
        cookie["_fresh"] = True
        cookie[SEEN] = int(time.time())
    return client


def timed(call: Callable[[], Any], rounds: int) -> tuple[float, list[float]]:
    """(CPU milliseconds a call, wall milliseconds of each call, sorted)."""
    for _ in range(WARM):
        call()
    walls, before = [], time.process_time()
    for _ in range(rounds):
        start = time.perf_counter()
        call()
        walls.append((time.perf_counter() - start) * 1000)
    return (time.process_time() - before) * 1000 / rounds, sorted(walls)


@dataclass
class Cast:
    """Whom the pages are asked as, found in the world by what they have to do."""

    enterprise: Account
    officer: Account
    supervisor: Account
    coordinator: Account
    ticket: Ticket
    longest: Ticket


def cast() -> Cast:
    busiest = (
        select(Ticket.owner_id)
        .where(Ticket.status.in_(OPEN), Ticket.owner_id.is_not(None))
        .group_by(Ticket.owner_id)
        .order_by(func.count().desc())
        .limit(1)
    )
    officer = db.session.get_one(Account, db.session.scalars(busiest).one())
    own = select(Ticket).where(Ticket.owner_id == officer.id, Ticket.status == Status.HANDLING)
    ticket = db.session.scalars(own.limit(1)).first() or db.session.scalars(select(Ticket).limit(1)).one()
    speaks = select(Account).join(EnterpriseContact, EnterpriseContact.account_id == Account.id)
    return Cast(
        enterprise=db.session.scalars(
            speaks.where(EnterpriseContact.enterprise_id == ticket.enterprise_id)
        ).first(),  # type: ignore[arg-type]
        officer=officer,
        supervisor=db.session.scalars(select(Account).where(holds(Role.SUPERVISOR))).first(),  # type: ignore[arg-type]
        coordinator=db.session.scalars(
            select(Account).where(holds(Role.COORDINATOR), Account.area_id.is_(None))
        ).first(),  # type: ignore[arg-type]
        ticket=ticket,
        longest=db.session.scalars(select(Ticket).order_by(Ticket.event_seq.desc()).limit(1)).one(),
    )


def pages(who: Cast) -> list[tuple[str, Account, str]]:
    """(name, asked as, address)."""
    own, longest = f"/tickets/{who.ticket.number}", f"/tickets/{who.longest.number}"
    return [
        ("企业端首页", who.enterprise, "/portal/"),
        ("提交诉求页", who.enterprise, "/portal/tickets/new"),
        ("诉求页（企业）", who.enterprise, own),
        ("专员工作台", who.officer, "/desk/"),
        ("工单页（专员）", who.officer, own),
        ("工单页（历史最长，督查）", who.supervisor, longest),
        ("答复页", who.officer, f"{own}/answer"),
        ("诉求列表（督查）", who.supervisor, "/tickets/"),
        ("列表：在办、按到期", who.supervisor, "/tickets/?state=open&sort=due"),
        ("列表：超期", who.supervisor, "/tickets/?lateness=late"),
        ("列表：某县某类", who.supervisor, "/tickets/?area=3&category=05"),
        ("搜索：两字词", who.supervisor, "/tickets/?q=用地"),
        ("搜索：常见词", who.supervisor, "/tickets/?q=企业"),
        ("列表（专员）", who.officer, "/tickets/"),
        ("督查工作台", who.supervisor, "/oversight/"),
        ("单个指标", who.supervisor, "/oversight/figures/on_time"),
        ("企业与结对", who.coordinator, "/roster/"),
        ("消息", who.officer, "/inbox/"),
    ]


def measure(app: Flask, rounds: int) -> list[Line]:
    with app.app_context():
        who, engine = cast(), db.engine
        floors: dict[int, float] = {}
        lines = []
        for name, account, address in pages(who):
            client = client_of(app, account)
            response = client.get(address)
            if response.status_code != 200:
                print(f"  {name}: {response.status_code}", file=sys.stderr)
                continue
            size = len(response.data)
            with statements(engine) as sent:
                client.get(address)
            cpu, walls = timed(lambda client=client, address=address: client.get(address), rounds)
            bucket = round(size, -3)
            if bucket not in floors:
                bare = bare_app(engine, size).test_client()
                floors[bucket] = timed(lambda bare=bare: bare.get("/"), rounds)[0]
            p95 = walls[min(len(walls) - 1, int(len(walls) * 0.95))]
            lines.append(Line(name, size, len(sent), cpu, floors[bucket], statistics.median(walls), p95))
        lines += acts(app, who, rounds)
        db.session.remove()
    return lines


def acts(app: Flask, who: Cast, rounds: int) -> list[Line]:
    """Two writings as a browser does them: a new ticket, a progress note. No floor: nothing bare writes so much."""
    found = []
    app.config["WTF_CSRF_ENABLED"] = False
    for name, account, address, words in (
        (
            "提交诉求",
            who.enterprise,
            "/portal/tickets/new",
            {"description": "园区污水管网未接通，需罐车外运。"},
        ),
        (
            "反馈进展",
            who.officer,
            f"/tickets/{who.ticket.number}/progress",
            {"text": "已协调", "is_visible": "1"},
        ),
    ):
        client = client_of(app, account)

        def send(client: FlaskClient = client, address: str = address, words: dict[str, str] = words) -> None:
            key = {"form_key": f"bench-{time.perf_counter_ns()}"}
            response = client.post(address, data={**words, **key})
            if response.status_code != 302:
                raise SystemExit(f"{address}: {response.status_code}")

        with statements(db.engine) as sent:
            send()
        cpu, walls = timed(send, rounds)
        p95 = walls[min(len(walls) - 1, int(len(walls) * 0.95))]
        found.append(Line(name, 0, len(sent), cpu, 0.0, statistics.median(walls), p95))
    app.config["WTF_CSRF_ENABLED"] = True
    return found


def show(lines: list[Line]) -> None:
    print(f"{'页面':<22}{'字节':>9}{'SQL':>5}{'CPU ms':>9}{'裸页 ms':>9}{'倍':>6}{'p50 ms':>9}{'p95 ms':>9}")
    for line in lines:
        times = f"{line.cpu_ms / line.floor_ms:>6.1f}" if line.floor_ms else "     —"
        floor = f"{line.floor_ms:>9.2f}" if line.floor_ms else "        —"
        print(
            f"{line.name:<22}{line.size:>9}{line.statements:>5}{line.cpu_ms:>9.2f}{floor}{times}"
            f"{line.p50_ms:>9.2f}{line.p95_ms:>9.2f}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="2000,100000,1000000")
    parser.add_argument("--engines", default="sqlite,postgresql")
    parser.add_argument("--rounds", type=int, default=40)
    wanted = parser.parse_args()
    for engine in wanted.engines.split(","):
        for size in (int(each) for each in wanted.sizes.split(",")):
            with filled(engine, size) as url:
                app = create_app({"DATABASE_URL": url}, {"SECRET_KEY": "bench " * 8})
                print(f"\n== {engine} · {size} 件 · {wanted.rounds} 次 ==", flush=True)
                show(measure(app, wanted.rounds))
                with app.app_context():
                    db.engine.dispose()


if __name__ == "__main__":
    main()
