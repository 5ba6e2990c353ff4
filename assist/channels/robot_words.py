"""What the three group robots have in common: words made safe for their mark-up, and a letter cut to a size."""

from assist.channels import Letter, Line

OPEN = "查看办理"
# Mark-up of all three dialects, as the wide forms of the same characters.
_SAFE = str.maketrans("<>[]*`@_~", "＜＞［］＊｀＠＿～")


def safe(text: str) -> str:
    """A title as plain words: names in it can form neither a link nor a call to everybody."""
    return " ".join(text.translate(_SAFE).split())


def head(letter: Letter) -> str:
    """The card of a single message, else the letter's own title."""
    first = letter.lines[0] if len(letter.lines) == 1 else None
    return safe(first.card or first.title) if first else safe(letter.title)


def fitting(letter: Letter, blocks: list[str], most: int) -> list[str]:
    """As many blocks as fit into so many bytes, and how many were left out (all of them stand in the inbox)."""
    kept: list[str] = []
    size = 0
    for number, block in enumerate(blocks):
        size += len(block.encode()) + 2
        if size > most - 200:
            return [*kept, f"另有{len(blocks) - number}条，请登录平台查看。"]
        kept.append(block)
    return kept


def left(line: Line) -> str:
    """首次联系，还剩1小时"""
    return safe(line.words)
