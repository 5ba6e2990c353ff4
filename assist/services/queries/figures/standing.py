"""What stands as of now: open tickets by their age, and by whose they are. By the partial indexes of open tickets.

Ages are working days since submission, by the calendar; an age is a span of dates, so that its list is the same query.
Officers' load leaves restricted matters out: those are with the person named for them.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import case, func, select

from assist.domain.clock import local_date
from assist.domain.rates import days
from assist.domain.roles import Role
from assist.models import Account, Enterprise, Pairing, Ticket, Unit, WorkGroupMember
from assist.models.ticket import is_open
from assist.services.access import sees_all, visible
from assist.services.queries.figures.narrowing import Narrowing
from assist.services.work import Work

AGES = (3, 7, 15, 30)  # working days
LOADS = ((0, 0), (1, 2), (3, 5), (6, 10), (11, 20), (21, None))
LONG_AGO = date(2000, 1, 1)


@dataclass(frozen=True)
class Age:
    """Open tickets submitted between two dates: `least` to `most` working days old (None: and older)."""

    least: int
    most: int | None
    since: date
    until: date
    open: int
    late: int


@dataclass(frozen=True)
class Load:
    """One officer: what is open with him, what of it is late."""

    id: int
    name: str
    unit: str
    open: int
    late: int


def ages(work: Work, narrowing: Narrowing) -> list[Age]:
    """The youngest first. One statement."""
    spans = _spans(work)
    place = case(
        *((Ticket.submitted_at >= days(since, since).start, number) for number, (_, _, since, _) in enumerate(spans)),
        else_=len(spans) - 1,
    ).label("place")
    late = func.count().filter(Ticket.due_at < work.now)
    query = select(place, func.count(), late).where(*_open(work, narrowing)).group_by(place)
    found = {row[0]: (int(row[1]), int(row[2])) for row in work.session.execute(query)}
    return [Age(*span, *found.get(number, (0, 0))) for number, span in enumerate(spans)]


def _spans(work: Work) -> list[tuple[int, int | None, date, date]]:
    """(least, most, first date, last date) of each age."""
    until, least, found = local_date(work.now), 0, []
    on = until
    for most in AGES:
        while _age(work, on - timedelta(days=1)) <= most:
            on -= timedelta(days=1)
        found.append((least, most, on, until))
        until, least = on - timedelta(days=1), most + 1
    return [*found, (least, None, LONG_AGO, until)]


def _age(work: Work, on: date) -> int:
    return work.settings.calendar.workdays_between(days(on, on).start, work.now)


def _open(work: Work, narrowing: Narrowing) -> list[Any]:
    found: list[Any] = [is_open()]
    if not sees_all(work.actor):
        found.append(visible(work.actor))
    if narrowing.condition is not None:
        found.append(narrowing.condition)
    return found


def loads(work: Work, narrowing: Narrowing) -> list[Load]:
    """Every officer of an enterprise in the reader's scope, by name. One statement."""
    owned = (
        select(
            Ticket.owner_id,
            func.count().label("open"),
            func.count().filter(Ticket.due_at < work.now).label("late"),
        )
        .where(*_open(work, narrowing), Ticket.is_restricted.is_(False), Ticket.owner_id.is_not(None))
        .group_by(Ticket.owner_id)
        .subquery()
    )
    unit = case((Unit.short_name == "", Unit.name), else_=Unit.short_name)
    rows = work.session.execute(
        select(Account.id, Account.name, unit, owned.c.open, owned.c.late)
        .outerjoin(owned, owned.c.owner_id == Account.id)
        .outerjoin(Unit, Unit.id == Account.unit_id)
        .where(Account.id.in_(_officers(work, narrowing)))
        .order_by(Account.pinyin, Account.id)
    )
    return [Load(row[0], row[1], row[2] or "", *(int(value or 0) for value in row[3:])) for row in rows]


def _officers(work: Work, narrowing: Narrowing) -> Any:
    """The active officers of the enterprises in scope."""
    query = select(Pairing.officer_id).join(Enterprise, Enterprise.id == Pairing.enterprise_id)
    query = query.where(Pairing.ended_at.is_(None), *narrowing.of_enterprise)
    actor = work.actor
    if actor.has(Role.SUPERVISOR) or (actor.has(Role.COORDINATOR) and actor.area_id is None):
        return query
    if actor.has(Role.COORDINATOR):
        return query.where(Enterprise.area_id == actor.area_id)
    return query.join(WorkGroupMember, WorkGroupMember.work_group_id == Enterprise.work_group_id).where(
        WorkGroupMember.account_id == actor.account_id
    )


def loaded(found: list[Load], least: int, most: int | None) -> list[Load]:
    """Those with so many open tickets."""
    return [one for one in found if one.open >= least and (most is None or one.open <= most)]
