"""`ledger export`: any of the six into a new file; and what was taken out goes in again without a change."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from assist.domain.status import Rating
from assist.models import AuditEntry
from assist.models.engine import begin_writing
from assist.services.imports import history, roster
from assist.services.work import Work
from tests import ledgers
from tests.make import Make
from tests.sheets import ROSTER, small_ledger, small_roster


def export(app: Flask, *words: str) -> str:
    done = app.test_cli_runner().invoke(args=["ledger", "export", *words], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return str(done.stdout)


@pytest.mark.parametrize("letter", ["A", "b", "C", "D", "E", "F"])
def test_each_ledger_goes_into_a_file(letter: str, app: Flask, make: Make, tmp_path: Path) -> None:
    make.closed()
    target = tmp_path / "out.xlsx"
    said = export(app, letter, str(target), "--from", "2026-11-01", "--to", "2026-11-30")
    assert f"已存为 {target}" in said
    assert ledgers.opened(target.read_bytes()).max_row >= 3
    entry = make.session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc())).first()
    assert entry is not None
    assert (entry.deed, entry.actor_name) == ("export", "系统")


def test_the_days_narrow_it(app: Flask, make: Make, tmp_path: Path) -> None:
    make.closed()
    export(app, "A", str(tmp_path / "in.xlsx"), "--from", "2026-11-23", "--to", "2026-11-23")
    export(app, "A", str(tmp_path / "out.xlsx"), "--to", "2026-11-22")
    assert len(ledgers.rows((tmp_path / "in.xlsx").read_bytes())) == 1
    assert ledgers.rows((tmp_path / "out.xlsx").read_bytes()) == []


def test_nothing_is_written_over_and_a_wrong_letter_is_a_mistake_in_the_command(app: Flask, tmp_path: Path) -> None:
    there = tmp_path / "there.xlsx"
    there.write_text("mine")
    done = app.test_cli_runner().invoke(args=["ledger", "export", "A", str(there)])
    assert done.exit_code == 1
    assert "已存在" in done.stderr
    assert there.read_text() == "mine"
    assert app.test_cli_runner().invoke(args=["ledger", "export", "X", str(tmp_path / "x.xlsx")]).exit_code == 2


def test_the_roster_of_two_hundred_comes_out_and_goes_in_again_without_a_change(
    app: Flask, work: Work, session: Session, tmp_path: Path
) -> None:
    begin_writing(session)
    roster.take_over(work, roster.check(work, ROSTER))
    session.commit()
    target = tmp_path / "B.xlsx"
    export(app, "B", str(target), "--whole-phones", "年度核对")
    session.rollback()
    checked = roster.check(work, target)
    assert checked.check.faults == ()
    assert checked.check.row_count == 200
    assert (checked.plan.new, checked.plan.changed, checked.plan.unchanged_count) == ([], [], 200)
    assert {row["统一社会信用代码"] for row in ledgers.rows(target.read_bytes())} == {
        row.credit_code for row in checked.check.rows
    }
    session.rollback()
    done = app.test_cli_runner().invoke(args=["roster", "import", str(target)])
    assert "与现有数据一致，没有变化（200家）" in done.stdout


def test_history_comes_out_with_what_the_old_ledger_stated_and_is_known_when_it_comes_in(
    app: Flask, work: Work, session: Session, tmp_path: Path
) -> None:
    begin_writing(session)
    roster.take_over(work, roster.check(work, small_roster()))
    session.commit()
    begin_writing(session)
    history.take_over(work, history.check(work, small_ledger()))
    session.commit()
    target = tmp_path / "A.xlsx"
    export(app, "A", str(target))
    rows = ledgers.rows(target.read_bytes())
    assert len(rows) == 10
    stated = [row for row in rows if row["超期责任方"] == "原台账记载"]
    assert stated
    assert {row["是否超期"] for row in stated} == {row["是否办结"] for row in stated} == {"是"}
    assert {row["满意度"] for row in rows} <= {"", None, "未评价", *(one.title for one in Rating)}
    session.rollback()
    checked = history.check(work, target)
    assert checked.check.faults == ()
    assert (checked.known_count, checked.new) == (10, [])
