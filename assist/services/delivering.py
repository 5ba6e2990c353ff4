"""发送: messages on their way through the channels beside the inbox, at least once (design 3).

pending → claimed (lease) → sent | failed (again after 1, 5, 30 minutes, 2 and 12 hours) | dead. A claim is a lease in
the database's time: whoever dies with it loses it, and another takes over. The key that goes out is the same at every
attempt. Sending itself is a channel's; the job joins the two, and nothing is held while a channel is slow.
"""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, or_, select, update

from assist.domain.errors import Conflict, NotFound
from assist.domain.status import DeliveryStatus
from assist.models import Delivery, Message, Setting
from assist.services import auditing, settings
from assist.services.database_time import database_time
from assist.services.work import Work

BATCH = 20
LEASE = timedelta(minutes=2)
RETRIES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=12),
)
S = DeliveryStatus


@dataclass(frozen=True)
class Parcel:
    """A claimed delivery with all that is needed to send it. `lease` is what it is settled by."""

    delivery_id: int
    channel: str
    lease: datetime
    attempt: int
    key: str
    address: str
    title: str
    location: str
    at: datetime


def publish_channels(work: Work, names: Collection[str]) -> bool:
    """Let everybody know which channels are configured: messages are queued for these alone. Whether it changed."""
    wanted = sorted(names)
    if sorted(work.settings.channels) == wanted:
        return False
    row = work.session.scalars(select(Setting).where(Setting.name == "channels")).one_or_none()
    if row is None:
        work.session.add(Setting(name="channels", value=wanted))
    else:
        row.value = wanted
    settings.changed(work.session)
    return True


def is_anything_waiting(work: Work) -> bool:
    """The plain read before any claim."""
    lapsed = database_time(work.session)
    return work.session.scalar(select(Delivery.id).where(_may_go(work, lapsed)).limit(1)) is not None


def _may_go(work: Work, lapsed: datetime) -> Any:
    return or_(
        and_(Delivery.status.in_([S.PENDING, S.FAILED]), Delivery.next_try_at <= work.now),
        and_(Delivery.status == S.CLAIMED, Delivery.leased_until < lapsed),
    )


def claim(work: Work, limit: int = BATCH) -> list[Parcel]:
    """Take what may go now, the longest waiting first, under a lease; each claim counts as an attempt.

    One whose attempts are used up (its sender died every time) is dead instead.
    """
    now = database_time(work.session)
    rows = work.session.execute(
        select(Delivery, Message)
        .join(Message, Message.id == Delivery.message_id)
        .where(_may_go(work, now))
        .order_by(Delivery.next_try_at, Delivery.id)
        .limit(limit)
        .with_for_update(of=Delivery, skip_locked=True)
        .execution_options(populate_existing=True)
    ).all()
    parcels = []
    for delivery, message in rows:
        if delivery.attempt_count > len(RETRIES):
            delivery.status, delivery.leased_until = S.DEAD, None
            delivery.error = delivery.error or "多次发送均被中断。"
            continue
        delivery.status, delivery.leased_until = S.CLAIMED, now + LEASE
        delivery.attempt_count += 1
        parcels.append(_parcel(delivery, message, now + LEASE))
    work.session.flush()
    return parcels


def _parcel(delivery: Delivery, message: Message, lease: datetime) -> Parcel:
    key = hashlib.sha256(f"{message.dedupe_key}|{delivery.channel}|{message.id}".encode()).hexdigest()[:32]
    return Parcel(
        delivery_id=delivery.id,
        channel=delivery.channel,
        lease=lease,
        attempt=delivery.attempt_count,
        key=key,
        address=delivery.address,
        title=message.title,
        location=message.location,
        at=message.at,
    )


def sent(work: Work, parcel: Parcel) -> bool:
    """It is out. False when the lease had been lost to another, whose settlement holds."""
    return _settle(work, parcel, status=S.SENT, sent_at=work.now, leased_until=None, error="")


def failed(work: Work, parcel: Parcel, reason: str) -> DeliveryStatus:
    """It did not go: again later, or dead after the last try. Returns which."""
    is_last = parcel.attempt > len(RETRIES)
    status = S.DEAD if is_last else S.FAILED
    later = work.now if is_last else work.now + RETRIES[parcel.attempt - 1]
    _settle(work, parcel, status=status, leased_until=None, next_try_at=later, error=reason[:400])
    return status


def release(work: Work, parcel: Parcel) -> bool:
    """It was not tried after all (the process ends): as if it had never been claimed."""
    return _settle(work, parcel, status=S.PENDING, leased_until=None, attempt_count=parcel.attempt - 1)


def _settle(work: Work, parcel: Parcel, **values: Any) -> bool:
    done = work.session.execute(
        update(Delivery)
        .where(
            Delivery.id == parcel.delivery_id,
            Delivery.status == S.CLAIMED,
            Delivery.leased_until == parcel.lease,
        )
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    return bool(done.rowcount)  # type: ignore[attr-defined]


def again(work: Work, delivery_id: int) -> Delivery:
    """重发: a dead delivery starts anew, by a person, logged. Raises NotFound and Conflict (it is not dead)."""
    delivery = work.session.get(Delivery, delivery_id, with_for_update=True)
    if delivery is None:
        raise NotFound()
    if delivery.status is not S.DEAD:
        raise Conflict("这条消息正在发送或已经发送，不需要重发。")
    delivery.status, delivery.attempt_count, delivery.next_try_at = S.PENDING, 0, work.now
    auditing.record(work, "resend", f"delivery {delivery.id}", channel=delivery.channel)
    return delivery
