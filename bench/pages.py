"""Every page: CPU beside a bare Flask page of the same bytes, statements, p50 and p95, at each size, on both engines.

    python -m bench.pages [--sizes 2000,100000] [--engines sqlite,postgresql] [--rounds 40] [--only 工作台]

One process, one thread, no network: what is measured is the server's own work. Nothing here passes or fails.
"""

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import redirect_stderr
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import ColumnElement, Engine, func, select

from assist import create_app
from assist.domain.clock import FixedTime
from assist.domain.roles import Role
from assist.domain.status import Status
from assist.extensions import db
from assist.models import Account, EnterpriseContact, Ticket
from assist.models.account import holds
from assist.web.session import SEEN, token
from bench.engines import filled
from bench.floor import bare_app
from bench.parts import parts, statements
from bench.seeding import UNTIL
from bench.table import Line, show

WARM = 3
MORNING = UNTIL + timedelta(hours=9, minutes=30)  # the world's own today


@dataclass(frozen=True)
class Person:
    """An account as a cookie knows it."""

    id: int
    session_version: int


def client_of(app: Flask, person: Person) -> FlaskClient:
    """A browser that is signed in already (the slow hash is not what is measured)."""
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token(person.id, person.session_version)
        cookie["_fresh"] = True
        cookie[SEEN] = int(MORNING.timestamp())
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


@dataclass(frozen=True)
class Matter:
    """A ticket that is being handled, with its owner and who speaks for its enterprise."""

    number: str
    officer: Person
    enterprise: Person


@dataclass(frozen=True)
class Cast:
    """Whom the pages are asked as, found in the world by what they have to do.

    Writing is done in another matter than the one that is read, so that its pages stay as long as they are.
    """

    read: Matter
    written: Matter
    supervisor: Person
    coordinator: Person
    longest: str


def person(*conditions: ColumnElement[bool]) -> Person:
    row = db.session.execute(
        select(Account.id, Account.session_version).where(*conditions).order_by(Account.id).limit(1)
    ).one()
    return Person(*row)


def cast() -> Cast:
    handled = (
        Ticket.status == Status.HANDLING,
        Ticket.is_restricted.is_(False),
        Ticket.owner_id.is_not(None),
    )
    busiest = (
        select(Ticket.owner_id)
        .where(*handled)
        .group_by(Ticket.owner_id)
        .order_by(func.count().desc(), Ticket.owner_id)
        .limit(2)
    )
    read, written = (_matter(officer_id, *handled) for officer_id in db.session.scalars(busiest).all())
    return Cast(
        read=read,
        written=written,
        supervisor=person(holds(Role.SUPERVISOR)),
        coordinator=person(holds(Role.COORDINATOR), Account.area_id.is_(None)),
        longest=db.session.scalars(
            select(Ticket.number).order_by(Ticket.event_seq.desc(), Ticket.id).limit(1)
        ).one(),
    )


def _matter(officer_id: int | None, *handled: ColumnElement[bool]) -> Matter:
    own = select(Ticket).where(*handled, Ticket.owner_id == officer_id)
    ticket = db.session.scalars(own.order_by(Ticket.id.desc()).limit(1)).one()
    speakers = select(EnterpriseContact.account_id).where(
        EnterpriseContact.enterprise_id == ticket.enterprise_id, EnterpriseContact.is_main
    )
    return Matter(ticket.number, person(Account.id == officer_id), person(Account.id.in_(speakers)))


def pages(who: Cast) -> list[tuple[str, Person, str]]:
    """(name, asked as, address)."""
    own, longest = f"/tickets/{who.read.number}", f"/tickets/{who.longest}"
    return [
        ("企业端首页", who.read.enterprise, "/portal/"),
        ("提交诉求页", who.read.enterprise, "/portal/tickets/new"),
        ("诉求页（企业）", who.read.enterprise, own),
        ("专员工作台", who.read.officer, "/desk/"),
        ("工单页（专员）", who.read.officer, own),
        ("工单页（历史最长，督查）", who.supervisor, longest),
        ("答复页", who.read.officer, f"{own}/answer"),
        ("诉求列表（督查）", who.supervisor, "/tickets/"),
        ("列表：在办、按到期", who.supervisor, "/tickets/?state=open&sort=due"),
        ("列表：超期", who.supervisor, "/tickets/?lateness=late"),
        ("列表：某县某类", who.supervisor, "/tickets/?area=3&category=05"),
        ("搜索：两字词", who.supervisor, "/tickets/?q=用地"),
        ("搜索：常见词", who.supervisor, "/tickets/?q=企业"),
        ("列表（专员）", who.read.officer, "/tickets/"),
        ("督查工作台", who.supervisor, "/oversight/"),
        ("单个指标", who.supervisor, "/oversight/figures/on_time"),
        ("企业与结对", who.coordinator, "/roster/"),
        ("消息", who.read.officer, "/inbox/"),
    ]


