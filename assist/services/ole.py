"""Old Office files (doc, xls, wps, et): what they hold, by the names in their directory.

A directory entry is 128 bytes, begins with its name in UTF-16 and never straddles a sector, so entries are found where
128 divides the place, without following the file's own (possibly forged) chains.
"""

import re

from assist.services.file_faults import BROKEN, LOCKED, MACRO, MISMATCH, BadFile

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENTRY = 128
_LEAST = 3 * 512
_STREAM = 2
# Wherever it stands: Office reads names without regard to case, and a false alarm costs one more saving.
_MACRO = re.compile("_VBA_PROJECT".encode("utf-16-le"), re.IGNORECASE)


def checked(content: bytes) -> str:
    """`doc` or `xls`. Raises BadFile for anything else, for macros and for a password."""
    if len(content) < _LEAST:
        raise BadFile(BROKEN)
    if has_macros(content):
        raise BadFile(MACRO)
    if _has_stream(content, "EncryptedPackage"):
        raise BadFile(LOCKED)
    if _has_stream(content, "WordDocument"):
        return "doc"
    if _has_stream(content, "Workbook") or _has_stream(content, "Book"):
        return "xls"
    raise BadFile(MISMATCH)


def has_macros(content: bytes) -> bool:
    return _MACRO.search(content) is not None


def _has_stream(content: bytes, name: str) -> bool:
    spelt = name.encode("utf-16-le") + b"\0\0"
    place = content.find(spelt)
    while place != -1:
        entry = content[place : place + _ENTRY]
        length = int.from_bytes(entry[64:66], "little")
        if place % _ENTRY == 0 and len(entry) == _ENTRY and length == len(spelt) and entry[66] == _STREAM:
            return True
        place = content.find(spelt, place + 2)
    return False
