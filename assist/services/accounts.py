"""账号: making them, changing and resetting passwords, unlocking, ending sessions.

Hashes are slow and are computed by the caller before the transaction (`passwords`). Every deed on another person's
account is in the audit log. Not here: logging in (`logins`), roles that exclude each other (`domain.roles`).
"""

import re
import unicodedata
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from assist.domain import account_policy, phone
from assist.domain.cells import Unreadable
from assist.domain.errors import Conflict, Forbidden, Invalid, NotFound
from assist.domain.password_policy import weakness
from assist.domain.pinyin import NamePinyin
from assist.domain.roles import Role, conflicting
from assist.models import Account, Enterprise, EnterpriseContact, Pairing, Unit
from assist.services import auditing, logins, passwords, pinyin, telling
from assist.services.passwords import OneTime
from assist.services.work import Work

_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,39}")
_WINDOW = (2, 3, 4)


@dataclass(frozen=True)
class NewAccount:
    """What makes an account. The user name of people from the roster is their phone number."""

    username: str
    name: str
    roles: frozenset[Role]
    phone: str = ""
    email: str | None = None
    unit_id: int | None = None
    area_id: int | None = None
    position: str = ""
    is_approver: bool = False
    is_demo: bool = False


@dataclass(frozen=True)
class _Fields:
    username: str
    name: str
    phone: str
    spelt: NamePinyin = field(repr=False)


def create(work: Work, new: NewAccount, secret: OneTime, *, is_logged: bool = True) -> Account:
    """Make an account with this first password, to be changed at the first login (demo accounts excepted).

    Raises Invalid naming the field, Forbidden when the roles are not the actor's to give. `is_logged` is off for
    an import, which logs itself once.
    """
    if not account_policy.may_create(work.actor, new.roles):
        raise Forbidden("您不能建立这种角色的账号。")
    fields = _checked(work, new)
    account = Account(
        username=fields.username,
        name=fields.name,
        pinyin=fields.spelt.full,
        initials=fields.spelt.initials,
        phone=fields.phone,
        email=new.email or None,
        password_hash=secret.hash,
        roles=new.roles,
        unit_id=new.unit_id,
        area_id=new.area_id,
        position=new.position.strip()[:40],
        is_approver=new.is_approver,
        is_demo=new.is_demo,
        must_change=not new.is_demo,
        created_at=work.now,
    )
    try:
        with work.session.begin_nested():
            work.session.add(account)
    except IntegrityError:
        raise Invalid(f"用户名“{fields.username}”已有人使用。", "username") from None
    if is_logged:
        auditing.record(
            work, "create_account", account.username, roles=sorted(one.value for one in new.roles)
        )
    return account


def _checked(work: Work, new: NewAccount) -> _Fields:
    if (why := conflicting(new.roles)) is not None:
        raise Invalid(why, "roles")
    if Role.UNIT in new.roles and new.unit_id is None:
        raise Invalid("承办单位人员要写明所在单位。", "unit")
    username = unicodedata.normalize("NFKC", new.username).strip().lower()
    if not _USERNAME.fullmatch(username):
        raise Invalid("用户名应为3至40个字母、数字或 . _ -，通常用手机号。", "username")
    name = " ".join(new.name.split())
    if not name or len(name) > 40 or not name.isprintable():
        raise Invalid("请填写姓名，最多40个字。", "name")
    try:
        number = phone.normalise(new.phone) if new.phone.strip() else ""
    except Unreadable as error:
        raise Invalid(f"{error.why}。", "phone") from None
    if work.session.scalar(select(Account.id).where(Account.username == username)) is not None:
        raise Invalid(f"用户名“{username}”已有人使用。", "username")
    return _Fields(username, name, number[:20], pinyin.person(name))


def check_new_password(work: Work, account: Account, password: str) -> None:
    """Raise Invalid (field `new_password`) unless this may become the account's password. Slow: compares the hash."""
    if (why := weakness(password, own_words(work, account))) is not None:
        raise Invalid(why, "new_password")
    if passwords.matches(account.password_hash, password):
        raise Invalid("新密码不能与现在的密码相同。", "new_password")


def own_words(work: Work, account: Account) -> set[str]:
    """What is easily guessed about a person: names, numbers, unit and enterprises, as written and as spelt."""
    spelt = pinyin.person(account.name)
    words = {account.name, account.username, account.phone, account.phone[-8:], account.phone[-6:]}
    words |= {*spelt.full.split(), *spelt.initials.split(), *pinyin.person(account.name[:1]).full.split()}
    words |= _parts(account.name)
    names = {unit.name for unit in [account.unit] if unit} | {
        unit.short_name for unit in [account.unit] if unit
    }
    rows = work.session.execute(
        select(Enterprise.name, Enterprise.short_name)
        .join(EnterpriseContact)
        .where(EnterpriseContact.account_id == account.id)
        .union(
            select(Enterprise.name, Enterprise.short_name)
            .join(Pairing)
            .where(Pairing.officer_id == account.id, Pairing.ended_at.is_(None))
        )
    )
    for long, short in rows:
        names |= {long, short}
    for name in filter(None, names):
        words |= _parts(name)
    return {word for word in words if word}


