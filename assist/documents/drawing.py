"""Draws `paper.docx`, the one template all documents are filled into (`word`), after GB/T 9704-2012.

    .venv/bin/python -m assist.documents.drawing

Run it after a change here and keep what it wrote. Whoever edits the template in Word keeps its {{ … }} and {% … %}.
"""

from collections.abc import Sequence
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from assist.documents import TEMPLATE, WIDTH

SONG, FANGSONG, HEI, TITLE = "宋体", "仿宋_GB2312", "黑体", "方正小标宋简体"
RED = RGBColor(0xC8, 0x10, 0x2E)
BODY, SMALL, HEAD = Pt(16), Pt(12), Pt(22)


def put(paragraph: Any, text: str, font: str = FANGSONG, size: Any = BODY, *, bold: bool = False) -> Any:
    """Write into a paragraph in one font for both scripts; returns the run."""
    run = paragraph.add_run(text)
    run.font.name, run.font.size, run.font.bold = "Times New Roman", size, bold
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    return run


def spaced(paragraph: Any, *, align: Any = None, indent: int = 0, line: float = 28, before: float = 0) -> Any:
    """Fixed line height as the standard asks for; `indent` in characters of the body."""
    form = paragraph.paragraph_format
    form.space_before, form.space_after, form.line_spacing = Pt(before), Pt(0), Pt(line)
    form.first_line_indent = BODY * indent
    if align is not None:
        paragraph.alignment = align
    return paragraph


def tag(document: Any, words: str) -> None:
    """A line that only steers the filling and is gone afterwards."""
    document.add_paragraph("{%p " + words + " %}")


def bordered(table: Any) -> Any:
    table.style, table.alignment, table.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
    return table


def cell(place: Any, text: str, width: int, *, font: str = FANGSONG, align: Any = None) -> None:
    place.width = Mm(width)
    place.vertical_alignment = 1
    put(spaced(place.paragraphs[0], align=align, line=20), text, font, SMALL)


def measured(table: Any, widths: Sequence[int]) -> None:
    """Millimetres of each column; a cell's own width is not enough for every reader of the file."""
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)


def steer(table: Any, words: str) -> None:
    """A row that only steers."""
    table.add_row().cells[0].paragraphs[0].add_run("{%tr " + words + " %}")


def repeated(row: Any) -> None:
    """The head of a table, again on every page."""
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)


def form(document: Any, name: str) -> None:
    """Rows of (label, value) and of (label, value, label, value)."""
    table = bordered(document.add_table(0, 4))
    widths = (26, 52, 26, 52)
    measured(table, widths)
    steer(table, f"for row in {name}.rows")
    steer(table, "if row|length > 2")
    row = table.add_row()
    for number, width in enumerate(widths):
        align = ALIGN.CENTER if number % 2 == 0 else None
        cell(row.cells[number], f"{{{{ row[{number}] }}}}", width, align=align)
    steer(table, "else")
    row = table.add_row()
    cell(row.cells[0], "{{ row[0] }}", widths[0], align=ALIGN.CENTER)
    wide = row.cells[1].merge(row.cells[3])
    cell(wide, "{{ row[1] }}", WIDTH - widths[0])
    steer(table, "endif")
    steer(table, "endfor")


def grid(document: Any) -> None:
    """A table with as many columns as its block has."""
    table = bordered(document.add_table(0, 3))
    repeated(columns(table, "column in block.columns", "{{ column }}", HEI))
    steer(table, "for row in block.rows")
    columns(table, "text in row", "{{ text }}", FANGSONG)
    steer(table, "endfor")


