"""`lapse`: ends what ends by itself, ticket by ticket, each committed alone; a failing one does not stop the others."""

import logging
from collections import Counter
from collections.abc import Callable, Iterator

from assist.jobs.context import Context
from assist.services import lapsing
from assist.services.work import Work

log = logging.getLogger(__name__)

Find = Callable[[Work, int], list[int]]
FINDERS: tuple[Find, ...] = (lapsing.supplements_over, lapsing.lapsed, lapsing.unopened)


def run(context: Context) -> dict[str, int]:
    counts = Counter({lapsing.SUPPLEMENTS: 0, lapsing.LAPSED: 0, lapsing.CALLBACKS: 0, "failed": 0})
    for find in FINDERS:
        for ticket_id in _found(context, find):
            try:
                with context.writing() as work:
                    done = lapsing.one(work, ticket_id)
            except Exception:
                log.exception("ticket %s could not be ended", ticket_id)
                done = "failed"
            if done:
                counts[done] += 1
    return dict(counts)


def _found(context: Context, find: Find) -> Iterator[int]:
    """Every id, page by page, until the process is asked to end."""
    last = 0
    while not context.stopping():
        with context.reading() as work:
            page = find(work, last)
        for last in page:
            if context.stopping():
                return
            yield last
        if len(page) < lapsing.BATCH:
            return
