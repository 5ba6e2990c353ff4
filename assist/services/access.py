"""Loading is authorising: the one way to a ticket for a person, and the same words as a filter for lists.

`ticket` loads by number for this actor or raises `NotFound`; the relations it found are kept on the work, so that
`require` (called by every act) needs no further query. Rules are in `domain.policy`.
"""

from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, false, literal, or_, select, union_all
from sqlalchemy.orm import aliased, joinedload

from assist.domain import policy
from assist.domain.errors import Forbidden, NotFound
from assist.domain.policy import READERS, READERS_OF_RESTRICTED, Relation, Standing
from assist.domain.roles import Actor, Role
from assist.domain.transitions import Action
from assist.models import Enterprise, EnterpriseContact, Pairing, Ticket, WorkGroupMember
from assist.services import stand_ins
from assist.services.work import Work


@lru_cache(maxsize=256)
def relation_conditions(actor: Actor) -> dict[Relation, ColumnElement[bool]]:
    """For each relation this actor can have at all, the SQL condition on `Ticket` under which he has it."""
    me = actor.account_id
    found: dict[Relation, ColumnElement[bool]] = {}
    if me is None:
        return {Relation.SYSTEM: literal(True)}
    if actor.has(Role.ENTERPRISE):
        found[Relation.CONTACT] = Ticket.enterprise_id.in_(
            select(EnterpriseContact.enterprise_id).where(EnterpriseContact.account_id == me)
        )
    if actor.has(Role.OFFICER, Role.SUPERVISOR, Role.COORDINATOR):
        found[Relation.OWNER] = Ticket.owner_id == me
    if actor.stands_in_for:
        found[Relation.STAND_IN] = and_(
            Ticket.owner_id.in_(actor.stands_in_for), Ticket.is_restricted.is_(False)
        )
    if actor.has(Role.OFFICER):
        served = aliased(Pairing)
        # The first half says nothing new: it leads both engines to the tickets by their enterprise.
        found[Relation.FORMER] = and_(
            Ticket.enterprise_id.in_(select(Pairing.enterprise_id).where(Pairing.officer_id == me)),
            exists().where(
                served.enterprise_id == Ticket.enterprise_id,
                served.officer_id == me,
                or_(served.ended_at.is_(None), served.ended_at >= Ticket.submitted_at),
            ),
        )
    if actor.has(Role.LEADER):
        found[Relation.GROUP] = Ticket.enterprise_id.in_(enterprises_of_groups(me))
    if actor.has(Role.COORDINATOR):
        found[Relation.COORDINATOR] = (
            literal(True) if actor.area_id is None else Ticket.area_id == actor.area_id
        )
    if actor.has(Role.SUPERVISOR):
        found[Relation.SUPERVISOR] = literal(True)
    return found


def visible(actor: Actor) -> ColumnElement[bool]:
    """SQL condition: this actor may see the ticket. The same answer as `policy.may_see`, for lists.

    An officer's few tickets are gathered one relation after the other: an OR of them would lead through all tickets.
    """
    allowed = seen_by(actor)
    if len(allowed) > 1 and actor.has(Role.OFFICER) and not actor.has(Role.SUPERVISOR, Role.COORDINATOR):
        return Ticket.id.in_(union_all(*(select(Ticket.id).where(one).correlate(None) for one in allowed)))
    return or_(*allowed) if allowed else false()


def visible_among_few(actor: Actor) -> ColumnElement[bool]:
    """The same where something else leads to few tickets, as the times of a month do. The zero keeps the engine from
    going through all that a leader's enterprises ever asked."""
    if actor.roles == {Role.LEADER} and not actor.stands_in_for and actor.account_id is not None:
        own = (Ticket.enterprise_id + 0).in_(enterprises_of_groups(actor.account_id))
        return and_(own, Ticket.is_restricted.is_(False))
    return visible(actor)


def enterprises_of_groups(account_id: int) -> Select[Any]:
    """The enterprises that the work groups of a leader serve."""
    return (
        select(Enterprise.id)
        .join(WorkGroupMember, WorkGroupMember.work_group_id == Enterprise.work_group_id)
        .where(WorkGroupMember.account_id == account_id)
    )


def seen_by(actor: Actor, readers: frozenset[Relation] = READERS) -> list[ColumnElement[bool]]:
    """One condition for each relation (of these) by which this actor may see a ticket."""
    allowed: list[ColumnElement[bool]] = []
    for relation, condition in relation_conditions(actor).items():
        if relation not in readers:
            continue
        if relation in READERS_OF_RESTRICTED:
            allowed.append(condition)
        else:
            allowed.append(and_(condition, Ticket.is_restricted.is_(False)))
    return allowed


