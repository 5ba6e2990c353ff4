"""工作组: who leads one and who belongs to it: the city's coordinators and commands keep it. In the audit log.

Their fixed order is `units.move_group`.
"""

from typing import Any

from sqlalchemy import func, select

from assist.domain.errors import Conflict, Forbidden, Invalid, NotFound
from assist.domain.policy import Deed, may
from assist.domain.roles import Role
from assist.models import Account, WorkGroup, WorkGroupMember
from assist.models.account import holds
from assist.services import auditing
from assist.services.work import Work


def add_member(work: Work, username: str, group_name: str, *, is_head: bool) -> WorkGroupMember:
    """Put a leader's account into a work group. Raises Invalid (no such leader or group), Conflict (in it already)."""
    person = work.session.scalars(
        select(Account).where(Account.username == username, Account.is_active)
    ).one_or_none()
    if person is None or not person.has(Role.LEADER):
        raise Invalid(f"没有找到在用的工作组领导账号 {username}。")
    group = work.session.scalars(select(WorkGroup).where(WorkGroup.name == group_name)).one_or_none()
    if group is None:
        known = "、".join(work.session.scalars(select(WorkGroup.name).order_by(WorkGroup.sort).limit(20)))
        raise Invalid(f"没有名为“{group_name}”的工作组。现有：{known or '（无）'}。")
    return _put(work, group, person, is_head)


def put_in(work: Work, group_id: int, account_id: int, *, is_head: bool) -> WorkGroupMember:
    """The same by ids. Raises Forbidden, NotFound, Invalid (`person`), Conflict."""
    group = _kept(work, group_id)
    person = work.session.get(Account, account_id)
    if person is None or not person.is_active or not person.has(Role.LEADER):
        raise Invalid("请选择一位在用的工作组领导。", "person")
    return _put(work, group, person, is_head)


def take_out(work: Work, group_id: int, member_id: int) -> str:
    """移出工作组; returns the name. Raises Forbidden, NotFound."""
    group = _kept(work, group_id)
    member = work.session.get(WorkGroupMember, member_id)
    if member is None or member.work_group_id != group.id:
        raise NotFound()
    name = work.session.get_one(Account, member.account_id).name
    work.session.delete(member)
    work.session.flush()
    auditing.record(work, "remove_group_member", group.name, person=name)
    return name


def members(work: Work, group_id: int) -> tuple[WorkGroup, list[Any], list[Account]]:
    """(the group, its people in their order, the leaders in use who are not in it). Raises NotFound."""
    group = work.session.get(WorkGroup, group_id)
    if group is None:
        raise NotFound()
    query = (
        select(WorkGroupMember.id, WorkGroupMember.is_head, Account.name, Account.position, Account.is_active)
        .join(Account, Account.id == WorkGroupMember.account_id)
        .where(WorkGroupMember.work_group_id == group.id)
        .order_by(WorkGroupMember.is_head.desc(), WorkGroupMember.sort, WorkGroupMember.id)
    )
    inside = select(WorkGroupMember.account_id).where(WorkGroupMember.work_group_id == group.id)
    free = select(Account).where(holds(Role.LEADER), Account.is_active, Account.id.not_in(inside))
    return group, list(work.session.execute(query)), list(work.session.scalars(free.order_by(Account.id)))


def _kept(work: Work, group_id: int) -> WorkGroup:
    if not may(work.actor, Deed.KEEP_ROSTER) or work.actor.area_id is not None:
        raise Forbidden("工作组由市助企办维护。")
    group = work.session.get(WorkGroup, group_id, with_for_update=True)
    if group is None:
        raise NotFound()
    return group


def _put(work: Work, group: WorkGroup, person: Account, is_head: bool) -> WorkGroupMember:
    own = select(WorkGroupMember).where(WorkGroupMember.work_group_id == group.id)
    if work.session.scalars(own.where(WorkGroupMember.account_id == person.id)).first() is not None:
        raise Conflict(f"{person.name} 已在{group.name}中。")
    last = work.session.scalar(
        select(func.max(WorkGroupMember.sort)).where(WorkGroupMember.work_group_id == group.id)
    )
    member = WorkGroupMember(
        work_group_id=group.id, account_id=person.id, is_head=is_head, sort=(last or 0) + 1
    )
    work.session.add(member)
    work.session.flush()
    auditing.record(work, "add_group_member", group.name, person=person.name, is_head=is_head)
    return member
