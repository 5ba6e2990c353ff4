"""工作组: who leads one and who belongs to it. Their fixed order is kept on the roster's page."""

from sqlalchemy import func, select

from assist.domain.errors import Conflict, Invalid
from assist.domain.roles import Role
from assist.models import Account, WorkGroup, WorkGroupMember
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
