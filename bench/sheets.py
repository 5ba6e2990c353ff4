"""Large sheets for measuring imports, made of the samples' rows: other names, codes, phones and numbers each time.

Here: the workbooks. Not here: measuring (`exports`).
"""

from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import xlsxwriter

from assist.domain.credit_code import check
from config import PROJECT

SAMPLES = PROJECT / "tests" / "samples"
HEADING = 3
LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


def code(number: int) -> str:
    """A sound credit code of its own for each number."""
    body = f"91371500MA{number:07d}"
    total = sum(LETTERS.index(letter) * weight for letter, weight in zip(body, WEIGHTS, strict=True))
    found = body + LETTERS[(31 - total % 31) % 31]
    assert not check(found).why, found
    return found


def _rows(path: Path, count: int, change: Callable[[dict[str, Any], int], None]) -> bytes:
    """So many rows in the sample's own columns, each changed by its number."""
    sheet = openpyxl.load_workbook(path, read_only=True).active
    lines = list(sheet.iter_rows(values_only=True))
    titles = [str(cell) for cell in lines[HEADING - 1]]
    base = [dict(zip(titles, line, strict=True)) for line in lines[HEADING:] if line[1] and line[2]]
    return _workbook(titles, (_changed(base[number % len(base)], number, change) for number in range(count)))


def _changed(row: dict[str, Any], number: int, change: Callable[[dict[str, Any], int], None]) -> list[Any]:
    made = dict(row)
    change(made, number)
    return list(made.values())


def _workbook(titles: list[str], lines: Iterator[list[Any]]) -> bytes:
    target = BytesIO()
    book = xlsxwriter.Workbook(target, {"constant_memory": True, "strings_to_formulas": False})
    page = book.add_worksheet()
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    page.write_string(0, 0, "台账")
    for row, line in enumerate([titles, *lines], start=HEADING - 1):
        for column, value in enumerate(line):
            if hasattr(value, "year"):
                page.write_datetime(row, column, value, day)
            elif value is not None:
                page.write(row, column, value)
    book.close()
    return target.getvalue()


def roster(count: int) -> bytes:
    """Ledger B with so many enterprises, each with an officer and a contact of its own."""

    def change(row: dict[str, Any], number: int) -> None:
        row["企业名称"] = f"{str(row['企业名称']).strip()}第{number}号"
        row["统一社会信用代码"] = code(number)
        row["服务专员"] = f"{str(row['服务专员']).split('（')[0].strip()}（{number}）"
        row["专员电话"] = f"138{number:08d}"
        row["联系人电话"] = f"139{number:08d}"

    return _rows(SAMPLES / "roster_200.xlsx", count, change)


def history(count: int) -> bytes:
    """Ledger A as it was kept before, with so many problems."""

    def change(row: dict[str, Any], number: int) -> None:
        row["诉求编号"] = f"LC-B{number:08d}"

    return _rows(SAMPLES / "ledger_history.xlsx", count, change)
