"""代办（AB角）: who acts for whom at a given moment. Appointing and ending them is `standing_in`.

Asked anew with every request, so that an expired stand-in has no power a second later.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import String, and_, cast, func, select
from sqlalchemy.orm import Session

from assist.models import Account, StandIn
from assist.services.work import Work


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


def acting_for(work: Work, officer_ids: Collection[int]) -> dict[int, list[int]]:
    """As `for_officers`, each officer asked about once in a piece of work."""
    unknown = [one for one in officer_ids if one not in work.stand_ins]
    found = for_officers(work.session, unknown, work.now)
    work.stand_ins.update({one: found.get(one, []) for one in unknown})
    return {one: work.stand_ins[one] for one in officer_ids}


def for_officers(session: Session, officer_ids: Collection[int], now: datetime) -> dict[int, list[int]]:
    """By officer, who acts for him now: active accounts only. One statement; none when nobody is asked about."""
    found: dict[int, list[int]] = {}
    if not officer_ids:
        return found
    rows = session.execute(
        select(StandIn.officer_id, StandIn.stand_in_id)
        .join(Account, Account.id == StandIn.stand_in_id)
        .where(StandIn.officer_id.in_(officer_ids), holds_at(now), Account.is_active)
        .order_by(StandIn.id)
    )
    for officer_id, stand_in_id in rows:
        found.setdefault(officer_id, []).append(stand_in_id)
    return found
