"""What a job is given: the database, the time, the configuration, and whether it should stop.

A job reads in `reading()` and writes in `writing()`, which begins as a writer and commits once at the end; each is a
session of its own, so that nothing is held between two pieces of work.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from assist.domain.clock import TimeSource
from assist.models.engine import begin_writing
from assist.services.work import Work


@dataclass(frozen=True)
class Context:
    """`time` is business time (`--at` sets it). `stopping` turns true when the process was asked to end."""

    engine: Engine
    time: TimeSource
    config: Mapping[str, Any] = field(default_factory=dict)
    stopping: Callable[[], bool] = lambda: False

    @contextmanager
    def reading(self) -> Iterator[Work]:
        """A piece of work that only reads; nothing is committed."""
        with Session(self.engine) as session:
            yield Work(session, self.time)

    @contextmanager
    def writing(self) -> Iterator[Work]:
        """A piece of work by the system, committed when the block ends without an error, else rolled back."""
        with Session(self.engine) as session:
            begin_writing(session)
            yield Work(session, self.time)
            session.commit()


class JobFault(Exception):
    """A run that must be seen as failed although it did its work; the sentence says what was found."""
