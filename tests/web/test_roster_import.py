"""导入台账 in the browser: sent, looked at, taken over; what is wrong stands at its cell and nothing is written."""

from collections.abc import Callable
from io import BytesIO

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from assist.models import Account, AuditEntry, Enterprise, Ticket
from assist.services.imports.roster import NO_PASSWORD
from assist.services.workbooks.roster_layout import ROSTER as ROSTER_LAYOUT
from tests.cast import Cast
from tests.doors import Visitor
from tests.make import Make
from tests.pages import Browser, Page
from tests.sheets import FAULTY_ROSTER, edited, small_ledger, small_roster

Browse = Callable[..., Browser]


def count(make: Make, table: type) -> int:
    make.session.rollback()
    found = make.session.scalar(select(func.count()).select_from(table)) or 0
    make.session.rollback()
    return found


def upload(
    browser: Browser, content: bytes, status: int = 200, name: str = "台账.xlsx", kind: str = "roster"
) -> Page:
    """Send a sheet; the answer is the page of what it would do, or the form again."""
    form = browser.get("/roster/import").form("/roster/import")
    file = (BytesIO(content), name)
    return browser.post("/roster/import", status, **{**form.values, "kind": kind, "file": file})


def take_over(browser: Browser, preview: Page, status: int = 200, **fields: str) -> Page:
    form = next(one for one in preview.forms if one.action.startswith("/roster/import/"))
    return browser.post(form.action, status, **{**form.values, **fields})


def download(browser: Browser, url: str) -> openpyxl.Workbook:
    answer: TestResponse = browser.client.get(url)
    assert answer.status_code == 200
    return openpyxl.load_workbook(BytesIO(answer.data))


@pytest.fixture
def zhao(browse: Browse, make: Make, cast: Cast) -> Browser:
    """The city's coordinator. The cast's phones step aside: they stand in the samples, too."""
    for number, row in enumerate(make.session.scalars(select(Account).where(Account.phone != ""))):
        row.phone = f"139063599{number:02}"
    make.session.commit()
    return browse(cast.zhao)


def test_a_sheet_is_looked_at_before_anything_is_written(zhao: Browser, make: Make) -> None:
    page = upload(zhao, small_roster())
    assert "尚未写入任何内容" in page.text
    assert "聊城中正精细化工有限公司" in page.text
    assert "单位名录中没有“聊城市税务局”，导入时将新建" in page.text
    assert count(make, Enterprise) == 2
    done = take_over(zhao, page)
    assert "包联台账导入完成" in done.text
    assert count(make, Enterprise) > 10
    assert "没有变化" not in done.text
    again = upload(zhao, small_roster())
    assert "导入不会有任何变化" in again.text


def test_faults_stand_at_their_cells_and_the_sheet_comes_back_with_them(zhao: Browser, make: Make) -> None:
    page = upload(zhao, FAULTY_ROSTER.read_bytes())
    assert "第 187 行" in page.text
    assert "共 11 处" in page.text
    assert "只导入无误的 189 行" in page.html
    url = page.links["下载标注错误的表格"]
    sheet = download(zhao, url).active
    headings = [cell.value for cell in sheet[3]]
    assert "错误原因" in headings
    assert "校验不符" in sheet.cell(187, headings.index("错误原因") + 1).value
    refused = take_over(zhao, page, 409, rows="all")
    assert "没有写入任何内容" in refused.text
    assert count(make, Enterprise) == 2
    take_over(zhao, page)
    assert count(make, Enterprise) == 191


def test_first_passwords_are_given_out_once(zhao: Browser, make: Make, app: Flask, cast: Cast) -> None:
    take_over(zhao, upload(zhao, small_roster()))
    page = zhao.get("/roster/import")
    form = page.form("/roster/import/accounts.xlsx")
    answer = zhao.client.post(form.action, data=form.values)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    lines = list(openpyxl.load_workbook(BytesIO(answer.data)).active.iter_rows(min_row=4, values_only=True))
    make.session.rollback()
    waiting = make.session.scalars(select(Account).where(Account.password_hash == NO_PASSWORD)).all()
    assert not waiting
    entry = make.session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)).one()
    assert entry.deed == "hand_out_passwords"
    make.session.rollback()
    assert "初始密码表" not in zhao.get("/roster/import").text
    assert "没有等待发放" in zhao.post(form.action, 409, **form.values).text
    username, password = str(lines[0][4]), str(lines[0][5])
    assert Visitor(app).sign_in(username, password).status_code == 302


def test_an_area_gives_out_its_own_people_s_passwords_only(browse: Browse, zhao: Browser, cast: Cast) -> None:
    take_over(zhao, upload(zhao, small_roster()))
    qian = browse(cast.qian)
    form = qian.get("/roster/import").form("/roster/import/accounts.xlsx")
    answer = qian.client.post(form.action, data=form.values)
    given = list(openpyxl.load_workbook(BytesIO(answer.data)).active.iter_rows(min_row=4, values_only=True))
    rest = zhao.get("/roster/import").form("/roster/import/accounts.xlsx")
    left = zhao.client.post(rest.action, data=rest.values)
    others = list(openpyxl.load_workbook(BytesIO(left.data)).active.iter_rows(min_row=4, values_only=True))
    assert given
    assert len(others) > len(given)
    assert not {line[4] for line in given} & {line[4] for line in others}


