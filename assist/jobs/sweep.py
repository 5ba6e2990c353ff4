"""`sweep`: batch after batch of due clocks, each committed, until nothing is due."""

from assist.jobs.context import Context
from assist.services import sweeping


def run(context: Context) -> dict[str, int]:
    total = sweeping.Counts()
    while not context.stopping():
        with context.reading() as work:
            if not sweeping.is_anything_due(work):
                break
        with context.writing() as work:
            batch = sweeping.sweep_batch(work)
        total.add(batch)
        if not batch.clocks:  # what is due is being worked on by another sweep
            break
    return total.as_dict()