def _parts(name: str) -> set[str]:
    """A name in pieces of two to four characters, written and spelt: 瑞丰, ruifeng."""
    pieces = {name[start : start + size] for size in _WINDOW for start in range(len(name) - size + 1)} | {
        name
    }
    return pieces | {spelt for piece in pieces for spelt in pinyin.organisation(piece).full.split()}


def set_own_password(work: Work, account_id: int, old_hash: str, new_hash: str) -> Account:
    """Change the password and end every other session. `old_hash` is what was checked against.

    Raises Conflict when the password was changed meanwhile (by a reset, or from another place).
    """
    account = _locked_row(work, account_id)
    if account.password_hash != old_hash:
        raise Conflict("密码刚刚已在别处更改，请重新登录。")
    account.password_hash = new_hash
    account.must_change = False
    account.session_version += 1
    auditing.record(work, "change_password", account.username)
    return account


def may_reset(work: Work, account: Account) -> bool:
    """Whether the actor may give this account a new one-time password (his own he changes himself)."""
    if account.id == work.actor.account_id:
        return False
    return account_policy.may_reset_password(work.actor, account.roles, areas_of(work, account))


def areas_of(work: Work, account: Account) -> frozenset[int]:
    """Where an account belongs: the areas of the enterprises it stands for or serves, else its own or its unit's."""
    represented = (
        select(Enterprise.area_id).join(EnterpriseContact).where(EnterpriseContact.account_id == account.id)
    )
    served = (
        select(Enterprise.area_id)
        .join(Pairing)
        .where(Pairing.officer_id == account.id, Pairing.ended_at.is_(None))
    )
    found = frozenset(work.session.scalars(represented.union(served)))
    if found:
        return found
    own = account.area_id or (account.unit.area_id if account.unit else None)
    return frozenset({own}) if own else frozenset()


def reset_password(work: Work, account_id: int, secret: OneTime) -> Account:
    """Give the one-time password `secret`, to be shown once. Ends all sessions and any lock; the person is told.

    Raises NotFound for an account that is not the actor's to reset (roles, area).
    """
    account = _locked_row(work, account_id)
    if not may_reset(work, account):
        raise NotFound("没有找到这个账号，或不在您可以重置密码的范围内。")
    account.password_hash = secret.hash
    account.must_change = True
    account.session_version += 1
    logins.forgive(work, account)
    auditing.record(work, "reset_password", account.username, account_id=account.id)
    telling.tell(
        work,
        [account.id],
        "password_reset",
        f"您的密码已由{work.actor.name}重置",
        key=f"password:{account.id}:{account.session_version}",
        body="如不是您本人要求的，请立即修改密码并联系助企办。",
        location="/me",
    )
    return account


def unlock(work: Work, account_id: int) -> Account:
    """End a lock after failed logins. Raises Forbidden for all but the security administrator and commands."""
    if not account_policy.may_unlock(work.actor):
        raise Forbidden()
    account = _locked_row(work, account_id)
    logins.forgive(work, account)
    auditing.record(work, "unlock_account", account.username)
    return account


def revoke_sessions(work: Work, account_id: int) -> Account:
    """End every session of an account: one's own, or as an administrator."""
    if not account_policy.may_end_sessions(work.actor, account_id):
        raise Forbidden()
    account = _locked_row(work, account_id)
    account.session_version += 1
    auditing.record(work, "revoke_sessions", account.username)
    return account


def set_inbox_only(work: Work, flag: bool) -> Account:
    """只收站内信: the actor's own choice to be told nowhere but in the inbox."""
    if work.actor.account_id is None:
        raise Forbidden()
    account = _locked_row(work, work.actor.account_id)
    account.inbox_only = flag
    return account


def by_username(work: Work, username: str) -> Account:
    """Raises NotFound for an unknown name."""
    plain = unicodedata.normalize("NFKC", username).strip().lower()
    found = work.session.scalar(select(Account).where(Account.username == plain))
    if found is None:
        raise NotFound(f"没有用户名为“{plain[:40]}”的账号。")
    return found


def own(work: Work) -> Account:
    """The actor's own account with its unit, read."""
    found = work.session.scalar(
        select(Account).options(joinedload(Account.unit)).where(Account.id == work.actor.account_id)
    )
    if found is None:
        raise NotFound()
    return found


def unit_named(work: Work, name: str) -> Unit:
    """Raises Invalid (field `unit`) for an unknown unit."""
    found = work.session.scalar(select(Unit).where((Unit.name == name) | (Unit.short_name == name)))
    if found is None:
        raise Invalid(f"没有名为“{name}”的承办单位。", "unit")
    return found


def _locked_row(work: Work, account_id: int) -> Account:
    found = work.session.scalar(
        select(Account)
        .where(Account.id == account_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound("没有找到这个账号。")
    return found
