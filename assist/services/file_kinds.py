"""Which kinds of files are accepted: by extension and by what is inside, both. Says no with one short Chinese reason.

Inside the same family the content decides (a JPEG that a phone has named .png is a JPEG). Not here: storing.
"""

from pathlib import Path

from assist.services import archives, ole
from assist.services.file_faults import EMPTY, MISMATCH, UNSUPPORTED, BadFile

MIMES = {
    "jpg": "image/jpeg",
    "png": "image/png",
    "pdf": "application/pdf",
    "ofd": "application/ofd",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "wps": "application/wps-office.wps",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "et": "application/wps-office.et",
    "zip": "application/zip",
}
PICTURES = frozenset({"jpg", "png", "heic"})
_PICTURE = {"jpg": "jpg", "png": "png", "heic": "heic"}
_WORDS = {"doc": "doc", "docx": "docx"}
_SHEET = {"xls": "xls", "xlsx": "xlsx"}
# By the extension sent: what may be found inside, and the extension to keep it under.
ACCEPTED: dict[str, dict[str, str]] = {
    "jpg": _PICTURE,
    "jpeg": _PICTURE,
    "png": _PICTURE,
    "heic": _PICTURE,
    "pdf": {"pdf": "pdf"},
    "ofd": {"ofd": "ofd"},
    "doc": _WORDS,
    "docx": _WORDS,
    "wps": {"doc": "wps", "docx": "wps"},
    "xls": _SHEET,
    "xlsx": _SHEET,
    "et": {"xls": "et", "xlsx": "et"},
    "zip": {"zip": "zip", "docx": "zip", "xlsx": "zip", "ofd": "zip"},
}
_HEAD = 4096
_BY_HEAD = frozenset({"jpg", "png", "heic", "pdf"})


def checked(path: Path, extension: str) -> str:
    """The extension to keep this file under. Raises BadFile."""
    if extension not in ACCEPTED:
        raise BadFile(UNSUPPORTED)
    found = _found(path)
    if found not in ACCEPTED[extension]:
        raise BadFile(MISMATCH)
    return ACCEPTED[extension][found]


def _found(path: Path) -> str:
    """What a file is by its content: an extension, or nothing known."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if head.startswith(ole.SIGNATURE):
        return ole.checked(path.read_bytes())
    if head.startswith(archives.EMPTY_SIGNATURE):
        raise BadFile(EMPTY)
    if head.startswith(archives.SIGNATURE):
        return archives.checked(path)
    import filetype  # here: it is only needed when somebody sends a file

    guessed = filetype.guess(head)
    return guessed.extension if guessed is not None and guessed.extension in _BY_HEAD else ""
