"""Where a page's CPU goes: asking the database (SQLAlchemy's part of it too), rendering, and all the rest.

Measured apart from the timing of the page, as looking costs something itself.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import Flask, before_render_template, template_rendered
from sqlalchemy import Engine, event


@dataclass
class Parts:
    """Milliseconds of CPU a call. `sql` is what the driver took (with SQLite that is the database itself)."""

    sql: float = 0.0
    rendering: float = 0.0


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    """The statements sent meanwhile, without those that only frame a transaction."""
    sent: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.upper().startswith(
            ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "PRAGMA")
        ):
            sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


def parts(app: Flask, engine: Engine, call: Callable[[], Any], rounds: int) -> Parts:
    """The mean of so many calls."""
    found, started = Parts(), {"sql": 0.0, "rendering": 0.0}

    def begin_sql(*_all: Any) -> None:
        started["sql"] = time.process_time()

    def end_sql(*_all: Any) -> None:
        found.sql += time.process_time() - started["sql"]

    def begin_rendering(_sender: Any, **_more: Any) -> None:
        started["rendering"] = time.process_time()

    def end_rendering(_sender: Any, **_more: Any) -> None:
        found.rendering += time.process_time() - started["rendering"]

    event.listen(engine, "before_cursor_execute", begin_sql)
    event.listen(engine, "after_cursor_execute", end_sql)
    with (
        before_render_template.connected_to(begin_rendering, app),
        template_rendered.connected_to(end_rendering, app),
    ):
        for _ in range(rounds):
            call()
    event.remove(engine, "before_cursor_execute", begin_sql)
    event.remove(engine, "after_cursor_execute", end_sql)
    return Parts(found.sql * 1000 / rounds, found.rendering * 1000 / rounds)
