"""Messages that did not get out: what a supervisor must see. Reads only; 重发 is `delivering.again`."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assist.domain.status import DeliveryStatus
from assist.models import Account, Delivery, Message

STUCK = (DeliveryStatus.DEAD, DeliveryStatus.FAILED)


@dataclass(frozen=True)
class Trouble:
    """How many deliveries have been given up (`dead`), and how many have failed and will be tried again."""

    dead: int
    failed: int

    def __bool__(self) -> bool:
        return bool(self.dead or self.failed)


@dataclass(frozen=True)
class StuckDelivery:
    """One of them, with the channel's own words. `address` is where it should have gone."""

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


def trouble(session: Session) -> Trouble:
    """The counts, in one statement over an index."""
    rows = session.execute(
        select(Delivery.status, func.count()).where(Delivery.status.in_(STUCK)).group_by(Delivery.status)
    )
    counts = {row[0]: row[1] for row in rows}
    return Trouble(counts.get(DeliveryStatus.DEAD, 0), counts.get(DeliveryStatus.FAILED, 0))


def stuck(session: Session, limit: int = 50) -> list[StuckDelivery]:
    """The newest of them, the dead before those that will be tried again."""
    rows = session.execute(
        select(Delivery, Message, Account.name)
        .join(Message, Message.id == Delivery.message_id)
        .join(Account, Account.id == Message.recipient_id)
        .where(Delivery.status.in_(STUCK))
        .order_by(Delivery.status, Delivery.id.desc())
        .limit(limit)
    )
    return [
        StuckDelivery(
            delivery.id,
            delivery.status,
            delivery.channel,
            name,
            delivery.address,
            message.title,
            message.location,
            delivery.attempt_count,
            delivery.next_try_at,
            delivery.error,
            message.at,
        )
        for delivery, message, name in rows
    ]
