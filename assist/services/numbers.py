"""Numbers without gaps inside a series: a counter row, raised in the transaction that uses the number."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from assist.domain.clock import local_date
from assist.models import Counter


def next_value(session: Session, name: str) -> int:
    """The next number of the series `name`, from 1. Locks the series until the transaction ends: take it late."""
    dialect: Any = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    statement = (
        dialect.insert(Counter)
        .values(name=name, value=1)
        .on_conflict_do_update(index_elements=[Counter.name], set_={"value": Counter.value + 1})
        .returning(Counter.value)
    )
    return int(session.execute(statement).scalar_one())


def at_least(session: Session, used: Mapping[str, int]) -> None:
    """By series, the highest number used up elsewhere: the next one given out lies beyond it."""
    if not used:
        return
    dialect: Any = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    beyond = dialect.insert(Counter.__table__)
    beyond = beyond.on_conflict_do_update(
        index_elements=[Counter.name],
        set_={"value": beyond.excluded.value},
        where=Counter.value < beyond.excluded.value,
    )
    session.execute(beyond, [{"name": name, "value": value} for name, value in used.items()])


def ticket_number(session: Session, at: datetime) -> str:
    """诉求编号, e.g. LC-20261123-0007: the day in Shanghai and a number within it (design 9)."""
    day = f"{local_date(at):%Y%m%d}"
    return f"LC-{day}-{next_value(session, 'LC-' + day):04d}"
