"""谁本月去过、将要去: what stands before whoever plans a visit, so that an enterprise is disturbed once. Reading only.

Unit staff are told the day, the unit and the purpose, not who comes and nothing of what came of it. Also here: which
enterprises the actor may visit at all.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from assist.domain.clock import local_date
from assist.domain.roles import Role
from assist.domain.visits import VisitKind, VisitStatus, month_span
from assist.models import Account, Area, Enterprise, Unit, Visit
from assist.services import visit_access, visit_budget
from assist.services.work import Work

S = VisitStatus
MOST = 2_000


@dataclass(frozen=True)
class There:
    """One visit of the two months as the reader may know it; `id` leads on where he may read it."""

    id: int
    visit_on: date
    kind: VisitKind
    status: VisitStatus
    unit: str
    who: str
    purpose: str
    planned_at: datetime
    is_own: bool
    may_read: bool
    may_join: bool


@dataclass(frozen=True)
class Month:
    """One calendar month of an enterprise: who was or will be there, how many count, of how many."""

    first_on: date
    visits: list[There]
    used: int
    budget: int

    @property
    def is_full(self) -> bool:
        return self.used >= self.budget


def months(work: Work, enterprise_id: int, after: int = 1) -> list[Month]:
    """This month and the next one(s) of an enterprise the actor may visit, in one statement."""
    today = local_date(work.now)
    firsts = [today.replace(day=1)]
    for _ in range(after):
        firsts.append(month_span(firsts[-1])[1])
    query = (
        select(
            Visit,
            Account.name.label("who"),
            Account.roles,
            Unit.name.label("unit_name"),
            Unit.short_name.label("unit_short"),
            visit_access.visible(work.actor).label("may_read"),
        )
        .join(Account, Account.id == Visit.account_id)
        .outerjoin(Unit, Unit.id == Account.unit_id)
        .where(
            Visit.enterprise_id == enterprise_id,
            Visit.status != S.CANCELLED,
            Visit.visit_on >= firsts[0],
            Visit.visit_on < month_span(firsts[-1])[1],
        )
        .order_by(Visit.visit_on, Visit.id)
    )
    rows = [_there(work, row, today) for row in work.session.execute(query)]
    limit = visit_budget.budget(work)
    found = []
    for first in firsts:
        there = [one for one in rows if month_span(one.visit_on)[0] == first]
        used = sum(one.status is not S.JOINED for one in there)
        found.append(Month(first, there, used, limit))
    return found


def _there(work: Work, row: Any, today: date) -> There:
    one: Visit = row.Visit
    is_own = one.account_id == work.actor.account_id
    return There(
        id=one.id,
        visit_on=one.visit_on,
        kind=one.kind,
        status=one.status,
        unit=row.unit_short or row.unit_name or office(row.roles),
        who=row.who if row.may_read else "",
        purpose=one.purpose,
        planned_at=one.planned_at,
        is_own=is_own,
        may_read=bool(row.may_read),
        may_join=one.status is S.PLANNED and not is_own and one.visit_on >= today,
    )


def office(roles: frozenset[Role]) -> str:
    """The office of somebody without a unit."""
    if Role.SUPERVISOR in roles:
        return "督查室"
    return "助企办" if Role.COORDINATOR in roles else "服务专员"


def unit_of(row: Any) -> str:
    """The visitor's unit, short where it has a short name; else the office."""
    return str(row.unit_short or row.unit_name or office(row.roles))


def choices(work: Work) -> list[tuple[str, list[tuple[int, str]]]]:
    """The enterprises the actor may visit, under their areas in the areas' order."""
    rows = work.session.execute(
        select(Area.name, Enterprise.id, Enterprise.name)
        .join(Area, Area.id == Enterprise.area_id)
        .where(visit_access.may_visit(work.actor))
        .order_by(Area.sort, Area.id, Enterprise.pinyin, Enterprise.id)
        .limit(MOST)
    )
    found: dict[str, list[tuple[int, str]]] = {}
    for area, row_id, name in rows:
        found.setdefault(area, []).append((row_id, name))
    return list(found.items())
