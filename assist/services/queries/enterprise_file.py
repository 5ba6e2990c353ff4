"""一企一档: one enterprise with everything its officer should know, inside what the reader may see. Reading only.

For its officer and who stands in for him, former officers (what was theirs), leaders of its work group, coordinators of
its area and supervisors. Others: NotFound. Five statements, whatever there is. What promises, themes and handovers are
is `enterprise_beside`.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    String,
    and_,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)

from assist.domain.clock import local_date
from assist.domain.errors import NotFound
from assist.domain.policy import Deed, may
from assist.domain.roles import Role
from assist.domain.visits import COUNTED, VisitStatus
from assist.models import (
    Account,
    Enterprise,
    EnterpriseContact,
    Pairing,
    Ticket,
    Unit,
    Visit,
    WorkGroup,
    WorkGroupMember,
)
from assist.models.base import UtcDateTime
from assist.models.ticket import is_open
from assist.services import access, visit_access, visit_budget
from assist.services.queries.enterprise_beside import Beside, beside
from assist.services.work import Work

MOST = 12
NOTHING, NO_TIME = literal("", String), cast(null(), UtcDateTime)


@dataclass(frozen=True)
class EnterpriseFile:
    """`is_served`: the reader serves it, or acts for who does; `is_former`: he did, and reads what was his."""

    enterprise: Enterprise
    group: str
    is_served: bool
    is_former: bool
    contacts: list[Any]
    heads: list[Any]
    pairings: list[Any]
    tickets: list[Any]
    ticket_counts: tuple[int, int, int]  # open, late, all
    visits: list[Any]
    visit_count: int
    month_used: int
    budget: int
    beside: Beside

    @property
    def officer(self) -> Any:
        return next((one for one in self.pairings if one.until is None), None)


def relations(work: Work) -> dict[str, ColumnElement[bool]]:
    """SQL conditions on `Enterprise`, by how the actor stands to it."""
    actor = work.actor
    found: dict[str, ColumnElement[bool]] = {}
    if not may(actor, Deed.SEE_ENTERPRISES):
        return found
    if actor.has(Role.OFFICER):
        served = select(Pairing.enterprise_id).where(Pairing.officer_id == actor.account_id)
        found["served"] = Enterprise.id.in_(visit_access.served(actor))
        found["former"] = Enterprise.id.in_(served.correlate(None))
    if actor.has(Role.LEADER):
        found["group"] = Enterprise.id.in_(visit_access.in_group(actor))
    if actor.has(Role.COORDINATOR):
        found["coordinator"] = literal(True) if actor.area_id is None else Enterprise.area_id == actor.area_id
    if actor.has(Role.SUPERVISOR):
        found["supervisor"] = literal(True)
    return found


def enterprise_file(work: Work, enterprise_id: int) -> EnterpriseFile:
    """Raises NotFound."""
    known = relations(work)
    row = None
    if known:
        row = work.session.execute(
            select(Enterprise, WorkGroup.name, *(one.label(name) for name, one in known.items()))
            .outerjoin(WorkGroup, WorkGroup.id == Enterprise.work_group_id)
            .where(Enterprise.id == enterprise_id, or_(*known.values()))
        ).one_or_none()
    if row is None:
        raise NotFound()
    held = {name for name, holds in zip(known, row[2:], strict=True) if holds}
    people = _people(work, row[0])
    tickets, visits = _tickets(work, enterprise_id), _visits(work, enterprise_id)
    first = tickets[0] if tickets else None
    return EnterpriseFile(
        enterprise=row[0],
        group=row[1] or "",
        is_served="served" in held,
        is_former=held == {"former"},
        contacts=[one for one in people if one.what == "contact"],
        heads=[one for one in people if one.what == "head"],
        pairings=[one for one in people if one.what == "pairing"],
        tickets=tickets,
        ticket_counts=(int(first.open_count), int(first.late_count), int(first.all_count)) if first else (0, 0, 0),
        visits=visits,
        visit_count=int(visits[0].total) if visits else 0,
        month_used=int(visits[0].used) if visits else 0,
        budget=visit_budget.budget(work),
        beside=beside(work, enterprise_id),
    )


def _person(what: str, since: Any, until: Any, sort: Any) -> Any:
    return select(
        literal(what).label("what"),
        Account.id.label("id"),
        Account.name.label("name"),
        Account.phone.label("phone"),
        Account.position.label("position"),
        func.coalesce(func.nullif(Unit.short_name, ""), Unit.name, "").label("unit"),
        since.label("since"),
        until.label("until"),
        sort.label("sort"),
    ).outerjoin(Unit, Unit.id == Account.unit_id)


def _people(work: Work, enterprise: Enterprise) -> list[Any]:
    """Contacts (the main one first), the group's heads in their order, officers (the active one, then the latest)."""
    main = case((EnterpriseContact.is_main, 0), else_=1)
    contacts = (
        _person("contact", NO_TIME, NO_TIME, main)
        .join(EnterpriseContact, EnterpriseContact.account_id == Account.id)
        .where(EnterpriseContact.enterprise_id == enterprise.id)
    )
    heads = (
        _person("head", NO_TIME, NO_TIME, WorkGroupMember.sort)
        .join(WorkGroupMember, WorkGroupMember.account_id == Account.id)
        .where(WorkGroupMember.work_group_id == enterprise.work_group_id, WorkGroupMember.is_head)
    )
    is_over = case((Pairing.ended_at.is_(None), 0), else_=1)
    officers = (
        _person("pairing", Pairing.started_at, Pairing.ended_at, is_over)
        .join(Pairing, Pairing.officer_id == Account.id)
        .where(Pairing.enterprise_id == enterprise.id)
    )
    every = union_all(contacts, heads, officers).subquery()
    return list(
        work.session.execute(select(every).order_by(every.c.sort, every.c.since.desc(), every.c.id))
    )


