"""What may be opened at all: a sound .xlsx of bearable size, without macros. Everything is unpacked once, within
limits, before another library sees it: sizes that a zip states about itself may be lies.

Not here: what the sheets hold (`scan`, `reading`).
"""

import io
import zipfile
import zlib
from pathlib import Path
from typing import BinaryIO

from assist.services.workbooks.problem import WorkbookProblem

MEBIBYTE = 1024 * 1024
MOST_BYTES = 20 * MEBIBYTE
MOST_UNPACKED = 100 * MEBIBYTE
MOST_MEMBERS = 500
MOST_STRINGS = 1_000_000

Source = bytes | Path | BinaryIO

_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_CHUNK = 256 * 1024
_BROKEN = "文件已损坏，无法打开；请用 WPS 或 Excel 重新另存为 .xlsx 后再上传。"
_NOT_XLSX = "这不是 .xlsx 表格；.xls、.et、.csv 等格式请先用 WPS 或 Excel 另存为 .xlsx 后再上传。"
_LOCKED = "这是旧版 .xls 表格，或设了打开密码；请取消密码，用 WPS 或 Excel 另存为 .xlsx 后再上传。"
_TOO_BIG = f"文件太大（上限 {MOST_BYTES // MEBIBYTE} MB）；请删去图片和多余的工作表，或拆成几份。"
_SWELLS = "文件展开后过大，不像一份正常的台账，已拒绝打开；请把数据复制到新建的表格里再上传。"
_MACROS = "表格里带有宏，不能导入；请另存为不含宏的 .xlsx 后再上传。"


class Container:
    """The bytes of a workbook that passed, and the text of its parts."""

    def __init__(self, content: bytes, parts: dict[str, bytes]) -> None:
        self.content = content
        self._parts = parts

    def part(self, name: str) -> bytes | None:
        return self._parts.get(name)


def open_container(source: Source) -> Container:
    """Read and examine a file; raises `WorkbookProblem` with one sentence."""
    content = _all_bytes(source)
    if not content:
        raise WorkbookProblem("文件是空的。")
    if content.startswith(_OLD_OFFICE):
        raise WorkbookProblem(_LOCKED)
    if not content.startswith(b"PK"):
        raise WorkbookProblem(_NOT_XLSX)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = _unpack(archive)
    except WorkbookProblem:
        raise
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError) as error:
        raise WorkbookProblem(_BROKEN) from error
    if parts.get("xl/sharedStrings.xml", b"").count(b"si>") > 2 * MOST_STRINGS:
        raise WorkbookProblem(_SWELLS)
    return Container(content, parts)


def _all_bytes(source: Source) -> bytes:
    if isinstance(source, Path):
        if source.is_file() and source.stat().st_size > MOST_BYTES:
            raise WorkbookProblem(_TOO_BIG)
        try:
            return source.read_bytes()
        except OSError as error:
            raise WorkbookProblem(f"打不开文件 {source.name}：没有这个文件，或没有读取权限。") from error
    content = source if isinstance(source, bytes) else source.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise WorkbookProblem(_TOO_BIG)
    return content


def _unpack(archive: zipfile.ZipFile) -> dict[str, bytes]:
    """Every member through its checksum, counting real bytes; only XML parts are kept."""
    members = archive.infolist()
    names = [member.filename for member in members]
    if "xl/workbook.xml" not in names:
        raise WorkbookProblem(_NOT_XLSX)
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise WorkbookProblem(_MACROS)
    if any(member.flag_bits & 1 for member in members):
        raise WorkbookProblem(_LOCKED)
    if len(set(names)) < len(names):
        raise WorkbookProblem(_BROKEN)
    if len(names) > MOST_MEMBERS or sum(member.file_size for member in members) > MOST_UNPACKED:
        raise WorkbookProblem(_SWELLS)
    parts: dict[str, bytes] = {}
    for member in members:
        is_xml = member.filename.startswith("xl/") and member.filename.endswith((".xml", ".rels"))
        content = _member(archive, member, keep=is_xml)
        if is_xml:
            parts[member.filename] = content
    return parts


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, *, keep: bool) -> bytes:
    """Reading stops at the stated size and compares the checksum, so a false size is an error, not a flood."""
    kept = []
    with archive.open(member) as stream:
        while chunk := stream.read(_CHUNK):
            if keep:
                kept.append(chunk)
    return b"".join(kept)
