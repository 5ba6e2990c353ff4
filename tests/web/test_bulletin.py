"""月度通报 and 周调度表 in one click, as a page, as Word, as a workbook."""

import io
from datetime import timedelta
from typing import Any

import pytest
from openpyxl import load_workbook

from assist.domain.clock import shanghai
from assist.domain.rates import month
from assist.services import freezing, publishing
from tests.cast import Cast
from tests.make import Make
from tests.tasks import SHIELDED
from tests.web.test_documents import word_of

NOVEMBER = "/documents/bulletin/2026-11"
SIGNER = "王督"


@pytest.fixture
def november(make: Make, cast: Cast) -> Make:
    """November: one matter closed in time, one that is late; frozen, not signed."""
    make.closed()
    make.handled()
    make.at(shanghai(2026, 12, 31, 9))
    freezing.freeze(make.work(), month(2026, 11))
    make.session.commit()
    return make


def book_of(browser: Any, address: str) -> Any:
    answer = browser.client.get(f"{address}.xlsx", buffered=True)
    assert answer.status_code == 200
    return load_workbook(io.BytesIO(answer.data))


def test_a_month_is_told_in_one_click(november: Make, cast: Cast, browse: Any) -> None:
    wang = browse(cast.wang)
    page, word = wang.get(NOVEMBER), word_of(wang, NOVEMBER)
    for words in (
        "关于2026年11月企业诉求办理情况的通报",
        "聊助企通报〔2026〕第11期",
        "2026年11月，企业新提交诉求2件，办结1件。",
        "按期办结率100%（1 / 1）",
        "一、总体情况",
        "二、县（市、区）办理情况",
        "典型问题",
        "尚未办结的超期诉求",
        "超期未办结1件",
        "数据已冻结，尚未签发",
    ):
        assert words in page.text, words
        assert words in word, words


def test_what_is_signed_bears_the_signers_name_and_no_warning(november: Make, cast: Cast, browse: Any) -> None:
    publishing.publish(november.work(cast.wang), month(2026, 11), SIGNER)
    november.session.commit()
    for person in (cast.wang, cast.liu, cast.zhao):
        page = browse(person).get(NOVEMBER)
        assert "尚未签发" not in page.text
        assert "2026年12月31日" in page.text


def test_a_leader_gets_no_bulletin_before_it_is_signed_and_an_officer_never(
    november: Make, cast: Cast, browse: Any
) -> None:
    november.session.rollback()
    browse(cast.liu).get(NOVEMBER, 404)
    for suffix in ("", ".docx", ".xlsx"):
        assert browse(cast.zhang).client.get(NOVEMBER + suffix).status_code == 404
    browse(cast.wang).get("/documents/bulletin/2027-05", 404)
    browse(cast.wang).get("/documents/bulletin/nonsense", 404)


def test_the_workbook_holds_every_table_and_its_numbers_can_be_added_up(
    november: Make, cast: Cast, browse: Any
) -> None:
    book = book_of(browse(cast.wang), NOVEMBER)
    assert len(book.sheetnames) == len(set(book.sheetnames)) >= 4
    areas = book["二、县（市、区）办理情况"]
    assert areas.freeze_panes is not None
    assert areas.print_title_rows == "$3:$3"
    assert areas.page_setup.orientation == "landscape"
    heads = [cell.value for cell in areas[3]]
    due = heads.index("应办结")
    rows = [[cell.value for cell in row] for row in areas.iter_rows(min_row=4)]
    assert rows[-1][0] == "合计"
    assert rows[-1][due] == sum(row[due] for row in rows[:-1]) == 1
    figures = book["一、总体情况"]
    told = {row[0]: row[1] for row in figures.iter_rows(min_row=4, values_only=True)}
    assert told["按期办结率"] == "100%"


def test_a_week_is_told_by_area_and_by_unit(make: Make, cast: Cast, browse: Any) -> None:
    make.dispatched()
    make.session.rollback()
    wang = browse(cast.wang)
    page = wang.get("/documents/week/2026-11-25")
    assert "2026年11月23日—2026年11月29日" in page.text
    assert "按县（市、区）" in page.text
    assert "市生态环境局" in page.text
    assert "周调度表" in word_of(wang, "/documents/week/2026-11-25")
    book = book_of(wang, "/documents/week/2026-11-25")
    rows = [[cell.value for cell in row] for row in book["按县（市、区）"].iter_rows(min_row=3)]
    assert rows[0] == ["单位", "新增", "办结", "在办", "超期", "下周到期"]
    assert rows[-1][:2] == ["合计", 1]
    wang.get("/documents/week/nonsense", 404)
    browse(cast.chen).get("/documents/week/2026-11-25", 404)


def test_only_figures_are_workbooks(make: Make, cast: Cast, browse: Any) -> None:
    number = make.ticket().number
    assert browse(cast.wang).client.get(f"/documents/ticket/{number}.xlsx").status_code == 404


def test_a_month_that_runs_says_that_it_may_change(make: Make, cast: Cast, browse: Any) -> None:
    make.at(make.time.at + timedelta(hours=1))
    page = browse(cast.wang).get(NOVEMBER)
    assert "数字还会变化，不能作为正式通报" in page.text


def test_a_bulletin_names_no_enterprise_with_its_problem(make: Make, cast: Cast, browse: Any) -> None:
    make.handled(make.ticket("聊城甲制造有限公司的厂区积水，甲企业已停产。"))
    make.handled(make.ticket("甲企业被要求停产整改。"), category=SHIELDED)
    make.session.rollback()
    page = browse(cast.wang).get(NOVEMBER)
    assert "厂区积水" in page.text
    for name in ("聊城甲制造", "甲企业", "停产整改"):
        assert name not in page.text, name
