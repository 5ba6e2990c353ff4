"""A database of the last release, with people, tickets and their chains in it, comes up to the present whole."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any

import flask_migrate
import pytest
from sqlalchemy import Boolean, Connection, DateTime, Integer, MetaData, insert, select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from assist.domain.status import ClockHolder, ClockKind
from assist.models import Account, Clock, LadderStep, Pause, Ticket, TicketEvent
from tests.architecture.test_migrations import application

Empty = Callable[[], AbstractContextManager[str]]
AT = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
RELEASED = "0001"
# The columns whose words are checked; all others that must be given get a neutral value.
ROWS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("setting", {"name": "revision", "value": "1"}),
    ("area", {"code": "371502", "name": "东昌府区", "former_codes": "[]", "aliases": "[]"}),
    ("account", {"username": "zhang", "name": "张建华", "roles": ",officer,"}),
    ("enterprise", {"name": "聊城甲制造有限公司", "credit_code": "91371500MA00000010", "area_id": 1}),
    (
        "ticket",
        {
            "number": "LC-20261123-0001",
            "enterprise_id": 1,
            "area_id": 1,
            "owner_id": 1,
            "status": "supplementing",
            "urgency": "normal",
            "source": "self",
            "title": "消防验收😀",
        },
    ),
    (
        "ticket_event",
        {"ticket_id": 1, "seq": 1, "action": "submit", "new_status": "submitted", "fields": "{}", "hash": "a" * 64},
    ),
    ("clock", {"id": 1, "ticket_id": 1, "kind": "resolution", "measure": "working_days", "amount": 7}),
    ("clock", {"id": 2, "ticket_id": 1, "kind": "supplement", "measure": "working_days", "amount": 5}),
    ("pause", {"clock_id": 1, "why": "补正"}),
    ("ladder_step", {"kind": "resolution", "step": "breach", "unit": "due", "recipients": "[]", "channels": "[]"}),
)


def neutral(column: Any) -> Any:
    if isinstance(column.type, Boolean):
        return False
    if isinstance(column.type, Integer):
        return 1
    return AT.replace(tzinfo=None) if isinstance(column.type, DateTime) else ""


def fill(connection: Connection) -> None:
    """Rows as the last release would have stored them, written without its models."""
    tables = MetaData()
    tables.reflect(connection)
    for name, words in ROWS:
        table = tables.tables[name]
        needed = {one.name: neutral(one) for one in table.columns if not one.nullable}
        connection.execute(insert(table).values({**needed, "id": 1, **words}))


def test_what_was_there_is_there_after_the_upgrade(new_database: Empty) -> None:
    with new_database() as url, application(url) as engine:
        flask_migrate.upgrade(revision=RELEASED)
        with engine.begin() as connection:
            fill(connection)
        flask_migrate.upgrade()
        with Session(engine) as session:
            ticket = session.scalars(select(Ticket)).one()
            assert (ticket.number, ticket.title) == ("LC-20261123-0001", "消防验收😀")
            assert (ticket.parent_id, ticket.suspended_at, ticket.deferral_count) == (None, None, 0)
            holders = {clock.kind: clock.holder for clock in session.scalars(select(Clock))}
            assert holders[ClockKind.RESOLUTION] is ClockHolder.OWNER
            assert holders[ClockKind.SUPPLEMENT] is ClockHolder.ENTERPRISE
            assert session.scalars(select(Pause)).one().moves_original
            assert not session.scalars(select(Account)).one().is_head
            assert session.scalars(select(LadderStep)).first() is not None
            assert session.scalars(select(TicketEvent)).one().hash == "a" * 64


def test_events_are_append_only_after_the_upgrade(new_database: Empty) -> None:
    with new_database() as url, application(url) as engine:
        flask_migrate.upgrade(revision=RELEASED)
        with engine.begin() as connection:
            fill(connection)
        flask_migrate.upgrade()
        for words in ("UPDATE ticket_event SET note = 'x'", "DELETE FROM ticket_event"):
            with engine.connect() as connection, pytest.raises(DatabaseError, match="append-only"):
                connection.execute(text(words))
