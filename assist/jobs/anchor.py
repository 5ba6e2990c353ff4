"""`anchor`: once a day every chain is read again and the hash of all heads is kept; a fault turns the job red."""

from assist.jobs.context import Context, JobFault
from assist.services import anchoring


def run(context: Context) -> dict[str, int]:
    with context.reading() as work:
        if anchoring.anchored_today(work):
            return {"tickets": 0, "events": 0, "faults": 0}
        bound = anchoring.last_event_id(work.session)
        found = anchoring.verify(work.session, bound)
        found.take(anchoring.verify_log(work.session).faults)
    with context.writing() as work:
        if not anchoring.anchored_today(work):
            anchoring.anchor(work, bound, found)
    if found.fault_count:
        raise JobFault(f"核验发现{found.fault_count}处不符，请执行 flask --app wsgi audit verify 查看。")
    return {"tickets": found.tickets, "events": found.events, "faults": 0}
