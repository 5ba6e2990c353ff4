"""Names of files that people send: shown, stored as text and given back, never used as a path.

Not here: which kinds of files are accepted (`services.file_kinds`).
"""

import re
import unicodedata

LONGEST = 120
_UNSAFE = re.compile(r'[<>:"|?*\\/]')
UNNAMED = "附件"


def clean(raw: str | None) -> tuple[str, str]:
    """Stem and extension (small letters, without the dot) of a name as a browser sent it.

    Folders are cut off on either kind of slash; control characters are dropped, and those that turn the direction of
    writing, which make an exe read as if it ended in pdf.
    """
    text = unicodedata.normalize("NFC", (raw or "")[-1000:])
    text = "".join(one for one in text if unicodedata.category(one)[0] != "C" or one in "\t\n\r")
    text = " ".join(re.split(r"[\\/]", text)[-1].split())
    is_hidden = text.startswith(".")
    text = _UNSAFE.sub("_", text.strip(". "))
    stem, dot, extension = text.rpartition(".")
    if not dot:
        stem, extension = ("", text) if is_hidden else (text, "")
    extension = _UNSAFE.sub("_", unicodedata.normalize("NFKC", extension)).strip().lower()
    return stem.strip(". ") or UNNAMED, extension


def joined(stem: str, extension: str) -> str:
    """The name to show and to give back, at most 120 characters; the extension is kept whole."""
    if not extension:
        return stem[:LONGEST]
    extension = extension[:20]
    return f"{stem[: LONGEST - len(extension) - 1].rstrip()}.{extension}"


def shown(raw: str | None) -> str:
    """A sent name as it may be repeated in a sentence."""
    return joined(*clean(raw))