def columns(table: Any, loop: str, text: str, font: str) -> Any:
    row = table.add_row()
    row.cells[0].paragraphs[0].add_run("{%tc for " + loop + " %}")
    cell(row.cells[1], text, WIDTH // 3, font=font)
    row.cells[2].paragraphs[0].add_run("{%tc endfor %}")
    return row


def page(document: Any) -> None:
    section = document.sections[0]
    section.orientation, section.page_width, section.page_height = WD_ORIENT.PORTRAIT, Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(32), Mm(28)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    foot = spaced(section.footer.paragraphs[0], align=ALIGN.CENTER, line=14)
    put(foot, "{{ foot }}", SONG, Pt(9))


def head(document: Any) -> None:
    tag(document, "if paper.office")
    office = spaced(document.add_paragraph(), align=ALIGN.CENTER, line=40)
    put(office, "{{ paper.office }}", TITLE, Pt(26)).font.color.rgb = RED
    put(spaced(document.add_paragraph(), align=ALIGN.CENTER, before=8), "{{ paper.number }}")
    rule = document.paragraphs[-1]._p.get_or_add_pPr()
    border, line = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "18"), ("space", "6"), ("color", "C8102E")):
        line.set(qn(f"w:{name}"), value)
    border.append(line)
    rule.append(border)
    tag(document, "endif")
    title = spaced(document.add_paragraph(), align=ALIGN.CENTER, line=34, before=16)
    put(title, "{{ paper.title }}", TITLE, HEAD)
    tag(document, "if paper.number and not paper.office")
    put(spaced(document.add_paragraph(), align=ALIGN.CENTER, line=22), "{{ paper.number }}", size=SMALL)
    tag(document, "endif")
    tag(document, "if paper.warning")
    put(spaced(document.add_paragraph(), align=ALIGN.CENTER), "（{{ paper.warning }}）", size=SMALL)
    tag(document, "endif")
    spaced(document.add_paragraph(), line=10)
    tag(document, "if paper.addressee")
    put(spaced(document.add_paragraph()), "{{ paper.addressee }}：")
    tag(document, "endif")


def body(document: Any) -> None:
    tag(document, "for block in paper.blocks")
    tag(document, "if block.kind == 'heading'")
    put(spaced(document.add_paragraph(), indent=2, before=6), "{{ block.text }}", HEI)
    tag(document, "elif block.kind == 'words'")
    tag(document, "for line in block.lines")
    put(spaced(document.add_paragraph(), indent=2), "{{ line }}")
    tag(document, "endfor")
    tag(document, "elif block.kind == 'form'")
    form(document, "block")
    tag(document, "elif block.kind == 'grid'")
    grid(document)
    tag(document, "endif")
    tag(document, "endfor")
    tag(document, "for line in paper.closing")
    put(spaced(document.add_paragraph(), align=ALIGN.RIGHT, before=12), "{{ line }}　　")
    tag(document, "endfor")


def foot(document: Any) -> None:
    """拟稿 / 核稿 / 签发, the QR code with its words, and the part to send back."""
    spaced(document.add_paragraph(), line=14)
    tag(document, "if paper.signers")
    table = bordered(document.add_table(1, 6))
    measured(table, (18, 34) * 3)
    for number in range(3):
        cell(table.rows[0].cells[2 * number], f"{{{{ paper.signers[{number}][0] }}}}", 18, align=ALIGN.CENTER)
        cell(table.rows[0].cells[2 * number + 1], f"{{{{ paper.signers[{number}][1] }}}}", 34)
    tag(document, "endif")
    spaced(document.add_paragraph(), line=10)
    code = document.add_table(1, 2)
    code.autofit = False
    measured(code, (26, WIDTH - 26))
    code.rows[0].cells[0].width, code.rows[0].cells[1].width = Mm(26), Mm(WIDTH - 26)
    code.rows[0].cells[0].paragraphs[0].add_run("{{ code }}")
    words = code.rows[0].cells[1]
    words.vertical_alignment = 1
    put(spaced(words.paragraphs[0], line=16), "{{ code_words }}", SONG, Pt(10.5))
    tag(document, "if paper.receipt")
    put(
        spaced(document.add_paragraph(), align=ALIGN.CENTER, before=8, line=16),
        "－ － － － － － － － － － － －  沿此线裁下寄回  － － － － － － － － － － － －",
        SONG,
        Pt(9),
    )
    put(
        spaced(document.add_paragraph(), align=ALIGN.CENTER, before=8), "{{ paper.receipt.title }}", TITLE, Pt(18)
    )
    form(document, "paper.receipt.form")
    tag(document, "endif")


def draw() -> None:
    document: Any = Document()
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Times New Roman", BODY
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FANGSONG)
    page(document)
    head(document)
    body(document)
    foot(document)
    document.core_properties.author, document.core_properties.comments = "助企远航", ""
    document.save(str(TEMPLATE))


if __name__ == "__main__":
    draw()
