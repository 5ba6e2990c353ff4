"""Accounts as administrators see them: lists, one account, locks and failed logins. Reads only; never a ticket."""

from dataclasses import dataclass, fields
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import joinedload

from assist.domain.errors import NotFound
from assist.domain.roles import Role
from assist.models import Account, LoginFailure, Unit
from assist.models.account import holds
from assist.services.queries.roster import like
from assist.services.work import Work

PAGE = 50
STATES = {"": "全部", "active": "在用", "inactive": "停用", "locked": "已锁定", "never": "从未登录"}
DAY = timedelta(days=1)


@dataclass(frozen=True)
class AccountFilter:
    """What the list is narrowed by; every field may be empty."""

    q: str = ""
    role: str = ""
    state: str = ""

    def as_query(self) -> dict[str, str]:
        return {each.name: value for each in fields(self) if (value := getattr(self, each.name))}


def accounts(work: Work, wanted: AccountFilter, page: int = 1) -> tuple[list[Any], int]:
    """(one page of accounts by name, how many there are)."""
    query = (
        select(
            Account.id,
            Account.username,
            Account.name,
            Account.phone,
            Account.roles,
            Account.position,
            Account.area_id,
            Account.is_active,
            Account.locked_until,
            Account.last_login_at,
            Unit.name.label("unit_name"),
            Unit.short_name.label("unit_short"),
            func.count().over().label("total"),
        )
        .outerjoin(Unit, Unit.id == Account.unit_id)
        .where(*_conditions(work, wanted))
        .order_by(Account.pinyin, Account.id)
    )
    rows = list(work.session.execute(query.limit(PAGE).offset((max(page, 1) - 1) * PAGE)))
    return rows, (rows[0].total if rows else 0)


def _conditions(work: Work, wanted: AccountFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.q:
        columns = (Account.name, Account.pinyin, Account.initials, Account.username, Account.phone)
        found.append(or_(like(wanted.q, *columns, Unit.name, Unit.short_name)))
    if wanted.role in {role.value for role in Role}:
        found.append(holds(Role(wanted.role)))
    if wanted.state in ("active", "inactive"):
        found.append(Account.is_active.is_(wanted.state == "active"))
    elif wanted.state == "locked":
        found.append(Account.locked_until > work.now)
    elif wanted.state == "never":
        found.append(Account.last_login_at.is_(None))
    return found


def account(work: Work, account_id: int) -> Account:
    """One account with its unit. Raises NotFound."""
    found = work.session.scalar(
        select(Account).options(joinedload(Account.unit)).where(Account.id == account_id)
    )
    if found is None:
        raise NotFound("没有找到这个账号。")
    return found


def failing(work: Work) -> list[Any]:
    """Accounts that are locked, or have failed to log in since they last did, the locked ones first."""
    query = select(
        Account.id,
        Account.username,
        Account.name,
        Account.roles,
        Account.failed_count,
        Account.locked_until,
        Account.last_login_at,
        Account.is_active,
    ).where(or_(Account.locked_until > work.now, Account.failed_count > 0))
    return list(
        work.session.execute(
            query.order_by(func.coalesce(Account.locked_until > work.now, False).desc(), Account.failed_count.desc())
            .order_by(Account.id)
            .limit(200)
        )
    )


def failing_addresses(work: Work) -> list[Any]:
    """Addresses from which logins failed in the last day: how often, and when last."""
    query = (
        select(
            LoginFailure.address,
            func.count().label("count"),
            func.max(LoginFailure.at).label("last_at"),
        )
        .where(LoginFailure.at > work.now - DAY, LoginFailure.address.not_like("%:account"))
        .group_by(LoginFailure.address)
        .order_by(func.count().desc(), LoginFailure.address)
        .limit(200)
    )
    return list(work.session.execute(query))
