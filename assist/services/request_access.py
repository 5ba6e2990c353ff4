"""Loading a request is authorising: whose it is to see, and whose to decide; the same words filter lists.

The case side sees a request with its ticket, a unit those about its own tasks, an enterprise none here (what concerns
it stands on its ticket). Who decides says `request.decider`: never who asked, nor who acts for him; and, but for what
a unit asks of the owner, never who works on the ticket. Acts lock the ticket first, then the request.
"""

from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, or_, select
from sqlalchemy.orm import joinedload

from assist.domain.errors import NotFound
from assist.domain.policy import INTERNAL_READERS, Relation
from assist.domain.requests import RequestStatus
from assist.domain.roles import Actor, Role
from assist.domain.status import ClockHolder
from assist.models import Enterprise, Request, Ticket, WorkGroupMember
from assist.services import access
from assist.services.work import Work

H = ClockHolder


def of_own_unit(actor: Actor) -> ColumnElement[bool]:
    """SQL condition on `Request` and its `Ticket`: this actor's unit asked it, about a task that is its own to see."""
    if not actor.has(Role.UNIT) or actor.unit_id is None:
        return false()
    return and_(Request.unit_id == actor.unit_id, Ticket.is_restricted.is_(False))


def visible(actor: Actor) -> ColumnElement[bool]:
    """SQL condition on `Request` and its `Ticket`: this actor may read it."""
    return or_(of_own_unit(actor), *access.seen_by(actor, INTERNAL_READERS))


def asked_by(actor: Actor) -> ColumnElement[bool]:
    """SQL condition: asked by this actor, by whom he acts for, or by his unit."""
    return or_(Request.asked_by_id.in_(actor.officers), of_own_unit(actor))


def decidable_by(actor: Actor) -> ColumnElement[bool]:
    """SQL condition on `Request` and its `Ticket`: this is the person who decides it, or one of them."""
    me = actor.account_id
    if me is None:
        return false()
    offices: list[ColumnElement[bool]] = []
    open_matter = Ticket.is_restricted.is_(False)
    if actor.has(Role.COORDINATOR) and actor.area_id is None:
        offices.append(and_(Request.decider.in_([H.COORDINATOR, H.CITY]), open_matter))
    elif actor.has(Role.COORDINATOR):
        offices.append(and_(Request.decider == H.COORDINATOR, Ticket.area_id == actor.area_id, open_matter))
    if actor.has(Role.SUPERVISOR):
        offices.append(Request.decider == H.SUPERVISOR)
    if actor.has(Role.LEADER):
        offices.append(and_(Request.decider == H.LEADER, _heads_group_of(me), open_matter))
    # Who works on the ticket decides nothing about it, but for what a unit asks of him.
    others_case = or_(Ticket.owner_id.is_(None), Ticket.owner_id.not_in(actor.officers))
    found = [and_(others_case, or_(*offices))] if offices else []
    if actor.has(Role.OFFICER, Role.SUPERVISOR, Role.COORDINATOR) or actor.stands_in_for:
        found.append(and_(Request.decider == H.OWNER, _own_case(actor)))
    not_own = or_(Request.asked_by_id.is_(None), Request.asked_by_id.not_in(actor.officers))
    return and_(not_own, or_(*found)) if found else false()


def _own_case(actor: Actor) -> ColumnElement[bool]:
    conditions = access.relation_conditions(actor)
    return or_(*(conditions[one] for one in (Relation.OWNER, Relation.STAND_IN) if one in conditions))


def _heads_group_of(account_id: int) -> ColumnElement[bool]:
    return exists().where(
        Enterprise.id == Ticket.enterprise_id,
        WorkGroupMember.work_group_id == Enterprise.work_group_id,
        WorkGroupMember.account_id == account_id,
        WorkGroupMember.is_head,
    )


def has_head(work: Work, enterprise_id: int) -> bool:
    """Whether the enterprise's work group has a leader who can be asked."""
    query = select(WorkGroupMember.id).join(
        Enterprise, Enterprise.work_group_id == WorkGroupMember.work_group_id
    )
    query = query.where(Enterprise.id == enterprise_id, WorkGroupMember.is_head).limit(1)
    return work.session.scalar(query) is not None


def load(work: Work, request_id: int, *, lock: bool = False) -> tuple[Request, bool]:
    """(the request, whether the actor is one of those who decide it). `lock`: for an act, held until the commit.

    Raises NotFound for an unknown one and for one that is not this person's to see.
    """
    conditions = access.relation_conditions(work.actor)
    columns = [condition.label(f"is_{relation.value}") for relation, condition in conditions.items()]
    query: Any = (
        select(Request.id, decidable_by(work.actor).label("decides"), *columns)
        .join(Request.ticket)
        .where(Request.id == request_id, visible(work.actor))
    )
    if lock:
        query = query.add_columns(Ticket).with_for_update(of=Ticket, key_share=True)
        query = query.execution_options(populate_existing=True)
    row = work.session.execute(query).one_or_none()
    if row is None:
        raise NotFound()
    whole = select(Request).where(Request.id == request_id)
    if not lock:
        whole = whole.options(joinedload(Request.task))
    else:
        whole = whole.with_for_update(of=Request, key_share=True).execution_options(populate_existing=True)
    found = work.session.scalars(whole).one()
    work.relations[found.ticket_id] = frozenset(
        relation for relation, holds in zip(conditions, row[2 : 2 + len(columns)], strict=True) if holds
    )
    return found, bool(row.decides)


def is_decider(found: Request, decides: bool) -> bool:
    """Whether the button is this person's now."""
    return decides and found.status is RequestStatus.PENDING
