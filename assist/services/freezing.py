"""冻结: writes a month down as it stood at its fixed time: the draft, then for good. Rules: design 4, "The month".

Told as of the milestone and not as of the run, so that a run that comes late (or twice) writes the same. Set-based: one
statement a family of figures, whatever the number of tickets. Errors: Conflict before its time. Idempotent: what is
there stays.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    CTE,
    Integer,
    Select,
    String,
    and_,
    case,
    cast,
    func,
    insert,
    literal,
    literal_column,
    select,
    union_all,
)

from assist.domain.clock import local
from assist.domain.errors import Conflict
from assist.domain.months import Milestones, SnapshotKind, milestones
from assist.domain.rates import Period, month_of
from assist.models import Snapshot, SnapshotFigure, SnapshotName, Ticket
from assist.services import bulk, frozen_boards, frozen_items, sealing, settings, telling
from assist.services.queries.figures import counting, values
from assist.services.queries.figures.catalogue import FIGURES, HEADLINE
from assist.services.queries.figures.dimensions import CROSSINGS, DIMENSIONS, SOURCES, WITHOUT, joined
from assist.services.queries.figures.facts import AsOf
from assist.services.queries.figures.readers import CLOSED
from assist.services.work import Work, insert_unless_there

K = SnapshotKind
CROSSED = HEADLINE  # the figures that heat tables show


@dataclass(frozen=True)
class Due:
    """A month that is to be written down now."""

    period: Period
    kind: SnapshotKind


def due(work: Work) -> list[Due]:
    """The months whose time has come and that are not written yet, the oldest first. History from elsewhere apart."""
    first = work.session.scalar(select(func.min(Ticket.submitted_at)).where(Ticket.is_imported.is_(False)))
    if first is None:
        return []
    there = {(one.month_on, one.kind) for one in work.session.scalars(select(Snapshot))}
    found: list[Due] = []
    period = month_of(first)
    while period.end <= work.now:
        when = milestones(work.settings.calendar, period)
        kind = K.FINAL if when.freeze_at <= work.now else K.DRAFT
        if when.draft_at <= work.now and (period.first_on, kind) not in there:
            found.append(Due(period, kind))
        period = month_of(period.end)
    return found


def freeze(work: Work, period: Period, kind: SnapshotKind = K.FINAL) -> Snapshot:
    """The month's snapshot, written if it is not there. Raises Conflict when its time has not come."""
    when = milestones(work.settings.calendar, period)
    told_at = when.freeze_at if kind is K.FINAL else when.draft_at
    if told_at > work.now:
        deed = "冻结" if kind is K.FINAL else "生成草稿"
        raise Conflict(f"{period.label}要到{local(told_at):%Y年%m月%d日%H:%M}才{deed}。")
    made = work.session.scalar(
        insert_unless_there(work.session, Snapshot)
        .values(
            month_on=period.first_on,
            kind=kind,
            told_at=told_at,
            made_at=work.now,
            figures=sorted([*FIGURES, *values.VALUES]),
        )
        .returning(Snapshot.id)
    )
    snapshot = work.session.scalars(
        select(Snapshot).where(Snapshot.month_on == period.first_on, Snapshot.kind == kind)
    ).one()
    if made is not None:
        _fill(work, snapshot, period, when)
    return snapshot


def _fill(work: Work, snapshot: Snapshot, period: Period, when: Milestones) -> None:
    at = AsOf(snapshot.told_at, live=False)
    times = {"start": period.start, "end": period.end, "at": at.at}
    for keys in _families():  # read, then written: PostgreSQL uses one core for an INSERT from a SELECT
        counted = work.session.execute(_counting(keys), times).mappings()
        rows = [{"snapshot_id": snapshot.id, "span": 1, **row} for row in counted]
        bulk.insert_new(work.session, SnapshotFigure, rows, SnapshotFigure.id)
    for dimension in DIMENSIONS:
        work.session.execute(_naming(snapshot.id, dimension))
    rows = frozen_boards.rows_of(snapshot, values.measured(work, period, at), 1)
    bulk.insert_new(work.session, SnapshotFigure, rows, SnapshotFigure.id)
    frozen_items.write(work, snapshot, period, at)
    frozen_boards.write(work, snapshot, period, at)
    sealing.seal(work.session, snapshot)
    if snapshot.kind is K.FINAL:
        settings.changed(work.session)
        work.__dict__.pop("settings", None)
    _tell(work, snapshot, period, when)


