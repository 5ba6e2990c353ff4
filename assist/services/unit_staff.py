"""承办人员: the accounts of a unit's people, kept by the coordinators who keep the unit. In the audit log.

`is_approver` signs the unit's replies, `is_head` hears of its red cards. Errors: NotFound outside the coordinator's
area, Invalid naming the field, Conflict.
"""

from dataclasses import dataclass

from sqlalchemy import select

from assist.domain import phone
from assist.domain.cells import Unreadable
from assist.domain.errors import Conflict, Invalid, NotFound
from assist.domain.roles import Role
from assist.domain.tasks import TASK_OPEN
from assist.models import Account, Task, Unit
from assist.models.account import holds
from assist.services import accounts, auditing, units
from assist.services.passwords import OneTime
from assist.services.work import Work


@dataclass(frozen=True)
class StaffWords:
    name: str
    phone: str
    position: str = ""
    is_approver: bool = False
    is_head: bool = False


def own_unit(work: Work) -> Unit:
    """The unit of the actor. Raises NotFound for whoever belongs to none."""
    unit = work.session.get(Unit, work.actor.unit_id) if work.actor.unit_id else None
    if unit is None:
        raise NotFound()
    return unit


def of(work: Work, unit_id: int) -> list[Account]:
    """A unit's people, those in use first."""
    query = select(Account).where(Account.unit_id == unit_id, holds(Role.UNIT))
    return list(work.session.scalars(query.order_by(Account.is_active.desc(), Account.id)))


def take_on(work: Work, unit_id: int, words: StaffWords, secret: OneTime) -> Account:
    """登记承办人员: a new account with a one-time password; the phone is the user name."""
    unit = units.in_scope(work, unit_id)
    if not unit.is_active:
        raise Conflict("这个单位已停用，不能登记承办人员。")
    try:
        number = phone.normalise(words.phone)
    except Unreadable as problem:
        raise Invalid(f"{problem.why}。", "phone") from None
    other = select(Account.name).where((Account.username == number) | (Account.phone == number))
    if (name := work.session.scalars(other).first()) is not None:
        raise Invalid(f"这个电话已是“{name}”的，请核对。", "phone")
    account = accounts.create(
        work,
        accounts.NewAccount(
            username=number,
            name=words.name,
            roles=frozenset({Role.UNIT}),
            phone=number,
            unit_id=unit.id,
            position=words.position,
            is_approver=words.is_approver,
        ),
        secret,
    )
    account.is_head = words.is_head
    return account


def find(work: Work, unit_id: int, account_id: int) -> Account:
    """One of a unit's people, for a coordinator who keeps the unit. Raises NotFound."""
    units.in_scope(work, unit_id)
    account = work.session.get(Account, account_id)
    if account is None or account.unit_id != unit_id or not account.has(Role.UNIT):
        raise NotFound()
    return account


def change(
    work: Work, unit_id: int, account_id: int, *, is_approver: bool, is_head: bool, is_active: bool
) -> Account:
    """Who signs, who is the named head, who may sign in. Sessions end with the use, and tasks go back to the unit."""
    account = find(work, unit_id, account_id)
    before = (account.is_approver, account.is_head, account.is_active)
    if before == (is_approver, is_head, is_active):
        return account
    unit = work.session.get_one(Unit, unit_id)
    loses_approver = account.is_approver and account.is_active and not (is_approver and is_active)
    if unit.needs_signature and loses_approver and not another_approver(work, account):
        raise Conflict("本单位的反馈须经签发，至少要有一名在用的签发人。")
    if account.is_active and not is_active:
        take_from_hand(work, account)
    account.is_approver, account.is_head, account.is_active = is_approver, is_head, is_active
    account.session_version += 1
    auditing.record(
        work,
        "change_staff",
        account.username,
        name=account.name,
        is_approver=is_approver,
        is_head=is_head,
        is_active=is_active,
    )
    return account


def another_approver(work: Work, account: Account) -> bool:
    """Whether somebody else of his unit signs."""
    query = select(Account.id).where(
        Account.unit_id == account.unit_id,
        Account.id != account.id,
        holds(Role.UNIT),
        Account.is_approver,
        Account.is_active,
    )
    return work.session.scalars(query).first() is not None


def take_from_hand(work: Work, account: Account) -> None:
    """Open tasks in the hands of somebody who leaves are the whole unit's again."""
    open_ones = select(Task).where(Task.handler_id == account.id, Task.status.in_(TASK_OPEN))
    for task in work.session.scalars(open_ones):
        task.handler_id = None
