"""The ledger is found in the workbook, whatever stands around it, or one clear sentence says why not."""

import io
import re

import openpyxl
import xlsxwriter

from assist.services.workbooks.roster_layout import ROSTER
from assist.services.workbooks.roster_sheet import check_roster, read_roster
from assist.services.workbooks.scan import MOST_ROWS, column_letter
from tests.unit.workbook_cast import (
    GOOD_ROSTER,
    ROSTER_200,
    ROSTER_HEADINGS,
    ROSTER_LINE,
    SECOND_LINE,
    known,
    refused,
    rewritten,
    workbook,
)


def test_a_single_value_in_the_last_corner_does_not_ask_for_the_whole_sheet() -> None:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        book.add_worksheet().write(1_048_575, 16_383, "x")
    assert "1048576 行" in refused(content.getvalue())

    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        book.add_worksheet().write(3, 16_383, "x")
    assert "XFD 列" in refused(content.getvalue())


def test_coloured_but_empty_cells_far_below_do_no_harm() -> None:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([ROSTER_HEADINGS, ROSTER_LINE]):
            sheet.write_row(number, 0, row)
        sheet.write_blank(1_048_575, 16_383, None, book.add_format({"bg_color": "red"}))
    assert len(read_roster(content.getvalue()).rows) == 1


def test_as_many_rows_as_allowed_are_read_and_one_more_isrefused() -> None:
    lines = [[number, f"企业{number}"] for number in range(1, MOST_ROWS + 2)]
    assert len(read_roster(workbook([ROSTER_HEADINGS, *lines[:-1]])).rows) == MOST_ROWS
    assert "10001 行" in refused(workbook([ROSTER_HEADINGS, *lines]))


def test_a_sheet_that_goes_on_far_below_is_refused_before_it_is_read() -> None:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ROSTER_HEADINGS)
        page.write(MOST_ROWS + 300, 1, "x")
    assert "最多导入 10000 行" in refused(content.getvalue())


def test_a_table_of_something_else_is_refused_by_its_headings() -> None:
    assert "没有找到包联台账的表头" in refused(workbook([["姓名", "工资"], ["张三", 1]]))
    assert "没有找到" in refused(workbook([[]]))


def test_missing_columns_are_named_all_at_once() -> None:
    sentence = refused(workbook([ROSTER_HEADINGS[:7], ROSTER_LINE[:7]]))
    for title in ("服务专员", "专员单位", "专员电话", "企业联系人", "联系人电话"):
        assert f"“{title}”" in sentence


def test_a_column_given_twice_is_asked() -> None:
    sentence = refused(workbook([[*ROSTER_HEADINGS, "企业名称"], ROSTER_LINE]))
    assert "B 列和 N 列" in sentence


def test_headings_without_rows_are_said() -> None:
    assert "只有表头" in refused(workbook([ROSTER_HEADINGS, [1], ["合计"]]))


def test_titles_above_and_totals_below_are_passed_over() -> None:
    rows = [
        ROSTER_HEADINGS,
        ROSTER_LINE,
        [],
        ["临清市（18家）"],
        SECOND_LINE,
        [3],
        ROSTER_HEADINGS,
        ["合计", "2家"],
        ["", "总计：2家"],
        ["备注：经开区、高新区单列。"],
        ["填表人：王某", "", "", "联系电话：0635-1234567"],
    ]
    sheet = read_roster(workbook(rows, before=["包联台账", "填报单位：某办　填报时间：2026年11月20日"]))
    assert sheet.heading_row == 3
    assert [row.number for row in sheet.rows] == [4, 7]


def test_a_row_that_misses_its_code_is_still_a_row() -> None:
    line = [2, "合计有限公司", "", *ROSTER_LINE[3:]]
    assert len(read_roster(workbook([ROSTER_HEADINGS, ROSTER_LINE, line])).rows) == 2


def test_a_cell_merged_downwards_speaks_for_each_row() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook([ROSTER_HEADINGS, ROSTER_LINE, SECOND_LINE])))
    page = book.worksheets[0]
    page.merge_cells("F2:F3")
    content = io.BytesIO()
    book.save(content)
    sheet = read_roster(content.getvalue())
    assert sheet.cells[2][5] == ""
    assert [row.values["leader"] for row in sheet.rows] == ["曹晓国", "曹晓国"]


def test_thousands_of_overlapping_merges_are_passed_through_quickly() -> None:
    merge = "".join(f'<mergeCell ref="F{2 + number % 5}:F10000"/>' for number in range(20_000))
    lines = [[number, "企业"] for number in range(3_000)]
    content = rewritten(
        workbook([ROSTER_HEADINGS, *lines]),
        sheet1=lambda text: text.replace("</sheetData>", f"</sheetData><mergeCells>{merge}</mergeCells>"),
    )
    assert len(read_roster(content).rows) == 3_000


def test_the_ledger_is_found_on_whatever_sheet_it_is_and_others_are_named() -> None:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        book.add_worksheet("说明").write("A1", "填表说明")
        for name, line in (("旧", SECOND_LINE), ("东昌府区", ROSTER_LINE), ("临清市", SECOND_LINE)):
            page = book.add_worksheet(name)
            page.write_row(0, 0, ROSTER_HEADINGS)
            page.write_row(1, 0, line)
            if name == "旧":
                page.hide()
    sheet = read_roster(content.getvalue())
    assert sheet.name == "东昌府区"
    found = check_roster(sheet, known())
    assert "“临清市”没有读取" in found.notes[0].text


def test_real_formulas_are_seen_with_or_without_a_result() -> None:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ROSTER_HEADINGS)
        page.write_row(1, 0, ROSTER_LINE)
        page.write_formula(1, 0, "=ROW()-1", None, 1)
        page.write_formula(1, 1, '=CONCATENATE("聊城","甲")', None, "聊城甲")
        page.write_formula(3, 1, "=B2", None, "")
    sheet = read_roster(content.getvalue())
    assert sheet.formulas[2, 2] == '=CONCATENATE("聊城","甲")'
    assert [row.number for row in sheet.rows] == [2, 4]
    found = check_roster(sheet, known())
    assert (found.faults[0].row, found.faults[0].column) == (2, "企业名称")
    assert found.faults[0].value.startswith("=CONCATENATE")


def test_cells_without_addresses_are_counted() -> None:
    content = rewritten(
        workbook([ROSTER_HEADINGS, [1, "{=B9}", *ROSTER_LINE[2:]]]),
        sheet1=lambda text: re.sub(r' r="[A-Z]*\d+"', "", text),
    )
    assert (2, 2) in read_roster(content).formulas


def test_days_counted_from_1904_are_known() -> None:
    content = rewritten(
        GOOD_ROSTER, workbook=lambda text: text.replace("<workbookPr ", '<workbookPr date1904="1" ')
    )
    assert read_roster(content).is_1904
    assert not read_roster(GOOD_ROSTER).is_1904


def test_a_stream_and_a_path_read_like_bytes() -> None:
    with ROSTER_200.open("rb") as stream:
        assert read_roster(stream).rows == read_roster(ROSTER_200).rows


def test_columns_are_lettered_as_in_excel() -> None:
    assert [column_letter(number) for number in (1, 26, 27, 52, 703)] == ["A", "Z", "AA", "AZ", "AAA"]


def test_no_heading_belongs_to_two_columns() -> None:
    headings = [heading for field in ROSTER.fields for heading in {field.title, *field.aliases}]
    keys = [ROSTER.match([heading])[0].field.key for heading in headings]
    assert keys == [field.key for field in ROSTER.fields for _ in {field.title, *field.aliases}]
