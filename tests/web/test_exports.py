"""A ledger too large to wait for: asked for once, its progress on a page, the file for who asked alone."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from assist.domain.ledgers import ExportStatus
from assist.extensions import db
from assist.jobs import export
from assist.jobs.context import Context
from assist.models import AuditEntry, Export
from assist.services import exporting
from tests import ledgers
from tests.cast import Cast
from tests.make import Make
from tests.statements import counted


@pytest.fixture
def many(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three tickets, where two are as many as one waits for."""
    for _ in range(3):
        make.ticket()
    make.session.rollback()
    monkeypatch.setattr(exporting, "MOST_AT_ONCE", 2)


def ran(app: Flask) -> dict[str, int]:
    with app.app_context():
        return export.run(Context(db.engine, app.extensions["assist_time"], dict(app.config)))


def test_it_is_asked_for_written_and_fetched(app: Flask, many: None, cast: Cast, browse: Any) -> None:
    wang = browse(cast.wang)
    page = wang.get("/ledgers/A")
    assert "在后台生成 3 行" in page.html
    page = wang.send(page, action="/ledgers/A", phones="whole", reason="逐户核实")
    assert "排队中" in page.text
    assert "0 / 3 行" in page.text
    assert 'hx-trigger="every 2s"' in page.html
    assert '<noscript><meta http-equiv="refresh"' in page.html
    assert "刷新进度" in page.text
    wang.get(f"{page.url}/file", 404)
    assert "排队中" in wang.get("/ledgers/").text
    assert ran(app)["exported_rows"] == 3
    part = wang.client.get(f"{page.url}/progress").get_data(as_text=True)
    assert "hx-trigger" not in part
    assert "已生成" in part
    content = ledgers.taken(wang.client, f"{page.url}/file")
    assert [row["联系电话"] for row in ledgers.rows(content)] == ["19906350001"] * 3
    assert "台账已生成，共 3 行" in wang.get("/inbox/").text


def test_nobody_else_finds_it(app: Flask, many: None, cast: Cast, browse: Any) -> None:
    wang = browse(cast.wang)
    page = wang.send(wang.get("/ledgers/A"), action="/ledgers/A")
    ran(app)
    zhao = browse(cast.zhao)
    for address in (page.url, f"{page.url}/file", f"{page.url}/progress"):
        zhao.get(address, 404)
    token = zhao.get("/ledgers/A").form("/ledgers/A").values["csrf_token"][0]
    assert zhao.client.post(f"{page.url}/cancel", data={"csrf_token": token}).status_code == 404


def test_the_same_form_sent_twice_is_one_export(many: None, make: Make, cast: Cast, browse: Any) -> None:
    wang = browse(cast.wang)
    form = wang.get("/ledgers/A")
    first, second = (wang.send(form, action="/ledgers/A") for _ in range(2))
    assert first.url == second.url
    make.session.rollback()
    assert make.session.scalar(select(func.count()).select_from(Export)) == 1
    assert make.session.scalar(select(func.count()).select_from(AuditEntry).where(AuditEntry.deed == "export")) == 1


def test_it_can_be_called_off(app: Flask, many: None, make: Make, cast: Cast, browse: Any) -> None:
    wang = browse(cast.wang)
    page = wang.send(wang.get("/ledgers/A"), action="/ledgers/A")
    page = wang.send(page, action=f"{page.url}/cancel")
    assert "已取消这次导出" in page.text
    assert ran(app)["exports"] == 0
    make.session.rollback()
    row = make.session.scalars(select(Export)).one()
    assert row.status is ExportStatus.CANCELLED
    page = wang.get(f"/ledgers/exports/{row.id}")
    assert "重新导出" in page.text
    token = page.form("/logout").values["csrf_token"][0]
    assert wang.client.post(f"/ledgers/exports/{row.id}/cancel", data={"csrf_token": token}).status_code == 409


def test_a_queue_that_stands_still_is_told(many: None, make: Make, cast: Cast, browse: Any) -> None:
    wang = browse(cast.wang)
    page = wang.send(wang.get("/ledgers/A"), action="/ledgers/A")
    assert "后台任务可能没有运行" not in page.text
    make.at(make.time.at.replace(minute=40))
    assert "后台任务可能没有运行" in wang.get(page.url).text
    other = wang.send(wang.get("/ledgers/A"), action="/ledgers/A")
    assert "前面还有 1 份" in other.text


def test_looking_at_its_progress_costs_little(many: None, cast: Cast, browse: Any) -> None:
    wang = browse(cast.wang)
    page = wang.send(wang.get("/ledgers/A"), action="/ledgers/A")
    with wang.client.application.app_context():
        engine = db.engine
    for address in (page.url, f"{page.url}/progress"):
        wang.client.get(address)
        with counted(engine) as statements:
            wang.client.get(address)
        assert len(statements) <= 3, statements
