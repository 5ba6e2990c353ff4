"""Loading a 督办 is authorising: whose it is to see, how he stands to it, and whether he may act on it.

Supervisors see all, proposals too. Once issued it is read by the ticket's case side, by the staff of the unit it is
addressed to (and of the ticket only what the task shows), and by nobody of the enterprise. Who may do what is
`policy.SUPERVISION_ACTS`, what is legal `domain.supervision`. Acts lock the ticket first, then the supervision.
"""

from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, literal, or_, select

from assist.domain import policy
from assist.domain.clock import local
from assist.domain.date_words import moment_text
from assist.domain.errors import Conflict, Forbidden, NotFound
from assist.domain.policy import HANDLERS, INTERNAL_READERS, Relation, SupervisionRelation
from assist.domain.roles import Actor, Role
from assist.domain.supervision import UNISSUED, Addressee, SupervisionAction, SupervisionStatus
from assist.models import Account, Supervision, Ticket
from assist.models.account import holds
from assist.services import access
from assist.services.work import Work

SR, S = SupervisionRelation, SupervisionStatus
R = Relation


def of_own_unit(actor: Actor) -> ColumnElement[bool]:
    """SQL condition on `Supervision` and its `Ticket`: addressed to this actor's unit."""
    if not actor.has(Role.UNIT) or actor.unit_id is None:
        return false()
    return and_(Supervision.unit_id == actor.unit_id, Ticket.is_restricted.is_(False))


def visible(actor: Actor) -> ColumnElement[bool]:
    """SQL condition on `Supervision` and its `Ticket`: this actor may read it."""
    seen = access.seen_by(actor, INTERNAL_READERS - {R.SUPERVISOR})
    issued = and_(Supervision.status.not_in(UNISSUED), or_(of_own_unit(actor), *seen))
    return literal(True) if actor.has(Role.SUPERVISOR) else issued


def owed_by(actor: Actor) -> ColumnElement[bool]:
    """SQL condition on `Supervision` and its `Ticket`: it waits for this actor's reply."""
    owed = [and_(Supervision.addressee == Addressee.UNIT, of_own_unit(actor))]
    conditions = access.relation_conditions(actor)
    for relation in (R.OWNER, R.STAND_IN):
        if relation in conditions:
            owed.append(and_(Supervision.addressee == Addressee.OWNER, conditions[relation]))
    if actor.has(Role.COORDINATOR):
        owed.append(and_(Supervision.addressee == Addressee.AREA, _answers_for_area(actor)))
    return and_(Supervision.status == S.ISSUED, or_(*owed))


def _answers_for_area(actor: Actor) -> ColumnElement[bool]:
    """The area's own coordinators; the city's where an area has none."""
    mine = and_(Ticket.area_id == actor.area_id, Ticket.is_restricted.is_(False))
    if actor.area_id is not None:
        return mine
    others = exists().where(
        Account.area_id == Ticket.area_id, Account.is_active, holds(Role.COORDINATOR)
    )
    return and_(~others, Ticket.is_restricted.is_(False))


def supervision(
    work: Work, supervision_id: int, *, lock: bool = False
) -> tuple[Supervision, frozenset[SupervisionRelation]]:
    """(the supervision, how the actor stands to it). `lock`: for an act, held until the commit.

    Raises NotFound for an unknown one and for one that is not this person's to see.
    """
    actor = work.actor
    conditions = access.relation_conditions(actor)
    columns = [condition.label(f"is_{relation.value}") for relation, condition in conditions.items()]
    for_area = _answers_for_area(actor) if actor.has(Role.COORDINATOR) else false()
    owes = or_(
        and_(Supervision.addressee == Addressee.UNIT, of_own_unit(actor)),
        and_(Supervision.addressee == Addressee.AREA, for_area),
    )
    query: Any = (
        select(Supervision.id, owes.label("owes"), *columns)
        .join(Supervision.ticket)
        .where(Supervision.id == supervision_id, visible(actor))
    )
    if lock:
        query = query.add_columns(Ticket).with_for_update(of=Ticket, key_share=True)
        query = query.execution_options(populate_existing=True)
    row = work.session.execute(query).one_or_none()
    if row is None:
        raise NotFound()
    whole = select(Supervision).where(Supervision.id == supervision_id)
    if lock:
        whole = whole.with_for_update(of=Supervision, key_share=True)
        whole = whole.execution_options(populate_existing=True)
    found = work.session.scalars(whole).one()
    held = frozenset(
        relation for relation, holds in zip(conditions, row[2 : 2 + len(columns)], strict=True) if holds
    )
    if lock and R.STAND_IN in held:
        held = access.still(work, found.ticket, held)
    work.relations[found.ticket_id] = held
    return found, _relations(found, held, owes=bool(row.owes))


def _relations(
    found: Supervision, held: frozenset[Relation], *, owes: bool
) -> frozenset[SupervisionRelation]:
    """Nobody supervises himself: who works on the ticket is no supervisor of it."""
    standing = {SR.READER}
    if R.SUPERVISOR in held and not held & HANDLERS:
        standing.add(SR.SUPERVISOR)
    if owes or (found.addressee is Addressee.OWNER and held & policy.OWNERS):
        standing.add(SR.ADDRESSEE)
    return frozenset(standing)


def may(
    found: Supervision, relations: frozenset[SupervisionRelation], action: SupervisionAction
) -> bool:
    """Whether the actor may do this to the supervision as it stands now."""
    return policy.may_act_on_supervision(action, relations, found.status, found.level)


def check(
    work: Work,
    found: Supervision,
    relations: frozenset[SupervisionRelation],
    action: SupervisionAction,
) -> None:
    """Raise unless the actor may do this now: Forbidden, Conflict (what it is by now, by whom and when)."""
    if not relations & policy.SUPERVISION_ACTS[action]:
        raise Forbidden(f"您没有对这件督办“{action.title}”的权限。")
    if not may(found, relations, action):
        raise Conflict(_already(work, found, action))


def _already(work: Work, found: Supervision, action: SupervisionAction) -> str:
    """王督 已于11月23日09:30签发（聊助企督〔2026〕3号），您这次的操作没有生效。"""
    last = [
        (found.settled_at, found.settled_by_id, found.status.title),
        (found.replied_at, found.replied_by_id, "反馈"),
        (found.issued_at, found.issued_by_id, f"签发（{found.number}）"),
    ]
    year = local(work.now).year
    for at, by_id, what in last:
        if at is not None:
            by = work.session.get(Account, by_id) if by_id else None
            who = by.name if by is not None else "系统"
            return f"{who} 已于{moment_text(at, year)}办理（{what}），您这次的操作没有生效，填写的内容已为您保留。"
    return f"这件督办现在是“{found.status.title}”，不能“{action.title}”。"
