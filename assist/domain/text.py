"""Small rules about words: proposing a title. Not here: search tokens, masking, names of people."""

import re

TITLE_LENGTH = 30
_BREAKS = re.compile(r"[。！？!?；;\n\r]")


def proposed_title(description: str) -> str:
    """A title from the problem's own first sentence, at most 30 characters, cut at a comma where there is one."""
    text = " ".join(description.split())
    first = next((part for part in _BREAKS.split(text) if part.strip()), text).strip()
    if len(first) <= TITLE_LENGTH:
        return first or "未命名诉求"
    cut = max(first.rfind(mark, 8, TITLE_LENGTH) for mark in "，,、")
    return first[:cut] if cut > 0 else first[: TITLE_LENGTH - 1] + "…"
