"""名录: keeping enterprises and their contacts. Who serves them is `pairing`, people's accounts are `officers`.

Every deed is in the audit log. Errors: NotFound outside the coordinator's area, Invalid naming the field, Conflict.
"""

from dataclasses import dataclass, fields
from datetime import date

from sqlalchemy import func, select

from assist.domain import credit_code, phone
from assist.domain.cells import Unreadable, name_key, one_line, split_names
from assist.domain.errors import Conflict, Invalid, NotFound
from assist.domain.roles import Role
from assist.models import Account, Enterprise, EnterpriseContact, WorkGroup
from assist.services import accounts, auditing, pairing, pinyin
from assist.services.imports.present import group_name
from assist.services.passwords import OneTime
from assist.services.work import Work

MOST_CONTACTS = 3
GROUP_BREAK = "、"


@dataclass(frozen=True)
class EnterpriseWords:
    """What is kept of an enterprise. `code_reason`: why a code is right in spite of its check character."""

    name: str
    credit_code: str
    area_id: int | None
    short_name: str = ""
    code_reason: str = ""
    chain_id: int | None = None
    leader_name: str = ""
    group_names: str = ""
    address: str = ""
    honour: str = ""
    joined_on: date | None = None
    is_active: bool = True


def add_enterprise(work: Work, words: EnterpriseWords) -> Enterprise:
    """登记企业, without officer or contact yet."""
    enterprise = Enterprise(created_at=work.now, credit_code="")
    _fill(work, enterprise, words)
    work.session.add(enterprise)
    work.session.flush()
    auditing.record(work, "add_enterprise", enterprise.name, credit_code=enterprise.credit_code)
    return enterprise


def change_enterprise(work: Work, enterprise_id: int, words: EnterpriseWords) -> Enterprise:
    """Correct an enterprise's record. One with an active officer cannot leave the programme."""
    enterprise = pairing.in_scope(work, enterprise_id)
    if not words.is_active and enterprise.is_active and pairing.active(work, enterprise.id) is not None:
        raise Conflict("这家企业还有在岗专员，请先结束结对，再标记为已退出。")
    names = [each.name for each in fields(words) if hasattr(enterprise, each.name)]
    before = {name: getattr(enterprise, name) for name in names}
    with work.session.no_autoflush:
        _fill(work, enterprise, words)
    changed = {name: [str(before[name]), str(getattr(enterprise, name))] for name in names}
    changed = {name: pair for name, pair in changed.items() if pair[0] != pair[1]}
    if changed:
        auditing.record(work, "change_enterprise", enterprise.name, **changed)
    return enterprise


def _fill(work: Work, enterprise: Enterprise, words: EnterpriseWords) -> None:
    name = one_line(words.name)
    if not any(letter.isalpha() for letter in name):
        raise Invalid("请填写企业名称。", "name")
    code = _checked_code(work, enterprise, words)
    if words.area_id not in work.settings.areas:
        raise Invalid("请选择县（市、区）。", "area")
    if work.actor.area_id is not None and words.area_id != work.actor.area_id:
        raise Invalid("您只能登记本县（市、区）的企业，变更属地请联系市助企办。", "area")
    if words.chain_id is not None and words.chain_id not in work.settings.chains:
        raise Invalid("请从列表中选择产业链。", "chain")
    spelt = pinyin.organisation(name)
    enterprise.name, enterprise.short_name = name, one_line(words.short_name)
    enterprise.pinyin, enterprise.initials = spelt.full, spelt.initials
    enterprise.credit_code = code
    enterprise.area_id, enterprise.chain_id = words.area_id, words.chain_id
    if one_line(words.leader_name) != (enterprise.leader_name or ""):
        enterprise.leader_name = one_line(words.leader_name)
        enterprise.work_group_id = _group_of(work, enterprise.leader_name)
    enterprise.group_names = GROUP_BREAK.join(split_names(words.group_names))[:200]
    enterprise.address, enterprise.honour = one_line(words.address), one_line(words.honour)
    enterprise.joined_on, enterprise.is_active = words.joined_on, words.is_active


