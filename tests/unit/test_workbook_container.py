"""A file that is no sound workbook is refused with one clear sentence; nothing crafted ends the process."""

import io
import random
import zipfile
from pathlib import Path

import pytest

from assist.services.workbooks.container import MOST_UNPACKED
from assist.services.workbooks.problem import WorkbookProblem
from assist.services.workbooks.roster_sheet import check_roster, read_roster
from tests.unit.workbook_cast import GOOD_ROSTER, ROSTER_200, known, refused, rewritten, with_member


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "空的"),
        ("企业名称,统一社会信用代码".encode("gbk"), "不是 .xlsx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "旧版 .xls"),
        (b"%PDF-1.7", "不是 .xlsx"),
        (b"PK\x03\x04 and then nothing", "损坏"),
        (GOOD_ROSTER[: len(GOOD_ROSTER) // 2], "损坏"),
        (b"PK" + b"\0" * (21 * 1024 * 1024), "太大"),
    ],
)
def test_what_is_no_xlsx_isrefused(content: bytes, word: str) -> None:
    assert word in refused(content)


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    assert "没有这个文件" in refused(tmp_path / "missing.xlsx")


def test_a_zip_of_something_else_is_no_workbook() -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("word/document.xml", "<document/>")
    assert "不是 .xlsx" in refused(content.getvalue())


def test_macros_arerefused() -> None:
    assert "宏" in refused(with_member(GOOD_ROSTER, "xl/vbaProject.bin", b"macro"))


def test_a_member_given_twice_isrefused() -> None:
    with pytest.warns(UserWarning, match="Duplicate"):
        content = with_member(GOOD_ROSTER, "xl/workbook.xml", b"<workbook/>")
    assert "损坏" in refused(content)


def test_a_zip_bomb_is_refused_before_it_unfolds() -> None:
    content = with_member(GOOD_ROSTER, "xl/media/image1.bin", b"\0" * (MOST_UNPACKED + 1))
    assert len(content) < 1024 * 1024
    assert "展开后过大" in refused(content)


def test_a_zip_that_lies_about_its_sizes_isrefused() -> None:
    content = bytearray(with_member(GOOD_ROSTER, "xl/worksheets/sheet9.xml", b" " * 5_000_000))
    at = content.rindex(b"PK\x01\x02")
    content[at + 24 : at + 28] = (1000).to_bytes(4, "little")
    assert "损坏" in refused(bytes(content))


def test_changed_bytes_are_noticed_by_their_checksum() -> None:
    content = bytearray(GOOD_ROSTER)
    at = content.index(b"xl/worksheets/sheet1.xml") + 60
    content[at] ^= 0xFF
    assert refused(bytes(content))


def test_entities_are_not_expanded() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    content = rewritten(GOOD_ROSTER, sheet1=lambda text: text.replace("<worksheet", bomb + "<worksheet", 1))
    assert "格式" in refused(content)


@pytest.mark.parametrize("seed", range(60))
def test_a_damaged_file_is_refused_or_read_but_never_more(seed: int) -> None:
    chance = random.Random(seed)
    content = bytearray(ROSTER_200.read_bytes())
    for _ in range(chance.choice([1, 3, 20])):
        content[chance.randrange(len(content))] = chance.randrange(256)
    try:
        sheet = read_roster(bytes(content))
    except WorkbookProblem:
        return
    check_roster(sheet, known())


@pytest.mark.parametrize("seed", range(60))
def test_a_sheet_of_damaged_xml_is_refused_or_read_but_never_more(seed: int) -> None:
    chance = random.Random(seed)

    def damage(text: str) -> str:
        for _ in range(chance.choice([1, 2, 5])):
            at = chance.randrange(len(text))
            text = text[:at] + chance.choice('<>"/ =9rsvtAZ&') + text[at + chance.randrange(3) :]
        return text

    content = rewritten(
        GOOD_ROSTER, **{chance.choice(["sheet1", "workbook", "sharedStrings", "styles"]): damage}
    )
    try:
        sheet = read_roster(content)
    except WorkbookProblem:
        return
    check_roster(sheet, known())