def sees_all(actor: Actor) -> bool:
    """Whether every ticket is this actor's to see, so that a list needs no filter at all."""
    return actor.is_system or actor.has(Role.SUPERVISOR)


def _query(work: Work) -> tuple[Select[Any], list[Relation]]:
    conditions = relation_conditions(work.actor)
    columns = [condition.label(f"is_{relation.value}") for relation, condition in conditions.items()]
    allowed = seen_by(work.actor)
    query: Any = select(Ticket, *columns).where(or_(*allowed) if allowed else false())
    return query, list(conditions)


def _load(work: Work, condition: ColumnElement[bool], lock: bool) -> Ticket:
    query, relations = _query(work)
    query = query.where(condition)
    if lock:
        # Not the key itself: a reminder or a message that points to this ticket may be written meanwhile.
        query = query.with_for_update(of=Ticket, key_share=True)
    else:
        query = query.options(
            joinedload(Ticket.enterprise), joinedload(Ticket.owner), joinedload(Ticket.category)
        )
    row = work.session.execute(query).one_or_none()
    if row is None:
        raise NotFound()
    ticket: Ticket = row[0]
    held = frozenset(relation for relation, holds in zip(relations, row[1:], strict=True) if holds)
    if lock and Relation.STAND_IN in held:
        held = still(work, ticket, held)
    work.relations[ticket.id] = held
    return ticket


def still(work: Work, ticket: Ticket, held: frozenset[Relation]) -> frozenset[Relation]:
    """Whoever waited for the lock may have been a stand-in when he asked, and be none now. Raises NotFound."""
    if ticket.owner_id in stand_ins.of(work.session, work.actor.account_id or 0, work.now):
        return held
    left = held - {Relation.STAND_IN}
    if not policy.may_see(Standing(left, ticket.status, ticket.is_restricted)):
        raise NotFound()
    return left


def ticket(work: Work, number: str, *, lock: bool = False) -> Ticket:
    """The ticket of this number if the actor may see it. `lock`: for an act, held until the commit.

    Raises NotFound for an unknown number and for another's ticket alike.
    """
    return _load(work, Ticket.number == number, lock)


def ticket_by_id(work: Work, ticket_id: int, *, lock: bool = False) -> Ticket:
    """As `ticket`, by id."""
    return _load(work, Ticket.id == ticket_id, lock)


@lru_cache(maxsize=256)
def _relations(actor: Actor) -> tuple[list[Relation], Select[Any]]:
    """Which relations this actor can have at all, and the statement that asks for a ticket. Built once an actor."""
    conditions = relation_conditions(actor)
    query: Any = select(*conditions.values()).where(Ticket.id == bindparam("asked_id"))
    return list(conditions), query


def standing(work: Work, found: Ticket) -> Standing:
    """How the actor stands to a ticket now. Asks the database only if `ticket` has not loaded it in this work."""
    if work.actor.is_system:
        return Standing(frozenset({Relation.SYSTEM}), found.status, found.is_restricted)
    if found.id not in work.relations:
        relations, query = _relations(work.actor)
        row = work.session.execute(query, {"asked_id": found.id}).one()
        work.relations[found.id] = frozenset(
            relation for relation, holds in zip(relations, row, strict=True) if holds
        )
    return Standing(work.relations[found.id], found.status, found.is_restricted)


def acting_for(work: Work, found: Ticket, action: Action) -> int | None:
    """For whom the actor acts on this ticket: the owner he stands in for; None when he acts for himself.

    What is not an owner's to do he does in a capacity of his own (a coordinator's, say).
    """
    relations = work.relations.get(found.id, frozenset())
    stands_in = Relation.STAND_IN in relations and Relation.OWNER not in relations
    is_owners = Relation.STAND_IN in policy.TICKET_ACTS.get(action, policy.OWNERS)
    return found.owner_id if stands_in and is_owners else None


def require(work: Work, found: Ticket, action: Action) -> None:
    """Raise Forbidden unless the actor's relation allows the act at all, whatever the ticket's status."""
    now = standing(work, found)
    if not policy.may_see(now):
        raise NotFound()
    if not policy.is_theirs(action, now.relations):
        raise Forbidden(f"您没有对这件诉求“{action.title}”的权限。")
