"""月度数据: every month with how it stands, and one month with all it says, left out, was objected to, corrected."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from assist.domain.errors import NotFound
from assist.domain.months import Milestones, MonthState, SnapshotKind, milestones
from assist.domain.policy import Deed, may
from assist.domain.rates import Period, Rate, month, month_of
from assist.domain.requests import RequestStatus
from assist.domain.roles import Role
from assist.models import (
    Correction,
    CorrectionFigure,
    Publication,
    Request,
    Seal,
    Snapshot,
    SnapshotFigure,
    SnapshotItem,
    SnapshotName,
    Ticket,
)
from assist.services.access import sees_all, visible
from assist.services.queries.figures import counting, frozen
from assist.services.queries.figures.catalogue import FIGURES, HEADLINE, OF_UNITS
from assist.services.work import Work

PAGE = 24
SHOWN = ("city", "area", "unit")
PRESENT: dict[str, tuple[str, ...]] = {"city": tuple(FIGURES), "area": HEADLINE, "unit": OF_UNITS}
Place = tuple[str, str, int]  # figure, dimension, key
Numbers = dict[Place, Rate]
M = MonthState


@dataclass(frozen=True)
class MonthLine:
    """One month in the list. `snapshot` is the frozen one, else the draft, else None."""

    period: Period
    state: MonthState
    when: Milestones
    snapshot: Snapshot | None
    publication: Publication | None
    corrections: int
    rates: dict[str, Rate]


@dataclass(frozen=True)
class Corrected:
    """A correction with the numbers it changes."""

    row: Correction
    figures: list[CorrectionFigure]


@dataclass(frozen=True)
class Item:
    """A ticket listed beside the rates. `status`: of an objection, how it stands now."""

    row: SnapshotItem
    status: RequestStatus | None


@dataclass
class MonthPage:
    """One month. `said` are its numbers; `corrected` those put right since; `present` the numbers of today."""

    period: Period
    state: MonthState
    when: Milestones
    snapshot: Snapshot | None
    publication: Publication | None
    seal: Seal | None
    said: dict[Place, Rate] = field(default_factory=dict)
    corrected: dict[Place, Rate] = field(default_factory=dict)
    present: dict[Place, Rate] = field(default_factory=dict)
    names: dict[tuple[str, int], str] = field(default_factory=dict)
    items: list[Item] = field(default_factory=list)
    corrections: list[Corrected] = field(default_factory=list)

    def keys(self, dimension: str, figures: tuple[str, ...]) -> list[int]:
        """The values with something to count, in their usual order."""
        found = {key for figure, of, key in {**self.said, **self.present} if of == dimension and figure in figures}
        return [key for of, key in self.names if of == dimension and key in found]

    def changes(self) -> list[tuple[Place, Rate, Rate]]:
        """Where the present differs from what the month says: (place, what it says, the present)."""
        if self.snapshot is None:
            return []
        says, nothing = {**self.said, **self.corrected}, Rate(0, 0)
        pairs = (
            (place, says.get(place, nothing), self.present.get(place, nothing))
            for place in dict.fromkeys([*says, *self.present])
            if self.is_shown(place)
        )
        return [(place, old, new) for place, old, new in pairs if old != new]

    @staticmethod
    def is_shown(place: Place) -> bool:
        figure, dimension, _ = place
        return figure in PRESENT[dimension]


def state_of(work: Work, period: Period, snapshot: Snapshot | None, is_published: bool) -> MonthState:
    if is_published:
        return M.PUBLISHED
    if snapshot is None:
        return M.OPEN
    if snapshot.kind is SnapshotKind.FINAL:
        return M.FROZEN
    when = milestones(work.settings.calendar, period)
    return M.DRAFT if work.now <= when.objections_until else M.WAITING


def lines(work: Work, page: int = 1) -> tuple[list[MonthLine], bool]:
    """(a page of months, the latest first; whether there are earlier ones). Leaders see what is published."""
    P, count = Publication, select(func.count(Correction.id)).where(Correction.snapshot_id == Snapshot.id)
    later = aliased(Snapshot)
    superseded = select(later.id).where(later.month_on == Snapshot.month_on, later.kind == SnapshotKind.FINAL)
    query = (
        select(Snapshot, P, count.correlate(Snapshot).scalar_subquery())
        .outerjoin(P, P.snapshot_id == Snapshot.id)
        .where((Snapshot.kind == SnapshotKind.FINAL) | ~superseded.exists())
        .order_by(Snapshot.month_on.desc())
    )
    if not may_see_unpublished(work):
        query = query.where(P.id.is_not(None))
    rows = work.session.execute(query.limit(PAGE + 1).offset((page - 1) * PAGE)).all()
    rates = _rates_of(work, [row[0].id for row in rows[:PAGE]])
    calendar = work.settings.calendar
    found = []
    for snapshot, publication, corrections in rows[:PAGE]:
        period = month(snapshot.month_on.year, snapshot.month_on.month)
        state = state_of(work, period, snapshot, publication is not None)
        when = milestones(calendar, period)
        found.append(
            MonthLine(period, state, when, snapshot, publication, corrections, rates.get(snapshot.id, {}))
        )
    return found, len(rows) > PAGE


def running(work: Work, there: Iterable[Period]) -> list[MonthLine]:
    """This month and the one before, where nothing is written down yet."""
    written = {one.start for one in there}
    return [
        MonthLine(one, M.OPEN, milestones(work.settings.calendar, one), None, None, 0, {})
        for one in (month_of(work.now), month_of(work.now, 1))
        if one.start not in written
    ]


def _rates_of(work: Work, ids: list[int]) -> dict[int, dict[str, Rate]]:
    F = SnapshotFigure
    found: dict[int, dict[str, Rate]] = defaultdict(dict)
    rows = work.session.execute(
        select(F.snapshot_id, F.figure, F.n, F.d).where(
            F.snapshot_id.in_(ids), F.figure.in_(HEADLINE), F.dimension == "city", F.span == 1
        )
    )
    for row in rows:
        found[row.snapshot_id][row.figure] = Rate(row.n, row.d)
    return found


def headline_before(work: Work, period: Period) -> dict[str, Rate]:
    """The city's headline figures as the month before was frozen; empty where it was not."""
    before = month_of(period.start, 1)
    last = select(Snapshot.id).where(Snapshot.month_on == before.first_on, Snapshot.kind == SnapshotKind.FINAL)
    found = work.session.scalars(last).first()
    return {} if found is None else _rates_of(work, [found]).get(found, {})


