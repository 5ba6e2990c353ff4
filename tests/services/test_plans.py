"""How the database goes about what is asked on every desk: through an index alone where rows are many."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assist.domain.clock import shanghai
from assist.domain.rates import month
from assist.models import ContactRecord, Ticket
from assist.models.ticket import is_open
from assist.services.access import visible
from assist.services.queries.figures import counting
from assist.services.queries.figures.catalogue import FIGURES
from assist.services.queries.figures.facts import AsOf, within
from tests.cast import Cast

NOW = shanghai(2026, 11, 23, 9, 30)


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


def test_a_month_is_counted_by_the_index_of_its_times_and_never_by_reading_tickets(
    session: Session, cast: Cast
) -> None:
    for key, index in (("on_time", "ix_clock_counts"), ("satisfied", "ix_ticket_round_rated")):
        counted = FIGURES[key].build(month(2026, 11), AsOf(NOW, live=True))
        told = plan(session, counting.rows(counted, func.count(), is_alone=True))
        assert index in told
        assert "SEARCH ticket USING" not in told
        assert "SCAN ticket" not in told


def test_entries_by_others_and_those_not_confirmed_have_indexes_of_their_own(session: Session, cast: Cast) -> None:
    those = select(func.count()).select_from(Ticket).where(Ticket.is_entered)
    assert "USING INDEX ix_ticket_entered" in plan(session, those)
    waiting = select(Ticket.id).where(Ticket.is_entered, Ticket.entry_verified_at.is_(None))
    told = plan(session, waiting)  # without statistics either is as good
    assert "USING INDEX ix_ticket_entered" in told or "ix_ticket_unverified" in told


def test_contacts_of_a_month_and_those_denied_have_indexes_of_their_own(session: Session, cast: Cast) -> None:
    query = select(func.count()).where(within(month(2026, 11), ContactRecord.entered_at))
    assert "COVERING INDEX ix_contact_record_entered" in plan(session, query.select_from(ContactRecord))
    denied = select(ContactRecord.ticket_id).where(ContactRecord.is_true.is_(False), ContactRecord.verified_at <= NOW)
    assert "USING INDEX ix_contact_record_denied" in plan(session, denied)
