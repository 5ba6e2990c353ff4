"""The slow second path of the units' times: 首次反馈, 承诺, 签收. `recount_lateness` follows the events."""

from collections import defaultdict
from datetime import datetime

from sqlalchemy import select

from assist.models import Task
from assist.services.queries.figures.recount import Also, Told
from assist.services.queries.figures.recount_lateness import Chain, Wait
from assist.services.queries.figures.recount_story import Story, Tally, add_time
from assist.services.work import Work

KEYS = ("feedback", "promise", "signing")


def counter(work: Work) -> Also:
    """What counts a ticket's tasks; reads the tasks' own words (unit, wished day) once."""
    tasks: dict[int, dict[str, Task]] = defaultdict(dict)
    for task in work.session.scalars(select(Task)):
        tasks[task.ticket_id][task.number] = task

    def count(story: Story, told: Told, tally: Tally) -> None:
        if not (own := tasks.get(told.ticket_id)):
            return
        chain = Chain(work, own)
        for event in told.events:
            chain.tell(event)
        for errand in chain.errands.values():
            _count("feedback", errand.waits[:1], tally, work.now)
            _count("promise", errand.promises, tally, work.now)
            _count("signing", [errand.signing] if errand.signing else [], tally, work.now)

    return count


def _count(key: str, waits: list[Wait], tally: Tally, now: datetime) -> None:
    for wait in waits:
        add_time(tally, key, wait.due_at, wait.until, now, is_void=wait.is_void)
