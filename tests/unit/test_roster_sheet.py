"""Ledger B: what offices really send is taken in whole, and every fault is named at its cell."""

import json
from dataclasses import replace

import pytest

from assist.services.workbooks.dictionaries import UnitName
from assist.services.workbooks.findings import Fault
from assist.services.workbooks.roster_sheet import Answers, check_roster, read_roster
from tests.unit.workbook_cast import (
    ROSTER_200,
    ROSTER_FAULTS,
    ROSTER_LINE,
    SAMPLES,
    SECOND_LINE,
    known,
    known_after_roster,
    only,
    roster_line,
    roster_of,
    workbook,
)

PROMISED = json.loads((SAMPLES / "roster_faults.json").read_text(encoding="utf-8"))


def _cells(faults: tuple[Fault, ...]) -> list[tuple[int, str]]:
    return [(fault.row, fault.column) for fault in faults]


def test_all_two_hundred_rows_are_accepted() -> None:
    found = check_roster(read_roster(ROSTER_200), known())
    assert found.faults == ()
    assert found.notes == ()
    assert len(found.rows) == found.row_count == 200


def test_what_offices_type_comes_out_plain() -> None:
    rows = {row.row: row for row in check_roster(read_roster(ROSTER_200), known()).rows}
    assert rows[4].credit_code == "91371502MA364WF9YH"
    assert rows[4].contact_phone == "19906360000"
    assert rows[4].officer_unit == "国家税务总局聊城市税务局"
    assert rows[4].members == ("施军", "苗长红")
    assert rows[6].enterprise_name == "聊城博大新科轴承制造有限公司"
    assert rows[10].credit_code == "91371524MAP0P17496"
    assert rows[12].area_code == "3715A1"
    assert rows[203].area_code == "371503"


def test_a_second_reading_after_import_finds_nothing_new_to_ask() -> None:
    found = check_roster(read_roster(ROSTER_200), known_after_roster())
    assert found.faults == ()
    assert found.notes == ()


def test_every_fault_of_the_sample_is_named_at_its_cell_and_no_other() -> None:
    promised = [(fault["row"], fault["column"]) for fault in PROMISED["faults"]]
    # The list promises a letter O in row 105, but that row of the workbook is the good one of roster_200.xlsx,
    # letter by letter. The letter O is tested below with a code that has one.
    good, faulty = (read_roster(path).cells[105 - 1] for path in (ROSTER_200, ROSTER_FAULTS))
    assert good == faulty
    promised.remove((105, "统一社会信用代码"))

    found = check_roster(read_roster(ROSTER_FAULTS), known())
    assert _cells(found.faults) == sorted(promised)
    assert found.row_count == PROMISED["rows"]
    assert len(found.rows) == 200 - len(promised)


def test_the_sample_s_faults_say_what_they_are() -> None:
    faults = {fault.row: fault for fault in check_roster(read_roster(ROSTER_FAULTS), known()).faults}
    words = {
        7: "量子通信", 14: "公式", 35: "只有7位", 70: "没有填写", 77: "莱芜区", 119: "第120行",
        139: "15位", 140: "不是电话号码", 165: "没有填写企业名称", 187: "末位应为“J”", 201: "同一个人吗",
    }  # fmt: skip
    for row, word in words.items():
        assert word in faults[row].why
    assert faults[201].column_letter == "H"
    assert "19906350000" not in faults[201].why  # a phone is never shown whole


def test_known_enterprises_give_the_right_code_as_a_suggestion() -> None:
    faults = {
        fault.row: fault for fault in check_roster(read_roster(ROSTER_FAULTS), known_after_roster()).faults
    }
    assert len(faults) == 11
    assert faults[119].suggestion == "91371521MACLA0RPU0"
    assert faults[139].suggestion == "91371525MABH7CKG61"
    assert faults[187].suggestion == "91371526MAL87N061J"


def test_the_letter_o_for_nought_is_a_fault_with_the_nought_suggested() -> None:
    fault = only(roster_of(roster_line(SECOND_LINE, 统一社会信用代码="913715O3MAPC5YTOYN")).faults)
    assert (fault.row, fault.column, fault.column_letter) == (2, "统一社会信用代码", "C")
    assert fault.suggestion == "91371503MAPC5YT0YN"
    assert fault.line().startswith("第2行 C列“统一社会信用代码”：")


def test_a_wrong_check_character_passes_with_a_reason_and_keeps_it() -> None:
    line = roster_line(统一社会信用代码="91350211M0000XUF46")
    assert "末位应为“R”" in only(roster_of(line).faults).why
    answers = Answers(code_overrides={"91350211M0000XUF46": "营业执照原件如此"})
    (row,) = roster_of(line, answers=answers).rows
    assert row.code_note == "营业执照原件如此"


def test_a_reason_does_not_let_in_a_code_of_the_wrong_length() -> None:
    answers = Answers(code_overrides={"91350211M0000XUF4": "营业执照原件如此"})
    assert roster_of(roster_line(统一社会信用代码="91350211M0000XUF4"), answers=answers).faults


def test_a_code_kept_as_a_number_has_lost_its_end() -> None:
    assert "失真" in only(roster_of(roster_line(统一社会信用代码=911101066976941872)).faults).why


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("茌平县", "371503"), ("371523", "371503"), (371523, "371503"), ("经开区", "3715A1"), ("高新区", "3715A2"),
        ("度假区", "3715A3"), ("聊城市东昌府区", "371502"), ("东昌府", "371502"), (" 冠 县 ", "371525"),
        ("聊城经开区", "3715A1"),
    ],
)  # fmt: skip
def test_areas_are_known_by_all_their_names_and_codes(typed: object, code: str) -> None:
    (row,) = roster_of(roster_line(县区=typed)).rows
    assert row.area_code == code


