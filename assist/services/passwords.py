"""口令: hashing by argon2 and one-time passwords. Slow on purpose: never while a transaction that writes is open.

Not here: which passwords are good enough (`domain.password_policy`), whose they are (`accounts`, `logins`).
"""

import os
import secrets
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from assist.domain.password_policy import MOST, normalise

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# Without characters that are taken for each other when read aloud or copied by hand.
_UPPER, _LOWER, _DIGITS = "ABCDEFGHJKMNPQRSTUVWXYZ", "abcdefghjkmnpqrstuvwxyz", "23456789"
_GROUPS, _GROUP = 3, 4


@dataclass(frozen=True)
class OneTime:
    """A password and its hash. `plain` is shown once and kept nowhere."""

    plain: str = field(repr=False)
    hash: str = field(repr=False)


def hash_password(plain: str) -> str:
    return _hasher.hash(normalise(plain))


def matches(password_hash: str | None, plain: str) -> bool:
    """Whether the password fits. Takes as long for no hash at all (nobody) as for a real one."""
    try:
        return _hasher.verify(password_hash or _nobodys(), normalise(plain)[: MOST + 1]) and bool(
            password_hash
        )
    except (Argon2Error, InvalidHashError, UnicodeError):
        return False


def one_time() -> OneTime:
    """A fresh one-time password such as Kf7m-Rq2x-Wp9t, with its hash."""
    plain = _invented()
    return OneTime(plain, hash_password(plain))


def one_time_many(count: int) -> list[OneTime]:
    """Many at once, on all cores: for an import, before its transaction."""
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        return list(pool.map(lambda _: one_time(), range(count)))


def _invented() -> str:
    alphabet = _UPPER + _LOWER + _DIGITS
    while True:
        text = "".join(secrets.choice(alphabet) for _ in range(_GROUPS * _GROUP))
        if all(any(character in kind for character in text) for kind in (_UPPER, _LOWER, _DIGITS)):
            return "-".join(text[start : start + _GROUP] for start in range(0, len(text), _GROUP))


@cache
def _nobodys() -> str:
    return _hasher.hash(secrets.token_hex(16))
