"""Figures: a month's freeze, the oversight page, the whole 驾驶舱 and its big screen; on both engines.

    python -m bench.figures [--sizes 100000] [--engines sqlite,postgresql] [--rounds 10] [--freezes 10] [--statements]

Every month that is due is frozen first, the oldest first, as the scheduler's job does it; what was frozen here already
stays. Then the last month is thawed and frozen again (`--freezes`), and each page is fetched (`--rounds`).
`--statements` shows what each statement of a page costs. One process, no network; nothing here passes or fails.
"""

import argparse
import os
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from flask import Flask
from sqlalchemy import Engine, event

from assist.domain.clock import FixedTime
from assist.domain.roles import Role
from assist.extensions import db
from assist.models import Account
from assist.models.account import holds
from bench import months
from bench.engines import filled
from bench.pages import MORNING, Person, client_of, person, quiet_app, timed
from bench.parts import statements

PAGES = (
    ("督查工作台", "supervisor", "/oversight/"),
    ("单个指标", "supervisor", "/oversight/figures/on_time"),
    ("驾驶舱", "supervisor", "/figures/"),
    ("驾驶舱（上月）", "supervisor", "/figures/?period=2026-10"),
    ("驾驶舱（一县）", "supervisor", "/figures/?area=3"),
    ("大屏数据", "supervisor", "/figures/screen.json"),
    ("驾驶舱（市级调度员）", "city", "/figures/"),
    ("驾驶舱（县级调度员）", "area", "/figures/"),
    ("驾驶舱（领导）", "leader", "/figures/"),
)
NOW = FixedTime(MORNING)
SHOWN = 160  # characters of a statement


def people() -> dict[str, Person]:
    coordinator = holds(Role.COORDINATOR)
    return {
        "supervisor": person(holds(Role.SUPERVISOR)),
        "city": person(coordinator, Account.area_id.is_(None)),
        "area": person(coordinator, Account.area_id.is_not(None)),
        "leader": person(holds(Role.LEADER)),
    }


@contextmanager
def each_timed(engine: Engine) -> Iterator[list[tuple[float, str]]]:
    """(milliseconds, statement) of all that is sent meanwhile; until its first row, which is when it is worked out."""
    found: list[tuple[float, str]] = []
    began: list[float] = []

    def before(*_: Any) -> None:
        began.append(time.perf_counter())

    def after(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        found.append(((time.perf_counter() - began.pop()) * 1000, " ".join(statement.split())))

    event.listen(engine, "before_cursor_execute", before)
    event.listen(engine, "after_cursor_execute", after)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", before)
        event.remove(engine, "after_cursor_execute", after)


def measure(app: Flask, rounds: int, is_told: bool) -> None:
    with app.app_context():
        who, engine = people(), db.engine
    print(f"{'页面':<22}{'字节':>8}{'SQL':>5}{'CPU ms':>9}{'最快 ms':>9}{'中位 ms':>9}{'最慢 ms':>9}{'负载':>7}")
    for name, account, address in PAGES:
        client = client_of(app, who[account])
        response = client.get(address)
        if response.status_code != 200:
            print(f"{name}: {response.status_code}")
            continue
        with statements(engine) as sent:
            client.get(address)
        cpu, walls = timed(partial(client.get, address), rounds)
        print(
            f"{name:<22}{len(response.data):>8}{len(sent):>5}{cpu:>9.1f}"
            f"{walls[0]:>9.1f}{statistics.median(walls):>9.1f}{walls[-1]:>9.1f}{os.getloadavg()[0]:>7.1f}",
            flush=True,
        )
        if is_told:
            with each_timed(engine) as told:
                client.get(address)
            for took, words in told:
                print(f"    {took:>8.1f} ms  {words[:SHOWN]}")


def freezes(engine: Engine, count: int) -> None:
    """Every month that is due, then the last one `count` times again."""
    if first := months.freeze_all(engine, NOW):
        print(f"  {len(first)} 个月：中位 {statistics.median(first):.1f} s，最长 {max(first):.1f} s", flush=True)
    if took := sorted(months.again(engine, NOW, count)):
        spread = f"最快 {took[0]:.1f}，中位 {statistics.median(took):.1f}，最慢 {took[-1]:.1f} s"
        print(f"  冻结上月 {count} 次：{spread}（负载 {os.getloadavg()[0]:.1f}）", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="100000")
    parser.add_argument("--engines", default="sqlite,postgresql")
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--freezes", type=int, default=10)
    parser.add_argument("--statements", action="store_true")
    asked = parser.parse_args()
    for engine_name in asked.engines.split(","):
        for size in (int(each) for each in asked.sizes.split(",")):
            with filled(engine_name, size) as url:
                app = quiet_app(url)
                with app.app_context():
                    engine = db.engine
                load = os.getloadavg()[0]
                print(f"\n== {engine_name} · {size} 件 · {asked.rounds} 次 · 负载 {load:.1f} ==", flush=True)
                freezes(engine, asked.freezes)
                measure(app, asked.rounds, asked.statements)
                engine.dispose()


if __name__ == "__main__":
    main()
