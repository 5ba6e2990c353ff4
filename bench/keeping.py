"""What is made once and kept for the next run: by one process at a time, and whole before it gets its name.

Two runs side by side made the same city once: each threw away what the other was making, and the one that was first
read a file the other was still writing ("database disk image is malformed").
"""

import fcntl
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path


@contextmanager
def alone(folder: Path, name: str) -> Iterator[None]:
    """Whoever makes this has it to himself; others wait and then find it made."""
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def afresh(kept: Path) -> Path:
    """Where a SQLite file is made, without what an earlier making that broke off has left there."""
    making = kept.with_suffix(".making")
    for old in kept.parent.glob(f"{making.name}*"):
        old.unlink()
    return making


def keep(making: Path, kept: Path) -> None:
    """Give a SQLite file its name, as one file with nothing beside it. Raises while somebody still has it open."""
    with closing(sqlite3.connect(making, isolation_level=None)) as connection:
        mode = connection.execute("PRAGMA journal_mode=DELETE").fetchone()[0]
    if mode != "delete":
        raise RuntimeError(f"{making} is still in use: journal mode {mode}")
    making.rename(kept)