def test_the_old_ledger_is_taken_over_in_the_browser_too(zhao: Browser, make: Make, cast: Cast) -> None:
    take_over(zhao, upload(zhao, small_roster()))
    page = upload(zhao, small_ledger(), kind="history")
    assert "转入 10 件" in page.text
    assert "按时限计算为" in page.text
    done = take_over(zhao, page)
    assert "转入历史诉求10件" in done.text
    assert count(make, Ticket) == 10
    for number in ("LC-20250129-0014", "LC-20250118-0006"):
        ticket = zhao.get(f"/tickets/{number}")
        assert "原台账" in ticket.text


def test_people_on_both_sides_can_read_what_was_taken_over(
    browse: Browse, zhao: Browser, make: Make, cast: Cast
) -> None:
    take_over(zhao, upload(zhao, small_roster()))
    take_over(zhao, upload(zhao, small_ledger(), kind="history"))
    make.session.rollback()
    ticket = make.session.scalars(select(Ticket).where(Ticket.number == "LC-20250129-0014")).one()
    ticket.enterprise_id = cast.jia
    ticket.owner_id = cast.zhang.id
    closed = make.session.scalars(select(Ticket).where(Ticket.number == "LC-20250118-0006")).one()
    closed.enterprise_id = cast.jia
    make.session.commit()
    for person, places in (
        (cast.chen, ("/portal/", "/tickets/LC-20250129-0014", "/tickets/LC-20250118-0006")),
        (
            cast.zhang,
            (
                "/desk/",
                "/tickets/LC-20250129-0014",
                "/documents/ticket/LC-20250118-0006",
                "/tickets/?state=ended",
            ),
        ),
        (cast.wang, ("/oversight/", "/tickets/LC-20250118-0006", "/tickets/LC-20250129-0014")),
        (cast.zhao, ("/tickets/?q=环评",)),
    ):
        browser = browse(person)
        for place in places:
            browser.get(place)


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"", "空.xlsx", "文件是空的"),
        (b"MZ\x90\x00 programme", "台账.xlsx", "这不是 .xlsx 表格"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", "台账.xls", "旧版 .xls"),
        (b"PK\x03\x04 broken", "台账.xlsx", "损坏"),
        (None, "错表.xlsx", "表头缺少“专员电话”列"),
    ],
)
def test_a_file_that_is_no_roster_is_refused_at_the_field(
    zhao: Browser, make: Make, content: bytes | None, name: str, sentence: str
) -> None:
    page = upload(zhao, small_ledger() if content is None else content, 400, name)
    assert page.title.startswith("错误")
    assert sentence in page.text
    assert count(make, Enterprise) == 2


def test_a_sheet_of_ten_thousand_and_one_rows_is_refused(zhao: Browser) -> None:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(
        [
            "企业名称",
            "统一社会信用代码",
            "县区",
            "服务专员",
            "专员单位",
            "专员电话",
            "企业联系人",
            "联系人电话",
        ]
    )
    for number in range(10_001):
        sheet.append([f"企业{number}", "91371502MA364WF9YH"])
    target = BytesIO()
    book.save(target)
    assert "10000 行" in upload(zhao, target.getvalue(), 400).text


def test_a_formula_in_a_name_stays_words(zhao: Browser, make: Make) -> None:
    page = upload(
        zhao, edited(small_roster(), 4, 企业名称='=HYPERLINK("http://x","y")', 服务专员="<b>何芳</b>")
    )
    assert "单元格里是公式" in page.text
    assert "<b>何芳</b>" not in page.html
    back = download(zhao, page.links["下载标注错误的表格"]).active
    assert back.cell(4, 2).data_type != "f"


def test_a_preview_is_nobody_else_s_and_does_not_last(browse: Browse, zhao: Browser, cast: Cast) -> None:
    upload(zhao, small_roster())
    url = zhao.url
    qian = browse(cast.qian)
    assert "请重新上传" in qian.get(url, 404).text
    zhao.get(url.replace("import/", "import/x"), 404)
    zhao.get(url)


def test_an_export_goes_in_again_without_a_change(zhao: Browser, make: Make, cast: Cast) -> None:
    take_over(zhao, upload(zhao, small_roster()))
    form = zhao.get("/roster/export").form("/ledgers/B")
    masked = zhao.client.post("/ledgers/B", data=form.values)
    assert b"PK" in masked.data[:4]
    assert (
        "请填写需要完整号码的原因"
        in zhao.post("/ledgers/B", 400, **{**form.values, "phones": "whole"}).text
    )
    whole = zhao.client.post("/ledgers/B", data={**form.values, "phones": "whole", "reason": "年度核对"})
    make.session.rollback()
    entry = make.session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)).one()
    assert (entry.deed, entry.detail["reason"], entry.detail["phones"]) == ("export", "年度核对", "完整")
    make.session.rollback()
    assert "导入不会有任何变化" in upload(zhao, whole.data).text
    assert "导入不会有任何变化" in upload(zhao, masked.data).text  # the numbers it hides are those we know
    other = edited(masked.data, 4, 联系人电话="199****9999")
    assert "与登记的号码对不上；请填写完整号码" in upload(zhao, other).text
    empty = download(zhao, "/roster/import/template.xlsx").active
    assert [cell.value for cell in empty[3]] == [field.title for field in ROSTER_LAYOUT.fields]
