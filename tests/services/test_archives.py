"""Archives and what hides in them: macros, programs, passwords, bombs."""

import zipfile

import pytest

from assist.services import archives
from assist.services.attachments import MB
from assist.services.file_store import Store
from tests import files
from tests.files import reason, take

MACROS = {
    "a.docx": files.docx(**{"word/vbaProject.bin": b"x"}),
    "b.docx": files.docx(**{"word/VBAPROJECT.BIN": b"x"}),
    "c.docx": files.docx(**{"word\\vbaProject.bin": b"x"}),
    "d.docx": files.archive(
        {
            files.TYPES: b'<Types><Override ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/>',
            "word/x": b"",
        }
    ),
    "e.docx": files.archive(
        {
            files.TYPES: '<Types><Override PartName="/word/a.b" ContentType="x.vba&#80;roject"/>'.encode(
                "utf-16"
            ),
            "word/x": b"",
        }
    ),
    "f.xlsx": files.xlsx(**{"xl/vbaProject.bin": b"x"}),
    "g.xlsx": files.xlsx(**{"xl/macrosheets/sheet1.xml": b"x"}),
    "h.doc": files.ole("WordDocument", "Macros", "VBA", "_VBA_PROJECT"),
    "i.xls": files.ole("Workbook", "_vba_project_cur", "_Vba_Project"),
    "j.wps": files.ole("WordDocument", "_VBA_PROJECT"),
    "k.et": files.ole("Workbook", "_VBA_PROJECT"),
    "l.zip": files.archive({"旧.doc": files.ole("WordDocument", "_VBA_PROJECT")}),
    "m.zip": files.archive({"新.docx": files.docx(**{"word/vbaProject.bin": b"x"})}),
    "n.docx": files.docx(**{"word/embeddings/oleObject1.bin": files.ole("Workbook", "_VBA_PROJECT")}),
}


@pytest.mark.parametrize("name", MACROS)
def test_macros_are_refused_wherever_they_hide(name: str, store: Store) -> None:
    assert "含有宏" in reason(store, name, MACROS[name])


def test_a_program_in_an_archive_is_named(store: Store) -> None:
    assert "“材料/setup.exe”" in reason(store, "材料.zip", files.archive({"材料/setup.exe": b"MZ"}))


def test_a_member_named_in_the_chinese_code_page_is_readable(store: Store) -> None:
    content = files.archive({"AAAA.exe": b"MZ"}).replace(b"AAAA", "安装".encode("gbk"))
    assert "“安装.exe”" in reason(store, "材料.zip", content)


def test_a_document_under_a_password_is_refused_kindly(store: Store) -> None:
    assert "打开密码" in reason(store, "a.docx", files.ole("EncryptionInfo", "EncryptedPackage"))
    locked = bytearray(files.archive({"a.txt": b"secret"}, zipfile.ZIP_STORED))
    locked[6] |= 1
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    assert "打开密码" in reason(store, "a.zip", bytes(locked))


def bomb(depth: int, content: bytes = b"\0" * (60 * MB)) -> bytes:
    made = files.archive({"a.txt": content})
    for level in range(depth):
        made = files.archive({f"{number}-{level}.zip": made for number in range(2)})
    return made


@pytest.mark.parametrize("name", ["a.zip", "a.docx"])
def test_bombs_are_refused(name: str, store: Store) -> None:
    wrapped = {files.TYPES: b"<Types/>", "word/a.xml": b"\0" * (60 * MB)}
    content = files.archive(wrapped) if name == "a.docx" else bomb(0)
    assert "解压后过大" in reason(store, name, content)


def test_a_bomb_inside_archives_is_found(store: Store) -> None:
    assert "解压后过大" in reason(store, "a.zip", bomb(2))


def test_archives_in_archives_in_archives_are_refused(store: Store) -> None:
    assert "太多层" in reason(store, "a.zip", bomb(3, b"harmless"))
    assert take(store, "b.zip", bomb(1, b"harmless"))


def test_a_million_little_members_are_refused(store: Store) -> None:
    many = {f"{number}": b"" for number in range(archives.MOST_MEMBERS + 1)}
    assert "文件过多" in reason(store, "a.zip", files.archive(many, zipfile.ZIP_STORED))


def test_an_archive_that_lies_about_sizes_is_broken(store: Store) -> None:
    content = bytearray(files.archive({"a.txt": b"\0" * 100_000}))
    directory = content.index(b"PK\x01\x02")
    content[directory + 24 : directory + 28] = (10).to_bytes(4, "little")
    assert "已损坏" in reason(store, "a.zip", bytes(content))


def test_an_archive_behind_something_else_is_refused(store: Store) -> None:
    inner = files.archive({"a.txt": b"x"})
    assert "已损坏" in reason(store, "a.zip", files.archive({"first.txt": b"y"}) + inner)