def _checked_code(work: Work, enterprise: Enterprise, words: EnterpriseWords) -> str:
    found = credit_code.check(words.credit_code)
    if found.code == enterprise.credit_code:
        return found.code
    reason = words.code_reason.strip()[:200]
    if found.why and not (found.is_overridable and reason):
        hint = f"（建议改为：{found.suggestion}）" if found.suggestion else ""
        more = "如与营业执照一致，请在下方说明原因。" if found.is_overridable else ""
        raise Invalid(f"{found.why}{hint}。{more}", "credit_code")
    other = work.session.scalar(select(Enterprise.name).where(Enterprise.credit_code == found.code))
    if other is not None:
        raise Invalid(f"这个代码已登记为“{other}”。", "credit_code")
    enterprise.credit_code_note = reason if found.why else None
    return found.code


def _group_of(work: Work, leader: str) -> int | None:
    """The leader's work group, made when it is his first enterprise."""
    if not leader:
        return None
    name = group_name(leader)
    group = work.session.scalar(select(WorkGroup).where(WorkGroup.name == name))
    if group is None:
        last = work.session.scalar(select(func.max(WorkGroup.sort))) or 0
        group = WorkGroup(name=name, sort=last + 1)
        work.session.add(group)
        work.session.flush()
    return group.id


def add_contact(
    work: Work, enterprise_id: int, name: str, number: str, position: str, secret: OneTime
) -> tuple[Account, bool]:
    """增加联系人, at most three. Somebody who speaks for another enterprise already is known by his phone.

    Returns the account and whether it is new, with the password `secret`.
    """
    enterprise = pairing.in_scope(work, enterprise_id)
    held = _contacts(work, enterprise.id)
    if len(held) >= MOST_CONTACTS:
        raise Conflict(f"一家企业最多{MOST_CONTACTS}名联系人，请先移除一名。")
    try:
        wanted = phone.normalise(number)
    except Unreadable as problem:
        raise Invalid(f"{problem.why}。", "phone") from None
    account = work.session.scalars(
        select(Account).where(Account.phone == wanted).order_by(Account.is_active.desc(), Account.id)
    ).first()
    is_new = account is None
    if account is None:
        new = accounts.NewAccount(wanted, name, frozenset({Role.ENTERPRISE}), phone=wanted, position=position)
        account = accounts.create(work, new, secret)
    elif (
        not account.has(Role.ENTERPRISE) or name_key(account.name) != name_key(name) or not account.is_active
    ):
        raise Invalid(f"这个电话已是“{account.name}”的登录账号，请核对姓名和电话。", "phone")
    elif any(one.account_id == account.id for one in held):
        raise Invalid(f"{account.name}已是这家企业的联系人。", "phone")
    row = EnterpriseContact(enterprise_id=enterprise.id, account_id=account.id, is_main=not held)
    work.session.add(row)
    work.session.flush()
    auditing.record(work, "add_contact", enterprise.name, contact=account.name, username=account.username)
    return account, is_new


def make_main(work: Work, enterprise_id: int, contact_id: int) -> EnterpriseContact:
    """设为主联系人."""
    enterprise = pairing.in_scope(work, enterprise_id)
    wanted = contact(work, enterprise.id, contact_id)
    for one in _contacts(work, enterprise.id):
        if one.is_main and one.id != wanted.id:
            one.is_main = False
    work.session.flush()  # one main contact at a time: the index is partial
    wanted.is_main = True
    auditing.record(work, "main_contact", enterprise.name, contact=wanted.account.name)
    return wanted


def remove_contact(work: Work, enterprise_id: int, contact_id: int) -> str:
    """移除联系人: he no longer sees the enterprise's tickets. The main one goes last. Returns his name."""
    enterprise = pairing.in_scope(work, enterprise_id)
    wanted = contact(work, enterprise.id, contact_id)
    if wanted.is_main and len(_contacts(work, enterprise.id)) > 1:
        raise Conflict("请先把另一名联系人设为主联系人，再移除他。")
    name = wanted.account.name
    work.session.delete(wanted)
    work.session.flush()
    auditing.record(work, "remove_contact", enterprise.name, contact=name)
    return name


def _contacts(work: Work, enterprise_id: int) -> list[EnterpriseContact]:
    return list(
        work.session.scalars(
            select(EnterpriseContact)
            .where(EnterpriseContact.enterprise_id == enterprise_id)
            .order_by(EnterpriseContact.id)
        )
    )


def contact(work: Work, enterprise_id: int, contact_id: int) -> EnterpriseContact:
    found = next((one for one in _contacts(work, enterprise_id) if one.id == contact_id), None)
    if found is None:
        raise NotFound()
    return found
