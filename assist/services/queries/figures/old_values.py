"""What the events say that a column of a ticket was before it changed: `"category_id":[old,new]` in their fields."""

from typing import Any

from sqlalchemy import Integer, String, func, select, type_coerce
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import aliased
from sqlalchemy.sql.functions import FunctionElement

from assist.models import Ticket, TicketEvent

NONE = 0  # an id that was none


class OldValue(FunctionElement[Any]):
    """The old half of a changed column, of the fields of one event."""

    column: str
    inherit_cache = True


class OldCategory(OldValue):
    name, column, type = "old_category", "category_id", Integer()
    inherit_cache = True


class OldOwner(OldValue):
    name, column, type = "old_owner", "owner_id", Integer()
    inherit_cache = True


class OldDifficulty(OldValue):
    name, column, type = "old_difficulty", "difficulty", String()
    inherit_cache = True


def _old_value(element: OldValue, compiler: Any, **kw: Any) -> str:
    return f"json_extract({compiler.process(element.clauses, **kw)}, '$.{element.column}[0]')"


def _old_value_postgres(element: OldValue, compiler: Any, **kw: Any) -> str:
    word = f"({compiler.process(element.clauses, **kw)}::json->'{element.column}'->>0)"
    return f"{word}::int" if isinstance(element.type, Integer) else word


for _kind in (OldCategory, OldOwner, OldDifficulty):
    compiles(_kind)(_old_value)
    compiles(_kind, "postgresql")(_old_value_postgres)


def first_change(at: Any, old: type[OldValue], none: Any) -> Any:
    """SQL: what the first change after an instant took it from (`none` where it had none); NULL: it has not changed."""
    event = aliased(TicketEvent)
    words = type_coerce(event.fields, String)
    return (
        select(func.coalesce(old(words), none))
        .where(event.ticket_id == Ticket.id, event.at > at, words.like(f'%"{old.column}":[%'))
        .order_by(event.seq)
        .limit(1)
        .correlate_except(event)
        .scalar_subquery()
    )
