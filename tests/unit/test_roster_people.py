"""A name that may be two people is asked, not guessed; a phone belongs to one."""

from dataclasses import replace

from assist.services.workbooks.dictionaries import KnownContact, KnownOfficer
from assist.services.workbooks.roster_sheet import Answers
from tests.unit.workbook_cast import (
    ROSTER_LINE,
    SECOND_LINE,
    known,
    only,
    roster_line,
    roster_of,
)


def test_namesakes_with_different_phones_are_asked_not_guessed() -> None:
    found = roster_of(ROSTER_LINE, roster_line(SECOND_LINE, 服务专员="张 三"))
    fault = only(found.faults)
    assert (fault.row, fault.column) == (3, "服务专员")
    assert "第2行" in fault.why
    assert [row.row for row in found.rows] == [2]


def test_a_namesake_of_an_account_is_asked_and_the_account_itself_is_not() -> None:
    book = replace(known(), officers=(KnownOfficer("张三", "13800000009"),))
    assert "已有账号" in only(roster_of(ROSTER_LINE, dictionaries=book).faults).why
    book = replace(
        known(), officers=(KnownOfficer("张三", "13800000009"), KnownOfficer("张三", "13800000001"))
    )
    assert roster_of(ROSTER_LINE, dictionaries=book).faults == ()


def test_of_two_namesakes_the_unknown_one_is_asked_wherever_it_stands() -> None:
    book = replace(known(), officers=(KnownOfficer("张三", "13800000002"),))
    fault = only(roster_of(ROSTER_LINE, roster_line(SECOND_LINE, 服务专员="张三"), dictionaries=book).faults)
    assert fault.row == 2


def test_the_question_is_answered_in_the_sheet_or_on_the_page() -> None:
    in_the_sheet = roster_of(ROSTER_LINE, roster_line(SECOND_LINE, 服务专员="张三（财政局）"))
    assert in_the_sheet.faults == ()
    answers = Answers(different_people=frozenset({("张三", "13800000002")}))
    assert roster_of(ROSTER_LINE, roster_line(SECOND_LINE, 服务专员="张三"), answers=answers).faults == ()


def test_one_officer_of_two_enterprises_is_warned_not_forbidden() -> None:
    found = roster_of(ROSTER_LINE, roster_line(SECOND_LINE, 服务专员="张三", 专员电话="13800000001"))
    assert found.faults == ()
    assert "2家企业" in found.notes[0].text


def test_one_phone_of_two_people_is_asked() -> None:
    fault = only(roster_of(ROSTER_LINE, roster_line(SECOND_LINE, 专员电话="138-0000-0001")).faults)
    assert (fault.row, fault.column) == (3, "专员电话")
    fault = only(roster_of(ROSTER_LINE, roster_line(SECOND_LINE, 联系人电话="13900000001")).faults)
    assert (fault.row, fault.column) == (3, "联系人电话")
    book = replace(known(), contacts=(KnownContact("王五", "13900000001"),))
    assert only(roster_of(ROSTER_LINE, dictionaries=book).faults).column == "联系人电话"


def test_an_officer_is_never_the_contact_of_an_enterprise() -> None:
    fault = only(roster_of(roster_line(联系人电话="13800000001", 企业联系人="张三")).faults)
    assert "不能是同一个电话" in fault.why


def test_one_contact_may_speak_for_two_enterprises() -> None:
    line = roster_line(SECOND_LINE, 企业联系人="钱一", 联系人电话="13900000001")
    assert roster_of(ROSTER_LINE, line).faults == ()
