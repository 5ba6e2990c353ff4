"""Sample workbooks cut down or changed, as bytes: for tests of the imports. Row 3 bears the headings."""

from collections.abc import Callable
from functools import cache
from io import BytesIO
from pathlib import Path

import openpyxl

from assist.domain.credit_code import normalise
from config import PROJECT

SAMPLES = PROJECT / "tests" / "samples"
ROSTER = SAMPLES / "roster_200.xlsx"
FAULTY_ROSTER = SAMPLES / "roster_faults.xlsx"
LEDGER = SAMPLES / "ledger_history.xlsx"
HEADING = 3


def _saved(book: openpyxl.Workbook) -> bytes:
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def edited(source: Path | bytes, row: int, **values: object) -> bytes:
    """Some cells of one row changed, by heading."""
    book = openpyxl.load_workbook(BytesIO(source) if isinstance(source, bytes) else source)
    sheet = book.active
    headings = {str(cell.value): cell.column for cell in sheet[HEADING]}
    for heading, value in values.items():
        sheet.cell(row, headings[heading]).value = value
    return _saved(book)


def _kept(path: Path, wanted: Callable[[tuple[object, ...]], bool]) -> bytes:
    book = openpyxl.load_workbook(path)
    sheet = book.active
    rows = [row for row in sheet.iter_rows(min_row=HEADING + 1, values_only=True) if wanted(row)]
    sheet.delete_rows(HEADING + 1, sheet.max_row)
    for row in rows:
        sheet.append(row)
    return _saved(book)


@cache
def small_ledger() -> bytes:
    """Ten old problems: closed and open, late and extended, rated and not."""
    wanted = {
        f"LC-{number}"
        for number in (
            "20250105-0001", "20250108-0002", "20250110-0003", "20250113-0004", "20250115-0005",
            "20250118-0006", "20250129-0014", "20250213-0027", "20260820-0008", "20260821-0009",
        )
    }  # fmt: skip
    return _kept(LEDGER, lambda row: row[1] in wanted)


@cache
def small_roster() -> bytes:
    """The enterprises of the small ledger, and the first three of the whole roster."""
    ledger = openpyxl.load_workbook(BytesIO(small_ledger())).active
    codes = {row[3] for row in ledger.iter_rows(min_row=HEADING + 1, values_only=True)}
    return _kept(ROSTER, lambda row: normalise(str(row[2])) in codes or row[0] in (1, 2, 3))
