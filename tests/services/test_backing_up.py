"""A backup is only worth what restoring it gives back."""

import zipfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, select, text
from sqlalchemy.orm import Session

from assist.domain.errors import Invalid
from assist.models import Base, Ticket, TicketEvent
from assist.models.ddl import create_everything
from assist.models.engine import tune
from assist.services import searching, transitions
from assist.services.backing_up import restoring, writing
from assist.services.work import Work
from tests.cast import Cast
from tests.engines import TestDatabase
from tests.make import Make

NewDatabase = Callable[[], AbstractContextManager[str]]


def everything(session: Session) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, as the database has it."""
    return {
        table.name: [tuple(row) for row in session.execute(select(table).order_by(*table.primary_key.columns))]
        for table in Base.metadata.sorted_tables
    }


@pytest.fixture
def backup(make: Make, database: TestDatabase, tmp_path: Path) -> Path:
    """A backup of a small history with one uploaded file."""
    make.closed()
    make.handled()
    uploads = tmp_path / "uploads"
    (uploads / "ab").mkdir(parents=True)
    (uploads / "ab" / "abcd").write_bytes(b"\x00picture")
    make.session.commit()
    target = tmp_path / "backup.zip"
    made = writing.create(database.engine, uploads, target, "0001", make.time.now())
    assert made.files == 1
    assert made.rows > 100
    return target


def test_what_was_backed_up_comes_back_row_for_row_and_byte_for_byte(
    backup: Path, session: Session, new_database: NewDatabase, tmp_path: Path
) -> None:
    before = everything(session)
    with new_database() as url:
        engine = create_engine(url)
        tune(engine)
        with engine.begin() as connection:
            create_everything(connection)
        done = restoring.restore(engine, tmp_path / "elsewhere", backup, "0001")
        with Session(engine) as restored:
            assert everything(restored) == before
        engine.dispose()
    assert done.rows == sum(len(rows) for rows in before.values())
    assert (tmp_path / "elsewhere" / "ab" / "abcd").read_bytes() == b"\x00picture"


def test_a_restored_city_goes_on_working(
    backup: Path, new_database: NewDatabase, tmp_path: Path, make: Make, cast: Cast
) -> None:
    with new_database() as url:
        engine = create_engine(url)
        tune(engine)
        with engine.begin() as connection:
            create_everything(connection)
        restoring.restore(engine, tmp_path / "elsewhere", backup, "0001")
        with Session(engine) as restored:
            again = Make(restored, make.time, cast)
            ticket = again.ticket("恢复以后提交的新诉求")
            assert ticket.number.endswith("0003")
            for event in restored.scalars(select(TicketEvent)):
                assert event.hash == transitions.event_hash(event.prev_hash, transitions.covered(event))
            work = Work(restored, make.time, cast.wang.actor)
            found = searching.narrowed(work, select(Ticket.id), "消防验收", internal=True)
            assert len(restored.scalars(found).all()) == 2
            with pytest.raises(Exception, match="append-only"):
                restored.execute(text("DELETE FROM ticket_event"))
        engine.dispose()


def test_a_database_that_is_not_empty_is_left_alone(
    backup: Path, database: TestDatabase, session: Session, tmp_path: Path
) -> None:
    before = everything(session)
    session.rollback()
    with pytest.raises(Invalid, match="只能恢复到空的数据库"):
        restoring.restore(database.engine, tmp_path / "elsewhere", backup, "0001")
    assert everything(session) == before


def test_a_backup_of_another_revision_is_refused(backup: Path, database: TestDatabase, tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="数据库版本是 0001"):
        restoring.restore(database.engine, tmp_path / "elsewhere", backup, "0002")


def test_a_folder_with_files_is_not_restored_into(backup: Path, database: TestDatabase, tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="不是空的"):
        restoring.restore(database.engine, tmp_path / "uploads", backup, "0001")


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x03\x04 cut off"])
def test_a_broken_file_is_refused_with_a_sentence(
    content: bytes, database: TestDatabase, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.zip"
    broken.write_bytes(content)
    with pytest.raises(Invalid, match="不是完整的备份"):
        restoring.restore(database.engine, tmp_path / "elsewhere", broken, "0001")


def test_a_backup_with_a_line_missing_restores_nothing(
    backup: Path, new_database: NewDatabase, tmp_path: Path
) -> None:
    cut = tmp_path / "cut.zip"
    with zipfile.ZipFile(backup) as whole, zipfile.ZipFile(cut, "w") as target:
        for info in whole.infolist():
            content = whole.read(info)
            if info.filename == "tables/ticket_event.jsonl":
                content = content[: content.rstrip(b"\n").rindex(b"\n") + 1]
            target.writestr(info, content)
    with new_database() as url:
        engine = create_engine(url)
        tune(engine)
        with engine.begin() as connection:
            create_everything(connection)
        with pytest.raises(Invalid, match="备份不完整"):
            restoring.restore(engine, tmp_path / "elsewhere", cut, "0001")
        with Session(engine) as session:
            assert session.scalars(select(Ticket)).all() == []
        engine.dispose()


def test_a_taken_place_is_not_written_over(backup: Path, database: TestDatabase, tmp_path: Path, make: Make) -> None:
    before = backup.read_bytes()
    with pytest.raises(Invalid, match="已经存在"):
        writing.create(database.engine, tmp_path / "uploads", backup, "0001", make.time.now())
    assert backup.read_bytes() == before
