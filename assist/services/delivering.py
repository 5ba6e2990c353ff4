"""发送: messages on their way through the channels beside the inbox, at least once (design 3).

pending → claimed (lease) → sent | failed (again after 1, 5, 30 minutes, 2 and 12 hours) | dead. A claim is a lease in
the database's time: whoever dies with it loses it, and another takes over. The key that goes out is the same at every
attempt. Sending itself is a channel's; the job joins the two, and nothing is held while a channel is slow. What waits,
and what goes together, says `holding`.
"""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from assist.domain.errors import Conflict, NotFound
from assist.domain.status import DeliveryStatus
from assist.models import Account, Channel, Delivery, Message, Setting
from assist.services import auditing, holding, settings
from assist.services.database_time import database_time
from assist.services.work import Work, insert_unless_there

BATCH = 20
JOINED = 200  # at most so many messages go as one
LEASE = timedelta(minutes=2)
RETRIES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=12),
)
# Whoever sends it died with it: so often, and it is given up (it may be what kills them).
MOST_INTERRUPTIONS = 20
S = DeliveryStatus


@dataclass(frozen=True)
class Item:
    """One message of a parcel."""

    kind: str
    title: str
    tone: str
    location: str


@dataclass(frozen=True)
class Parcel:
    """What was claimed to go out as one, with all that is needed to send it. `lease` is what it is settled by;
    `attempts_before` what is put back when it was not tried after all."""

    delivery_ids: tuple[int, ...]
    channel: str
    lease: datetime
    attempt: int
    attempts_before: int
    key: str
    address: str
    mention: str
    items: tuple[Item, ...]
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
    work.__dict__.pop("settings", None)
    return True


def waiting_channels(work: Work) -> list[str]:
    """The channels by which something may go now: the plain read before any claim."""
    now = database_time(work.session)
    names = work.session.scalars(
        select(Delivery.channel).where(holding.is_waiting()).distinct()
    )
    return [name for name in sorted(names) if _is_anything(work, name, now)]


def _is_anything(work: Work, channel: str, now: datetime) -> bool:
    query = select(Delivery.id).where(holding.may_go(work, channel, now)).limit(1)
    return work.session.scalar(query) is not None


def claim(work: Work, channel: str, limit: int = BATCH, lease: timedelta = LEASE) -> list[Parcel]:
    """Take what may go now by one channel, urgent ones first, under a lease; each claim counts as an attempt, but for
    those of senders that died. One whose senders always die is dead in the end. Claims of one channel follow each
    other: its row is locked, so that limits and joining see what the one before took.
    """
    now = database_time(work.session)
    if _is_blocked(work, channel, now):
        return []
    most = holding.room(work, channel, now, limit)
    if most < 1:
        return []
    holding.put_off_outside_hours(work, channel)
    rows = _due(work, channel, now)
    parcels = []
    for together in holding.grouped(work, channel, rows, now)[:most]:
        if parcel := _claimed(together, now, now + lease):
            parcels.append(parcel)
    work.session.flush()
    return parcels


def _is_blocked(work: Work, channel: str, now: datetime) -> bool:
    """Lock the channel's row (made when it is missing); whether the other side asked for silence."""
    work.session.execute(insert_unless_there(work.session, Channel).values(_blank(channel)))
    until = work.session.scalars(
        select(Channel.blocked_until).where(Channel.name == channel).with_for_update()
    ).one()
    return until is not None and until > now


def _blank(channel: str) -> dict[str, Any]:
    counts = {"is_on": False, "secrets": "", "last_error": "", "sent_count": 0, "failed_count": 0}
    return {"name": channel, **counts}


def _due(work: Work, channel: str, now: datetime) -> Sequence[Any]:
    """What may go, with all that went together with it before."""
    query = (
        select(Delivery, Message, Account.phone)
        .join(Message, Message.id == Delivery.message_id)
        .join(Account, Account.id == Message.recipient_id)
        .where(holding.may_go(work, channel, now))
        .order_by(Delivery.is_held, Delivery.next_try_at, Delivery.id)
        .with_for_update(of=Delivery, skip_locked=True)
        .execution_options(populate_existing=True)
    )
    rows = list(work.session.execute(query.limit(JOINED)).all())
    keys = {row[0].parcel_key for row in rows if row[0].parcel_key}
    if not keys or len(rows) < JOINED:
        return rows
    known = {row[0].id for row in rows}
    mates = work.session.execute(query.where(Delivery.parcel_key.in_(keys))).all()
    return rows + [row for row in mates if row[0].id not in known]


