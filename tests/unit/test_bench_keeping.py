"""What bench makes once and keeps: whole, with nothing beside it, and by one at a time."""

import sqlite3
from contextlib import closing
from pathlib import Path
from threading import Event, Thread

import pytest

from bench import keeping


def made(making: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(making, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("CREATE TABLE city (name TEXT)")
    connection.execute("INSERT INTO city VALUES ('聊城')")
    return connection


def test_what_is_kept_is_one_whole_file(tmp_path: Path) -> None:
    kept = tmp_path / "city.db"
    making = keeping.afresh(kept)
    made(making).close()
    keeping.keep(making, kept)
    assert [file.name for file in tmp_path.iterdir()] == ["city.db"]
    with closing(sqlite3.connect(kept)) as connection:
        assert connection.execute("SELECT name FROM city").fetchall() == [("聊城",)]
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_nothing_is_kept_while_somebody_still_has_it_open(tmp_path: Path) -> None:
    kept = tmp_path / "city.db"
    making = keeping.afresh(kept)
    with closing(made(making)), pytest.raises((RuntimeError, sqlite3.OperationalError)):
        keeping.keep(making, kept)
    assert not kept.exists()


def test_who_comes_second_waits_and_finds_it_made(tmp_path: Path) -> None:
    has_begun, may_end, found = Event(), Event(), []

    def make(name: str) -> None:
        with keeping.alone(tmp_path, "city"):
            found.append((name, (tmp_path / "city.db").exists()))
            has_begun.set()
            may_end.wait(timeout=10)
            (tmp_path / "city.db").touch()

    first = Thread(target=make, args=("first",))
    first.start()
    has_begun.wait(timeout=10)
    second = Thread(target=make, args=("second",))
    second.start()
    may_end.set()
    for each in (first, second):
        each.join(timeout=10)
    assert found == [("first", False), ("second", True)]


def test_what_an_earlier_making_left_is_thrown_away(tmp_path: Path) -> None:
    kept = tmp_path / "city.db"
    for rest in (".making", ".making-wal", ".making-shm"):
        (tmp_path / f"city{rest}").touch()
    keeping.afresh(kept)
    assert list(tmp_path.iterdir()) == []
