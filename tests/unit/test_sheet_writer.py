"""The one writer of sheets, looked at with other eyes: openpyxl and the XML itself, and Calc where it is installed."""

import re
import tracemalloc
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from assist.domain.clock import shanghai
from assist.domain.ledgers import Ledger
from assist.services.workbooks.ledger_tables import ROSTER, TABLES, TICKETS, WEEK
from assist.services.workbooks.roster_layout import ROSTER as LAYOUT
from assist.services.workbooks.table import Column, Shape, Table
from assist.services.workbooks.writer import LONGEST_CELL, SheetWriter, Stamp, workbook
from tests import ledgers

NOW = shanghai(2026, 11, 23, 9, 30) + timedelta(seconds=5)
STAMP = Stamp("市助企办", "赵&调度", NOW, "状态：在办")
CODE = "91371500MA00000010"
ALL_DIGITS = "913715002657184309"  # eighteen digits: a number would lose the last three
DESIGN = {
    Ledger.TICKETS: "序号 诉求编号 企业名称 统一社会信用代码 县(市、区)/开发区 所属产业链 企业联系人 联系电话 责任专员 "
    "专员单位 来源 提出时间 诉求类型 诉求类别 难度 诉求内容 期望事项 承办单位 责任人 受理时间 办理时限 延期次数 "
    "延期后时限 是否挂账 办理进展/结果 是否办结 办结时间 解决情况 确认方式 重办次数 是否超期 超期天数 "
    "超期责任方 满意度 备注",
    Ledger.ROSTER: "序号 企业名称 统一社会信用代码 县区 产业链 牵头领导 工作组成员 服务专员 专员单位 职务 专员电话 "
    "企业联系人 联系人电话",
    Ledger.VISITS: "序号 企业 专员 日期 方式 主要情况 宣讲政策 发现问题 已生成诉求编号",
    Ledger.SUPERVISIONS: "序号 文号 级别 诉求编号 事由 被督办单位 签发人 签发日 要求期限 反馈日 结果 状态",
    Ledger.MONTH: "序号 单位 应办结 按期 按期答复后退回 超期办结 超期未办结 按期办结率 原时限按期率 解决率 满意率 "
    "有效评价率 重办 延期 挂账 剔除 红牌 上期位次 榜",
    Ledger.WEEK: "单位 新增 办结 在办 超期 下周到期",
}
PRINTED = (
    "序号 诉求编号 企业名称 县(市、区)/开发区 责任专员 提出时间 诉求类别 难度 诉求内容 承办单位 办理时限 办理进展/结果 "
    "是否办结 办结时间 满意度 备注"
)


def line(table: Table = TICKETS, **more: Any) -> dict[str, Any]:
    """A row of a table, empty but for what is said."""
    return {column.key: None for column in table.columns} | more


def written(*rows: dict[str, Any], table: Table = TICKETS, stamp: Stamp = STAMP) -> bytes:
    content, count = workbook(table, rows, stamp)
    assert count == len(rows)
    return content.getvalue()


def test_each_ledger_has_the_columns_of_the_design_in_their_order() -> None:
    for ledger, titles in DESIGN.items():
        assert [column.title for column in TABLES[ledger].columns] == titles.split(), ledger
    assert [column.title for column in TICKETS.columns if column.is_printed] == PRINTED.split()
    assert [column.title for column in ROSTER.columns] == [field.title for field in LAYOUT.fields]


def test_a_sheet_says_what_it_is_who_made_it_for_which_office_and_when() -> None:
    content = written(line(number="LC-1"))
    sheet = ledgers.opened(content)
    assert sheet["A1"].value == "企业诉求办理台账"
    assert {str(one) for one in sheet.merged_cells.ranges} >= {"A1:AI1", "A2:AI2"}
    told = sheet["A2"].value
    for words in ("填报单位：市助企办", "填报时间：2026年11月23日", "赵&调度", "2026-11-23 09:30:05", "状态：在办"):
        assert words in told
    assert ledgers.headings(content) == DESIGN[Ledger.TICKETS].split()
    footer = re.search(r"<oddFooter>(.*?)</oddFooter>", ledgers.xml(content))
    assert footer is not None
    assert footer[1] == "&amp;L赵&amp;&amp;调度 2026-11-23 09:30&amp;R第 &amp;P 页，共 &amp;N 页"


def test_headings_stay_in_sight_are_repeated_on_paper_and_the_sheet_is_one_page_wide() -> None:
    content = written(*(line(number=f"LC-{number}") for number in range(3)))
    sheet = ledgers.opened(content)
    assert sheet.freeze_panes == "D4"
    assert sheet.print_title_rows == "$3:$3"
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    page = re.search(r"<pageSetup[^>]*>", ledgers.xml(content))
    assert page is not None
    assert 'fitToHeight="0"' in page[0]
    assert 'paperSize="9"' in page[0]
    hidden = [letter for letter, one in sheet.column_dimensions.items() if one.hidden]
    assert hidden[0] == "D"
    columns = [one for one in re.findall(r"<col [^>]*>", ledgers.xml(content)) if 'hidden="1"' in one]
    spans = [re.search(r'min="(\d+)" max="(\d+)"', one) for one in columns]
    folded = sum(int(span[2]) - int(span[1]) + 1 for span in spans if span is not None)
    assert folded == len(DESIGN[Ledger.TICKETS].split()) - len(PRINTED.split())


