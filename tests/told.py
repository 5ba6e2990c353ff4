"""What came of an act: which clocks run, what somebody was told, whether every promise still holds."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from assist.models import Clock, Message, Ticket
from assist.services import anchoring
from assist.services.queries import invariants


def running(session: Session, ticket: Ticket) -> set[str]:
    session.expire_all()
    rows = session.scalars(
        select(Clock).where(Clock.ticket_id == ticket.id, Clock.stopped_at.is_(None), Clock.paused_at.is_(None))
    )
    return {row.kind.value for row in rows}


def told(session: Session, person: Any) -> list[str]:
    rows = session.scalars(
        select(Message).where(Message.recipient_id == person.id).order_by(Message.id)
    )
    return [row.title for row in rows]


def sound(session: Session) -> list[str]:
    """The sentences of every broken promise and chain."""
    session.expire_all()
    return [str(fault) for fault in (*anchoring.verify_chains(session).faults, *invariants.broken(session))]
