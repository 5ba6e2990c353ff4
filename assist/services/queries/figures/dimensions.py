"""What figures are broken down by, each value as it was when a row counted: whose a ticket was then, its category then.

A dimension is one column or, for a crossing, two. An empty value is nobody's (a vacancy, no unit, no category yet).
"""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import (
    Integer,
    Select,
    and_,
    case,
    literal,
    literal_column,
    or_,
    select,
)
from sqlalchemy.orm import aliased

from assist.domain.tasks import TaskKind, TaskStatus
from assist.models import Account, Area, Category, Chain, Enterprise, Pairing, Task, Ticket, Unit
from assist.services.queries.figures.as_it_was import category_at
from assist.services.queries.figures.facts import AsOf, Counted, has_own_owner, own_owner_at, owner_at
from assist.services.work import Work

Column = Callable[[Counted, AsOf], Any]
NOBODY = 0  # as an id in addresses and snapshots
NEVER_THEIRS = (TaskStatus.RETURNED, TaskStatus.CANCELLED)


def lead_unit_at(as_of: AsOf) -> Any:
    """SQL: 承办单位 of a ticket: whose task in the lead was asked last by then and was not given back or cancelled."""
    task = aliased(Task)
    ended = task.status.in_(NEVER_THEIRS)
    query = select(task.unit_id).where(
        task.ticket_id == Ticket.id,
        task.kind == TaskKind.LEAD,
        task.asked_at <= as_of.at,
        case((ended, task.ended_at > as_of.at), else_=literal(True)),
    )
    return query.order_by(task.no.desc()).limit(1).correlate(Ticket).scalar_subquery()


def _chain() -> Any:
    return select(Enterprise.chain_id).where(Enterprise.id == Ticket.enterprise_id).correlate(Ticket).scalar_subquery()


def _unit(counted: Counted, as_of: AsOf) -> Any:
    return lead_unit_at(as_of) if counted.unit is None else counted.unit


def joined(query: Select[Any], counted: Counted, as_of: AsOf) -> tuple[Select[Any], dict[str, Any]]:
    """(the query, every dimension's column of it) for counting many rows at once: who was the officer is joined.

    An enterprise has one active officer at a time, so that no row is counted twice.
    """
    pairing = aliased(Pairing)
    then = and_(
        pairing.enterprise_id == Ticket.enterprise_id,
        pairing.started_at <= counted.at,
        or_(pairing.ended_at.is_(None), pairing.ended_at > counted.at),
    )
    found = {name: column(counted, as_of) for name, column in DIMENSIONS.items() if name != "officer"}
    found["officer"] = case((has_own_owner(), own_owner_at(counted.at)), else_=pairing.officer_id)
    return query.outerjoin(pairing, then), found


DIMENSIONS: dict[str, Column] = {
    "area": lambda counted, as_of: Ticket.area_id,
    "chain": lambda counted, as_of: _chain(),
    "category": lambda counted, as_of: category_at(as_of),
    "unit": _unit,
    "officer": lambda counted, as_of: owner_at(counted.at),
    "enterprise": lambda counted, as_of: Ticket.enterprise_id,
}
DIMENSION_TITLES = {
    "area": "县（市、区）",
    "chain": "产业链",
    "category": "类别",
    "unit": "承办单位",
    "officer": "责任专员",
    "enterprise": "企业",
}
# Two dimensions at once, for heat tables.
CROSSINGS = {"area_category": ("area", "category")}
WITHOUT = {"category": "未定类别", "officer": "无专员", "unit": "无承办单位", "chain": "未分产业链"}


def columns(dimension: str, counted: Counted, as_of: AsOf) -> tuple[Any, Any]:
    """(key, other) of a dimension, a crossing or the whole city."""
    zero = literal_column("0", Integer)
    if dimension == "city":
        return zero, zero
    if dimension in CROSSINGS:
        first, second = CROSSINGS[dimension]
        return DIMENSIONS[first](counted, as_of), DIMENSIONS[second](counted, as_of)
    return DIMENSIONS[dimension](counted, as_of), zero


def names_of(work: Work, dimension: str, ids: Sequence[Any]) -> dict[Any, str]:
    """What the values of a dimension are called; an empty one is 未定类别, 无专员 …"""
    nobody = {None: WITHOUT.get(dimension, "未定"), NOBODY: WITHOUT.get(dimension, "未定")}
    if dimension == "area":
        return {found: work.settings.areas[found].name for found in ids if found in work.settings.areas}
    if dimension == "category":
        named = {found: entry.name for found, entry in work.settings.categories.items() if found in ids}
        return {**named, **nobody}
    if dimension == "chain":
        return {**{found: name for found, name in work.settings.chains.items() if found in ids}, **nobody}
    source, name = SOURCES[dimension][:2]
    rows = work.session.execute(select(source.id, name).where(source.id.in_([one for one in ids if one])))
    return {**{row[0]: row[1] for row in rows}, **nobody}


# Where the names of a dimension are kept, and their usual order.
SOURCES: dict[str, tuple[Any, Any, Any]] = {
    "area": (Area, Area.name, Area.sort),
    "chain": (Chain, Chain.name, Chain.sort),
    "category": (Category, Category.name, Category.sort),
    "unit": (Unit, case((Unit.short_name == "", Unit.name), else_=Unit.short_name), Unit.sort),
    "officer": (Account, Account.name, literal_column("0", Integer)),
    "enterprise": (Enterprise, Enterprise.name, literal_column("0", Integer)),
}
