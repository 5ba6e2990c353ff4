"""The people around one ticket: its owner, those named in its events, the enterprise's contacts, the group's heads."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Integer, Select, String, bindparam, literal, select, union_all

from assist.domain.status import OPEN
from assist.models import Account, EnterpriseContact, StandIn, Ticket, Unit, WorkGroupMember
from assist.models.base import UtcDateTime
from assist.services.stand_ins import holds_at
from assist.services.work import Work


@dataclass(frozen=True)
class PersonLine:
    """Somebody one can turn to. `unit` is the short name where there is one."""

    id: int
    name: str
    phone: str
    position: str
    unit: str


@dataclass
class People:
    """`names` are of all accounts asked for, by id. `stand_in` acts for the owner now.

    `linked_number` is the ticket this one follows on, `merged_numbers` those merged into it.
    """

    owner: PersonLine | None = None
    stand_in: PersonLine | None = None
    contacts: list[PersonLine] = field(default_factory=list)
    heads: list[PersonLine] = field(default_factory=list)
    names: dict[int, str] = field(default_factory=dict)
    linked_number: str = ""
    merged_numbers: list[str] = field(default_factory=list)


def _accounts(kind: str, sort: Any) -> Select[Any]:
    return (
        select(
            literal(kind).label("kind"),
            Account.id,
            Account.name,
            Account.phone,
            Account.position,
            Unit.name.label("unit_name"),
            Unit.short_name.label("unit_short"),
            sort.label("sort"),
        )
        .select_from(Account)
        .outerjoin(Unit, Unit.id == Account.unit_id)
    )


def _everybody() -> Select[Any]:
    contacts = (
        _accounts("contact", EnterpriseContact.is_main.cast(Integer) * -1)
        .join(EnterpriseContact, EnterpriseContact.account_id == Account.id)
        .where(EnterpriseContact.enterprise_id == bindparam("enterprise_id"))
    )
    named = _accounts("account", literal(0)).where(Account.id.in_(bindparam("ids", expanding=True)))
    heads = (
        _accounts("head", WorkGroupMember.sort)
        .join(WorkGroupMember, WorkGroupMember.account_id == Account.id)
        .where(WorkGroupMember.work_group_id == bindparam("group_id"), WorkGroupMember.is_head)
    )
    acting = (
        _accounts("stand_in", literal(0))
        .join(StandIn, StandIn.stand_in_id == Account.id)
        .where(
            StandIn.officer_id == bindparam("stood_in_for_id"),
            holds_at(bindparam("now", type_=UtcDateTime())),
            Account.is_active,
        )
    )
    blank = literal("", String)
    linked = select(
        literal("linked"), Ticket.id, Ticket.number, blank, blank, blank, blank, literal(0)
    ).where(Ticket.id == bindparam("linked_id"))
    under = select(
        literal("merged"), Ticket.id, Ticket.number, blank, blank, blank, blank, literal(0)
    ).where(Ticket.parent_id == bindparam("ticket_id"))
    together = union_all(contacts, named, heads, acting, linked, under).subquery()
    return select(together).order_by(together.c.sort, together.c.id)


# Built once: putting a statement of this size together costs more than running it.
EVERYBODY = _everybody()


def read(work: Work, ticket: Ticket, others: Iterable[int]) -> People:
    """One statement. `others` are accounts whose names the events need."""
    asked = {
        "enterprise_id": ticket.enterprise_id,
        "ids": sorted({*others, *([ticket.owner_id] if ticket.owner_id else [])}),
        "group_id": ticket.enterprise.work_group_id,
        "stood_in_for_id": None if ticket.is_restricted or ticket.status not in OPEN else ticket.owner_id,
        "now": work.now,
        "linked_id": ticket.linked_id,
        "ticket_id": ticket.id,
    }
    found = People()
    for row in work.session.execute(EVERYBODY, asked):
        _put(found, ticket, row)
    return found


def _put(found: People, ticket: Ticket, row: Any) -> None:
    person = PersonLine(row.id, row.name, row.phone, row.position, row.unit_short or row.unit_name or "")
    if row.kind == "linked":
        found.linked_number = row.name
    elif row.kind == "merged":
        found.merged_numbers.append(row.name)
    elif row.kind == "stand_in":
        found.stand_in = person
    elif row.kind == "contact":
        found.contacts.append(person)
    elif row.kind == "head":
        found.heads.append(person)
    else:
        found.names[row.id] = row.name
        if row.id == ticket.owner_id:
            found.owner = person
