"""What the fault tests are made of: thousands of due clocks, four schedulers to be killed, and the final reckoning."""

import json
import os
import random
import signal
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from assist.domain.clock import shanghai
from assist.domain.status import ClockKind, DeliveryStatus, Step
from assist.models import Clock, Delivery, LadderStep, Message, Reminder, Ticket
from assist.services import bulk, delivering, settings
from assist.services.work import Work
from tests.gateway import Gateway
from tests.make import Make

PROJECT = Path(__file__).resolve().parents[2]
# Of a matter of Monday 09:30: contact and acceptance are a day late, the opinion is due in half an hour.
MOMENT = shanghai(2026, 11, 24, 17, 0)
# Sending begins with the offices' day, so that what is held does not wait for it.
MORNING_AFTER = shanghai(2026, 11, 25, 8, 30)
EXPECTED = {
    ClockKind.CONTACT: Step.ESCALATE_1,
    ClockKind.ACCEPTANCE: Step.ESCALATE_1,
    ClockKind.OPINION: Step.WARNING,
}
DELIVERED = 2  # of each matter's three: contact's at once, the opinion's held and joined
WORKERS = 4


def fill(session: Session, make: Make, tickets: int, channel: str) -> None:
    """So many matters with three due clocks each, whose holder alone is reminded; of two of them by a channel too."""
    first = make.ticket()
    session.execute(update(LadderStep).values(recipients=["holder"], channels=["inbox", channel]))
    session.execute(
        update(LadderStep).where(LadderStep.kind == ClockKind.ACCEPTANCE).values(channels=["inbox"])
    )
    settings.changed(session)
    delivering.publish_channels(Work(session, make.time), [channel])
    ticket = dict(session.execute(select(Ticket.__table__).where(Ticket.id == first.id)).mappings().one())
    clocks = session.execute(select(Clock.__table__).where(Clock.ticket_id == first.id)).mappings().all()
    due = [dict(row) for row in clocks if row["kind"] in EXPECTED]
    highest = ticket["id"]
    copies = [
        {**ticket, "id": highest + more, "number": f"LC-20261123-{more + 1:04d}"} for more in range(1, tickets)
    ]
    bulk.insert_new(session, Ticket, copies, Ticket.id)
    rows = [
        {**{name: value for name, value in clock.items() if name != "id"}, "ticket_id": copy["id"]}
        for copy in copies
        for clock in due
    ]
    bulk.insert_new(session, Clock, rows, Clock.id)
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.setval("ticket_id_seq", highest + tickets)))
    session.commit()


class Schedulers:
    """Four of them. `kill` ends one with -9, whichever, and another takes its place."""

    def __init__(self, said: dict[str, Any], seed: int) -> None:
        self.rng = random.Random(seed)
        self.nursery = subprocess.Popen(
            [sys.executable, "-m", "tests.jobs.fault_worker", json.dumps(said)],
            cwd=PROJECT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._line() == "ready"
        self.alive: list[int] = []
        self.kills = 0

    def _line(self) -> str:
        assert self.nursery.stdout is not None
        return self.nursery.stdout.readline().strip()

    def start(self) -> None:
        assert self.nursery.stdin is not None
        self.nursery.stdin.write("start\n")
        self.nursery.stdin.flush()
        self.alive.append(int(self._line()))

    def kill(self) -> None:
        victim = self.alive.pop(self.rng.randrange(len(self.alive)))
        os.kill(victim, signal.SIGKILL)
        self.kills += 1
        self.start()

    def end(self) -> None:
        for one in self.alive:
            with suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)
        assert self.nursery.stdin is not None
        assert self.nursery.stdout is not None
        self.nursery.stdin.close()
        self.nursery.wait(10)
        self.nursery.stdout.close()


@contextmanager
def running(
    url: str, channels: dict[str, Any], *, lease: float = 2, patience: float = 5, seed: int = 7
) -> Iterator[Schedulers]:
    said = {
        "url": url,
        "at": MOMENT.isoformat(),
        "sent_from": MORNING_AFTER.isoformat(),
        "channels": channels,
        "lease": lease,
        "patience": patience,
    }
    made = Schedulers(said, seed)
    try:
        for _ in range(WORKERS):
            made.start()
        yield made
    finally:
        made.end()


def is_over(session: Session, reminders: int) -> bool:
    """Everything due is reminded of, and nothing is on its way any more."""
    session.rollback()
    told = session.scalar(select(func.count()).select_from(Reminder).where(Reminder.is_passed_over.is_(False)))
    if told != reminders:
        return False
    settled = Delivery.status.in_([DeliveryStatus.SENT, DeliveryStatus.DEAD])
    return session.scalar(select(Delivery.id).where(~settled).limit(1)) is None


def check(session: Session, gateway: Gateway, tickets: int) -> None:
    """Every expected reminder exists exactly once; every delivery arrived at least once, each time under one key."""
    session.rollback()
    _check_ledger(session, tickets)
    deliveries = session.scalars(select(Delivery)).all()
    assert {row.status for row in deliveries} == {DeliveryStatus.SENT}
    assert len({row.message_id for row in deliveries}) == len(deliveries) == tickets * DELIVERED
    assert {row.parcel_key for row in deliveries} == set(gateway.keys())
    bodies: dict[str, set[str]] = defaultdict(set)
    keys: dict[str, set[str]] = defaultdict(set)
    for one in gateway.received:
        said = json.dumps(one.json["messages"]) if one.body.startswith(b"{") else one.form["content"]
        bodies[one.key].add(said)
        if one.body.startswith(b"{"):
            for message in one.json["messages"]:
                keys[message["title"]].add(one.key)
    assert {len(said) for said in bodies.values()} == {1}
    assert not keys or {len(found) for found in keys.values()} == {1}


def _check_ledger(session: Session, tickets: int) -> None:
    rows = session.execute(
        select(Clock.ticket_id, Clock.kind, Reminder.step, Reminder.message_id)
        .join(Clock, Clock.id == Reminder.clock_id)
        .where(Reminder.is_passed_over.is_(False))
    ).all()
    every = set(session.scalars(select(Ticket.id)))
    assert len(every) == tickets
    wanted = sorted((one, kind.value, step.value) for one in every for kind, step in EXPECTED.items())
    assert sorted((row[0], row[1].value, row[2].value) for row in rows) == wanted
    messages = session.scalars(select(Message.id).where(Message.kind == "reminder")).all()
    assert set(messages) == {row[3] for row in rows}
    assert len(messages) == len(rows)
    left: datetime | None = session.scalar(
        select(func.min(Clock.next_fire_at)).where(Clock.kind.in_(EXPECTED))
    )
    assert left is not None
    assert left > MOMENT
