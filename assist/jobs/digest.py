"""`digest`: asked every hour; on a working day from 08:30, once, it tells each person what today holds."""

from assist.domain.job_names import JobName
from assist.jobs.context import Context
from assist.services import digesting, heartbeats


def run(context: Context) -> dict[str, int]:
    with context.reading() as work:
        if not digesting.is_time(work.settings.calendar, work.now):
            return {"messages": 0, "days": 0}
        if heartbeats.done_today(work, JobName.DIGEST.value):
            return {"messages": 0, "days": 0}
    with context.writing() as work:
        return {"messages": digesting.digest(work), "days": 1}