def _tickets(work: Work, enterprise_id: int) -> list[Any]:
    """The open ones, what is due first first, then the latest; each row with the counts of all."""
    is_late = and_(Ticket.due_at < work.now, is_open())
    query = select(
        Ticket.number,
        Ticket.title,
        Ticket.status,
        Ticket.submitted_at,
        Ticket.due_at,
        Ticket.closed_at,
        Ticket.category_id,
        Ticket.round_no,
        is_open().label("is_open"),
        func.count().over().label("all_count"),
        func.sum(case((is_open(), 1), else_=0)).over().label("open_count"),
        func.sum(case((is_late, 1), else_=0)).over().label("late_count"),
    ).where(Ticket.enterprise_id == enterprise_id)
    if not access.sees_all(work.actor):
        query = query.where(access.visible(work.actor))
    order = (case((is_open(), 0), else_=1), case((is_open(), Ticket.due_at)), Ticket.id.desc())
    return list(work.session.execute(query.order_by(*order).limit(MOST)))


def _visits(work: Work, enterprise_id: int) -> list[Any]:
    """The latest days first; each row with how many there are and how many count this month."""
    this_month = and_(Visit.status.in_(COUNTED), visit_budget.in_month(local_date(work.now)))
    query = (
        select(
            Visit,
            Account.name.label("who"),
            Account.roles,
            Unit.name.label("unit_name"),
            Unit.short_name.label("unit_short"),
            func.count().over().label("total"),
            func.sum(case((this_month, 1), else_=0)).over().label("used"),
        )
        .join(Account, Account.id == Visit.account_id)
        .outerjoin(Unit, Unit.id == Account.unit_id)
        .where(
            Visit.enterprise_id == enterprise_id,
            Visit.status != VisitStatus.CANCELLED,
            visit_access.visible(work.actor),
        )
        .order_by(Visit.visit_on.desc(), Visit.id.desc())
        .limit(MOST)
    )
    return list(work.session.execute(query))
