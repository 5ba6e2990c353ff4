"""The workbook given back is the one that was sent, with what is wrong in red beside it."""

import io

import openpyxl

from assist.services.workbooks.fault_report import write_fault_report
from assist.services.workbooks.layout import REASON_TITLE
from assist.services.workbooks.roster_sheet import check_roster, read_roster
from tests.unit.workbook_cast import ROSTER_FAULTS, ROSTER_HEADINGS, known


def test_the_workbook_comes_back_with_its_faults_in_red_beside_them() -> None:
    sheet = read_roster(ROSTER_FAULTS)
    found = check_roster(sheet, known())
    content = io.BytesIO()
    write_fault_report(sheet, found.faults, content, notes=found.notes, stamp="检查人：王某 2026-11-23")
    book = openpyxl.load_workbook(content)
    page, summary = book.worksheets
    original = openpyxl.load_workbook(ROSTER_FAULTS).worksheets[0]

    assert page.cell(3, 14).value == REASON_TITLE
    assert page.cell(3, 14).fill.fgColor.rgb == "FFC00000"
    faulty = {fault.row for fault in found.faults}
    assert {row for row in range(4, 207) if page.cell(row, 14).value} == faulty
    assert "同一个人吗" in page.cell(201, 14).value
    assert page["H201"].fill.fgColor.rgb == "FFFFC7CE"
    for row in (1, 2, 3, 4, 100, 205, 206):
        for column in (1, 2, 3, 4, 8):
            assert page.cell(row, column).value == original.cell(row, column).value
    assert {str(area) for area in page.merged_cells.ranges} == {"A1:M1", "A2:M2"}
    assert (page.freeze_panes, page.print_title_rows) == ("A4", "$3:$3")
    assert page.page_setup.orientation == "landscape"
    assert "检查人：王某" in summary["A2"].value
    assert summary["A4"].value == 7


def test_in_the_workbook_given_back_phones_are_text_and_no_cell_is_a_formula() -> None:
    sheet = read_roster(ROSTER_FAULTS)
    content = io.BytesIO()
    write_fault_report(sheet, check_roster(sheet, known()).faults, content)
    page = openpyxl.load_workbook(content).worksheets[0]
    assert page["M4"].value == "19906360000"
    assert page["B14"].value.startswith("=HYPERLINK")
    assert {cell.data_type for row in page.iter_rows() for cell in row} <= {"s", "n"}


def test_the_workbook_given_back_can_be_mended_and_sent_again() -> None:
    sheet = read_roster(ROSTER_FAULTS)
    first = check_roster(sheet, known())
    content = io.BytesIO()
    write_fault_report(sheet, first.faults, content)
    again = read_roster(content.getvalue())
    second = check_roster(again, known())
    assert [fault.row for fault in second.faults] == [fault.row for fault in first.faults]
    assert second.rows == first.rows

    once_more = io.BytesIO()
    write_fault_report(again, second.faults, once_more)
    assert openpyxl.load_workbook(once_more).worksheets[0].max_column == len(ROSTER_HEADINGS) + 1
