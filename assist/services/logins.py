"""登录: who may come in. Five failures in fifteen minutes lock the account, and the address, for fifteen minutes.

In three parts, because the hash is slow and SQLite has one writer: `look_up` reads, `Attempt.check` computes without
the database, `record_success` or `record_failure` writes. An unknown user name costs the same time, locks the same way
and gives the same sentence as a known one. Not here: sessions (the web), changing passwords (`accounts`).
"""

import hashlib
import ipaddress
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select

from assist.domain import phone
from assist.domain.cells import Unreadable
from assist.domain.clock import local
from assist.domain.errors import Invalid, Refused, TooMany
from assist.models import Account, LoginFailure
from assist.services import auditing, passwords
from assist.services.work import Work

MOST_FAILURES = 5
LOCK = timedelta(minutes=15)
KEPT = timedelta(days=1)
LONGEST_NAME = 40
WRONG = f"用户名或密码不正确。连续输错{MOST_FAILURES}次将锁定{int(LOCK.total_seconds()) // 60}分钟。"
INACTIVE = "这个账号已停用，请联系管理员。"


@dataclass(frozen=True)
class Attempt:
    """What was found under a user name. `keys` are what its failures count against."""

    account_id: int | None
    password_hash: str | None = field(repr=False)
    keys: tuple[str, ...]
    locked_until: datetime | None

    def check(self, password: str) -> bool:
        """Whether the password fits. Slow; touches no database. Raises TooMany while locked."""
        if self.locked_until is not None:
            raise locked(self.locked_until)
        return passwords.matches(self.password_hash, password)


def locked(until: datetime) -> TooMany:
    shown = local(until + timedelta(seconds=59))
    return TooMany(f"登录失败次数过多，已暂停登录，请在{shown:%H:%M}以后再试。")


def look_up(work: Work, username: str) -> Attempt:
    """Find the account of a user name or phone number, and whether it or the address is locked."""
    name = _plain(username)
    account = _account(work, name)
    keys = _keys(work, name, account)
    until = _locked_until(_failures(work, keys), work.now)
    if account is not None and account.locked_until is not None and account.locked_until > work.now:
        until = max(until or work.now, account.locked_until)
    return Attempt(account.id if account else None, account.password_hash if account else None, keys, until)


def record_success(work: Work, attempt: Attempt) -> Account:
    """Let the person in. Asks again what may have changed while the hash was computed.

    Raises TooMany when the account was locked meanwhile, Invalid when it is inactive or its password was changed.
    """
    account = work.session.scalar(
        select(Account)
        .where(Account.id == attempt.account_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if account is None or account.password_hash != attempt.password_hash:
        raise Invalid(WRONG)
    until = _locked_until(_failures(work, attempt.keys), work.now)
    if until is not None:
        raise locked(until)
    if not account.is_active:
        raise Invalid(INACTIVE)
    forgive(work, account)
    account.last_login_at = account.last_seen_at = work.now
    return account


def record_failure(work: Work, attempt: Attempt) -> Refused:
    """Write down a failure; returns what the person is told."""
    work.session.execute(delete(LoginFailure).where(LoginFailure.at < work.now - KEPT))
    for key in attempt.keys:
        work.session.add(LoginFailure(address=key, at=work.now))
    account = (
        work.session.get(Account, attempt.account_id, with_for_update=True, populate_existing=True)
        if attempt.account_id is not None
        else None
    )
    if account is not None:
        account.failed_count += 1
    work.session.flush()
    failures = _failures(work, attempt.keys)
    until = _locked_until(failures, work.now)
    if until is None:
        return Invalid(WRONG)
    own = _locked_until({attempt.keys[0]: failures.get(attempt.keys[0], [])}, work.now)
    if account is not None and own is not None:
        account.locked_until = own
        auditing.record(work.as_system(), "lock_account", account.username, until=own.isoformat())
    return locked(until)


def verify_login(work: Work, username: str, password: str) -> Account:
    """Look up, check and record in one, for tests and commands. Raises Invalid or TooMany; failures are recorded."""
    attempt = look_up(work, username)
    if attempt.check(password):
        return record_success(work, attempt)
    raise record_failure(work, attempt)


def forgive(work: Work, account: Account) -> None:
    """Take back an account's failures, and their share in the locks of the addresses they came from."""
    key = _account_key(account.id)
    times = list(work.session.scalars(select(LoginFailure.at).where(LoginFailure.address == key)))
    if times:
        # A failure is written under the account and under the address at one instant.
        ours = or_(LoginFailure.address == key, LoginFailure.address.not_like("%:account"))
        work.session.execute(delete(LoginFailure).where(LoginFailure.at.in_(times), ours))
    account.failed_count = 0
    account.locked_until = None


def _plain(username: str) -> str:
    """A user name as it is stored: half-width, small letters, no spaces around; nothing that a database refuses."""
    text = unicodedata.normalize("NFKC", username[:400]).strip().lower()
    return "".join(character for character in text if unicodedata.category(character) not in ("Cc", "Cs"))


def _account(work: Work, name: str) -> Account | None:
    """By user name, else by a phone number that is one active person's alone."""
    if not name or len(name) > LONGEST_NAME:
        return None
    condition = Account.username == name
    number = _phone(name)
    if number is not None:
        condition = or_(condition, Account.username == number, Account.phone == number)
    found = list(work.session.scalars(select(Account).where(condition).limit(4)))
    named = [one for one in found if one.username in (name, number)]
    by_phone = [one for one in found if one.is_active]
    if named:
        return named[0]
    return by_phone[0] if len(by_phone) == 1 else None


def _phone(name: str) -> str | None:
    try:
        return phone.normalise(name.replace(" ", ""))
    except Unreadable:
        return None


def _account_key(account_id: int) -> str:
    return f"{account_id}:account"


def _keys(work: Work, name: str, account: Account | None) -> tuple[str, ...]:
    """The account's key (or that of the unknown name) and, of a request, the address's."""
    digest = hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()
    first = _account_key(account.id) if account else f"{digest[:32]}:account"
    return (first, address_key(work.address)) if work.address else (first,)


def address_key(address: str) -> str:
    """An address as failures count against it: a whole /64 of IPv6 is one."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return f"?{address}"[:60]
    if parsed.version == 6 and parsed.ipv4_mapped is None:
        return str(ipaddress.ip_network((int(parsed) >> 64 << 64, 64)))
    return str(getattr(parsed, "ipv4_mapped", None) or parsed)


def _failures(work: Work, keys: Sequence[str]) -> dict[str, list[datetime]]:
    """When each key failed lately, in order."""
    found: dict[str, list[datetime]] = {}
    rows = work.session.execute(
        select(LoginFailure.address, LoginFailure.at)
        .where(LoginFailure.address.in_(keys), LoginFailure.at > work.now - 2 * LOCK)
        .order_by(LoginFailure.at)
    )
    for key, at in rows:
        found.setdefault(key, []).append(at)
    return found


def _locked_until(failures: dict[str, list[datetime]], now: datetime) -> datetime | None:
    """The latest lock that still holds: fifteen minutes from the fifth failure within fifteen minutes."""
    ends = [
        times[index + MOST_FAILURES - 1] + LOCK
        for times in failures.values()
        for index in range(len(times) - MOST_FAILURES + 1)
        if times[index + MOST_FAILURES - 1] - times[index] < LOCK
    ]
    return max((end for end in ends if end > now), default=None)
