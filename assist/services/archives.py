"""Zip archives, and the documents that are zip archives inside: docx, xlsx, ofd.

Every member is unpacked once into nothing, within a budget, so that bombs, damage and what hides one level below are
found before anybody opens the file. Nothing is ever written under a member's name.
"""

import errno
import html
import lzma
import struct
import tempfile
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from assist.services import ole
from assist.services.file_faults import BROKEN, EMPTY, LOCKED, MACRO, METHOD, NESTED, SWOLLEN, BadFile

SIGNATURE, EMPTY_SIGNATURE = b"PK\x03\x04", b"PK\x05\x06"
MOST_MEMBERS = 5000
MOST_BYTES = 300 * 1024 * 1024
# What squeezes better than this is no document. Small files are spared: a few empty pages squeeze well, too.
MOST_RATIO, SPARED_BYTES = 100, 50 * 1024 * 1024
MOST_LEVELS = 3
_CHUNK = 256 * 1024
_IN_MEMORY = 4 * 1024 * 1024
_MACRO_MEMBERS = frozenset({"vbaproject.bin", "vbadata.xml"})
_PROGRAMS = """
exe dll com scr pif cpl msi msp msix bat cmd ps1 psm1 vb vbs vbe js jse wsf wsh hta lnk url reg inf jar apk app dmg sh
docm dotm xlsm xltm xlam pptm potm ppam ppsm
"""
_FORBIDDEN = frozenset(_PROGRAMS.split())
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    ValueError,
    RuntimeError,
    LookupError,
    struct.error,
    OverflowError,
)


@dataclass
class Budget:
    """What may still be unpacked, over all levels."""

    members: int = MOST_MEMBERS
    bytes: int = MOST_BYTES

    def take_members(self, count: int) -> None:
        self.members -= count
        if self.members < 0:
            raise BadFile(SWOLLEN)

    def take_bytes(self, count: int) -> None:
        self.bytes -= count
        if self.bytes < 0:
            raise BadFile(SWOLLEN)


def checked(path: Path) -> str:
    """`docx`, `xlsx`, `ofd` or `zip`. Raises BadFile."""
    with path.open("rb") as file:
        budget = Budget()
        kind = _guarded(file, budget, 1)
        unpacked = MOST_BYTES - budget.bytes
        if unpacked > SPARED_BYTES and unpacked > MOST_RATIO * path.stat().st_size:
            raise BadFile(SWOLLEN)
        return kind


def _guarded(file: IO[bytes], budget: Budget, level: int) -> str:
    try:
        return _kind(file, budget, level)
    except NotImplementedError:
        raise BadFile(METHOD) from None
    except _DAMAGE:
        raise BadFile(BROKEN) from None
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO):
            raise
        raise BadFile(BROKEN) from None  # bz2 complains this way


def _kind(file: IO[bytes], budget: Budget, level: int) -> str:
    with zipfile.ZipFile(file) as archive:
        members = [one for one in archive.infolist() if not one.is_dir()]
        if not members:
            raise BadFile(EMPTY)
        budget.take_members(len(members))
        if sum(one.file_size for one in members) > budget.bytes:
            raise BadFile(SWOLLEN)
        if min(one.header_offset for one in archive.infolist()) != 0:
            raise BadFile(BROKEN)  # something else stands before the archive
        names = {_plain(one.filename) for one in members}
        kind = _kind_by(names)
        for member in members:
            _check_member(archive, member, kind, budget, level)
    return kind


def _kind_by(names: set[str]) -> str:
    if "[content_types].xml" in names:
        if any(one.startswith("word/") for one in names):
            return "docx"
        if any(one.startswith("xl/") for one in names):
            return "xlsx"
    return "ofd" if "ofd.xml" in names else "zip"


def _plain(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()


def _check_member(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, kind: str, budget: Budget, level: int
) -> None:
    name = _plain(member.filename)
    if member.flag_bits & 0x1:
        raise BadFile(LOCKED)
    if name.rpartition("/")[2] in _MACRO_MEMBERS or name.startswith("xl/macrosheets/"):
        raise BadFile(MACRO)
    if kind == "zip" and name.rpartition(".")[2] in _FORBIDDEN:
        raise BadFile(f"压缩包里的“{_readable(member)[-60:]}”不能上传，请去掉后再选择。")
    with archive.open(member) as stream:
        first = stream.read(len(ole.SIGNATURE))
        budget.take_bytes(len(first))
        if name == "[content_types].xml":
            _check_types(first + _counted(stream, budget, None))
        elif first.startswith((SIGNATURE, ole.SIGNATURE)):
            _check_inner(first, stream, budget, level)
        else:
            _counted(stream, budget, None, keep=False)


def _check_types(content: bytes) -> None:
    """The list of parts names macros whatever their file is called."""
    text = html.unescape(content.replace(b"\0", b"").decode("latin-1")).lower()
    if "macroenabled" in text or "vbaproject" in text:
        raise BadFile(MACRO)


def _check_inner(first: bytes, stream: IO[bytes], budget: Budget, level: int) -> None:
    """A document or archive inside: held to the same rules."""
    if level >= MOST_LEVELS:
        raise BadFile(NESTED)
    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as spool:
        spool.write(first)
        _counted(stream, budget, spool)
        spool.seek(0)
        if first.startswith(SIGNATURE):
            _guarded(spool, budget, level + 1)
        elif ole.has_macros(spool.read()):
            raise BadFile(MACRO)


def _counted(stream: IO[bytes], budget: Budget, sink: IO[bytes] | None, *, keep: bool = True) -> bytes:
    """Read to the end within the budget, into `sink`, or into the bytes returned, or into nothing."""
    kept = bytearray()
    while chunk := stream.read(_CHUNK):
        budget.take_bytes(len(chunk))
        if sink is not None:
            sink.write(chunk)
        elif keep:
            kept += chunk
    return bytes(kept)


def _readable(member: zipfile.ZipInfo) -> str:
    """A member's name; one without the UTF-8 mark is taken for the Chinese code page it usually is in."""
    name = member.filename
    if not member.flag_bits & 0x800:
        name = name.encode("cp437", "replace").decode("gbk", "replace")
    return "".join(one if one.isprintable() else "�" for one in name)
