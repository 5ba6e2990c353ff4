"""`housekeeping`: once a day, rows that have served their time and stored files that nothing names."""

from datetime import timedelta
from pathlib import Path

from assist.domain.clock import SystemTime
from assist.domain.job_names import JobName
from assist.jobs.context import Context
from assist.services import attachments, export_files, heartbeats, housekeeping
from assist.services.file_store import Store

ORPHANS_AFTER = timedelta(days=2)


def run(context: Context) -> dict[str, int]:
    with context.reading() as work:
        if heartbeats.done_today(work, JobName.HOUSEKEEPING.value):
            return {"days": 0}
    with context.writing() as work:
        counts = housekeeping.tidy(work)
    return {**counts, "files": _orphans(context) + _exports(context), "days": 1}


def _exports(context: Context) -> int:
    """Ledgers that were kept long enough, and what killed processes have left of them."""
    uploads = context.config.get("ASSIST_UPLOADS")
    if not uploads:
        return 0
    place = export_files.folder(uploads)
    with context.writing() as work:
        names = export_files.expire(work)
    with context.reading() as work:
        return export_files.remove(place, names) + export_files.sweep(work, place, SystemTime().now())


def _orphans(context: Context) -> int:
    """Ages of files are the machine's own, whatever time this runs as of."""
    uploads = context.config.get("ASSIST_UPLOADS")
    if not uploads:
        return 0
    store = Store(Path(uploads), context.config["SECRET_KEY"])
    with context.reading() as work:
        return attachments.remove_orphans(work.session, store, SystemTime().now() - ORPHANS_AFTER)
