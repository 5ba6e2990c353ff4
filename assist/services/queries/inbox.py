"""消息: a person's own messages, the newest first, by keyset. Reading only; opening one is the page's act."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from assist.models import Message
from assist.services.work import Work

PAGE = 30


@dataclass(frozen=True)
class InboxPage:
    """One page; `older_id` and `newer_id` continue to older and newer messages, None where there are none."""

    rows: list[Any]
    older_id: int | None
    newer_id: int | None


def inbox(
    work: Work,
    *,
    unread: bool,
    older_than: int | None = None,
    newer_than: int | None = None,
    size: int = PAGE,
) -> InboxPage:
    """The actor's messages, one page of them, in one statement."""
    query = select(
        Message.id, Message.title, Message.body, Message.tone, Message.at, Message.read_at, Message.location
    ).where(Message.recipient_id == work.actor.account_id)
    if unread:
        query = query.where(Message.read_at.is_(None))
    if newer_than is not None:
        query = query.where(Message.id > newer_than).order_by(Message.id)
    else:
        query = query.order_by(Message.id.desc())
        if older_than is not None:
            query = query.where(Message.id < older_than)
    rows = list(work.session.execute(query.limit(size + 1)))
    more, rows = len(rows) > size, rows[:size]
    if newer_than is not None:
        rows.reverse()
        return InboxPage(rows, rows[-1].id if rows else None, rows[0].id if rows and more else None)
    newer = rows[0].id if rows and older_than is not None else None
    return InboxPage(rows, rows[-1].id if rows and more else None, newer)
