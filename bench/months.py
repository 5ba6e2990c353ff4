"""Months of a bench world. What the small city had frozen is thawed, and frozen anew of all the tickets there are.

Thawing is what nobody can do in life: the tables of frozen months refuse it, so the refusal is put aside meanwhile.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, delete, select, text
from sqlalchemy.orm import Session

from assist.domain.clock import TimeSource
from assist.jobs.context import Context
from assist.models import (
    Correction,
    CorrectionFigure,
    Publication,
    Seal,
    Snapshot,
    SnapshotFigure,
    SnapshotItem,
    SnapshotName,
    SnapshotPlace,
    ddl,
)
from assist.services import freezing, settings

OF_MONTHS = (SnapshotFigure, SnapshotName, SnapshotItem, SnapshotPlace, Seal, Publication, Correction)


def freeze_all(engine: Engine, now: TimeSource) -> list[float]:
    """Every month that is due, the oldest first, as the scheduler's job does it; seconds of each. What this did
    before stays."""
    with Session(engine) as session:
        carried = session.scalars(select(Snapshot.id).where(Snapshot.made_at != now.now())).all()
    if carried:
        thaw(engine, list(carried))
    context = Context(engine, now)
    with context.reading() as work:
        waiting = freezing.due(work)
    return [frozen(context, one) for one in waiting]


def frozen(context: Context, one: freezing.Due) -> float:
    """Freeze a month; the seconds it took."""
    began = time.perf_counter()
    with context.writing() as work:
        freezing.freeze(work, one.period, one.kind)
    return time.perf_counter() - began


def again(engine: Engine, now: TimeSource, rounds: int) -> list[float]:
    """Thaw and freeze the last month again and again, as its job does soon after the month; seconds of each."""
    took: list[float] = []
    for _ in range(rounds):
        with Session(engine) as session:
            last = session.scalars(select(Snapshot.id).order_by(Snapshot.month_on.desc()).limit(1)).one()
        thaw(engine, [last])
        took += freeze_all(engine, now)
    return took


def thaw(engine: Engine, ids: list[int]) -> None:
    """Forget these snapshots."""
    with engine.begin() as connection, _unrefused(connection):
        of_them = select(Correction.id).where(Correction.snapshot_id.in_(ids))
        connection.execute(delete(CorrectionFigure).where(CorrectionFigure.correction_id.in_(of_them)))
        for model in OF_MONTHS:
            connection.execute(delete(model).where(model.snapshot_id.in_(ids)))
        connection.execute(delete(Snapshot).where(Snapshot.id.in_(ids)))
    with Session(engine) as session:
        settings.changed(session)
        session.commit()


@contextmanager
def _unrefused(connection: Connection) -> Iterator[None]:
    """Meanwhile rows that are there for good may go."""
    if connection.dialect.name != "sqlite":
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        yield
        return
    triggers = ddl.append_only("sqlite")
    for trigger in triggers:
        connection.execute(text(f"DROP TRIGGER {trigger.split()[2]}"))
    yield
    for trigger in triggers:
        connection.execute(text(trigger))
