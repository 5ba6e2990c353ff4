"""A supervisor's month in a browser: from a rate to the ticket, the letter, the ledger, an objection, the signature."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from docx import Document
from flask import Flask
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from assist.domain.clock import FixedTime, shanghai
from assist.domain.requests import ObjectionSubject, RequestKind
from assist.extensions import db
from assist.jobs import month as month_job
from assist.jobs.context import Context
from tests.browser.looking import faults
from tests.browser.steps import TITLE
from tests.browser.windows import PHONE, Window
from tests.cast import Cast
from tests.make import Make
from tests.supervisions import issued

Visit = Callable[..., Window]
IN_DRAFT, FROZEN = shanghai(2026, 12, 3, 10), shanghai(2026, 12, 8, 9)


def freeze(app: Flask, time: FixedTime) -> dict[str, int]:
    with app.app_context():
        return month_job.run(Context(db.engine, time, dict(app.config)))


def taken(page: Page, words: str, folder: Path) -> BytesIO:
    """What comes down when one presses these words."""
    with page.expect_download() as coming:
        page.get_by_role("button", name=words).or_(page.get_by_role("link", name=words)).first.click()
    coming.value.save_as(folder / "taken")
    return BytesIO((folder / "taken").read_bytes())


def from_the_rate_to_the_ticket(wang: Window, number: str) -> None:
    """The number below 原时限按期办结率 opens its very list, the list its ticket."""
    wang.go("/oversight/figures/original_on_time?month=2026-11")
    wang.sees("原时限按期办结率", "0 / 1")
    tile = wang.page.get_by_role("link", name="1", exact=True)
    tile.first.click()
    wang.sees("共 1 件", TITLE)
    wang.page.get_by_role("link", name=TITLE).first.click()
    expect(wang.page).to_have_url(f"{wang.base_url}/tickets/{number}")


def the_letter_is_printed(wang: Window, folder: Path) -> None:
    """督办单 with its 回执联, without the screen's own parts on paper; the same for Word."""
    wang.go("/supervisions/")
    wang.row("聊助企督〔2026〕1号").get_by_role("link").first.click()
    wang.press("打印提示函")
    wang.sees("提示函回执联", "签发", "聊助企督〔2026〕1号")
    assert faults(wang.page) == []
    wang.page.emulate_media(media="print")
    expect(wang.page.get_by_role("link", name="下载 Word")).to_be_hidden()
    expect(wang.page.get_by_text("沿此线裁下寄回")).to_be_visible()
    wang.page.emulate_media(media="screen")
    texts = [one.text for one in Document(taken(wang.page, "下载 Word", folder)).paragraphs]
    assert "聊助企督〔2026〕1号" in texts
    assert "提示函回执联" in texts


def test_a_supervisor_brings_a_month_to_its_signature(
    app: Flask, cast: Cast, make: Make, time: FixedTime, visit: Visit, tmp_path: Path
) -> None:
    ticket = make.returned(make.ticket(TITLE))
    number = ticket.number
    issued(make, ticket)
    make.at(IN_DRAFT)
    freeze(app, time)
    make.asked(RequestKind.OBJECTION, ticket, subject=ObjectionSubject.RETURN, about="round:1")
    make.session.close()

    wang = visit().sign_in(cast.wang)
    from_the_rate_to_the_ticket(wang, number)
    the_letter_is_printed(wang, tmp_path)

    wang.go("/ledgers/A")
    book = load_workbook(taken(wang.page, "导出 1 行", tmp_path))
    assert number in [cell.value for row in book.active.iter_rows(min_row=4) for cell in row]

    wang.go("/requests/")
    wang.row(TITLE).get_by_role("link").first.click()
    wang.page.get_by_label("审批意见").fill("企业退回没有依据，同意。")
    wang.page.get_by_role("button", name="同意", exact=True).click()
    wang.sees("已同意")

    time.at = FROZEN
    assert freeze(app, time)["months"] == 1
    wang.sign_in(cast.wang).go("/figures/months/2026-11")  # days later, at a desk that was left
    wang.sees("已冻结", "1 / 1")
    wang.page.get_by_label("签发人").fill(cast.wang.name)
    wang.press("签发")
    wang.sees("2026年11月数据已签发并公布。")
    wang.press("月度通报")
    wang.sees("关于2026年11月企业诉求办理情况的通报", "2026年12月8日")
    wang.never_sees("尚未签发")
    sheets = load_workbook(taken(wang.page, "下载 Excel", tmp_path)).sheetnames
    assert "二、县（市、区）办理情况" in sheets

    leader = visit(PHONE).sign_in(cast.liu)
    leader.go("/figures/months/2026-11")
    leader.sees("2026年11月数据", "1 / 1")
    assert faults(leader.page) == []
