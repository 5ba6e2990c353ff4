"""Which files are taken: by extension and by content, whole and undamaged."""

from contextlib import suppress

import pytest

from assist.services import attachments
from assist.services.attachments import FilesRefused
from assist.services.file_store import Store
from tests import files
from tests.files import GOOD, Sent, reason, take


@pytest.mark.parametrize("name", GOOD)
def test_each_accepted_kind_is_stored_under_the_hash_of_its_content(name: str, store: Store) -> None:
    one = take(store, name, GOOD[name])
    path = store.path(one.digest)
    assert path.stat().st_size == one.size > 0
    assert path.relative_to(store.root).parts == (one.digest[:2], one.digest[2:4], one.digest)
    assert one.name.partition(".")[0] == name.partition(".")[0]


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("截图.jpg", files.picture("PNG"), "截图.png"),
        ("照片.png", files.picture("JPEG"), "照片.jpg"),
        ("苹果.HEIC", files.heic(), "苹果.jpg"),
        ("其实是新的.doc", files.docx(), "其实是新的.docx"),
        ("其实是旧的.xlsx", files.xls(), "其实是旧的.xls"),
    ],
)
def test_inside_a_family_the_content_decides(name: str, content: bytes, expected: str, store: Store) -> None:
    assert take(store, name, content).name == expected


@pytest.mark.parametrize(
    "name", ["设备合同.exe", "脚本.js", "页面.html", "图.svg", "宏.docm", "没有扩展名", ".pdf.", "a.pdf.exe"]
)
def test_other_kinds_are_refused_by_name_with_what_to_do(name: str, store: Store) -> None:
    told = reason(store, name, b"MZ\x90\0" + files.PDF)
    if name == "设备合同.exe":
        assert told == "设备合同.exe：不支持这种文件，请上传图片、PDF、Word 或 Excel 文件。"


@pytest.mark.parametrize(
    "name",
    [
        "a.jpg",
        "a.png",
        "a.heic",
        "a.pdf",
        "a.ofd",
        "a.doc",
        "a.docx",
        "a.xls",
        "a.xlsx",
        "a.wps",
        "a.et",
        "a.zip",
    ],
)
@pytest.mark.parametrize(
    "content",
    [
        b"MZ\x90\x00" + b"\0" * 2000,
        b"\x7fELF" + b"\0" * 2000,
        b"<html><script>alert(1)</script></html>",
        b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"#!/bin/sh\nrm -rf /\n",
        b"\0" * 3000,
        b"x",
        "只是文字".encode(),
        b"GIF89a" + b"\0" * 200,
    ],
)
def test_an_extension_alone_convinces_nobody(name: str, content: bytes, store: Store) -> None:
    assert "不符" in reason(store, name, content)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", files.picture()),
        ("a.jpg", files.PDF),
        ("a.docx", files.xlsx()),
        ("a.xlsx", files.docx()),
        ("a.doc", files.xls()),
        ("a.docx", files.archive({"readme.txt": b"x"})),
        ("a.ofd", files.docx()),
        ("a.doc", files.ole("SomethingElse")),
        ("a.doc", files.ole("WordDocument", kind=1)),
        ("a.zip", files.PDF),
    ],
)
def test_one_kind_does_not_pass_for_another(name: str, content: bytes, store: Store) -> None:
    assert "不符" in reason(store, name, content)


def test_an_empty_file_is_refused(store: Store) -> None:
    assert reason(store, "空.pdf", b"") == "空.pdf：是空文件，请检查后重新选择。"
    assert "空文件" in reason(store, "空.zip", files.archive({}))
    assert "空文件" in reason(store, "空.zip", files.archive({"文件夹/": b""}))


def test_an_input_left_empty_is_no_file(store: Store) -> None:
    assert attachments.receive(store, [Sent("", b""), Sent(None, b"")]) == []


@pytest.mark.parametrize("name", ["a.zip", "a.docx", "a.xlsx", "a.ofd", "a.jpg", "a.png", "a.heic"])
def test_a_truncated_file_is_refused(name: str, store: Store) -> None:
    whole = {
        "a.zip": GOOD["资料.zip"],
        "a.docx": files.docx(),
        "a.xlsx": files.xlsx(),
        "a.ofd": files.ofd(),
        "a.jpg": files.picture(size=(800, 600)),
        "a.png": files.picture("PNG", size=(800, 600)),
        "a.heic": files.heic(),
    }[name]
    assert "已损坏" in reason(store, name, whole[: len(whole) * 2 // 3])


@pytest.mark.parametrize("seed", range(40))
def test_a_damaged_file_is_taken_or_refused_but_never_breaks_the_page(seed: int, store: Store) -> None:
    """Bytes are overwritten at places that depend on the seed."""
    for name, content in GOOD.items():
        damaged = bytearray(content)
        for turn in range(4):
            damaged[(seed * 7919 + turn * 104_729) % len(damaged)] = (seed * 31 + turn * 17) % 256
        with suppress(FilesRefused):
            assert attachments.receive(store, [Sent(name, bytes(damaged))])
