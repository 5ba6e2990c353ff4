"""账号的启用、停用和角色: in the hands of the three administrators, none of whom can make himself another.

A system administrator makes accounts and puts them out of use; a security administrator says who may be what. Nobody
acts on his own account, the last active administrator of a kind stays, and what still hangs on a person is named
before he can go. Every deed is in the audit log.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from sqlalchemy import or_, select

from assist.domain import account_policy, phone
from assist.domain.cells import Unreadable, one_line
from assist.domain.errors import Conflict, Forbidden, Invalid, NotFound
from assist.domain.roles import ADMINISTRATORS, Role, conflicting
from assist.models import Account, Enterprise, EnterpriseContact, Pairing, Unit
from assist.models.account import holds
from assist.services import accounts, auditing, pinyin, unit_staff
from assist.services.accounts import NewAccount
from assist.services.passwords import OneTime
from assist.services.work import Work

LISTED = 5


@dataclass(frozen=True)
class Standing:
    """What an account may do: its roles, and whose they are in (a coordinator's area, the unit of its staff)."""

    roles: frozenset[Role]
    unit_id: int | None = None
    area_id: int | None = None
    is_approver: bool = False
    is_head: bool = False


@dataclass(frozen=True)
class PersonWords:
    """What is kept of a person who is not of the roster."""

    name: str
    phone: str = ""
    email: str = ""
    position: str = ""


def open_account(work: Work, new: NewAccount, standing: Standing, secret: OneTime) -> Account:
    """建立账号. An administrator's is out of use until the security administrator puts it into use.

    Raises Forbidden, Invalid naming the field.
    """
    _consistent(work, standing)
    made = accounts.create(
        work,
        replace(
            new,
            roles=standing.roles,
            unit_id=standing.unit_id,
            area_id=standing.area_id,
            is_approver=standing.is_approver,
        ),
        secret,
    )
    made.is_head = standing.is_head
    made.is_active = not standing.roles & ADMINISTRATORS
    return made


def correct(work: Work, account_id: int, words: PersonWords) -> Account:
    """Name, telephone, address and post of a person. Raises Forbidden, Invalid naming the field."""
    account = locked(work, account_id)
    if not account_policy.may_correct(work.actor, account.roles):
        raise Forbidden("企业联系人和服务专员的信息由调度员在名录中维护。")
    name = one_line(words.name)
    if not any(letter.isalpha() for letter in name) or len(name) > 40:
        raise Invalid("请填写姓名，最多40个字。", "name")
    try:
        number = phone.normalise(words.phone) if words.phone.strip() else ""
    except Unreadable as problem:
        raise Invalid(f"{problem.why}。", "phone") from None
    old = {"name": account.name, "phone": account.phone, "email": account.email or "", "position": account.position}
    new = {
        "name": name,
        "phone": number[:20],
        "email": words.email.strip()[:120],
        "position": one_line(words.position)[:40],
    }
    if old == new:
        return account
    spelt = pinyin.person(name)
    account.name, account.pinyin, account.initials = name, spelt.full, spelt.initials
    account.phone, account.email, account.position = new["phone"], new["email"] or None, new["position"]
    changed = [title for key, title in TITLES.items() if old[key] != new[key]]
    auditing.record(work, "change_person", account.username, account_id=account.id, changed=changed)
    return account


TITLES = {"name": "姓名", "phone": "电话", "email": "邮箱", "position": "职务"}


def set_active(work: Work, account_id: int, is_active: bool) -> Account:
    """停用 or 启用. His sessions end. Raises Forbidden, NotFound, and Conflict with what still hangs on him."""
    account = locked(work, account_id)
    allowed = (
        account_policy.may_put_back(work.actor, account.id, account.roles)
        if is_active
        else account_policy.may_put_out(work.actor, account.id)
    )
    if not allowed:
        is_other = is_active and account.roles & ADMINISTRATORS and not work.actor.has(Role.SECADMIN)
        raise Forbidden("管理员账号由安全管理员启用。" if is_other else "您不能停用或启用这个账号。")
    if account.is_active == is_active:
        return account
    if not is_active:
        # A contact may: the enterprise keeps him on its list, and the roster shows that he is out of use.
        _may_go(work, account, account.roles, account.roles - {Role.ENTERPRISE})
        _signing_stays(work, account)
        unit_staff.take_from_hand(work, account)
    account.is_active = is_active
    account.session_version += 1
    auditing.record(work, "activate" if is_active else "deactivate", account.username, name=account.name)
    return account


def set_standing(work: Work, account_id: int, standing: Standing) -> Account:
    """改变角色. His sessions end. Raises Forbidden, Invalid naming the field, Conflict with what hangs on him."""
    account = locked(work, account_id)
    if not account_policy.may_set_roles(work.actor, account.id):
        raise Forbidden("您不能改变这个账号的角色。")
    _consistent(work, standing)
    if account.is_active:
        gone = account.roles - standing.roles
        _may_go(work, account, gone, gone)
        _moves_within_units(work, account, standing)
    old = _standing(account)
    if old == standing:
        return account
    account.roles, account.unit_id, account.area_id = standing.roles, standing.unit_id, standing.area_id
    account.is_approver, account.is_head = standing.is_approver, standing.is_head
    account.session_version += 1
    auditing.record(
        work,
        "change_roles",
        account.username,
        name=account.name,
        roles=[_titles(old.roles), _titles(standing.roles)],
        unit_id=[old.unit_id, standing.unit_id],
        area_id=[old.area_id, standing.area_id],
        is_approver=[old.is_approver, standing.is_approver],
        is_head=[old.is_head, standing.is_head],
    )
    return account


def locked(work: Work, account_id: int) -> Account:
    """The account for an administrator to act on. Raises NotFound for all others and for one that is not there."""
    if not work.actor.has(Role.SYSADMIN, Role.SECADMIN):
        raise NotFound()
    roles = work.session.scalar(select(Account.roles).where(Account.id == account_id))
    if roles is None:
        raise NotFound("没有找到这个账号。")
    if roles & ADMINISTRATORS:  # all of them, in one order: two who put each other out at once do not block
        _lock_administrators(work)
    return work.session.get_one(Account, account_id, with_for_update=True, populate_existing=True)


def _lock_administrators(work: Work) -> None:
    kinds = or_(*(holds(role) for role in sorted(ADMINISTRATORS, key=lambda role: role.value)))
    work.session.execute(select(Account.id).where(kinds).order_by(Account.id).with_for_update())


def ties(work: Work, account: Account, roles: Iterable[Role]) -> list[str]:
    """What hangs on a person in these roles and must be passed on first, as sentences."""
    held = frozenset(roles) & account.roles
    found = []
    if Role.OFFICER in held and (names := _served(work, account.id)):
        found.append(f"仍是{_listed(names)}的服务专员，请先由调度员办理交接或结束结对。")
    if Role.ENTERPRISE in held and (names := _spoken_for(work, account.id)):
        found.append(f"仍是{_listed(names)}的联系人，请先由调度员移除或更换联系人。")
    if held & {Role.SUPERVISOR, Role.COORDINATOR} and work.settings.restricted_owner_id == account.id:
        found.append("是专项诉求的指定办理人，请先由督查员另行指定。")
    return found


def _may_go(work: Work, account: Account, roles: frozenset[Role], tied: frozenset[Role]) -> None:
    """Raise Conflict when he is the last administrator of a kind, or something hangs on him in the `tied` roles."""
    for role in roles & ADMINISTRATORS:
        query = select(Account.id).where(holds(role), Account.is_active)
        if not set(work.session.scalars(query)) - {account.id}:
            raise Conflict(f"这是最后一个在用的{role.label}账号，不能停用或改变角色。")
    if hanging := ties(work, account, tied):
        raise Conflict(f"{account.name}{hanging[0]}")


def _moves_within_units(work: Work, account: Account, standing: Standing) -> None:
    """Whoever leaves his unit or signs no longer: somebody else must sign, and his tasks are the unit's again."""
    leaves = Role.UNIT in account.roles and (
        Role.UNIT not in standing.roles or standing.unit_id != account.unit_id
    )
    if leaves or not standing.is_approver:
        _signing_stays(work, account)
    if leaves:
        unit_staff.take_from_hand(work, account)


def _signing_stays(work: Work, account: Account) -> None:
    """Raise Conflict when his unit's replies need a signature and nobody else could give it."""
    unit = account.unit
    if unit is None or not (unit.needs_signature and account.is_approver):
        return
    if not unit_staff.another_approver(work, account):
        raise Conflict(
            f"{account.name}是{unit.name}唯一的签发人，而该单位的反馈须经签发，请先指定另一名签发人。"
        )


def _consistent(work: Work, standing: Standing) -> None:
    if (why := conflicting(standing.roles)) is not None:
        raise Invalid(why, "roles")
    unit = work.session.get(Unit, standing.unit_id) if standing.unit_id is not None else None
    if Role.UNIT in standing.roles and (unit is None or not unit.is_active):
        raise Invalid("承办单位人员要写明所在单位。", "unit")
    if standing.area_id is not None and standing.area_id not in work.settings.areas:
        raise Invalid("请从列出的县（市、区）中选择。", "area")
    if (standing.is_approver or standing.is_head) and Role.UNIT not in standing.roles:
        raise Invalid("签发人、负责人只能是承办单位人员。", "is_approver" if standing.is_approver else "is_head")


def _standing(account: Account) -> Standing:
    return Standing(account.roles, account.unit_id, account.area_id, account.is_approver, account.is_head)


def _titles(roles: frozenset[Role]) -> str:
    return "、".join(role.label for role in Role if role in roles)


def _served(work: Work, account_id: int) -> list[str]:
    query = (
        select(Enterprise.name)
        .join(Pairing, Pairing.enterprise_id == Enterprise.id)
        .where(Pairing.officer_id == account_id, Pairing.ended_at.is_(None))
    )
    return list(work.session.scalars(query.order_by(Enterprise.pinyin, Enterprise.id)))


def _spoken_for(work: Work, account_id: int) -> list[str]:
    query = select(Enterprise.name).join(EnterpriseContact).where(EnterpriseContact.account_id == account_id)
    return list(work.session.scalars(query.order_by(Enterprise.pinyin, Enterprise.id)))


def _listed(names: list[str]) -> str:
    more = f"等{len(names)}家企业" if len(names) > LISTED else ""
    return "、".join(names[:LISTED]) + more
