"""封存: everything a snapshot holds in one canonical text, and its hash, so that no change stays unseen.

Canonical: JSON with sorted keys and no spaces, rows in the order of their keys, no row's id and no word that is not in
the snapshot's own tables. The same month is the same bytes on both engines.
"""

import hashlib
import json
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from assist.models import Seal, Snapshot, SnapshotFigure, SnapshotItem, SnapshotName, SnapshotPlace

F, N, T, P = SnapshotFigure, SnapshotName, SnapshotItem, SnapshotPlace


def content(session: Session, snapshot: Snapshot) -> bytes:
    """The canonical words of a month."""
    told = {
        "month": snapshot.month_on.isoformat(),
        "kind": snapshot.kind.value,
        "told_at": snapshot.told_at.isoformat(timespec="seconds"),
        "figures": sorted(snapshot.figures),
        "rows": _rows(session, snapshot, F.dimension, F.figure, F.span, F.key, F.other, values=(F.n, F.d)),
        "names": _rows(session, snapshot, N.dimension, N.key, values=(N.name, N.sort)),
        "items": _rows(session, snapshot, T.what, T.number, T.request_id, values=(T.enterprise, T.reason)),
        "places": _rows(session, snapshot, P.board, P.key, values=(P.line, P.place, P.band, P.facts)),
    }
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _rows(session: Session, snapshot: Snapshot, *order: Any, values: tuple[Any, ...]) -> list[list[Any]]:
    """Sorted here and not by the database: engines do not sort words alike."""
    table = order[0].class_
    rows = session.execute(select(*order, *values).where(table.snapshot_id == snapshot.id))
    count = len(order)
    return sorted(([*row] for row in rows), key=lambda row: [(one is not None, one) for one in row[:count]])


def seal(session: Session, snapshot: Snapshot) -> Seal:
    """Close a snapshot whose rows are all written."""
    words = content(session, snapshot)
    made = Seal(snapshot_id=snapshot.id, hash=hashlib.sha256(words).hexdigest(), size=len(words))
    session.add(made)
    session.flush()
    return made


def is_whole(session: Session, snapshot: Snapshot) -> bool:
    """Whether a snapshot still holds what it was sealed with."""
    sealed = session.scalar(select(Seal.hash).where(Seal.snapshot_id == snapshot.id))
    return sealed == hashlib.sha256(content(session, snapshot)).hexdigest()


def broken(session: Session) -> list[Snapshot]:
    """The snapshots that do not hold what they were sealed with."""
    found = session.scalars(select(Snapshot).order_by(Snapshot.month_on, Snapshot.id)).all()
    return [one for one in found if not is_whole(session, one)]