def test_codes_and_phones_are_text_and_days_are_days() -> None:
    content = written(
        line(credit_code=ALL_DIGITS, contact_phone="19906350001", submitted_at=NOW, returns=2, is_closed="否"),
        stamp=Stamp("", "赵", NOW, is_whole=True),
    )
    row = ledgers.rows(content)[0]
    assert row["统一社会信用代码"] == ALL_DIGITS
    assert row["联系电话"] == "19906350001"
    assert row["提出时间"].date() == date(2026, 11, 23)
    assert row["重办次数"] == 2
    for place in ("D4", "H4"):
        assert 't="inlineStr"' in ledgers.cell_xml(content, place)
    assert 't="inlineStr"' not in ledgers.cell_xml(content, "L4")
    assert ledgers.opened(content)["L4"].number_format == "yyyy-mm-dd"
    assert ledgers.opened(content)["D4"].number_format == "@"


@pytest.mark.parametrize("text", ["=1+1", "+8613800000000", "-1", "@SUM(A1)", "＝cmd|' /C calc'!A0", " =HYPERLINK(1)"])
def test_what_begins_like_a_formula_is_text_and_stays_text_when_it_is_edited(text: str) -> None:
    content = written(line(enterprise=text, description=text))
    sheet = ledgers.opened(content)
    for place in ("C4", "P4"):
        assert sheet[place].value == text
        assert sheet[place].data_type == "s"
        assert sheet[place].quotePrefix, place
        assert "<f>" not in ledgers.cell_xml(content, place)
    assert "<f>" not in ledgers.xml(content)


def test_odd_words_come_through_whole_and_very_long_ones_are_cut_and_say_so() -> None:
    odd = "第一行\n第二行 😀 <b>&amp;\x0b_x000D_ " + "很长" * 10
    content = written(line(description=odd, progress="长" * 40_000))
    row = ledgers.rows(content)[0]
    assert "第一行\n第二行 😀 <b>&amp;" in row["诉求内容"]
    assert "_x000D_" in row["诉求内容"]
    assert len(row["办理进展/结果"]) == LONGEST_CELL
    assert row["办理进展/结果"].endswith("（内容过长，请在系统中查看全文）")


def test_phone_numbers_are_hidden_wherever_they_stand_unless_they_were_asked_for() -> None:
    given = line(contact_phone="19906350001", description="请打 13800001234 找我", credit_code=CODE)
    row = ledgers.rows(written(given))[0]
    assert (row["联系电话"], row["诉求内容"]) == ("199****0001", "请打 138****1234 找我")
    assert row["统一社会信用代码"] == CODE
    whole = ledgers.rows(written(given, stamp=Stamp("", "赵", NOW, is_whole=True)))[0]
    assert (whole["联系电话"], whole["诉求内容"]) == ("19906350001", "请打 13800001234 找我")


def test_the_last_row_adds_up() -> None:
    numbers = {"new": 3, "closed": 1, "open": 7, "late": 0, "due_next": 2}
    content = written(
        line(WEEK, name="东昌府区", **numbers), line(WEEK, name="茌平区", **{**numbers, "open": 5}), table=WEEK
    )
    assert ledgers.last_line(content) == ["合计", 6, 2, 12, 0, 4]
    assert ledgers.last_line(written(line(number="LC-1"), line(number="LC-2")))[0] == "合计：2 条"
    assert ledgers.opened(written()).max_row == 3


def test_a_row_is_as_high_as_its_fullest_printed_cell() -> None:
    content = written(line(description="短"), line(description="长" * 160), line(wish="长" * 900))
    heights = {number: one.height for number, one in ledgers.opened(content).row_dimensions.items()}
    assert heights[5] == 150
    assert 6 not in heights or heights[6] is None  # what is folded away needs no height


def test_a_long_ledger_costs_no_more_memory_than_a_short_one(tmp_path: Path) -> None:
    def peak(count: int) -> int:
        tracemalloc.start()
        writer = SheetWriter(tmp_path / f"{count}.xlsx", TICKETS, STAMP, folder=tmp_path)
        for number in range(count):
            writer.put(line(number=f"LC-{number}", description="生产线停了" * 20, submitted_at=NOW))
        writer.close()
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    peak(10)  # what the library keeps for itself
    assert peak(2_000) < peak(500) * 2


def test_one_who_has_only_days_of_long_ago_still_gets_his_sheet() -> None:
    table = Table("表", "表", (Column("on", "日", 10, Shape.DAY), Column("at", "时", 16, Shape.MOMENT)))
    content = written({"on": date(1899, 5, 1), "at": NOW + timedelta(hours=12)}, table=table)
    sheet = ledgers.opened(content)
    assert sheet["A4"].value == "1899-05-01"
    assert sheet["B4"].value.hour == 21


@pytest.mark.skipif(ledgers.SOFFICE is None, reason="LibreOffice is not installed; the XML is looked at by the others")
def test_in_calc_codes_are_whole_and_the_paper_is_one_page_wide(tmp_path: Path) -> None:
    rows = [line(number=f"LC-{number}", credit_code=ALL_DIGITS, description="短") for number in range(30)]
    content = written(*rows)
    shown = ledgers.converted(content, tmp_path, "csv").read_text(encoding="utf-8")
    assert shown.count(ALL_DIGITS) == 30
    paper = ledgers.converted(content, tmp_path, "pdf").read_bytes()
    pages = len(re.findall(rb"/Type\s*/Page\b", paper))
    boxes = {tuple(map(float, box.split())) for box in re.findall(rb"/MediaBox\s*\[([^\]]+)\]", paper)}
    assert {round(box[2]) for box in boxes} == {842}
    assert pages == 1  # thirty short rows are one page high; were they wider than one, there would be more
