"""初始密码: who was brought in by an import and has none yet, and handing them out, once, in one sheet.

The plain passwords exist in the sheet alone. An account whose password was handed out is no longer waiting; a lost
one is reset singly (`accounts.reset_password`). Hashes are slow and are made by the caller before the transaction.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import joinedload

from assist.domain.errors import Conflict
from assist.domain.roles import Role
from assist.models import Account, Enterprise, EnterpriseContact, Pairing
from assist.models.account import holds
from assist.services import auditing
from assist.services.imports.roster import NO_PASSWORD
from assist.services.passwords import OneTime
from assist.services.work import Work


@dataclass(frozen=True)
class HandedOut:
    """One line of the sheet."""

    name: str
    role: str
    place: str
    username: str
    password: str


def _waiting(work: Work, *columns: Any) -> Select[Any]:
    """Active people of the roster without a password: of the actor's area, or all."""
    query = select(*columns).where(
        Account.password_hash == NO_PASSWORD,
        Account.is_active,
        or_(holds(Role.OFFICER), holds(Role.ENTERPRISE)),
    )
    return query if work.actor.area_id is None else query.where(_only_in(work.actor.area_id))


def _only_in(area_id: int) -> ColumnElement[bool]:
    """Stands for or serves an enterprise of this area and none of another."""

    def tied(inside: bool) -> ColumnElement[bool]:
        place = Enterprise.area_id == area_id if inside else Enterprise.area_id != area_id
        stands = exists().where(
            EnterpriseContact.account_id == Account.id,
            EnterpriseContact.enterprise_id == Enterprise.id,
            place,
        )
        serves = exists().where(
            Pairing.officer_id == Account.id,
            Pairing.ended_at.is_(None),
            Pairing.enterprise_id == Enterprise.id,
            place,
        )
        return or_(stands, serves)

    return tied(True) & ~tied(False)


def count(work: Work) -> int:
    """How many wait for a first password."""
    return work.session.scalar(_waiting(work, func.count(Account.id))) or 0


def hand_out(work: Work, secrets: Sequence[OneTime]) -> list[HandedOut]:
    """Give everybody who waits one of the passwords made beforehand; logged. Raises Conflict if too few were made."""
    query = _waiting(work, Account).options(joinedload(Account.unit)).with_for_update(of=Account)
    accounts = list(work.session.scalars(query.order_by(Account.id)))
    if len(accounts) > len(secrets):
        raise Conflict("刚刚又有新账号建立，请重新发放初始密码。")
    if not accounts:
        raise Conflict("没有等待发放初始密码的账号，可能已由他人发放。")
    places = _enterprises(work)
    handed = []
    for account, secret in zip(accounts, secrets, strict=False):
        account.password_hash = secret.hash
        account.must_change = True
        place = "、".join(places[account.id]) or (account.unit.name if account.unit else "")
        roles = "、".join(role.label for role in Role if role in account.roles)
        handed.append(HandedOut(account.name, roles, place, account.username, secret.plain))
    auditing.record(
        work, "hand_out_passwords", f"{len(handed)}个账号", usernames=[one.username for one in handed]
    )
    return handed


def _enterprises(work: Work) -> defaultdict[int, list[str]]:
    """Whom each contact speaks for; officers are told by their unit."""
    found: defaultdict[int, list[str]] = defaultdict(list)
    rows = work.session.execute(
        select(EnterpriseContact.account_id, Enterprise.name)
        .join(Enterprise, Enterprise.id == EnterpriseContact.enterprise_id)
        .order_by(EnterpriseContact.id)
    )
    for account_id, name in rows:
        found[account_id].append(name)
    return found