def _families() -> list[tuple[str, ...]]:
    """The figures as they are counted: those of one family in one go, the others one by one."""
    found: dict[str, list[str]] = {}
    for key, figure in FIGURES.items():
        found.setdefault(figure.family or key, []).append(key)
    return [tuple(keys) for keys in found.values()]


@lru_cache(maxsize=256)
def _counting(keys: tuple[str, ...]) -> Any:
    """Figures of one family by every dimension: counted once by all of them together, then summed up by each.

    Built once, its times left open: building it costs more than a small city's answer.
    """
    at = AsOf(counting.time_of("at"), live=False)
    period = Period(counting.time_of("start"), counting.time_of("end"), "")
    first = FIGURES[keys[0]].build(period, at)
    family = [first, *(FIGURES[key].build(period, at, given=first.given) for key in keys[1:])]
    sums = [
        func.sum(case((condition, 1), else_=0)).label(f"{name}_{number}")
        for number, one in enumerate(family)
        for name, condition in (("n", and_(one.own, one.met)), ("d", one.own))
    ]
    query = select(*sums).select_from(Ticket).join(first.source, first.on).where(first.among)
    query, columns_by = joined(query, first, at)
    columns_by["closed"] = Ticket.is_restricted
    by = [column.label(f"by_{name}") for name, column in columns_by.items()]
    cube = query.add_columns(*by).group_by(*by).cte("cube")
    parts = []
    for number, key in enumerate(keys):
        parts += [_sum(cube, number, key, "city"), *(_sum(cube, number, key, name, name) for name in DIMENSIONS)]
        parts += [
            _sum(cube, number, key, name, *([by] if by != "city" else [])).where(cube.c.by_closed)
            for by, name in CLOSED.items()
        ]
        if key in CROSSED:
            parts += [_sum(cube, number, key, name, *own) for name, own in CROSSINGS.items()]
    return union_all(*parts)


def _sum(cube: CTE, number: int, figure: str, dimension: str, *by: str) -> Select[Any]:
    keys = [func.coalesce(cube.c[f"by_{name}"], 0) for name in by]
    two: list[Any] = [*keys, literal_column("0", Integer), literal_column("0", Integer)]
    n, d = (func.coalesce(func.sum(cube.c[f"{name}_{number}"]), 0) for name in ("n", "d"))
    words = (literal(figure, String).label("figure"), literal(dimension, String).label("dimension"))
    query: Select[Any] = select(
        *words, two[0].label("key"), two[1].label("other"), cast(n, Integer).label("n"), cast(d, Integer).label("d")
    )
    return query.group_by(*keys).having(d > 0) if keys else query


def _naming(snapshot_id: int, dimension: str) -> Any:
    """What the values that occur were called."""
    F, N = SnapshotFigure, SnapshotName
    source, name, sort = SOURCES[dimension]
    keys = select(F.key).where(F.snapshot_id == snapshot_id, F.dimension == dimension).distinct().subquery()
    called = case((source.id.is_(None), WITHOUT.get(dimension, "未定")), else_=name)
    named = select(
        literal(snapshot_id, Integer),
        literal(dimension, String),
        keys.c.key,
        called,
        func.coalesce(sort, 9999),
    ).select_from(keys.outerjoin(source, source.id == keys.c.key))
    return insert(N).from_select([N.snapshot_id, N.dimension, N.key, N.name, N.sort], named)


def _tell(work: Work, snapshot: Snapshot, period: Period, when: Milestones) -> None:
    """Only of a month that is now due: years that are written down afterwards are no news."""
    if month_of(work.now, 1).start != period.start:
        return
    until: datetime = when.objections_until
    title, body, kind = {
        K.DRAFT: (
            f"{period.label}数据草稿已生成，{local(until):%m月%d日%H:%M}前可提异议",
            "请核对；对黄牌红牌、时限结论、责任方、评价有异议的，在诉求页提出数据异议。",
            "month_draft",
        ),
        K.FINAL: (f"{period.label}数据已冻结，请签发", "未审结的异议列在该月页面，审结后以更正公布。", "month_frozen"),
    }[snapshot.kind]
    people = telling.supervisors(work)
    if snapshot.kind is K.DRAFT:
        people = [*people, *telling.coordinators(work, None)]
    telling.tell(
        work,
        people,
        kind,
        title,
        key=f"month:{period.first_on:%Y-%m}:{snapshot.kind.value}",
        body=body,
        location=f"/figures/months/{period.first_on:%Y-%m}",
    )
