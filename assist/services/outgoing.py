"""站外消息排队: which of the messages just written leave the house, by which channel, to which address.

A row for each message and channel, in the transaction of the message; of a group robot one for each matter, whoever
else is told of it (its first message stands for it). The rules are `domain.outward`; when a row goes is `holding`.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from assist.domain import outward
from assist.domain.channel_names import GROUPS, ChannelName
from assist.domain.phone import is_mobile
from assist.domain.status import DeliveryStatus
from assist.models import Account, Delivery
from assist.services import bulk
from assist.services.work import Work

if TYPE_CHECKING:
    from assist.services.telling import Note

Written = tuple[int, "Note"]


def enqueue(work: Work, written: Sequence[Written]) -> None:
    """Queue what leaves of these messages (id, note). Costs nothing where no channel is set up."""
    set_up = set(work.settings.channels)
    wanted = [
        (message_id, note, channels)
        for message_id, note in written
        if (channels := set_up & outward.channels_of(note.kind, note.channels, note.sending))
    ]
    if not wanted:
        return
    query = select(
        Account.id, Account.roles, Account.email, Account.phone, Account.username, Account.inbox_only
    ).where(Account.id.in_({note.recipient_id for _, note, _ in wanted}))
    people = {row.id: row for row in work.session.execute(query)}
    rows = [
        row
        for message_id, note, channels in wanted
        for row in _rows(work, message_id, note, people[note.recipient_id], channels)
    ]
    bulk.insert_new(work.session, Delivery, rows, Delivery.id)


def _rows(work: Work, message_id: int, note: "Note", person: Any, channels: set[str]) -> Iterator[dict[str, Any]]:
    sending = note.sending
    is_reachable = outward.may_reach(person.roles, note.kind, sending, inbox_only=person.inbox_only)
    for channel in sorted(channels):
        is_group = channel in GROUPS
        address = "" if is_group else _address(channel, person)
        if not is_group and not (is_reachable and address):
            continue
        yield {
            "message_id": message_id,
            "channel": channel,
            "dedupe_key": note.key[:120] if is_group else note.dedupe_key,
            "status": DeliveryStatus.PENDING,
            "address": address,
            "is_held": not sending.is_urgent,
            "is_capped": not is_group and outward.is_capped(person.roles, note.kind, sending),
            "parcel_key": "",
            "attempt_count": 0,
            "interrupted_count": 0,
            "next_try_at": work.now,
            "receipt": "",
            "error": "",
        }


def _address(channel: str, person: Any) -> str:
    """Where this person is reached; empty where he cannot be."""
    if channel == ChannelName.EMAIL.value:
        return person.email or ""
    if channel == ChannelName.SMS.value:
        return person.phone if is_mobile(person.phone) else ""
    return str(person.username)
