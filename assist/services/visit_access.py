"""Loading a visit is authorising: whose it is to see, how he stands to it, whether he may act; and whom he may visit.

The visitor, the enterprise's officer (and who stands in for him), its work group, coordinators of its area and
supervisors read a visit whole; a former officer what was planned while he served; a unit's staff what their own unit
does. What others of a unit are told when they plan is `queries.visit_month`: a day, a unit and a purpose.
"""

from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, func, literal, or_, select
from sqlalchemy.orm import aliased, joinedload

from assist.domain.clock import local
from assist.domain.date_words import moment_text
from assist.domain.errors import Conflict, Forbidden, NotFound
from assist.domain.policy import Deed
from assist.domain.policy import may as may_do
from assist.domain.roles import Actor, Role
from assist.domain.visits import VISIT_ACTS, VisitAction, VisitRelation, VisitStatus, may_act
from assist.models import Account, Enterprise, Pairing, Unit, Visit, WorkGroupMember
from assist.models.account import holds
from assist.services.work import Work

R, S = VisitRelation, VisitStatus


def served(actor: Actor) -> Any:
    """SQL: the ids of the enterprises the actor serves now, or acts for."""
    query = select(Pairing.enterprise_id).where(
        Pairing.officer_id.in_(actor.officers), Pairing.ended_at.is_(None)
    )
    return query.correlate(None)


def in_group(actor: Actor) -> Any:
    """SQL: the ids of the enterprises whose work group the actor belongs to."""
    return (
        select(Enterprise.id)
        .join(WorkGroupMember, WorkGroupMember.work_group_id == Enterprise.work_group_id)
        .where(WorkGroupMember.account_id == actor.account_id)
        .correlate(None)
    )


@lru_cache(maxsize=256)
def conditions(actor: Actor) -> dict[VisitRelation, ColumnElement[bool]]:
    """For each relation the actor can have at all, the SQL condition on `Visit` under which he has it."""
    me = actor.account_id
    found: dict[VisitRelation, ColumnElement[bool]] = {R.OWN: Visit.account_id == me}
    readers: list[ColumnElement[bool]] = []
    if actor.has(Role.OFFICER):
        found[R.OFFICER] = Visit.enterprise_id.in_(served(actor))
        before = aliased(Pairing)
        his = and_(before.enterprise_id == Visit.enterprise_id, before.officer_id == me)
        readers.append(exists().where(his, before.ended_at >= Visit.planned_at))
    if actor.has(Role.LEADER):
        readers.append(Visit.enterprise_id.in_(in_group(actor)))
    if readers:
        found[R.READER] = or_(*readers)
    if actor.has(Role.UNIT) and actor.unit_id is not None:
        staff = select(Account.id).where(Account.unit_id == actor.unit_id, holds(Role.UNIT))
        found[R.COLLEAGUE] = Visit.account_id.in_(staff.correlate(None))
    if actor.has(Role.COORDINATOR):
        area = select(Enterprise.id).where(Enterprise.area_id == actor.area_id).correlate(None)
        found[R.COORDINATOR] = literal(True) if actor.area_id is None else Visit.enterprise_id.in_(area)
    if actor.has(Role.SUPERVISOR):
        found[R.SUPERVISOR] = literal(True)
    return found


@lru_cache(maxsize=256)
def visible(actor: Actor) -> ColumnElement[bool]:
    """SQL condition on `Visit`: this actor may read it. Without the deed, nothing."""
    if not may_do(actor, Deed.SEE_VISITS):
        return false()
    return or_(*conditions(actor).values())


def visit(work: Work, visit_id: int, *, lock: bool = False) -> tuple[Visit, frozenset[VisitRelation]]:
    """(the visit, how the actor stands to it). `lock`: for an act, held until the commit.

    Raises NotFound for an unknown one and for one that is not this person's to see.
    """
    known = conditions(work.actor)
    columns = [condition.label(f"is_{relation.value}") for relation, condition in known.items()]
    query: Any = select(Visit, *columns).where(Visit.id == visit_id, visible(work.actor))
    if lock:
        query = query.with_for_update(of=Visit, key_share=True).execution_options(populate_existing=True)
    else:
        query = query.options(joinedload(Visit.enterprise), joinedload(Visit.account))
    row = work.session.execute(query).one_or_none()
    if row is None:
        raise NotFound()
    held = frozenset(relation for relation, holds in zip(known, row[1:], strict=True) if holds)
    return row[0], held


def held(work: Work, visit_id: int) -> tuple[Visit, frozenset[VisitRelation]]:
    """As `visit`, for an act: its enterprise is locked first, then the visit, until the commit."""
    its = select(Visit.enterprise_id).where(Visit.id == visit_id).scalar_subquery()
    work.session.execute(select(Enterprise.id).where(Enterprise.id == its).with_for_update(key_share=True))
    return visit(work, visit_id, lock=True)


def check(work: Work, found: Visit, relations: frozenset[VisitRelation], action: VisitAction) -> None:
    """Raise unless the actor may do this now: Forbidden, Conflict (what it is by now, by whom and when)."""
    if not may_do(work.actor, Deed.VISIT) or not relations & VISIT_ACTS[action][0]:
        raise Forbidden(f"您没有对这次走访“{action.title}”的权限。")
    if not may_act(action, relations, found.status):
        raise Conflict(_already(work, found))


def _already(work: Work, found: Visit) -> str:
    """What it is by now; of what was written down, who and when."""
    who = found.account.name
    at = found.recorded_at or found.cancelled_at
    if at is not None:
        when = moment_text(at, local(work.now).year)
        by = f"{who} 已于{when}登记" if found.status is S.DONE else f"已于{when}取消"
        return f"这次走访{by}，您这次的操作没有生效。"
    return f"这次走访现在是“{found.status.title}”，您这次的操作没有生效。"


@lru_cache(maxsize=256)
def may_visit(actor: Actor) -> ColumnElement[bool]:
    """SQL condition on `Enterprise`: this actor may plan and write down visits to it.

    An officer those he serves or acts for; a unit's staff any, a county unit's those of its area; coordinators those of
    their area; supervisors any.
    """
    if not may_do(actor, Deed.VISIT):
        return false()
    allowed: list[ColumnElement[bool]] = []
    if actor.has(Role.SUPERVISOR):
        allowed.append(literal(True))
    if actor.has(Role.COORDINATOR):
        allowed.append(literal(True) if actor.area_id is None else Enterprise.area_id == actor.area_id)
    if actor.has(Role.OFFICER):
        allowed.append(Enterprise.id.in_(served(actor)))
    if actor.has(Role.UNIT) and actor.unit_id is not None:
        own = select(Unit.area_id).where(Unit.id == actor.unit_id).correlate(None).scalar_subquery()
        allowed.append(Enterprise.area_id == func.coalesce(own, Enterprise.area_id))
    return and_(Enterprise.is_active, or_(*allowed)) if allowed else false()


def enterprise(work: Work, enterprise_id: int, *, lock: bool = False) -> Enterprise:
    """One the actor may visit. `lock`: whoever counts its month counts alone until the commit. Raises NotFound."""
    query = select(Enterprise).where(Enterprise.id == enterprise_id, may_visit(work.actor))
    if lock:
        query = query.with_for_update(of=Enterprise, key_share=True)
    found = work.session.scalars(query).one_or_none()
    if found is None:
        raise NotFound("没有找到这家企业，或不在您可以走访的范围内。")
    return found