def may_see_unpublished(work: Work) -> bool:
    """Whoever may object to a draft: not leaders."""
    return may(work.actor, Deed.PUBLISH_MONTHS) or work.actor.has(Role.COORDINATOR)


def page(work: Work, period: Period, *, is_compared: bool = True) -> MonthPage:
    """One month. Raises NotFound for one to come, and for one that this reader may not see yet.

    `is_compared`: with the numbers of now beside what is written down; of a month that is not, they are all there is.
    """
    if period.start > work.now:
        raise NotFound()
    snapshot, publication, seal = _heads(work, period)
    state = state_of(work, period, snapshot, publication is not None)
    if state is not M.PUBLISHED and not may_see_unpublished(work):
        raise NotFound()
    found = MonthPage(period, state, milestones(work.settings.calendar, period), snapshot, publication, seal)
    if is_compared or snapshot is None:
        found.present = present(work, period)
    if snapshot is not None:
        _read_snapshot(work, found, snapshot)
        found.items = _items(work, snapshot)
        found.corrections = _corrections(work, snapshot)
    else:
        _name_present(work, found)
    for one in found.corrections:
        for row in one.figures:
            found.corrected[row.figure, row.dimension, row.key] = Rate(row.new_n, row.new_d)
    return found


def _heads(work: Work, period: Period) -> tuple[Snapshot | None, Publication | None, Seal | None]:
    """The frozen month before its draft."""
    rows = work.session.execute(
        select(Snapshot, Publication, Seal)
        .outerjoin(Publication, Publication.snapshot_id == Snapshot.id)
        .outerjoin(Seal, Seal.snapshot_id == Snapshot.id)
        .where(Snapshot.month_on == period.first_on)
    ).all()
    if not rows:
        return None, None, None
    head = max(rows, key=lambda row: row[0].kind is SnapshotKind.FINAL)
    return head[0], head[1], head[2]


def present(work: Work, period: Period) -> dict[Place, Rate]:
    """The numbers of now by city, area and unit, whoever asks; in one statement."""
    return frozen.now_by(work, PRESENT, period, counting.as_of(work))


def _read_snapshot(work: Work, found: MonthPage, snapshot: Snapshot) -> None:
    F, N = SnapshotFigure, SnapshotName
    rows = work.session.execute(
        select(F.figure, F.dimension, F.key, F.n, F.d, N.name)
        .outerjoin(N, (N.snapshot_id == F.snapshot_id) & (N.dimension == F.dimension) & (N.key == F.key))
        .where(F.snapshot_id == snapshot.id, F.span == 1, F.dimension.in_(SHOWN))
        .order_by(F.dimension, N.sort, F.key)
    )
    for row in rows:
        found.said[row.figure, row.dimension, row.key] = Rate(row.n, row.d)
        found.names[row.dimension, row.key] = row.name or ""
    there = found.names.keys()
    since = sorted({(dimension, key) for _, dimension, key in found.present} - there)  # had nothing to count then
    for dimension in ("area", "unit"):
        keys = [key for of, key in since if of == dimension]
        named = counting.names_of(work, dimension, keys) if keys else {}
        found.names.update({(dimension, key): named.get(key, "") for key in keys})


def _name_present(work: Work, found: MonthPage) -> None:
    areas = {("area", id): one.name for id, one in work.settings.areas.items()}
    units = [key for _, dimension, key in found.present if dimension == "unit"]
    named = counting.names_of(work, "unit", units) if units else {}
    found.names = {**areas, **{("unit", key): named.get(key, "") for key in sorted(units)}}


def _items(work: Work, snapshot: Snapshot) -> list[Item]:
    query = (
        select(SnapshotItem, Request.status)
        .outerjoin(Request, Request.id == SnapshotItem.request_id)
        .where(SnapshotItem.snapshot_id == snapshot.id)
        .order_by(SnapshotItem.what, SnapshotItem.number, SnapshotItem.id)
    )
    if not sees_all(work.actor):
        query = query.join(Ticket, Ticket.id == SnapshotItem.ticket_id).where(visible(work.actor))
    return [Item(row, status) for row, status in work.session.execute(query)]


def _corrections(work: Work, snapshot: Snapshot) -> list[Corrected]:
    rows = work.session.execute(
        select(Correction, CorrectionFigure)
        .outerjoin(
            CorrectionFigure,
            (CorrectionFigure.correction_id == Correction.id) & CorrectionFigure.dimension.in_(SHOWN),
        )
        .where(Correction.snapshot_id == snapshot.id)
        .order_by(Correction.no, CorrectionFigure.id)
    )
    found: dict[int, Corrected] = {}
    for row, figure in rows:
        one = found.setdefault(row.no, Corrected(row, []))
        if figure is not None:
            one.figures.append(figure)
    return list(found.values())