def _claimed(rows: Sequence[Any], now: datetime, lease: datetime) -> Parcel | None:
    """Put a lease on what goes together; None when its attempts are used up."""
    deliveries: list[Delivery] = [row[0] for row in rows]
    first = deliveries[0]
    is_interrupted = first.status is S.CLAIMED
    interrupted = first.interrupted_count + is_interrupted
    if interrupted > MOST_INTERRUPTIONS:
        for delivery in deliveries:
            delivery.status, delivery.leased_until = S.DEAD, None
            delivery.error = delivery.error or "多次发送均被中断。"
        return None
    key, before = first.parcel_key or _key(first), first.attempt_count
    attempt = before if is_interrupted else before + 1
    for delivery in deliveries:
        delivery.status, delivery.leased_until, delivery.tried_at = S.CLAIMED, lease, now
        delivery.parcel_key, delivery.attempt_count = key, attempt
        delivery.interrupted_count = interrupted
    return Parcel(
        delivery_ids=tuple(one.id for one in deliveries),
        channel=first.channel,
        lease=lease,
        attempt=attempt,
        attempts_before=before,
        key=key,
        address=first.address,
        mention=rows[0][2],
        items=tuple(Item(row[1].kind, row[1].title, row[1].tone, row[1].location) for row in rows),
        at=min(row[1].at for row in rows),
    )


def _key(delivery: Delivery) -> str:
    return hashlib.sha256(f"{delivery.channel}|{delivery.dedupe_key}".encode()).hexdigest()[:32]


def sent(work: Work, parcel: Parcel, receipt: str = "") -> int:
    """It is out: how many messages. 0 when the lease had been lost to another, whose settlement holds."""
    return _settle(
        work, parcel, status=S.SENT, sent_at=work.now, leased_until=None, error="", receipt=receipt[:160]
    )


def failed(work: Work, parcel: Parcel, reason: str, wait: timedelta = timedelta(0)) -> DeliveryStatus:
    """It did not go: again later (not before `wait`), or dead after the last try. Returns which."""
    is_last = parcel.attempt > len(RETRIES)
    status = S.DEAD if is_last else S.FAILED
    later = work.now if is_last else work.now + max(wait, RETRIES[parcel.attempt - 1])
    _settle(work, parcel, status=status, leased_until=None, next_try_at=later, error=reason[:400])
    return status


def release(work: Work, parcels: Sequence[Parcel]) -> None:
    """They were not tried after all (the process ends, the channel is down): as if they had never been claimed."""
    for parcel in parcels:
        values: dict[str, Any] = {"status": S.PENDING, "leased_until": None, "tried_at": None}
        if not parcel.attempts_before:  # nobody has seen its key: it may go together with others yet
            values["parcel_key"] = ""
        _settle(work, parcel, attempt_count=parcel.attempts_before, **values)


def _settle(work: Work, parcel: Parcel, **values: Any) -> int:
    done = work.session.execute(
        update(Delivery)
        .where(
            Delivery.id.in_(parcel.delivery_ids),
            Delivery.status == S.CLAIMED,
            Delivery.leased_until == parcel.lease,
        )
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    return int(done.rowcount)  # type: ignore[attr-defined]


def again(work: Work, delivery_id: int) -> Delivery:
    """重发: what is dead or late starts anew at once, with all that went together with it; by a person, logged.

    Raises NotFound, and Conflict when it is on its way or sent.
    """
    delivery = work.session.get(Delivery, delivery_id, with_for_update=True)
    if delivery is None:
        raise NotFound()
    if delivery.status in (S.SENT, S.CLAIMED):
        raise Conflict("这条消息正在发送或已经发送，不需要重发。")
    mates = [delivery]
    if delivery.parcel_key:
        query = select(Delivery).where(
            Delivery.parcel_key == delivery.parcel_key, Delivery.status == delivery.status
        )
        mates = list(work.session.scalars(query.with_for_update()))
    for one in mates:
        one.status, one.next_try_at, one.is_held = S.PENDING, work.now, False
        one.attempt_count = one.interrupted_count = 0
    auditing.record(work, "resend", f"delivery {delivery.id}", channel=delivery.channel)
    return delivery
