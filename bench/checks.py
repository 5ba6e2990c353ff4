"""What must hold in a bench world: chains, heads, clocks, mirrors and rounds of a sample, and the counts."""

import random

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assist.domain.status import OPEN, Status
from assist.models import Clock, Ticket, TicketEvent, TicketRound
from assist.services.queries import invariants
from assist.services.transitions import covered, event_hash

SAMPLE = 500
MOST_ON_A_DESK = 49


class Untrue(Exception):
    """Something in the world contradicts itself."""


def check(session: Session, tickets: int) -> None:
    """Raise Untrue when the world is not what it should be."""
    count = session.scalar(select(func.count()).select_from(Ticket)) or 0
    if count != tickets:
        raise Untrue(f"{count} tickets instead of {tickets}")
    fullest = (
        select(func.count())
        # What is restricted is one named person's, however much there is of it.
        .where(Ticket.status.in_(OPEN), Ticket.owner_id.is_not(None), Ticket.is_restricted.is_(False))
        .group_by(Ticket.owner_id)
        .order_by(func.count().desc())
        .limit(1)
    )
    if (most := session.scalar(fullest) or 0) > MOST_ON_A_DESK:
        raise Untrue(f"{most} open tickets on one desk")
    for fault in invariants.broken(session):
        raise Untrue(f"{fault.subject}: {fault.sentence}")
    for ticket_id in sample(session, tickets):
        _check_chain(session, ticket_id)
        _check_rows(session, ticket_id)


def sample(session: Session, tickets: int) -> list[int]:
    """Some of the open ones, some of all."""
    rng = random.Random(tickets)
    waiting = list(session.scalars(select(Ticket.id).where(Ticket.status.in_(OPEN))))
    chosen = rng.sample(waiting, min(len(waiting), SAMPLE // 4))
    last = session.scalar(select(func.max(Ticket.id))) or 0
    return chosen + rng.sample(range(1, last + 1), min(last, SAMPLE - len(chosen)))


def _check_chain(session: Session, ticket_id: int) -> None:
    ticket = session.get_one(Ticket, ticket_id)
    events = session.scalars(
        select(TicketEvent).where(TicketEvent.ticket_id == ticket_id).order_by(TicketEvent.seq)
    ).all()
    head = ""
    for seq, event in enumerate(events, start=1):
        if (event.seq, event.prev_hash) != (seq, head) or event.hash != event_hash(head, covered(event)):
            raise Untrue(f"{ticket.number}: event {seq} breaks the chain")
        head = event.hash
    if (ticket.event_seq, ticket.head_hash) != (len(events), head) or events[
        -1
    ].new_status is not ticket.status:
        raise Untrue(f"{ticket.number}: the head is not the last event")


def _check_rows(session: Session, ticket_id: int) -> None:
    ticket = session.get_one(Ticket, ticket_id)
    rounds = session.scalars(select(TicketRound.no).where(TicketRound.ticket_id == ticket_id)).all()
    if sorted(rounds) != list(range(1, ticket.round_no + 1)):
        raise Untrue(f"{ticket.number}: rounds {sorted(rounds)} of {ticket.round_no}")
    clocks = session.scalars(select(Clock).where(Clock.ticket_id == ticket_id)).all()
    if len(clocks) < 4:
        raise Untrue(f"{ticket.number}: only {len(clocks)} clocks")
    if ticket.status in (Status.CLOSED, Status.WITHDRAWN) and any(one.stopped_at is None for one in clocks):
        raise Untrue(f"{ticket.number}: ended, and a clock runs on")
