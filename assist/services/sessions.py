"""What a request needs to know about who sends it, in exactly one statement and as plain values.

Plain, so that a transaction begun anew does not ask for it again. Not here: the cookie (`web.session`).
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from assist.domain.roles import Actor
from assist.models import Account, Message, Setting, Unit
from assist.models.base import UtcDateTime
from assist.services import stand_ins

MOST_COUNTED = 100


@dataclass(frozen=True)
class Person:
    """Who is signed in. `unread_count` stops at MOST_COUNTED; `revision` is that of the configuration."""

    actor: Actor
    username: str
    unit_name: str
    must_change: bool
    is_demo: bool
    inbox_only: bool
    version: int
    unread_count: int
    revision: int


_unread = (
    select(Message.id)
    .where(Message.recipient_id == bindparam("id"), Message.read_at.is_(None))
    .limit(MOST_COUNTED)
    .subquery()
)
_query = (
    select(
        Account.id,
        Account.username,
        Account.name,
        Account.roles,
        Account.area_id,
        Account.unit_id,
        Account.must_change,
        Account.is_demo,
        Account.is_approver,
        Account.inbox_only,
        Account.session_version,
        stand_ins.stood_in_for(Account.id, bindparam("now", type_=UtcDateTime())).label("stands_in_for"),
        func.coalesce(Unit.short_name, "").label("unit_short_name"),
        func.coalesce(Unit.name, "").label("unit_name"),
        select(func.count()).select_from(_unread).scalar_subquery().label("unread_count"),
        select(Setting.value).where(Setting.name == "revision").scalar_subquery().label("revision"),
    )
    .outerjoin(Unit, Unit.id == Account.unit_id)
    .where(Account.id == bindparam("id"), Account.session_version == bindparam("version"), Account.is_active)
)


def load(session: Session, account_id: int, version: int, now: datetime) -> Person | None:
    """The person of a session, with whom he stands in for at this moment; None when it holds no more."""
    row = session.execute(_query, {"id": account_id, "version": version, "now": now}).one_or_none()
    if row is None:
        return None
    return Person(
        actor=Actor(
            row.id,
            row.name,
            row.roles,
            row.area_id,
            row.unit_id,
            row.is_approver,
            stand_ins.as_ids(row.stands_in_for),
        ),
        username=row.username,
        unit_name=row.unit_short_name or row.unit_name,
        must_change=row.must_change,
        is_demo=row.is_demo,
        inbox_only=row.inbox_only,
        version=row.session_version,
        unread_count=row.unread_count,
        revision=int(row.revision or 0),
    )
