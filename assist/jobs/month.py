"""`month`: writes months down when their time has come: the draft on the 2nd working day, for good after the 5th; and
what an objection that was decided later puts right.

Each month in a transaction of its own; what was missed while nothing ran is made up, as of its own time.
"""

from assist.domain.months import SnapshotKind
from assist.jobs.context import Context
from assist.services import base_times, correcting, freezing


def run(context: Context) -> dict[str, int]:
    counts = {"drafts": 0, "months": 0, "corrections": 0}
    filled = base_times.MOST
    while filled == base_times.MOST and not context.stopping():  # once, after an upgrade
        with context.writing() as work:
            filled = base_times.fill(work)
    with context.reading() as work:
        waiting = freezing.due(work)
    for one in waiting:
        if context.stopping():
            break
        with context.writing() as work:
            freezing.freeze(work, one.period, one.kind)
        counts["drafts" if one.kind is SnapshotKind.DRAFT else "months"] += 1
    with context.reading() as work:
        objections = correcting.due(work)
    for snapshot_id, request_id in objections:
        if context.stopping():
            break
        with context.writing() as work:
            if (snapshot_id, request_id) in correcting.due(work):  # another process may have been faster
                correcting.for_objection(work, snapshot_id, request_id)
                counts["corrections"] += 1
    return counts