def test_an_unknown_area_or_chain_is_never_guessed_but_suggested() -> None:
    assert only(roster_of(roster_line(县区="茌平镇")).faults).suggestion == "茌平区"
    assert only(roster_of(roster_line(产业链="新能源汽车")).faults).suggestion == "新能源汽车及零部件"
    assert only(roster_of(roster_line(县区="莱芜区")).faults).suggestion is None


def test_an_enterprise_may_be_in_no_chain_and_a_chain_may_be_called_one() -> None:
    assert roster_of(roster_line(产业链="—")).rows[0].chain is None
    assert roster_of(roster_line(产业链="轴承产业链")).rows[0].chain == "轴承"


@pytest.mark.parametrize(
    ("typed", "unit"),
    [
        ("市税务局", "国家税务总局聊城市税务局"),
        ("市委组织部", "中共聊城市委组织部"),
        ("市发改委", "聊城市发展和改革委员会"),
        ("聊城市工信局", "聊城市工业和信息化局"),
        ("市人社局", "聊城市人力资源和社会保障局"),
    ],
)
def test_short_names_of_units_are_the_units(typed: str, unit: str) -> None:
    (row,) = roster_of(roster_line(专员单位=typed)).rows
    assert (row.officer_unit, row.is_new_unit) == (unit, False)


def test_an_unknown_unit_is_accepted_under_its_full_name_and_said() -> None:
    found = roster_of(roster_line(专员单位="市档案馆"), roster_line(SECOND_LINE, 专员单位="聊城市档案馆"))
    assert {(row.officer_unit, row.is_new_unit) for row in found.rows} == {("聊城市档案馆", True)}
    (note,) = found.notes
    assert "聊城市档案馆" in note.text
    assert "2行" in note.text


def test_a_short_name_that_fits_two_units_is_asked() -> None:
    units = (UnitName("国家税务总局冠县税务局"), UnitName("国家税务总局莘县税务局"))
    found = roster_of(roster_line(专员单位="税务局"), dictionaries=replace(known(), units=units))
    assert "可能是" in only(found.faults).why


@pytest.mark.parametrize("typed", ["=1+1", "+86", "-甲公司", "@SUM(A1)", "＝甲公司", '{=HYPERLINK("x")}'])
def test_what_a_spreadsheet_might_run_is_no_name(typed: str) -> None:
    for heading in ("企业名称", "服务专员", "企业联系人", "专员单位", "职务"):
        assert only(roster_of(roster_line(**{heading: typed})).faults).column == heading


def test_two_officers_in_a_cell_are_one_too_many() -> None:
    assert "只能有一名" in only(roster_of(roster_line(服务专员="张三、李四")).faults).why


def test_a_row_with_the_same_code_names_the_other() -> None:
    line = roster_line(SECOND_LINE, 统一社会信用代码=ROSTER_LINE[2], 企业名称="聊城甲轴承有限公司")
    fault = only(roster_of(ROSTER_LINE, line).faults)
    assert (fault.row, fault.column) == (3, "统一社会信用代码")
    assert "第2行" in fault.why


def test_of_two_rows_with_one_code_the_one_that_its_region_speaks_for_stands() -> None:
    line = roster_line(ROSTER_LINE, 统一社会信用代码=SECOND_LINE[2])
    assert _cells(roster_of(line, SECOND_LINE).faults) == [(2, "统一社会信用代码")]
    assert _cells(roster_of(SECOND_LINE, line).faults) == [(3, "统一社会信用代码")]


def test_where_nothing_speaks_for_either_of_two_rows_both_are_asked() -> None:
    line = roster_line(SECOND_LINE, 统一社会信用代码=ROSTER_LINE[2], 县区="临清市")
    found = roster_of(ROSTER_LINE, line)
    assert [fault.row for fault in found.faults] == [2, 3]
    assert found.rows == ()


def test_one_name_under_two_codes_is_asked() -> None:
    fault = only(roster_of(ROSTER_LINE, roster_line(SECOND_LINE, 企业名称=ROSTER_LINE[1])).faults)
    assert (fault.row, fault.column) == (3, "企业名称")


def test_a_registered_name_under_another_code_is_asked_and_a_new_name_is_said() -> None:
    registered = replace(known(), enterprises={SECOND_LINE[2]: ROSTER_LINE[1]})
    assert only(roster_of(ROSTER_LINE, dictionaries=registered).faults).suggestion == SECOND_LINE[2]
    renamed = replace(known(), enterprises={ROSTER_LINE[2]: "聊城旧名有限公司"})
    found = roster_of(ROSTER_LINE, dictionaries=renamed)
    assert found.faults == ()
    assert "聊城旧名有限公司" in found.notes[0].text


def test_an_empty_line_misses_all_that_is_required_at_once() -> None:
    found = roster_of(["", "", "", "", "轴承", *[""] * 8])
    assert [fault.column for fault in found.faults] == [
        "企业名称", "统一社会信用代码", "县区", "服务专员", "专员单位", "专员电话", "企业联系人", "联系人电话",
    ]  # fmt: skip


def test_headings_are_known_by_other_names_and_phones_by_their_neighbours() -> None:
    headings = [
        "序", "公司名称*", "信用代码（必填）", "所属县（市、区）", "所属产业链", "包联领导", "成员",
        "专员姓名", "单位", "职务职级", "联系电话", "联系人", "联系电话",
    ]  # fmt: skip
    sheet = read_roster(workbook([headings, ROSTER_LINE], before=["包联台账", "填报单位：某办"]))
    found = check_roster(sheet, known())
    (row,) = found.rows
    assert (row.officer_phone, row.contact_phone) == ("13800000001", "13900000001")
    assert row.row == 4
