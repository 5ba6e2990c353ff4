"""`roster check` and `roster import`: each fault a line, nothing written while there is one, exits 0, 1 and 2."""

from pathlib import Path

import openpyxl
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assist.models import (
    Enterprise,
)
from tests.sheets import FAULTY_ROSTER, small_roster


def enterprises(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Enterprise)) or 0


def test_the_command_names_every_fault_and_writes_nothing(
    app: Flask, session: Session, tmp_path: Path
) -> None:
    runner = app.test_cli_runner()
    report = tmp_path / "report.xlsx"
    checked = runner.invoke(args=["roster", "check", str(FAULTY_ROSTER), "--report", str(report)])
    assert checked.exit_code == 1
    faults = [line for line in checked.stdout.splitlines() if line.startswith("错误")]
    # The list beside the workbook promises twelve, but its row 105 is the good one of the whole roster.
    assert len(faults) == 11
    assert "第187行 C列“统一社会信用代码”" in checked.stdout
    headings = [cell.value for cell in openpyxl.load_workbook(report).active[3]]
    assert "错误原因" in headings
    imported = runner.invoke(args=["roster", "import", str(FAULTY_ROSTER)])
    assert imported.exit_code == 1
    assert "没有写入任何内容" in imported.stderr
    assert enterprises(session) == 0


def test_good_rows_alone_go_in_when_that_is_asked(app: Flask, session: Session) -> None:
    done = app.test_cli_runner().invoke(args=["roster", "import", str(FAULTY_ROSTER), "--good-rows"])
    assert done.exit_code == 0
    assert enterprises(session) == 189
    assert "新账号尚无密码" in done.stdout


def test_the_command_hands_first_passwords_out_in_a_sheet_for_one_s_own_eyes(
    app: Flask, tmp_path: Path
) -> None:
    source, accounts = tmp_path / "roster.xlsx", tmp_path / "accounts.xlsx"
    source.write_bytes(small_roster())
    order = ["roster", "import", str(source), "--accounts", str(accounts)]
    runner = app.test_cli_runner()
    done = runner.invoke(args=order, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    lines = list(openpyxl.load_workbook(accounts).active.iter_rows(min_row=4, values_only=True))
    assert f"{len(lines)}个新账号" in done.stdout
    assert {len(str(line[5])) for line in lines} == {14}
    assert str(lines[0][5]) not in done.output
    assert accounts.stat().st_mode & 0o077 == 0
    again = runner.invoke(args=order)
    assert again.exit_code == 1
    assert "已存在" in again.stderr


def test_a_missing_file_is_a_mistake_in_the_command(app: Flask) -> None:
    assert app.test_cli_runner().invoke(args=["roster", "check", "/no/such/file.xlsx"]).exit_code == 2
