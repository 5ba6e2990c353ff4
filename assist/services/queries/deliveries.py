"""Messages that did not get out, or are late: what a supervisor must see. Reads only; 重发 is `delivering.again`."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session

from assist.domain.channel_names import GROUPS
from assist.domain.status import DeliveryStatus
from assist.models import Account, Delivery, Message

STUCK = (DeliveryStatus.DEAD, DeliveryStatus.FAILED)
# What should have gone so long ago and was not even tried: the scheduler or the channel is slow.
LATE = timedelta(minutes=15)
PAGE = 50


def is_late(now: datetime) -> ColumnElement[bool]:
    """Waiting although its time came a while ago. What is held for office hours is not late."""
    waiting = Delivery.status.in_([DeliveryStatus.PENDING, DeliveryStatus.CLAIMED])
    return and_(waiting, Delivery.next_try_at < now - LATE)


def is_stuck(now: datetime) -> ColumnElement[bool]:
    """Given up, to be tried again, or late."""
    return or_(Delivery.status.in_(STUCK), is_late(now))


@dataclass(frozen=True)
class StuckDelivery:
    """One of them, with the channel's own words. `address` is where it should have gone; `is_again` may be sent."""

    id: int
    status: DeliveryStatus
    channel: str
    recipient_name: str
    address: str
    title: str
    location: str
    attempt_count: int
    next_try_at: datetime
    error: str
    at: datetime
    is_late: bool

    @property
    def is_again(self) -> bool:
        return self.status is not DeliveryStatus.CLAIMED


def stuck(session: Session, now: datetime, limit: int = PAGE, offset: int = 0) -> list[StuckDelivery]:
    """The newest of them: the dead, then those that will be tried again, then the late ones."""
    first = case((Delivery.status == DeliveryStatus.DEAD, 0), (Delivery.status == DeliveryStatus.FAILED, 1), else_=2)
    rows = session.execute(
        select(Delivery, Message, Account.name)
        .join(Message, Message.id == Delivery.message_id)
        .join(Account, Account.id == Message.recipient_id)
        .where(is_stuck(now))
        .order_by(first, Delivery.id.desc())
        .limit(limit)
        .offset(offset)
    )
    return [
        StuckDelivery(
            delivery.id,
            delivery.status,
            delivery.channel,
            "工作群" if delivery.channel in GROUPS else name,
            delivery.address,
            message.title,
            message.location,
            delivery.attempt_count,
            delivery.next_try_at,
            delivery.error,
            message.at,
            delivery.status not in STUCK,
        )
        for delivery, message, name in rows
    ]


def count(session: Session, now: datetime) -> int:
    return session.scalar(select(func.count()).select_from(Delivery).where(is_stuck(now))) or 0
