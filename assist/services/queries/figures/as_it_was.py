"""What a ticket was at a time, told by its events where it has changed since: its status, category, difficulty."""

from typing import Any

from sqlalchemy import String, and_, case, func, or_, select, type_coerce
from sqlalchemy.orm import aliased

from assist.domain.status import OPEN
from assist.models import Ticket, TicketEvent
from assist.models.ticket import is_open
from assist.services.queries.figures.facts import AsOf, Condition
from assist.services.queries.figures.old_values import NONE, OldCategory, OldDifficulty, first_change


def category_at(as_of: AsOf) -> Any:
    """SQL: the ticket's category at a time."""
    if as_of.live:
        return Ticket.category_id
    was = func.coalesce(first_change(as_of.at, OldCategory, NONE), Ticket.category_id)
    return case((Ticket.updated_at <= as_of.at, Ticket.category_id), else_=func.nullif(was, NONE))


def difficulty_at(as_of: AsOf) -> Any:
    """SQL: the word of the ticket's difficulty at a time; empty or NULL where it had none."""
    now = type_coerce(Ticket.difficulty, String)
    if as_of.live:
        return now
    was = func.coalesce(first_change(as_of.at, OldDifficulty, ""), now)
    return case((Ticket.updated_at <= as_of.at, now), else_=was)


def status_at(as_of: AsOf) -> Any:
    """SQL: the word of the ticket's status at a time; NULL where it was not there yet."""
    now = type_coerce(Ticket.status, String)
    if as_of.live:
        return now
    event = aliased(TicketEvent)
    then = (
        select(type_coerce(event.new_status, String))
        .where(event.ticket_id == Ticket.id, event.at <= as_of.at)
        .order_by(event.seq.desc())
        .limit(1)
        .correlate(Ticket)
        .scalar_subquery()
    )
    return case((Ticket.updated_at <= as_of.at, now), else_=then)


def was_open(as_of: AsOf) -> Condition:
    """The ticket was open then. Partial indexes lead to it where it is the present."""
    if as_of.live:
        return is_open()
    return and_(
        Ticket.submitted_at <= as_of.at,
        or_(is_open(), Ticket.updated_at > as_of.at),
        status_at(as_of).in_(sorted(str(one.value) for one in OPEN)),
    )
