"""The database's own time, for leases: what two machines must agree on is never asked of either of them."""

from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session


def database_time(session: Session) -> datetime:
    """What time it is in the database now (not: when the transaction began), to the millisecond at least."""
    if session.get_bind().dialect.name == "postgresql":
        told: datetime = session.scalars(select(func.clock_timestamp())).one()
        return told.astimezone(UTC)
    text = session.scalars(select(func.strftime("%Y-%m-%d %H:%M:%f", "now"))).one()
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
