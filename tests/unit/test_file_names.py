"""Names of files that people send."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assist.domain import file_names


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("设备合同.pdf", ("设备合同", "pdf")),
        ("照片.JPG", ("照片", "jpg")),
        ("../../etc/passwd", ("passwd", "")),
        ("..\\..\\windows\\合同.docx", ("合同", "docx")),
        ("C:\\fakepath\\合同.docx", ("合同", "docx")),
        ("合同.pdf\x00.exe", ("合同.pdf", "exe")),
        ("合同\u202efdp.exe", ("合同fdp", "exe")),
        ("合同.exe .", ("合同", "exe")),
        ("a.pdf::$DATA", ("a", "pdf__$data")),
        ("  多  个   空格 .pdf", ("多 个 空格", "pdf")),
        (".htaccess", ("附件", "htaccess")),
        (".pdf", ("附件", "pdf")),
        ("", ("附件", "")),
        (None, ("附件", "")),
        ("...", ("附件", "")),
        ("😀.png", ("😀", "png")),
        ("a<b>:c|d?.png", ("a_b__c_d_", "png")),
        ("合同.ＰＤＦ", ("合同", "pdf")),
        ("line\nbreak.pdf", ("line break", "pdf")),
    ],
)
def test_a_sent_name_is_cleaned(raw: str | None, expected: tuple[str, str]) -> None:
    assert file_names.clean(raw) == expected


def test_a_long_name_is_cut_but_keeps_its_extension() -> None:
    name = file_names.joined("长" * 500, "docx")
    assert len(name) == 120
    assert name.endswith(".docx")


@given(st.text(max_size=400))
def test_whatever_is_sent_the_name_is_short_printable_and_no_path(raw: str) -> None:
    name = file_names.shown(raw)
    assert 0 < len(name) <= 120
    assert not set(name) & set('/\\<>:"|?*\0\r\n\t')
    assert not name.startswith(".")
