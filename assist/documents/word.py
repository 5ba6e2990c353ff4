"""A `Paper` as .docx: `paper.docx` filled in. What people typed is escaped and never read as a tag."""

import re
from io import BytesIO
from typing import Any

from assist.documents import TEMPLATE, WIDTH
from assist.domain.papers import Grid, Paper

# What XML cannot hold at all; tabs and line breaks stay.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
CODE_SIZE = 22  # millimetres
LONG = 24  # characters: a longer text is broken into lines


def word(paper: Paper, code: bytes, code_words: str, foot: str) -> bytes:
    """The file. `code`: the QR code as PNG, with the words beside it; `foot` stands under every page."""
    # Heavy, and wanted by few: start-up is for serving pages.
    from docx.shared import Mm
    from docxtpl import DocxTemplate, InlineImage

    template = DocxTemplate(str(TEMPLATE))
    context: dict[str, Any] = {
        "paper": _Clean(paper),
        "code": InlineImage(template, BytesIO(code), width=Mm(CODE_SIZE)),
        "code_words": clean(code_words),
        "foot": clean(foot),
    }
    template.render(context, autoescape=True)
    for table, block in zip(_grids(template.docx), (one for one in paper.blocks if isinstance(one, Grid)), strict=True):
        _widen(table, block)
    made = BytesIO()
    template.save(made)
    return made.getvalue()


def _grids(document: Any) -> list[Any]:
    """The tables whose head is repeated."""
    return [table for table in document.tables if table._tbl.xpath("./w:tr[1]/w:trPr/w:tblHeader")]


def _widen(table: Any, block: Grid) -> None:
    """Room for each column by its longest text; the filling leaves all alike."""
    from docx.shared import Mm

    lines = [block.columns, *block.rows]
    needs = [min(max(_room(line[place]) for line in lines), LONG) + 2 for place in range(len(block.columns))]
    widths = [Mm(WIDTH * need / sum(needs)) for need in needs]
    for column, width in zip(table._tbl.tblGrid.gridCol_lst, widths, strict=True):
        column.w = width
    for row in table._tbl.tr_lst:
        for one, width in zip(row.tc_lst, widths, strict=True):
            one.width = width


def _room(text: str) -> float:
    """How wide the longest line is, in Chinese characters; a figure or a letter takes half of one."""
    return max((sum(0.5 if one.isascii() else 1 for one in line) for line in text.splitlines()), default=0)


def clean(text: str) -> str:
    return _CONTROL.sub("", text)


class _Clean:
    """A value of a paper, its texts without what XML cannot hold, however deep they lie."""

    def __init__(self, value: Any) -> None:
        self._value = value

    def __getattr__(self, name: str) -> Any:
        return cleaned(getattr(self._value, name))

    def __bool__(self) -> bool:
        return bool(self._value)


def cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, tuple | list):
        return [cleaned(one) for one in value]
    return _Clean(value) if hasattr(value, "__dataclass_fields__") else value
