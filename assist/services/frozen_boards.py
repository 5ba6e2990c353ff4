"""The boards of a month that is being frozen: the figures they rest on, everybody's place by the month's rules."""

from typing import Any

from assist.domain.boards import BoardKind
from assist.domain.rates import Period
from assist.models import Snapshot, SnapshotFigure, SnapshotPlace
from assist.services import bulk
from assist.services.queries import boards
from assist.services.queries.boards import Line, Numbers
from assist.services.queries.figures import own_rates
from assist.services.queries.figures.facts import AsOf
from assist.services.work import Work


def write(work: Work, snapshot: Snapshot, period: Period, at: AsOf) -> None:
    """Rolling figures (with their span), the month's own lateness, and the places."""
    rules = work.settings.board_rules_on(snapshot.month_on)
    months = rules["months"]
    month = boards.written_numbers(work, snapshot, period, at)
    rolling = boards.numbers(work, period, months, at) if months > 1 else month
    own = {place: rate for place, rate in month.items() if place[0] == own_rates.KEY}
    rows = [*rows_of(snapshot, own, 1), *(rows_of(snapshot, rolling, months) if months > 1 else [])]
    bulk.insert_new(work.session, SnapshotFigure, rows, SnapshotFigure.id)
    found = boards.boards(rules, boards.who(work), rolling, month)
    places = [
        _place(snapshot, kind, number, line)
        for kind, lines in found.items()
        for number, line in enumerate(lines)
    ]
    bulk.insert_new(work.session, SnapshotPlace, places, SnapshotPlace.id)


def rows_of(snapshot: Snapshot, numbers: Numbers, span: int) -> list[dict[str, Any]]:
    """Rows of `SnapshotFigure`, ready to be written."""
    return [
        {
            "snapshot_id": snapshot.id,
            "figure": figure,
            "dimension": dimension,
            "span": span,
            "key": key,
            "other": 0,
            "n": rate.n,
            "d": rate.d,
        }
        for (figure, dimension, key), rate in numbers.items()
    ]


def _place(snapshot: Snapshot, kind: BoardKind, number: int, line: Line) -> dict[str, Any]:
    return {
        "snapshot_id": snapshot.id,
        "board": kind.value,
        "key": line.key,
        "line": number,
        "place": line.place,
        "band": line.band.value,
        "facts": {
            "name": line.name,
            "is_apart": line.is_apart,
            "is_tied": line.is_tied,
            "reasons": list(line.reasons),
            "rates": {key: [rate.n, rate.d] for key, rate in line.rates.items()},
            "month": {key: [rate.n, rate.d] for key, rate in line.month.items()},
        },
    }
