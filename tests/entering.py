"""Logging in and setting passwords without a browser: what the tests of accounts and of logins both begin with."""

import pytest
from sqlalchemy.orm import Session

from assist.domain.clock import FixedTime
from assist.domain.errors import Refused
from assist.domain.roles import SYSTEM
from assist.models import Account
from assist.models.engine import begin_writing
from assist.services import logins
from assist.services.passwords import OneTime
from assist.services.work import Work
from tests.cast import Person

HOME = "203.0.113.7"
GOOD = "Tk7#mv92Lq"
HASHED = "$argon2id$v=19$m=8,t=1,p=1$stands-for-a-hash"


def visit(session: Session, time: FixedTime, username: str, password: str, address: str = HOME) -> Account:
    """One login as the page does it: a failure is committed, too."""
    begin_writing(session)
    work = Work(session, time, SYSTEM, address)
    try:
        return logins.verify_login(work, username, password)
    finally:
        session.commit()


def refusal(session: Session, time: FixedTime, username: str, password: str, address: str = HOME) -> Refused:
    with pytest.raises(Refused) as caught:
        visit(session, time, username, password, address)
    return caught.value


def by(session: Session, time: FixedTime, person: Person) -> Work:
    begin_writing(session)
    return Work(session, time, person.actor)


def hashed(plain: str = "one-time") -> OneTime:
    """A one-time password whose hash nobody checks."""
    return OneTime(plain, HASHED)
