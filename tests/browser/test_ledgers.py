"""Ledgers in a real browser: taken out, edited at one's own desk, sent back in; a bar that moves by itself."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import expect

from assist.domain.clock import FixedTime, shanghai
from assist.extensions import db
from assist.jobs import export
from assist.jobs.context import Context
from assist.services import exporting
from tests.browser.looking import faults
from tests.browser.windows import PHONE, Window
from tests.cast import Cast
from tests.make import Make
from tests.sheets import edited

Visit = Callable[..., Window]


def run_export(app: Flask, time: FixedTime) -> int:
    with app.app_context():
        return export.run(Context(db.engine, time, dict(app.config)))["exports"]


@pytest.fixture
def large(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two tickets, where one is as many as one waits for."""
    make.handled()
    make.handled()
    make.session.close()
    monkeypatch.setattr(exporting, "MOST_AT_ONCE", 1)


def test_an_officer_takes_the_ledger_out_edits_it_and_sends_it_back(
    make: Make, cast: Cast, visit: Visit, time: FixedTime, tmp_path: Path
) -> None:
    make.handled()
    make.session.close()
    window = visit().sign_in(cast.zhang)
    window.press("台账")
    window.row("企业诉求办理台账").get_by_role("link", name="导出").click()
    with window.page.expect_download() as coming:
        window.press("导出 1 行")
    coming.value.save_as(tmp_path / "out.xlsx")
    time.at = shanghai(2026, 11, 23, 9, 45)
    words = {"办理进展/结果": "已约定周五现场验收。", "备注": "需市里协调"}
    (tmp_path / "back.xlsx").write_bytes(edited(tmp_path / "out.xlsx", 4, **words))
    window.go("/ledgers/")
    window.press("台账回填")
    window.page.get_by_label("表格文件").set_input_files(tmp_path / "back.xlsx")
    window.press("上传并检查")
    window.sees("尚未写入任何内容", "办理进展写入“已约定周五现场验收。”")
    assert faults(window.page) == []
    window.press("写入 1 件（仅内部可见）")
    window.sees("1件诉求写入办理进展1条、备注1条")


def test_the_bar_moves_by_itself_and_then_there_is_the_file(
    app: Flask, large: None, cast: Cast, visit: Visit, time: FixedTime
) -> None:
    window = visit().sign_in(cast.wang)
    window.go("/ledgers/A")
    window.press("在后台生成 2 行")
    window.sees("排队中", "0 / 2 行")
    assert run_export(app, time) == 1
    expect(window.page.get_by_role("link", name="下载")).to_be_visible()
    window.sees("2 / 2 行")
    assert faults(window.page) == []
    with window.page.expect_download() as coming:
        window.press("下载")
    assert coming.value.suggested_filename == "企业诉求办理台账20261123.xlsx"


def test_without_scripts_the_page_is_looked_at_again(
    app: Flask, large: None, cast: Cast, visit: Visit, time: FixedTime
) -> None:
    window = visit(PHONE, java_script_enabled=False).sign_in(cast.wang)
    window.go("/ledgers/A")
    window.press("在后台生成 2 行")
    window.sees("排队中")
    run_export(app, time)
    window.go("/ledgers/")
    window.page.get_by_role("link", name="企业诉求办理台账").last.click()
    window.sees("已生成")
    expect(window.page.get_by_role("link", name="下载")).to_be_visible()
