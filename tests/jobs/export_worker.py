"""A scheduler that begins to write an export and then hangs, to be killed. Run by `test_export`, not imported."""

import json
import sys
import threading
from datetime import datetime
from typing import Any

from sqlalchemy import create_engine

from assist.domain.clock import FixedTime
from assist.jobs import export
from assist.jobs.context import Context
from assist.models.engine import tune


def main() -> None:
    said: dict[str, Any] = json.loads(sys.argv[1])
    engine = create_engine(said["url"])
    tune(engine)
    time = FixedTime(datetime.fromisoformat(said["at"]))
    config = {"ASSIST_UPLOADS": said["uploads"], "ASSIST_EXPORT_LEASE": said["lease"]}

    def hang(run: Any, count: int) -> None:
        sys.stdout.write(f"{count}\n")
        sys.stdout.flush()
        threading.Event().wait()

    export._Run._beat = hang  # type: ignore[method-assign, assignment]
    export.run(Context(engine, time, config))


if __name__ == "__main__":
    main()
