"""Who is signed in: from the signed cookie to a person, once a request, in one statement.

The time of the last request is kept in the cookie itself, renewed at most once a minute, so that reading a page writes
nothing. Not here: passwords and locks (`services.logins`), who may enter what (`guards`).
"""

import re
from datetime import datetime

from flask import current_app, flash, g, session
from flask_login import login_user

from assist.domain.clock import TimeSource
from assist.domain.roles import Actor
from assist.extensions import db, login_manager
from assist.models import Account
from assist.services import sessions
from assist.services.sessions import Person

IDLE_SECONDS = 30 * 60
RENEWED_AFTER_SECONDS = 60
SEEN = "seen"
_TOKEN = re.compile(r"([0-9]{1,9}):([0-9]{1,9})")

# A phone changes its address all day; sessions are ended by version and by idleness instead.
login_manager.session_protection = None


class SignedIn:
    """The `current_user` of a request: plain values, never asked of the database again."""

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def __init__(self, person: Person) -> None:
        self.person = person
        self.actor: Actor = person.actor
        self.account_id = person.actor.account_id
        self.name = person.actor.name
        self.username = person.username
        self.unit_name = person.unit_name
        self.must_change = person.must_change
        self.is_demo = person.is_demo
        self.inbox_only = person.inbox_only
        self.version = person.version

    def get_id(self) -> str:
        return token(self.account_id or 0, self.version)


def token(account_id: int, version: int) -> str:
    return f"{account_id}:{version}"


def load(account_id: int, version: int) -> SignedIn | None:
    """The person of a session, with `g.unread_count` and `g.revision`; None when the session no longer holds."""
    person = sessions.load(db.session, account_id, version, _now())  # type: ignore[arg-type]
    if person is None:
        return None
    g.unread_count = person.unread_count
    g.revision = person.revision
    return SignedIn(person)


@login_manager.user_loader
def _from_cookie(user_id: str) -> SignedIn | None:
    parts = _TOKEN.fullmatch(user_id)
    if parts is None:
        return None
    if _was_idle():
        session.clear()
        flash(f"您已超过{IDLE_SECONDS // 60}分钟没有操作，请重新登录。", "notice")
        return None
    found = load(int(parts[1]), int(parts[2]))
    if found is None:
        session.clear()
        flash("您的登录已失效，请重新登录。", "notice")
    return found


def _was_idle() -> bool:
    """Whether the last request is too long ago; notes this one if a minute has passed since the last note."""
    now = _now().timestamp()
    idle = now - session.get(SEEN, 0)
    if idle > IDLE_SECONDS:
        return True
    if not 0 <= idle < RENEWED_AFTER_SECONDS:
        session[SEEN] = int(now)
    return False


def sign_in(account: Account) -> None:
    """Begin a new session for this account; whatever an earlier one held is forgotten (a new CSRF token, too)."""
    session.clear()
    g.pop("_login_user", None)
    person = load(account.id, account.session_version)
    if person is None:
        raise RuntimeError("an account that has just been let in must load")
    session[SEEN] = int(_now().timestamp())
    login_user(person)


def sign_out() -> None:
    session.clear()
    g.pop("_login_user", None)


def _now() -> datetime:
    source: TimeSource = current_app.extensions["assist_time"]
    return source.now()
