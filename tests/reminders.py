"""What tests ask of reminders: sweep as of a moment, read the ledger and the inbox. Loaded as a plugin."""

from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assist.domain.clock import FixedTime
from assist.domain.status import ClockKind
from assist.jobs.context import Context
from assist.jobs.sweep import run
from assist.models import (
    Clock,
    Message,
    Reminder,
    Ticket,
)
from tests.engines import TestDatabase

Sweep = Callable[[datetime], dict[str, int]]
Sent = set[tuple[str, str, int, str]]


@pytest.fixture
def sweep(database: TestDatabase, session: Session) -> Sweep:
    """Sweeps as of a moment, on connections of its own."""

    def at(moment: datetime) -> dict[str, int]:
        session.commit()
        return run(Context(database.engine, FixedTime(moment)))

    return at


def clock(session: Session, ticket: Ticket, kind: ClockKind) -> Clock:
    session.expire_all()
    return session.scalars(
        select(Clock)
        .where(Clock.ticket_id == ticket.id, Clock.kind == kind)
        .order_by(Clock.id.desc())
        .limit(1)
    ).one()


def ledger(session: Session, ticket: Ticket) -> Sent:
    """(kind, step, repeat, recipient key) of every row about a ticket."""
    session.expire_all()
    rows = session.execute(
        select(Clock.kind, Reminder.step, Reminder.repeat, Reminder.recipient_key)
        .join(Clock, Clock.id == Reminder.clock_id)
        .where(Clock.ticket_id == ticket.id)
    )
    return {(kind.value, step.value, repeat, key) for kind, step, repeat, key in rows}


def of_kind(session: Session, ticket: Ticket, kind: ClockKind) -> set[tuple[str, str]]:
    return {(step, key) for one, step, _, key in ledger(session, ticket) if one == kind.value}


def reminders(session: Session, person: int) -> list[Message]:
    return list(
        session.scalars(
            select(Message)
            .where(Message.recipient_id == person, Message.kind == "reminder")
            .order_by(Message.id)
        )
    )