def measure(app: Flask, rounds: int, only: Sequence[str] = ()) -> list[Line]:
    """Each request has its own context, as in life: the cast is found first and held as plain numbers.

    `only`: pages whose names hold one of these words.
    """
    with app.app_context():
        who, engine = cast(), db.engine
    floors: dict[int, float] = {}
    lines = []
    for name, account, address in pages(who):
        if not wanted(name, only):
            continue
        client = client_of(app, account)
        response = client.get(address)
        if response.status_code != 200:
            print(f"  {name}: {response.status_code}", file=sys.stderr)
            continue
        size = len(response.data)
        with statements(engine) as sent:
            client.get(address)
        cpu, walls = timed(partial(client.get, address), rounds)
        bucket = round(size, -3)
        if bucket not in floors:
            bare = bare_app(engine, size).test_client()
            floors[bucket] = timed(partial(bare.get, "/"), rounds)[0]
        went = parts(app, engine, partial(client.get, address), max(3, rounds // 4))
        lines.append(
            Line(
                name,
                size,
                len(sent),
                cpu,
                floors[bucket],
                statistics.median(walls),
                worst(walls),
                went.sql,
                went.rendering,
            )
        )
    return lines + acts(app, engine, who, rounds, only)


def wanted(name: str, only: Sequence[str]) -> bool:
    return not only or any(word in name for word in only)


def worst(walls: list[float]) -> float:
    """p95 of sorted times."""
    return walls[min(len(walls) - 1, int(len(walls) * 0.95))]


def acts(app: Flask, engine: Engine, who: Cast, rounds: int, only: Sequence[str]) -> list[Line]:
    """Two writings as a browser does them: a new ticket, a progress note. No floor: nothing bare writes so much."""
    found = []
    app.config["WTF_CSRF_ENABLED"] = False
    for name, account, address, words in (
        (
            "提交诉求",
            who.written.enterprise,
            "/portal/tickets/new",
            {"description": "园区污水管网未接通，需罐车外运。"},
        ),
        (
            "反馈进展",
            who.written.officer,
            f"/tickets/{who.written.number}/progress",
            {"text": "已协调", "is_visible": "1"},
        ),
    ):
        if not wanted(name, only):
            continue
        client = client_of(app, account)

        def send(client: FlaskClient = client, address: str = address, words: dict[str, str] = words) -> None:
            key = {"form_key": f"bench-{time.perf_counter_ns()}"}
            response = client.post(address, data={**words, **key})
            if response.status_code != 302:
                raise SystemExit(f"{address}: {response.status_code}")

        with statements(engine) as sent:
            send()
        cpu, walls = timed(send, rounds)
        found.append(Line(name, 0, len(sent), cpu, 0.0, statistics.median(walls), worst(walls)))
    app.config["WTF_CSRF_ENABLED"] = True
    return found


def quiet_app(url: str) -> Flask:
    """The application as in life, but that its log lines (they are made, and measured) go nowhere."""
    nowhere = open(os.devnull, "w")  # noqa: SIM115 - the log writes to it as long as the process lives
    with redirect_stderr(nowhere):
        app = create_app({"DATABASE_URL": url}, {"SECRET_KEY": "bench " * 8})
    app.extensions["assist_time"] = FixedTime(MORNING)
    return app


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="2000,100000")
    parser.add_argument("--engines", default="sqlite,postgresql")
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--only", default="", help="words of page names, separated by commas")
    asked = parser.parse_args()
    only = [word for word in asked.only.split(",") if word]
    for engine in asked.engines.split(","):
        for size in (int(each) for each in asked.sizes.split(",")):
            with filled(engine, size) as url:
                app = quiet_app(url)
                load = os.getloadavg()[0]
                print(f"\n== {engine} · {size} 件 · {asked.rounds} 次 · 负载 {load:.1f} ==", flush=True)
                show(measure(app, asked.rounds, only))
                with app.app_context():
                    db.engine.dispose()


if __name__ == "__main__":
    main()
