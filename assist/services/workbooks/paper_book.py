"""A document as a workbook: each of its tables a sheet, named by the heading above it, printed one page wide."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from assist.domain.cells import starts_formula
from assist.domain.papers import Form, Grid, Heading, Paper
from assist.services.workbooks.writer import HEADING_ROW, LONGEST_CELL, LOOKS, TOTAL, Stamp, across, for_paper

NARROWEST, WIDEST = 8, 60  # characters of a column
FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
COUNTABLE = 9  # digits: a longer one is a code and stays text


def paper_book(paper: Paper, stamp: Stamp) -> BytesIO:
    """The workbook; what stands in words is a sheet of lines."""
    import xlsxwriter

    target = BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(target, {"in_memory": True, **options})
    book.set_properties({"title": paper.title, "author": stamp.who, "company": stamp.office})
    looks = {name: book.add_format(look) for name, look in LOOKS.items()}
    quoted = book.add_format(LOOKS["text"])
    quoted.set_quote_prefix()
    looks["quoted"] = quoted
    for name, title, grid in _sheets(paper):
        _write(book.add_worksheet(name), title, grid, stamp, looks)
    book.close()
    target.seek(0)
    return target


def _sheets(paper: Paper) -> Iterator[tuple[str, str, Grid]]:
    """(name of the sheet, its title, its table); words without a table become one of a single column."""
    heading, used = paper.title, set[str]()
    for block in paper.blocks:
        if isinstance(block, Heading):
            heading = block.text
        if isinstance(block, Form | Heading):
            continue
        grid = block if isinstance(block, Grid) else Grid(("内容",), tuple((line,) for line in block.lines))
        name = _name(heading if isinstance(block, Grid) else f"{heading}（说明）", used)
        yield name, f"{paper.title}（{heading}）", grid


def _name(wanted: str, used: set[str]) -> str:
    """At most 31 characters, none that a spreadsheet refuses, never twice."""
    name = wanted.translate(FORBIDDEN).strip("' ")[:28] or "表"
    found, no = name, 2
    while found in used:
        found, no = f"{name}{no}", no + 1
    used.add(found)
    return found


def _write(sheet: Any, title: str, grid: Grid, stamp: Stamp, looks: dict[str, Any]) -> None:
    last = len(grid.columns) - 1
    for line, (text, look) in enumerate(((title, "title"), (stamp.line, "told"))):
        across(sheet, line, last, text, looks[look])
    for place, column in enumerate(grid.columns):
        sheet.write_string(HEADING_ROW, place, column, looks["head"])
        longest = max([len(column), *(len(line) for row in grid.rows for line in row[place].split("\n"))])
        sheet.set_column(place, place, min(max(2 * longest, NARROWEST), WIDEST))
    for number, row in enumerate(grid.rows, HEADING_ROW + 1):
        for place, text in enumerate(row):
            _cell(sheet, number, place, text, looks, is_total=row[0] == TOTAL)
    for_paper(sheet, stamp, frozen=1)


def _cell(sheet: Any, row: int, place: int, text: str, looks: dict[str, Any], *, is_total: bool) -> None:
    """What is a count is a number, so that it can be added up again; everything else is text."""
    if text.isascii() and text.isdigit() and len(text) <= COUNTABLE:
        sheet.write_number(row, place, int(text), looks["total" if is_total else "number"])
    else:
        look = "total" if is_total else "quoted" if starts_formula(text) else "text"
        sheet.write_string(row, place, text[:LONGEST_CELL], looks[look])
