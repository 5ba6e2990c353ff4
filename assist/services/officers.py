"""服务专员 and 企业联系人 as people: taking an officer on, correcting a person's record, letting an officer rest.

Coordinators keep those whom they may also give a password (`accounts.may_reset`): people of the roster alone, of
their own area. Every deed is in the audit log.
"""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from assist.domain import phone
from assist.domain.cells import Unreadable, one_line
from assist.domain.errors import Conflict, Invalid, NotFound
from assist.domain.roles import Role
from assist.models import Account, Pairing, Unit
from assist.services import accounts, auditing, pinyin
from assist.services.passwords import OneTime
from assist.services.work import Work


@dataclass(frozen=True)
class PersonWords:
    """What is kept of a person; the unit is an officer's."""

    name: str
    phone: str
    position: str = ""
    unit_id: int | None = None


def take_on(work: Work, words: PersonWords, secret: OneTime) -> Account:
    """登记服务专员: a new account with a one-time password; the phone is the user name."""
    number = _number(work, words.phone)
    _unit(work, words.unit_id)
    new = accounts.NewAccount(
        username=number,
        name=words.name,
        roles=frozenset({Role.OFFICER}),
        phone=number,
        unit_id=words.unit_id,
        area_id=work.actor.area_id,
        position=words.position,
    )
    return accounts.create(work, new, secret)


def mine_to_keep(work: Work, account_id: int) -> Account:
    """A person of the roster whom the actor may change. Raises NotFound."""
    account = work.session.scalar(
        select(Account).options(joinedload(Account.unit)).where(Account.id == account_id)
    )
    if account is None or not accounts.may_reset(work, account):
        raise NotFound("没有找到这个人员，或不在您可以维护的范围内（兼有其他角色的请联系系统管理员）。")
    return account


def change(work: Work, account_id: int, words: PersonWords) -> Account:
    """Correct a person's record. Whose user name was his phone number goes on with the new one."""
    account = mine_to_keep(work, account_id)
    name = one_line(words.name)
    if not any(letter.isalpha() for letter in name):
        raise Invalid("请填写姓名。", "name")
    number = _number(work, words.phone, account)
    before = (account.name, account.phone, account.position, account.unit_id)
    if account.has(Role.OFFICER):
        _unit(work, words.unit_id)
        account.unit_id = words.unit_id
    if account.username == account.phone:
        account.username = number
    spelt = pinyin.person(name)
    account.name, account.pinyin, account.initials = name, spelt.full, spelt.initials
    account.phone, account.position = number, one_line(words.position)
    after = (account.name, account.phone, account.position, account.unit_id)
    changed = [
        what
        for what, old, new in zip(("姓名", "电话", "职务", "单位"), before, after, strict=True)
        if old != new
    ]
    if changed:
        auditing.record(work, "change_person", account.username, account_id=account.id, changed=changed)
    return account


def set_active(work: Work, account_id: int, is_active: bool) -> Account:
    """停用 or 启用 an officer. One who still serves an enterprise cannot rest; his sessions end."""
    account = mine_to_keep(work, account_id)
    if not account.has(Role.OFFICER):
        raise NotFound()
    if not is_active and serves_count(work, account.id):
        raise Conflict(f"{account.name}还有结对的企业，请先更换专员或结束结对。")
    if account.is_active != is_active:
        account.is_active = is_active
        account.session_version += 1
        auditing.record(work, "activate" if is_active else "deactivate", account.username, name=account.name)
    return account


def serves_count(work: Work, account_id: int) -> int:
    query = select(func.count()).where(Pairing.officer_id == account_id, Pairing.ended_at.is_(None))
    return work.session.scalar(query) or 0


def _number(work: Work, text: str, account: Account | None = None) -> str:
    """The phone number, which nobody else may log in with."""
    try:
        number = phone.normalise(text)
    except Unreadable as problem:
        raise Invalid(f"{problem.why}。", "phone") from None
    query = select(Account.name).where((Account.username == number) | (Account.phone == number))
    if account is not None:
        query = query.where(Account.id != account.id)
    if (other := work.session.scalars(query).first()) is not None:
        raise Invalid(f"这个电话已是“{other}”的，请核对。", "phone")
    return number


def _unit(work: Work, unit_id: int | None) -> None:
    unit = work.session.get(Unit, unit_id) if unit_id else None
    if unit is None or not unit.is_active:
        raise Invalid("请选择所在单位。", "unit")
