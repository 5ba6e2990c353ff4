"""What a ticket was at a time, told by its events where it has changed since: its status, category, difficulty."""

from typing import Any

from sqlalchemy import Integer, String, and_, case, func, or_, select, type_coerce
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import aliased
from sqlalchemy.sql.functions import FunctionElement

from assist.domain.status import OPEN
from assist.models import Ticket, TicketEvent
from assist.models.ticket import is_open
from assist.services.queries.figures.facts import AsOf, Condition

NONE = 0  # a category that was none


class OldCategory(FunctionElement[int]):
    """The category that an event's fields say a ticket had before it."""

    name = "old_category"
    type = Integer()
    inherit_cache = True


class OldDifficulty(FunctionElement[str]):
    name = "old_difficulty"
    type = String()
    inherit_cache = True


@compiles(OldCategory)
def _old_category(element: OldCategory, compiler: Any, **kw: Any) -> str:
    return f"json_extract({compiler.process(element.clauses, **kw)}, '$.category_id[0]')"


@compiles(OldCategory, "postgresql")
def _old_category_postgres(element: OldCategory, compiler: Any, **kw: Any) -> str:
    return f"({compiler.process(element.clauses, **kw)}::json->'category_id'->>0)::int"


@compiles(OldDifficulty)
def _old_difficulty(element: OldDifficulty, compiler: Any, **kw: Any) -> str:
    return f"json_extract({compiler.process(element.clauses, **kw)}, '$.difficulty[0]')"


@compiles(OldDifficulty, "postgresql")
def _old_difficulty_postgres(element: OldDifficulty, compiler: Any, **kw: Any) -> str:
    return f"({compiler.process(element.clauses, **kw)}::json->'difficulty'->>0)"


def _first_change(as_of: AsOf, column: str, old: Any, none: Any) -> Any:
    """What the first change after a time took it from (`none` where it had none); NULL where nothing changed."""
    event = aliased(TicketEvent)
    words = type_coerce(event.fields, String)
    return (
        select(func.coalesce(old(words), none))
        .where(event.ticket_id == Ticket.id, event.at > as_of.at, words.like(f'%"{column}":[%'))
        .order_by(event.seq)
        .limit(1)
        .correlate(Ticket)
        .scalar_subquery()
    )


def category_at(as_of: AsOf) -> Any:
    """SQL: the ticket's category at a time."""
    if as_of.live:
        return Ticket.category_id
    was = func.coalesce(_first_change(as_of, "category_id", OldCategory, NONE), Ticket.category_id)
    return case((Ticket.updated_at <= as_of.at, Ticket.category_id), else_=func.nullif(was, NONE))


def difficulty_at(as_of: AsOf) -> Any:
    """SQL: the word of the ticket's difficulty at a time; empty or NULL where it had none."""
    now = type_coerce(Ticket.difficulty, String)
    if as_of.live:
        return now
    was = func.coalesce(_first_change(as_of, "difficulty", OldDifficulty, ""), now)
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
