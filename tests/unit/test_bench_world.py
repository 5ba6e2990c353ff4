"""The bench world: what is copied is as true as what was lived, on both engines."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, func, inspect, select, update
from sqlalchemy.orm import Session

from assist.domain.search_tokens import index_tokens
from assist.models import Clock, ContactRecord, Message, Ticket, TicketEvent, TicketSearch
from assist.services.anchoring import verify_chains
from bench import bulk, checks, seeding, world

LIVED, TICKETS = 40, 400
Empty = Callable[[], AbstractContextManager[str]]


@pytest.fixture(scope="session")
def cities(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the city that both engines' worlds grow from is kept."""
    return tmp_path_factory.mktemp("cities")


@pytest.fixture
def filled(new_database: Empty, cities: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    monkeypatch.setattr(seeding, "MOST_LIVED", LIVED)
    with new_database() as url:
        engine = seeding.connected(url)
        world.fill(engine, TICKETS, cities, enterprises=30)
        yield engine
        engine.dispose()


def test_a_city_is_multiplied_truthfully(filled: Engine) -> None:
    with Session(filled) as session:
        found = verify_chains(session)
        assert (found.tickets, found.fault_count) == (TICKETS, 0)
        numbers = session.scalars(select(Ticket.number)).all()
        assert len(set(numbers)) == TICKETS
        for table in (Clock, ContactRecord):
            strangers = select(func.count()).where(table.ticket_id.not_in(select(Ticket.id)))
            assert session.scalar(strangers) == 0
        for message in session.scalars(select(Message).where(Message.dedupe_key.like("copy:%"))):
            number = session.get_one(Ticket, message.ticket_id).number
            assert message.location.startswith(f"/tickets/{number}")


def test_a_copy_is_found_by_its_own_words(filled: Engine) -> None:
    with Session(filled) as session:
        copy = session.scalars(select(Ticket).order_by(Ticket.id.desc()).limit(1)).one()
        held = set(session.get_one(TicketSearch, copy.id).public_tokens.split())
        for words in (copy.number, copy.enterprise.name, copy.title):
            assert set(index_tokens(words).split()) <= held


def test_indexes_and_keys_stand_again_afterwards(filled: Engine) -> None:
    with filled.begin() as connection:
        before = indexes(connection)
        bulk.follow_models(connection)
        assert indexes(connection) == before
    assert {"ix_ticket_open_due", "ix_ticket_round_returned"} <= before


def indexes(connection: Connection) -> set[str]:
    return {str(each["name"]) for name in bulk.FILLED for each in inspect(connection).get_indexes(name)}


def test_an_untrue_world_is_not_let_pass(filled: Engine) -> None:
    with Session(filled) as session:
        last = session.scalars(select(Ticket).order_by(Ticket.id.desc()).limit(1)).one()
        session.execute(update(Ticket).where(Ticket.id == last.id).values(head_hash="0" * 64))
        assert session.scalar(select(func.count()).where(TicketEvent.ticket_id == last.id))
        with pytest.raises(checks.Untrue):
            checks.check(session, TICKETS)
