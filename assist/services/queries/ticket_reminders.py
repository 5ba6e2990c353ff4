"""提醒记录: who was told what about one ticket, when, by which channel, with what result. Reading only.

Messages newest first, each with its deliveries; beside them the steps of the ladder that were passed over, or for which
there was nobody, so that nothing the ledger knows is missing.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from assist.domain.channel_names import GROUPS, ChannelName
from assist.domain.masking import mask_phone
from assist.domain.status import DeliveryStatus
from assist.models import Account, Clock, Delivery, Message, Reminder, Ticket
from assist.services.work import Work

PAGE = 50
REMINDERS = "reminders"


@dataclass(frozen=True)
class Way:
    """One channel of one message: where, and what came of it."""

    channel: str
    result: str
    tone: str
    at: datetime | None = None
    detail: str = ""


@dataclass(frozen=True)
class Told:
    """One message to one person; a reminder's title begins with its card."""

    at: datetime
    title: str
    recipient: str
    ways: list[Way] = field(default_factory=list)


@dataclass(frozen=True)
class Unsent:
    """A step that was reached and not sent: overtaken by a higher one or not needed, or nobody to tell."""

    kind: str
    step: str
    due_at: datetime
    why: str


def told(work: Work, ticket: Ticket, *, only_reminders: bool, page: int) -> tuple[list[Told], int]:
    """A page of what was told, and how much there is in all; three statements."""
    conditions = [Message.ticket_id == ticket.id]
    if only_reminders:
        conditions.append(Message.kind == "reminder")
    total = work.session.scalar(select(func.count()).select_from(Message).where(*conditions)) or 0
    query = (
        select(Message, Account.name, Account.inbox_only)
        .join(Account, Account.id == Message.recipient_id)
        .where(*conditions)
        .order_by(Message.id.desc())
    )
    rows = work.session.execute(query.limit(PAGE).offset((page - 1) * PAGE)).all()
    ways = _ways(work, [row[0].id for row in rows])
    return [
        Told(
            at=message.at,
            title=message.title,
            recipient=name,
            ways=[_inbox(message, inbox_only), *ways.get(message.id, [])],
        )
        for message, name, inbox_only in rows
    ], total


def _inbox(message: Message, inbox_only: bool) -> Way:
    title = ChannelName.INBOX.title
    choice = "本人选择只收站内信" if inbox_only else ""
    if message.read_at is not None:
        return Way(title, "已读", "ok", message.read_at, choice)
    return Way(title, "未读", "gr", None, choice)


def _ways(work: Work, message_ids: Sequence[int]) -> dict[int, list[Way]]:
    found: dict[int, list[Way]] = defaultdict(list)
    rows = work.session.scalars(
        select(Delivery).where(Delivery.message_id.in_(message_ids)).order_by(Delivery.id)
    )
    for row in rows:
        found[row.message_id].append(_way(row))
    return found


def _way(row: Delivery) -> Way:
    is_group = row.channel in GROUPS
    title = ChannelName.of(row.channel).title + ("（工作群）" if is_group else "")
    where = mask_phone(row.address) if row.channel == ChannelName.SMS.value else row.address
    if row.status is DeliveryStatus.SENT:
        return Way(title, row.status.title, row.status.tone, row.sent_at, where)
    words = [where, f"已试{row.attempt_count}次" if row.attempt_count else "", row.error]
    return Way(title, row.status.title, row.status.tone, None, "，".join(word for word in words if word))


def unsent(work: Work, ticket: Ticket, limit: int = 200) -> list[Unsent]:
    """The steps of the ticket's clocks that were passed over, and those for which there was nobody."""
    rows: Any = work.session.execute(
        select(Clock.kind, Reminder.step, Reminder.due_at, Reminder.is_passed_over)
        .join(Clock, Clock.id == Reminder.clock_id)
        .where(Clock.ticket_id == ticket.id, Reminder.message_id.is_(None))
        .order_by(Reminder.due_at.desc(), Reminder.id.desc())
        .limit(limit)
    )
    return [
        Unsent(
            kind.title,
            step.title,
            due_at,
            "已有更高一级的提醒，或已反馈进展，不再发送" if is_passed else "当时没有可以提醒的人",
        )
        for kind, step, due_at, is_passed in rows
    ]
