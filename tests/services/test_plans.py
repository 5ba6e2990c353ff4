"""How the database goes about what is asked on every desk: through an index alone where rows are many."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assist.models import Ticket
from assist.models.ticket import is_open
from assist.services.access import visible
from tests.cast import Cast


def plan(session: Session, query: object) -> str:
    words = str(query.compile(session.get_bind(), compile_kwargs={"literal_binds": True}))  # type: ignore[attr-defined]
    rows = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {words}")
    return "\n".join(row[-1] for row in rows)


@pytest.fixture(autouse=True)
def _only_sqlite(session: Session) -> None:
    """PostgreSQL plans by statistics that a test's few rows do not have."""
    if session.get_bind().dialect.name != "sqlite":
        pytest.skip("told by SQLite's plan")


def test_an_enterprise_s_tickets_are_counted_in_an_index_alone(session: Session, cast: Cast) -> None:
    query = select(func.count()).where(Ticket.enterprise_id == cast.jia, Ticket.is_restricted.is_(False))
    assert "COVERING INDEX ix_ticket_enterprise" in plan(session, query.select_from(Ticket))


def test_what_an_officer_may_see_is_gathered_without_reading_tickets(session: Session, cast: Cast) -> None:
    told = plan(session, select(Ticket.number).where(visible(cast.zhang.actor)))
    assert "COVERING INDEX ix_ticket_owner_status" in told
    assert "COVERING INDEX ix_ticket_enterprise" in told


def test_open_tickets_are_found_by_their_own_index(session: Session, cast: Cast) -> None:
    query = select(Ticket.id).where(Ticket.enterprise_id == cast.jia, is_open()).order_by(Ticket.id)
    assert "ix_ticket_enterprise_open" in plan(session, query)
