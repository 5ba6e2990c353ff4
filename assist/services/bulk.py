"""Many rows in one statement, in the words of the engine at hand. For sweeps and imports, not for single acts.

PostgreSQL gets one array a column (`unnest`): a statement with thousands of parameters costs its driver more than the
database. SQLite gets SQLAlchemy's own batches. Column defaults in Python do not apply: give every value.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Table, TextClause, bindparam, column, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.sql.dml import Insert

from assist.models.base import Base


def insert_new(
    session: Session,
    model: type[Base],
    rows: Sequence[dict[str, Any]],
    *returning: InstrumentedAttribute[Any],
) -> Sequence[Any]:
    """`INSERT … ON CONFLICT DO NOTHING`; all rows bear the same keys. Returns these columns of the new rows."""
    if not rows:
        return []
    table = _table(model)
    if session.get_bind().dialect.name == "postgresql":
        source = _unnest(table, rows)
        statement = postgresql.insert(table).from_select(list(rows[0]), select(source))
        return session.execute(statement.on_conflict_do_nothing().returning(*returning)).all()
    return session.execute(_inserting(table, returning), list(rows)).all()


@lru_cache(maxsize=32)
def _inserting(table: Table, returning: tuple[InstrumentedAttribute[Any], ...]) -> Insert:
    return sqlite.insert(table).on_conflict_do_nothing().returning(*returning)


def update_by_id(session: Session, model: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Set columns of rows named by `id`; all bear the same keys. Objects in the session are not refreshed."""
    if not rows:
        return
    table = _table(model)
    names = [name for name in rows[0] if name != "id"]
    if session.get_bind().dialect.name == "postgresql":
        source = _unnest(table, rows)
        values = {name: source.c[name] for name in names}
        session.execute(update(table).where(table.c.id == source.c.id).values(values))
        return
    statement = update(table).where(table.c.id == bindparam("_id"))
    statement = statement.values({name: bindparam(f"_{name}") for name in names})
    session.execute(statement, [{f"_{name}": value for name, value in row.items()} for row in rows])


def _table(model: type[Base]) -> Table:
    found = model.__table__
    assert isinstance(found, Table)
    return found


def _unnest(table: Table, rows: Sequence[dict[str, Any]]) -> Any:
    columns = [table.c[name] for name in rows[0]]
    arrays = [
        bindparam(None, [row[each.name] for row in rows], type_=postgresql.ARRAY(each.type))
        for each in columns
    ]
    return (
        func.unnest(*arrays)
        .table_valued(*(column(each.name, each.type) for each in columns))
        .render_derived("given")
    )


def insert_or_raise(
    session: Session,
    model: type[Base],
    rows: Sequence[dict[str, Any]],
    key: Sequence[str],
    among: TextClause,
    changing: Sequence[str],
    is_weightier: Callable[[Table, Any], ColumnElement[bool]],
) -> None:
    """`INSERT … ON CONFLICT (key) WHERE among DO UPDATE`: a row that is there already takes over `changing`, but only
    where `is_weightier(table, given)` says so. No two rows bear the same key; give them in the order of the key, so
    that several writers do not wait for each other crosswise.
    """
    if not rows:
        return
    table = _table(model)
    if session.get_bind().dialect.name == "postgresql":
        source = _unnest(table, rows)
        given = postgresql.insert(table).from_select(list(rows[0]), select(source))
        session.execute(_overruling(given, table, key, among, changing, is_weightier))
        return
    session.execute(_overruling(sqlite.insert(table), table, key, among, changing, is_weightier), list(rows))


def _overruling(
    statement: Any,
    table: Table,
    key: Sequence[str],
    among: TextClause,
    changing: Sequence[str],
    is_weightier: Callable[[Table, Any], ColumnElement[bool]],
) -> Any:
    given = statement.excluded
    return statement.on_conflict_do_update(
        index_elements=[table.c[name] for name in key],
        index_where=among,
        set_={name: given[name] for name in changing},
        where=is_weightier(table, given),
    )
