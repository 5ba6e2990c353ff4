"""缓发与合并: what may go now, what waits, and what goes together (design 3).

One rule: outside office windows, or within five minutes of the last to that person by that channel, what is held waits
and goes as one. Red cards and 特急 are not held. An enterprise's contact gets two a day; the third waits for the next
working day and joins what waits there. A channel takes only so many a minute. Nothing is lost by waiting: a row only
gets a later `next_try_at`. Everything here is called under the channel's lock (see `delivering.claim`).
"""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, func, or_, select, update

from assist.domain.channel_names import RATES
from assist.domain.clock import local
from assist.domain.outward import ENTERPRISE_DAILY
from assist.domain.status import DeliveryStatus
from assist.models import Account, Delivery, Message
from assist.services.work import Work

APART = timedelta(minutes=5)
S = DeliveryStatus
Row = Any  # (Delivery, Message, phone of the recipient)


def is_waiting() -> ColumnElement[bool]:
    """Not sent and not given up, in the very words of the partial index, so that SQLite uses it."""
    statuses: Any = bindparam("waiting", [S.PENDING, S.CLAIMED, S.FAILED], expanding=True, literal_execute=True)
    return Delivery.status.in_(statuses)


def may_go(work: Work, channel: str, now: datetime) -> ColumnElement[bool]:
    """What waits and is due, or was claimed by somebody who died (`now` is the database's time)."""
    return and_(
        Delivery.channel == channel,
        is_waiting(),
        Delivery.next_try_at <= work.now,
        or_(Delivery.status != S.CLAIMED, Delivery.leased_until < now),
    )


def room(work: Work, channel: str, now: datetime, most: int) -> int:
    """How many sends the channel takes at this moment."""
    for count, seconds in RATES.get(channel, ()):
        tried = work.session.scalar(
            select(func.count(Delivery.parcel_key.distinct())).where(
                Delivery.channel == channel, Delivery.tried_at > now - timedelta(seconds=seconds)
            )
        )
        most = min(most, count - (tried or 0))
    return most


def put_off_outside_hours(work: Work, channel: str) -> bool:
    """Outside office windows what is held waits for the next one. Whether the offices are open."""
    opens = work.settings.calendar.working_from(work.now)
    if opens <= work.now:
        return True
    work.session.execute(
        _later(opens).where(
            Delivery.channel == channel,
            Delivery.is_held,
            Delivery.status.in_([S.PENDING, S.FAILED]),
            Delivery.next_try_at <= work.now,
        )
    )
    return False


def _later(at: datetime) -> Any:
    return update(Delivery).values(next_try_at=at).execution_options(synchronize_session=False)


def grouped(work: Work, channel: str, rows: Sequence[Row], now: datetime) -> list[list[Row]]:
    """The rows as they go together, in their order: what went together before, urgent ones alone, the others by
    address. What must wait is put off and left out."""
    first = [row for row in rows if not row[0].parcel_key]
    waiting = _within_cap(work, first)
    going = {row[0].address for row in rows if row[0].parcel_key}
    waiting = _apart_from_the_last(work, channel, waiting, now, going)
    kept = {row[0].id for row in waiting}
    found: dict[Any, list[Row]] = {}
    for row in rows:
        delivery = row[0]
        if delivery.parcel_key:
            found.setdefault(delivery.parcel_key, []).append(row)
        elif delivery.id in kept:
            together = ("to", delivery.address) if delivery.is_held else ("alone", delivery.id)
            found.setdefault(together, []).append(row)
    return list(found.values())


def _within_cap(work: Work, rows: Sequence[Row]) -> list[Row]:
    """Without what would be an enterprise contact's third today; that waits for the next working day."""
    people = {row[1].recipient_id for row in rows if row[0].is_capped}
    if not people:
        return list(rows)
    # One channel at a time counts for these people.
    work.session.execute(
        select(Account.id).where(Account.id.in_(people)).order_by(Account.id).with_for_update(key_share=True)
    )
    taken = _sends_today(work, people)
    kept, over, joined = [], [], set()
    for row in rows:
        delivery, person = row[0], row[1].recipient_id
        if not delivery.is_capped or (delivery.is_held and (person, delivery.address) in joined):
            kept.append(row)
        elif taken[person] < ENTERPRISE_DAILY:
            taken[person] += 1
            kept.append(row)
            if delivery.is_held:
                joined.add((person, delivery.address))
        else:
            over.append(delivery.id)
    if over:
        work.session.execute(_later(_next_opening(work)).where(Delivery.id.in_(over)))
    return kept


def _sends_today(work: Work, people: Collection[int]) -> Counter[int]:
    """How many sends each of these people has had since midnight, by all channels, those on their way included."""
    rows = work.session.execute(
        select(Message.recipient_id, func.count(Delivery.parcel_key.distinct()))
        .join(Delivery, Delivery.message_id == Message.id)
        .where(
            Message.recipient_id.in_(people),
            Delivery.parcel_key != "",
            or_(Delivery.sent_at >= _midnight(work), Delivery.status.in_([S.CLAIMED, S.FAILED])),
        )
        .group_by(Message.recipient_id)
    )
    return Counter({row[0]: row[1] for row in rows})


def _midnight(work: Work) -> datetime:
    return local(work.now).replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)


def _next_opening(work: Work) -> datetime:
    return work.settings.calendar.working_from(_midnight(work) + timedelta(days=1))


def _apart_from_the_last(
    work: Work, channel: str, rows: Sequence[Row], now: datetime, going: Collection[str]
) -> list[Row]:
    """Without what is held and follows within five minutes of the last to the same address (`going`: just now)."""
    addresses = {row[0].address for row in rows if row[0].is_held}
    if not addresses:
        return list(rows)
    recent = select(Delivery.address, func.max(func.coalesce(Delivery.sent_at, work.now))).where(
        Delivery.channel == channel,
        or_(
            Delivery.sent_at > work.now - APART,
            and_(Delivery.status == S.CLAIMED, Delivery.leased_until >= now),
        ),
    )
    last = {row[0]: row[1] for row in work.session.execute(recent.group_by(Delivery.address))}
    last.update({row[0].address: work.now for row in rows if not row[0].is_held})
    last.update(dict.fromkeys(going, work.now))
    early: dict[str, list[int]] = {}
    kept = []
    for row in rows:
        if row[0].is_held and row[0].address in last:
            early.setdefault(row[0].address, []).append(row[0].id)
        else:
            kept.append(row)
    for address, ids in early.items():
        work.session.execute(_later(last[address] + APART).where(Delivery.id.in_(ids)))
    return kept
