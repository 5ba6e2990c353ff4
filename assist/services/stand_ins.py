"""代办（AB角）: for whom somebody acts at a given moment. Making and ending them comes with handovers.

Asked anew with every request, so that an expired stand-in has no power a second later.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import String, and_, cast, func, select
from sqlalchemy.orm import Session

from assist.models import StandIn


def holds_at(now: Any) -> Any:
    """SQL condition: the stand-in holds at this instant."""
    return and_(StandIn.started_at <= now, StandIn.ended_at > now)


def stood_in_for(account_id: Any, now: Any) -> Any:
    """SQL: the officers somebody stands in for now, as `3,17`; NULL when there is none."""
    return (
        select(func.aggregate_strings(cast(StandIn.officer_id, String), ","))
        .where(StandIn.stand_in_id == account_id, holds_at(now))
        .correlate_except(StandIn)
        .scalar_subquery()
    )


def as_ids(text: str | None) -> frozenset[int]:
    return frozenset(int(one) for one in text.split(",")) if text else frozenset()


def of(session: Session, account_id: int, now: datetime) -> frozenset[int]:
    """The officers somebody stands in for now: for entrances other than the web."""
    return as_ids(session.scalar(select(stood_in_for(account_id, now))))
