"""Ledger A as it was kept before is taken over as history: whole, typed, and nothing in it bettered in silence."""

import io
from collections import Counter
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from assist.domain.status import Rating, Source
from assist.services.workbooks.dictionaries import Dictionaries, KnownOfficer
from assist.services.workbooks.fault_report import write_fault_report
from assist.services.workbooks.history_sheet import HistoryCheck, check_history, read_history
from tests.unit.workbook_cast import LEDGER_HISTORY, TODAY, known, known_after_roster, only, workbook

HEADINGS = [
    "序号", "诉求编号", "企业名称", "统一社会信用代码", "县(市、区)/开发区", "所属产业链", "企业联系人", "联系电话",
    "服务专员", "专员单位", "来源", "提出时间", "诉求类别", "诉求内容", "期望事项", "协办单位", "责任人", "受理时间",
    "办理时限", "延期后时限", "办理进展/办理结果", "是否办结", "是否超期", "满意度", "备注",
]  # fmt: skip
LINE: list[Any] = [
    1, "LC-20250105-0001", "聊城甲轴承有限公司", "91371581MAG7AB165M", "临清市", "轴承", "钱一", "13900000001",
    "张三", "市税务局", "专员走访", "2025.1.5", "用地保障", "二期缺地20亩。", "落实指标", "市自然资源和规划局", "张三",
    "2025年1月6日", 45683, "", "指标已下达。", "√", "否", "满意", "",
]  # fmt: skip


def _line(**changes: Any) -> list[Any]:
    cells = list(LINE)
    for heading, value in changes.items():
        cells[HEADINGS.index(heading.replace("_", "/"))] = value
    return cells


def _check(*lines: list[Any], dictionaries: Dictionaries | None = None) -> HistoryCheck:
    return check_history(read_history(workbook([HEADINGS, *lines])), dictionaries or known(), TODAY)


def test_all_four_hundred_old_problems_are_taken_over() -> None:
    found = check_history(read_history(LEDGER_HISTORY), known_after_roster(), TODAY)
    assert found.faults == ()
    assert len(found.rows) == found.row_count == 400
    assert len({row.number for row in found.rows}) == 400
    assert Counter(row.dates.is_closed for row in found.rows) == {True: 355, False: 45}
    assert Counter(row.rating for row in found.rows)[None] == 96 + 49
    assert all(row.category_code and row.source and row.dates.due_on for row in found.rows)
    assert all(row.officer_phone for row in found.rows)


def test_dates_written_six_ways_are_one_and_the_same_day_as_the_number_says() -> None:
    rows = check_history(read_history(LEDGER_HISTORY), known(), TODAY).rows
    for row in rows:
        assert row.number[3:11] == f"{row.dates.submitted_on:%Y%m%d}"


def test_a_line_is_typed() -> None:
    found = _check(_line())
    (row,) = found.rows
    assert row.source is Source.VISIT
    assert row.rating is Rating.SATISFIED
    assert row.category_code == "0101"
    assert row.officer_unit == "国家税务总局聊城市税务局"
    assert row.helper_units == ("聊城市自然资源和规划局",)
    assert (row.dates.submitted_on, row.dates.accepted_on) == (date(2025, 1, 5), date(2025, 1, 6))
    assert row.dates.final_due_on == date(2025, 1, 26)
    assert (row.dates.is_closed, row.stated_late, row.is_late, row.dates.closed_on) == (
        True,
        False,
        None,
        None,
    )


def test_an_open_row_is_late_by_its_dates_and_a_difference_is_said() -> None:
    found = _check(_line(是否办结="办理中", 是否超期="否"))
    (row,) = found.rows
    assert (row.stated_late, row.is_late) == (False, True)
    assert any("按时限计算为“是”" in note.text for note in found.notes)
    in_time = _check(_line(是否办结="否", 延期后时限="2026-12-31"))
    assert in_time.rows[0].is_late is False
    assert not any("按时限" in note.text for note in in_time.notes)


def test_a_closed_row_keeps_the_ledger_s_own_word_on_lateness() -> None:
    found = _check(_line(是否超期="是"))
    assert (found.rows[0].stated_late, found.rows[0].is_late) == (True, None)


