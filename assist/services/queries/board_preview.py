"""What a change of the boards' rules would have done: the last frozen months placed anew, who would stand elsewhere."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from assist.domain.board_rules import BoardRules
from assist.domain.boards import BoardKind
from assist.domain.months import SnapshotKind
from assist.domain.rates import month
from assist.models import Snapshot
from assist.services.queries import boards
from assist.services.queries.boards import Line
from assist.services.queries.figures.facts import AsOf
from assist.services.work import Work

MONTHS = 3


@dataclass(frozen=True)
class Moved:
    """Somebody who would have stood elsewhere in a month."""

    label: str
    kind: BoardKind
    name: str
    old: str
    new: str


@dataclass(frozen=True)
class Preview:
    """`months` were looked at; `moved` says what would have been different in them."""

    months: list[str]
    moved: list[Moved]


def preview(work: Work, name: str, value: Any) -> Preview:
    """The last frozen months by the rules that hold last, and by those with one rule changed."""
    was = work.settings.board_rules_on()
    now = was.changed(name, value)
    names = boards.who(work)
    snapshots = work.session.scalars(
        select(Snapshot)
        .where(Snapshot.kind == SnapshotKind.FINAL)
        .order_by(Snapshot.month_on.desc())
        .limit(MONTHS)
    ).all()
    moved: list[Moved] = []
    for snapshot in snapshots:
        old, new = (_boards(work, snapshot, rules, names) for rules in (was, now))
        moved += _moved(snapshot, (was, old), (now, new))
    labels = [f"{one.month_on.year}年{one.month_on.month}月" for one in snapshots]
    return Preview(labels, moved)


def _boards(work: Work, snapshot: Snapshot, rules: BoardRules, names: Any) -> dict[BoardKind, list[Line]]:
    """From the numbers that are frozen, where those of that span are; else counted as of then."""
    months = rules["months"]
    rolling = boards.frozen_numbers(work, snapshot, months)
    if not rolling:
        period = month(snapshot.month_on.year, snapshot.month_on.month)
        rolling = boards.numbers(work, period, months, AsOf(snapshot.told_at, live=False))
    return boards.boards(rules, names, rolling, {})


Told = tuple[BoardRules, dict[BoardKind, list[Line]]]


def _moved(snapshot: Snapshot, old: Told, new: Told) -> list[Moved]:
    label = f"{snapshot.month_on.year}年{snapshot.month_on.month}月"
    found = []
    for kind in BoardKind:
        before = {line.key: _words(line, old[0]) for line in old[1][kind]}
        for line in new[1][kind]:
            was, now = before.get(line.key, "不在榜单"), _words(line, new[0])
            if was != now:
                found.append(Moved(label, kind, line.name, was, now))
    return found


def _words(line: Line, rules: BoardRules) -> str:
    """第3名（并列），蓝榜·先进"""
    if line.place is None:
        return line.band.label(rules)
    return f"第{line.place}名{'（并列）' if line.is_tied else ''}，{line.band.label(rules)}"
