"""更正: what a frozen month says is put right beside it, dated and with its reason; the frozen numbers stay.

By a supervisor, who takes over the present values; or by the system, when an objection that was pending at the freeze
is approved: then by that objection alone, everything else as it stood. Errors: Forbidden, NotFound, Invalid, Conflict.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from assist.domain import months
from assist.domain.errors import Conflict, Forbidden, Invalid
from assist.domain.months import SnapshotKind
from assist.domain.policy import Deed, may
from assist.domain.rates import Period, Rate
from assist.domain.requests import ObjectionSubject, RequestStatus
from assist.models import Correction, CorrectionFigure, Request, Snapshot, SnapshotFigure, SnapshotItem
from assist.services import auditing, bulk, telling
from assist.services.frozen_items import OBJECTION
from assist.services.publishing import frozen_month
from assist.services.queries.figures import frozen, own_rates, values
from assist.services.queries.figures.catalogue import FIGURES
from assist.services.queries.figures.dimensions import DIMENSIONS
from assist.services.queries.figures.facts import AsOf
from assist.services.work import Work

Place = tuple[str, str, int]  # figure, dimension, key
MOST = 1000


@dataclass(frozen=True)
class Difference:
    """One number that is not what it was."""

    figure: str
    dimension: str
    key: int
    old: Rate
    new: Rate


def standing(work: Work, snapshot: Snapshot) -> dict[Place, Rate]:
    """What a frozen month says: its own numbers, with those that were corrected since."""
    F, C = SnapshotFigure, CorrectionFigure
    rows = work.session.execute(
        select(F.figure, F.dimension, F.key, F.n, F.d).where(
            F.snapshot_id == snapshot.id, F.span == 1, F.dimension.in_(["city", *DIMENSIONS])
        )
    )
    found = {(row.figure, row.dimension, row.key): Rate(row.n, row.d) for row in rows}
    later = work.session.execute(
        select(C.figure, C.dimension, C.key, C.new_n, C.new_d)
        .join(Correction, Correction.id == C.correction_id)
        .where(Correction.snapshot_id == snapshot.id)
        .order_by(Correction.no)
    )
    found.update({(row.figure, row.dimension, row.key): Rate(row.new_n, row.new_d) for row in later})
    return found


def differences(work: Work, snapshot: Snapshot, at: AsOf) -> list[Difference]:
    """Where the month, told as of another time, differs from what it says. One statement a dimension."""
    period, was = month_of_snapshot(snapshot), standing(work, snapshot)
    now: dict[Place, Rate] = {}
    for dimension in ("city", *DIMENSIONS):
        keys = [key for key in snapshot.figures if key in FIGURES]
        table = frozen.tables(work, keys, [period], at, dimension, is_present=True)[0]
        for (key, _), rates in table.items():
            now.update({(figure, dimension, key): rate for figure, rate in rates.items()})
    now.update(values.measured(work, period, at))
    own = own_rates.own_on_time(work, period, at)
    now.update({(own_rates.KEY, "area", key): rate for key, rate in own.items()})
    return list(_changed(was, now))


def _changed(was: dict[Place, Rate], now: dict[Place, Rate]) -> Iterator[Difference]:
    nothing = Rate(0, 0)
    for place in sorted(was.keys() | now.keys()):
        old, new = was.get(place, nothing), now.get(place, nothing)
        if old != new:
            yield Difference(*place, old, new)


def month_of_snapshot(snapshot: Snapshot) -> Period:
    found = months.parse(months.word(snapshot.month_on))
    assert found is not None
    return found


def correct(work: Work, period: Period, reason: str) -> Correction:
    """更正 by a supervisor: the present values, with why they differ."""
    if not may(work.actor, Deed.PUBLISH_MONTHS):
        raise Forbidden()
    snapshot = frozen_month(work, period)
    why = reason.strip()
    if not why:
        raise Invalid("请填写更正原因。", "reason")
    found = differences(work, snapshot, AsOf(work.now, live=True))
    if not found:
        raise Conflict("现值与已公布的数值没有差别，不需要更正。")
    made = _write(work, snapshot, why[:MOST], work.now, found)
    auditing.record(work, "correct_month", period.label, number=made.no, reason=made.reason, rows=len(found))
    return made


def due(work: Work) -> list[tuple[int, int]]:
    """(snapshot, request) of objections that were pending when a month was frozen and are approved since."""
    done = select(Correction.id).where(
        Correction.snapshot_id == SnapshotItem.snapshot_id, Correction.request_id == SnapshotItem.request_id
    )
    rows = work.session.execute(
        select(SnapshotItem.snapshot_id, SnapshotItem.request_id)
        .join(Snapshot, Snapshot.id == SnapshotItem.snapshot_id)
        .join(Request, Request.id == SnapshotItem.request_id)
        .where(
            Snapshot.kind == SnapshotKind.FINAL,
            SnapshotItem.what == OBJECTION,
            Request.status == RequestStatus.APPROVED,
            ~done.exists(),
        )
        .order_by(SnapshotItem.snapshot_id, SnapshotItem.request_id)
    )
    return [(row.snapshot_id, row.request_id) for row in rows]


def for_objection(work: Work, snapshot_id: int, request_id: int) -> Correction:
    """更正 by the system: the month as it stood, but with this objection (and those decided before it) heard."""
    snapshot = work.session.scalars(select(Snapshot).where(Snapshot.id == snapshot_id)).one()
    request = work.session.scalars(select(Request).where(Request.id == request_id)).one()
    assert request.decided_at is not None
    at = AsOf(snapshot.told_at, live=False, heard_at=request.decided_at)
    found = differences(work, snapshot, at)
    subject = ObjectionSubject.of(request.facts["subject"]).title
    why = f"{request.ticket.number}：{request.asked_by_name}对{subject}的异议经{request.decided_by_name}审核成立。"
    made = _write(work, snapshot, f"{why}{request.note}"[:MOST], snapshot.told_at, found, request_id)
    period = month_of_snapshot(snapshot)
    telling.tell(
        work,
        telling.supervisors(work),
        "month_corrected",
        f"{period.label}数据有更正（第{made.no}号）",
        key=f"month:{months.word(snapshot.month_on)}:correction:{made.no}",
        body=made.reason,
        location=f"/figures/months/{months.word(snapshot.month_on)}",
    )
    return made


def _write(
    work: Work,
    snapshot: Snapshot,
    reason: str,
    told_at: datetime,
    found: list[Difference],
    request_id: int | None = None,
) -> Correction:
    last = work.session.scalar(select(func.max(Correction.no)).where(Correction.snapshot_id == snapshot.id)) or 0
    made = Correction(
        snapshot_id=snapshot.id,
        no=last + 1,
        at=work.now,
        told_at=told_at,
        by_id=work.actor.account_id,
        by_name=work.actor.name,
        request_id=request_id,
        reason=reason,
    )
    work.session.add(made)
    work.session.flush()
    rows = [
        {
            "correction_id": made.id,
            "figure": one.figure,
            "dimension": one.dimension,
            "key": one.key,
            "old_n": one.old.n,
            "old_d": one.old.d,
            "new_n": one.new.n,
            "new_d": one.new.d,
        }
        for one in found
    ]
    bulk.insert_new(work.session, CorrectionFigure, rows, CorrectionFigure.id)
    return made
