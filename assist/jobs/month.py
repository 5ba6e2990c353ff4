"""`month`: writes months down when their time has come: the draft on the 2nd working day, for good after the 5th.

Each month in a transaction of its own; what was missed while nothing ran is made up, as of its own time.
"""

from assist.domain.months import SnapshotKind
from assist.jobs.context import Context
from assist.services import freezing


def run(context: Context) -> dict[str, int]:
    counts = {"drafts": 0, "months": 0}
    with context.reading() as work:
        waiting = freezing.due(work)
    for one in waiting:
        if context.stopping():
            break
        with context.writing() as work:
            freezing.freeze(work, one.period, one.kind)
        counts["drafts" if one.kind is SnapshotKind.DRAFT else "months"] += 1
    return counts
