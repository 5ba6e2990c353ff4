"""台账回填 in the browser: taken out, edited, looked at, written; what is wrong comes back in red beside it."""

from io import BytesIO
from typing import Any

import openpyxl
from sqlalchemy import func, select

from assist.domain.clock import shanghai
from assist.models import TicketEvent
from assist.services import handling
from tests import ledgers
from tests.cast import Cast
from tests.make import Make
from tests.pages import Browser, Page
from tests.sheets import edited

P, R = "办理进展/结果", "备注"


def upload(browser: Browser, content: bytes, status: int = 200, name: str = "台账.xlsx") -> Page:
    form = browser.get("/ledgers/import").form("/ledgers/import")
    return browser.post("/ledgers/import", status, **{**form.values, "file": (BytesIO(content), name)})


def take_over(browser: Browser, page: Page, which: int = 0, status: int = 200, **fields: str) -> Page:
    """Press the first (or another) of the buttons below."""
    forms = [one for one in page.forms if one.action.startswith("/ledgers/import/")]
    return browser.post(forms[which].action, status, **{**forms[which].values, **fields})


def progress_count(make: Make) -> int:
    make.session.rollback()
    query = select(func.count()).select_from(TicketEvent).where(TicketEvent.action == "progress")
    found = make.session.scalar(query) or 0
    make.session.rollback()
    return found


def test_out_edited_and_in_again(make: Make, cast: Cast, browse: Any) -> None:
    ticket = make.handled()
    make.at(shanghai(2026, 11, 23, 9, 40))
    zhang = browse(cast.zhang)
    assert "台账回填" in zhang.get("/ledgers/").text
    content = ledgers.taken(zhang.client, "/ledgers/A.xlsx?state=handling")
    page = upload(zhang, edited(content, 4, **{P: "已约定周五验收", R: "等市里回复"}))
    assert "尚未写入任何内容" in page.text
    assert "办理进展 1 条，备注 1 条，没有变化 0 件" in page.text
    assert "写入 1 件（仅内部可见）" in page.html
    assert progress_count(make) == 0
    done = take_over(zhang, page)
    assert "1件诉求写入办理进展1条、备注1条" in done.text
    assert progress_count(make) == 2
    trail = zhang.get(f"/tickets/{ticket.number}").text
    assert "已约定周五验收" in trail
    assert "台账备注" in trail
    assert "已约定周五验收" not in browse(cast.chen).get(f"/tickets/{ticket.number}").text
    make.at(shanghai(2026, 11, 23, 9, 50))
    again = upload(zhang, edited(content, 4, **{P: "已约定周五验收", R: "等市里回复"}))
    assert "导入不会有任何变化" in again.text


def test_the_enterprise_reads_it_when_that_is_chosen(make: Make, cast: Cast, browse: Any) -> None:
    ticket = make.handled()
    make.at(shanghai(2026, 11, 23, 9, 40))
    zhang = browse(cast.zhang)
    content = ledgers.taken(zhang.client, "/ledgers/A.xlsx")
    page = upload(zhang, edited(content, 4, **{P: "已约定周五验收", R: "不给企业看"}))
    take_over(zhang, page, 1)
    seen = browse(cast.chen).get(f"/tickets/{ticket.number}").text
    assert "已约定周五验收" in seen
    assert "不给企业看" not in seen


def test_faults_come_back_in_the_very_sheet_and_good_rows_may_go_in_alone(
    make: Make, cast: Cast, browse: Any
) -> None:
    first, second = make.handled(), make.handled()
    make.at(shanghai(2026, 11, 23, 9, 40))
    zhang = browse(cast.zhang)
    content = ledgers.taken(zhang.client, "/ledgers/A.xlsx")
    make.at(shanghai(2026, 11, 23, 9, 50))
    make.act(cast.zhang, first, handling.progress, "系统里的新进展", is_visible=False)
    make.session.rollback()
    page = upload(zhang, edited(edited(content, 4, **{P: "旧表里写的"}), 5, **{P: "第二件的进展"}))
    assert "张建华于11月23日09:50又写了“系统里的新进展”，您改的这一格没有写入" in page.text
    report = zhang.client.get(f"{page.url}/faults.xlsx", buffered=True)
    sheet = openpyxl.load_workbook(BytesIO(report.data)).active
    reason = next(cell.column for cell in sheet[3] if cell.value == "错误原因")
    assert sheet.cell(4, reason).value.startswith("【办理进展/结果】这张表导出以后")
    assert sheet.cell(4, reason).font.color.rgb == "FFC00000"
    assert sheet.cell(5, reason).value is None
    before = progress_count(make)
    take_over(zhang, page, status=409, rows="all")
    assert progress_count(make) == before
    done = take_over(zhang, page)
    assert "1件诉求写入办理进展1条" in done.text
    assert "第二件的进展" in zhang.get(f"/tickets/{second.number}").text
    mended = upload(zhang, report.data)  # with its red column, as it came back
    assert "办理进展 0 条" in mended.text


def test_a_sheet_of_another_kind_is_refused_kindly(make: Make, cast: Cast, browse: Any) -> None:
    make.handled()
    zhang = browse(cast.zhang)
    empty = zhang.get("/ledgers/import").form("/ledgers/import").values
    assert "请选择一个 .xlsx 表格" in zhang.post("/ledgers/import", 400, **empty).text
    assert "这不是 .xlsx 表格" in upload(zhang, b"MZ nonsense", 400).text
    other = ledgers.taken(zhang.client, "/ledgers/C.xlsx")
    assert "没有找到企业诉求办理台账的表头" in upload(zhang, other, 400).text


def test_the_sheet_of_one_is_not_found_by_another(make: Make, cast: Cast, browse: Any) -> None:
    make.handled()
    make.at(shanghai(2026, 11, 23, 9, 40))
    zhang = browse(cast.zhang)
    page = upload(zhang, edited(ledgers.taken(zhang.client, "/ledgers/A.xlsx"), 4, **{P: "改了"}))
    browse(cast.li).get(page.url, 404)
    browse(cast.wang).get(page.url, 404)