@pytest.mark.parametrize(
    ("heading", "typed", "why"),
    [
        ("诉求编号", "", "没有填写"),
        ("诉求编号", "第一号", "字母、数字"),
        ("统一社会信用代码", "91371581MAG7AB165N", "末位应为"),
        ("县(市、区)_开发区", "莱芜区", "名录中没有"),
        ("提出时间", "1月5日", "没有年份"),
        ("提出时间", "2027-01-05", "今天以后"),
        ("受理时间", "2024-12-31", "早于提出时间"),
        ("办理时限", "2024-12-31", "早于提出时间"),
        ("延期后时限", "2025-01-20", "早于办理时限"),
        ("诉求类别", "用地", "名录中没有"),
        ("诉求内容", "", "没有填写"),
        ("是否办结", "差不多", "看不出"),
        ("是否办结", "", "没有填写"),
        ("满意度", "很好", "不是可填的内容"),
        ("来源", "梦见", "不是可填的内容"),
        ("服务专员", "=张三", "公式"),
        ("联系电话", "1390000", "位数不够"),
    ],
)
def test_each_fault_is_named_at_its_cell(heading: str, typed: str, why: str) -> None:
    found = _check(_line(**{heading: typed}))
    fault = only(found.faults)
    assert (fault.row, fault.column) == (2, heading.replace("_", "/"))
    assert why in fault.why
    assert found.rows == ()


def test_a_category_nearly_right_is_suggested() -> None:
    assert only(_check(_line(诉求类别="用地")).faults).suggestion == "用地保障"


def test_an_open_row_needs_its_time_limit_and_a_closed_one_does_not() -> None:
    assert only(_check(_line(是否办结="否", 办理时限="")).faults).column == "办理时限"
    assert _check(_line(办理时限="")).faults == ()


def test_a_number_twice_in_the_sheet_is_a_fault_of_the_second() -> None:
    fault = only(_check(_line(), _line()).faults)
    assert (fault.row, fault.column) == (3, "诉求编号")
    assert "第2行" in fault.why


def test_a_number_used_under_another_code_is_a_fault_and_under_the_same_is_known() -> None:
    other = replace(known(), tickets={"LC-20250105-0001": "91371503MAPC5YT0YN"})
    assert "另一家企业" in only(_check(_line(), dictionaries=other).faults).why
    same = replace(known(), tickets={"LC-20250105-0001": "91371581MAG7AB165M"})
    (row,) = _check(_line(诉求编号=" ｌｃ-20250105-0001 "), dictionaries=same).rows
    assert row.is_known
    assert not _check(_line()).rows[0].is_known


def test_an_officer_is_the_one_of_that_name_and_unit_or_stays_a_name() -> None:
    tax, finance = "国家税务总局聊城市税务局", "聊城市财政局"
    two = (KnownOfficer("张三", "13800000001", tax), KnownOfficer("张三", "13800000002", finance))
    assert _check(_line(), dictionaries=replace(known(), officers=two)).rows[0].officer_phone == "13800000001"
    elsewhere = replace(known(), officers=two[1:])
    assert _check(_line(), dictionaries=elsewhere).rows[0].officer_phone is None


def test_a_name_that_may_be_two_officers_is_asked() -> None:
    two = tuple(KnownOfficer("张三", f"1380000000{n}", "国家税务总局聊城市税务局") for n in (1, 2))
    fault = only(_check(_line(), dictionaries=replace(known(), officers=two)).faults)
    assert fault.column == "服务专员"
    assert "2名" in fault.why


def test_several_helpers_and_the_local_government_are_kept_apart() -> None:
    (row,) = _check(_line(协办单位="市税务局、属地政府；市档案馆")).rows
    assert row.helper_units == ("国家税务总局聊城市税务局", "属地政府", "聊城市档案馆")


def test_an_enterprise_not_in_the_roster_or_of_another_name_is_said() -> None:
    assert any("不在企业名录中" in note.text for note in _check(_line()).notes)
    renamed = replace(known(), enterprises={LINE[3]: "聊城新名有限公司"})
    assert any("以名录为准" in note.text for note in _check(_line(), dictionaries=renamed).notes)


def test_a_computed_day_is_read_and_a_formula_in_words_is_not() -> None:
    assert only(_check(_line(诉求内容="{=A1&B1}")).faults).column == "诉求内容"
    assert "没有算出" in only(_check(_line(办理时限="{=WORKDAY(L2,15)}")).faults).why


def test_long_texts_keep_their_lines() -> None:
    (row,) = _check(_line(诉求内容="一、缺地。\n二、缺电。")).rows
    assert row.description == "一、缺地。\n二、缺电。"


def test_the_ledger_given_back_reads_the_same() -> None:
    sheet = read_history(LEDGER_HISTORY)
    content = io.BytesIO()
    write_fault_report(sheet, (), content)
    again = check_history(read_history(content.getvalue()), known(), TODAY)
    assert again.rows == check_history(sheet, known(), TODAY).rows
