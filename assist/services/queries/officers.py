"""服务专员, 承办单位 and 工作组 as lists. Reading only; a fixed number of statements.

An area's coordinator sees the officers who serve his area or nobody. Not here: enterprises (`roster`).
"""

from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from assist.domain.errors import NotFound
from assist.domain.roles import Role
from assist.models import Account, Enterprise, Pairing, Unit, WorkGroup, WorkGroupMember
from assist.services.queries.roster import PAGE, like, scope
from assist.services.work import Work


def _serves_in(area_id: int) -> ColumnElement[bool]:
    return exists().where(
        Pairing.officer_id == Account.id,
        Pairing.ended_at.is_(None),
        Pairing.enterprise_id == Enterprise.id,
        Enterprise.area_id == area_id,
    )


def serves_anybody() -> ColumnElement[bool]:
    return exists().where(Pairing.officer_id == Account.id, Pairing.ended_at.is_(None))


def officers_in_sight(work: Work) -> list[ColumnElement[bool]]:
    """Conditions on `Account`: an officer this reader may see in the roster."""
    found: list[ColumnElement[bool]] = [Account.roles.like(f"%,{Role.OFFICER.value},%")]
    own = work.actor.area_id
    return found if own is None else [*found, or_(_serves_in(own), ~serves_anybody())]


def officers(
    work: Work, q: str = "", show: str = "", page: int = 1, size: int = PAGE
) -> tuple[list[Any], dict[int, list[Any]], int]:
    """(officers, by officer the enterprises he serves, how many there are). `show`: free, several, inactive."""
    load = (
        select(func.count())
        .where(Pairing.officer_id == Account.id, Pairing.ended_at.is_(None))
        .correlate(Account)
        .scalar_subquery()
    )
    query = select(
        Account.id,
        Account.name,
        Account.phone,
        Account.position,
        Account.username,
        Account.is_active,
        Account.last_login_at,
        Unit.name.label("unit_name"),
        Unit.short_name.label("unit_short"),
        load.label("load"),
        func.count().over().label("total"),
    ).outerjoin(Unit, Unit.id == Account.unit_id)
    query = query.where(*officers_in_sight(work), Account.is_active.is_(show != "inactive"))
    if q.strip():
        query = query.where(
            like(q, Account.name, Account.pinyin, Account.initials, Unit.name, Unit.short_name)
        )
    if show == "free":
        query = query.where(~serves_anybody())
    if show == "several":
        query = query.where(load > 1)
    query = query.order_by(Account.pinyin, Account.id).limit(size).offset((max(page, 1) - 1) * size)
    rows = list(work.session.execute(query))
    return rows, _served(work, [row.id for row in rows]), (rows[0].total if rows else 0)


def _served(work: Work, officer_ids: list[int]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {officer_id: [] for officer_id in officer_ids}
    rows = work.session.execute(
        select(Pairing.officer_id, Enterprise.id, Enterprise.name, Enterprise.short_name)
        .join(Enterprise, Enterprise.id == Pairing.enterprise_id)
        .where(Pairing.officer_id.in_(officer_ids), Pairing.ended_at.is_(None), *scope(work))
        .order_by(Enterprise.pinyin)
    )
    for row in rows:
        found[row.officer_id].append(row)
    return found


def officer_in_sight(work: Work, account_id: int) -> Account:
    """The officer if the reader's roster holds him; else NotFound."""
    found = work.session.scalar(select(Account).where(Account.id == account_id, *officers_in_sight(work)))
    if found is None:
        raise NotFound()
    return found


def units(work: Work) -> list[Any]:
    """Every unit with its active officers and handlers counted, city first, in their order."""
    held = (
        select(Account.unit_id, Account.roles)
        .where(Account.is_active, Account.unit_id.is_not(None))
        .subquery()
    )
    is_officer = held.c.roles.like(f"%,{Role.OFFICER.value},%")
    is_staff = held.c.roles.like(f"%,{Role.UNIT.value},%")
    query = (
        select(
            Unit.id,
            Unit.name,
            Unit.short_name,
            Unit.aliases,
            Unit.level,
            Unit.area_id,
            Unit.is_active,
            Unit.needs_signature,
            Unit.is_vertical,
            func.count().filter(is_officer).label("officers"),
            func.count().filter(is_staff).label("staff"),
        )
        .outerjoin(held, held.c.unit_id == Unit.id)
        .group_by(Unit.id)
        .order_by(Unit.is_active.desc(), Unit.level, Unit.sort, Unit.id)
    )
    return list(work.session.execute(query))


def work_groups(work: Work) -> list[Any]:
    """Work groups in the leaders' fixed order, with their people and how many enterprises each has."""
    served = (
        select(func.count())
        .where(Enterprise.work_group_id == WorkGroup.id, Enterprise.is_active, *scope(work))
        .correlate(WorkGroup)
        .scalar_subquery()
    )
    query = select(WorkGroup.id, WorkGroup.name, WorkGroup.sort, served.label("served"))
    return list(work.session.execute(query.order_by(WorkGroup.sort, WorkGroup.id)))


def group_people(work: Work) -> dict[int, list[Any]]:
    """By work group its leaders and members who have accounts, in their order."""
    found: dict[int, list[Any]] = {}
    rows = work.session.execute(
        select(WorkGroupMember.work_group_id, WorkGroupMember.is_head, Account.name, Account.position)
        .join(Account, and_(Account.id == WorkGroupMember.account_id, Account.is_active))
        .order_by(WorkGroupMember.is_head.desc(), WorkGroupMember.sort, WorkGroupMember.id)
    )
    for row in rows:
        found.setdefault(row.work_group_id, []).append(row)
    return found
