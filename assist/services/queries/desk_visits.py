"""The visits on an officer's desk: those of this week, his own and others' to his enterprises, and what is to be
written down still. Reading only; one statement.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import and_, func, or_, select

from assist.domain.clock import local_date
from assist.domain.visits import RECORD_BACK, VisitKind, VisitStatus
from assist.models import Account, Enterprise, Unit, Visit
from assist.services import visit_access
from assist.services.work import Work

MOST = 20


@dataclass(frozen=True)
class DeskVisit:
    """One planned visit; `is_own`: the actor's; `is_over`: its day has passed and nothing was written down."""

    id: int
    visit_on: date
    kind: VisitKind
    enterprise: str
    who: str
    unit: str
    purpose: str
    is_own: bool
    is_over: bool


def week_visits(work: Work) -> list[DeskVisit]:
    """Up to the end of this week, the earliest first."""
    today = local_date(work.now)
    sunday = today + timedelta(days=6 - today.weekday())
    mine = Visit.account_id == work.actor.account_id
    at_mine = and_(Visit.enterprise_id.in_(visit_access.served(work.actor)), Visit.visit_on >= today)
    rows = work.session.execute(
        select(Visit, Enterprise.name, Enterprise.short_name, Account.name, Unit.name, Unit.short_name)
        .join(Enterprise, Enterprise.id == Visit.enterprise_id)
        .join(Account, Account.id == Visit.account_id)
        .outerjoin(Unit, Unit.id == Account.unit_id)
        .where(Visit.status == VisitStatus.PLANNED, Visit.visit_on <= sunday, or_(mine, at_mine))
        .order_by(Visit.visit_on, Visit.id)
        .limit(MOST)
    )
    return [
        DeskVisit(
            id=one.id,
            visit_on=one.visit_on,
            kind=one.kind,
            enterprise=short or name,
            who=who,
            unit=unit_short or unit or "",
            purpose=one.purpose,
            is_own=one.account_id == work.actor.account_id,
            is_over=one.visit_on < today,
        )
        for one, name, short, who, unit, unit_short in rows
    ]


def problem_count(work: Work) -> Any:
    """SQL: what visits of the last weeks found at an `Enterprise` and nobody has made a ticket of; to be correlated."""
    return (
        select(func.count())
        .select_from(Visit)
        .where(
            Visit.enterprise_id == Enterprise.id,
            Visit.visit_on >= local_date(work.now) - RECORD_BACK,
            Visit.status == VisitStatus.DONE,
            Visit.problems != "",
            Visit.ticket_id.is_(None),
        )
        .correlate(Enterprise)
        .scalar_subquery()
    )
