"""`backup`: a nightly copy beside the uploads' folder, in `backups/`; the last fourteen are kept."""

from pathlib import Path

from assist.domain.clock import local
from assist.jobs.context import Context
from assist.services.backing_up import writing
from assist.services.queries.database_state import state
from config import PROJECT

KEPT = 14


def run(context: Context) -> dict[str, int]:
    uploads = context.config.get("ASSIST_UPLOADS")
    if not uploads:
        return {"rows": 0, "files": 0}
    folder = Path(uploads).parent / "backups"
    now = context.time.now()
    target = folder / f"assist-{local(now):%Y%m%d}.zip"
    if target.exists():
        return {"rows": 0, "files": 0}
    with context.engine.connect() as connection:
        revision = "+".join(sorted(state(connection, str(PROJECT / "migrations")).current))
    made = writing.create(context.engine, Path(uploads), target, revision, now)
    for old in sorted(folder.glob("assist-????????.zip"))[:-KEPT]:
        old.unlink(missing_ok=True)
    return {"rows": made.rows, "files": made.files}
