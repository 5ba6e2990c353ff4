"""The workbook an office sent, given back with what is wrong: the same rows and columns, a red column 错误原因 at the
end, the faulty cells red, and a second sheet that lists it all. Row numbers stay, so that both can be compared.

Every text is written as text, so nothing that looks like a formula ever becomes one; codes and phones too.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

from assist.domain.cells import Cell, digits_text
from assist.services.workbooks.findings import Fault, Note
from assist.services.workbooks.layout import REASON_TITLE, Kind
from assist.services.workbooks.reading import Sheet
from assist.services.workbooks.scan import column_letter

LONGEST_CELL = 32_000
WIDTHS = {
    Kind.NAME: 16,
    Kind.TEXT: 18,
    Kind.CODE: 22,
    Kind.PHONE: 15,
    Kind.DAY: 13,
    Kind.CHOICE: 10,
    Kind.SERIAL: 6,
}
FORMATS: dict[str, dict[str, Any]] = {
    "plain": {"valign": "vcenter", "text_wrap": True, "border": 1, "border_color": "#C9CED6"},
    "day": {"valign": "vcenter", "num_format": "yyyy-mm-dd", "border": 1, "border_color": "#C9CED6"},
    "title": {"bold": True, "font_size": 14, "align": "center", "valign": "vcenter"},
    "heading": {"bold": True, "bg_color": "#E8EEF6", "align": "center", "text_wrap": True, "border": 1},
    "faulty": {"bg_color": "#FFC7CE", "font_color": "#9C0006", "valign": "vcenter", "text_wrap": True, "border": 1},
    "faulty_day": {"bg_color": "#FFC7CE", "font_color": "#9C0006", "num_format": "yyyy-mm-dd", "border": 1},
    "reason": {"font_color": "#C00000", "bold": True, "valign": "vcenter", "text_wrap": True},
    "reason_heading": {"bold": True, "bg_color": "#C00000", "font_color": "#FFFFFF", "align": "center", "border": 1},
}  # fmt: skip


def write_fault_report(
    sheet: Sheet,
    faults: Sequence[Fault],
    target: BinaryIO | Path,
    *,
    notes: Sequence[Note] = (),
    stamp: str = "",
) -> None:
    """Write the workbook to a file or stream. `stamp` says who checked and when, in the summary and the footer."""
    import xlsxwriter

    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": True,
    }
    book = xlsxwriter.Workbook(str(target) if isinstance(target, Path) else target, options)
    formats = {name: book.add_format(look) for name, look in FORMATS.items()}
    _Writer(book.add_worksheet(_sheet_name(sheet.name)), formats, sheet, faults).write(stamp)
    _write_summary(book.add_worksheet("检查结果"), formats, sheet, faults, notes, stamp)
    book.close()


class _Writer:
    """The first sheet, row by row in order, as constant memory asks."""

    def __init__(self, page: Any, formats: Mapping[str, Any], sheet: Sheet, faults: Iterable[Fault]) -> None:
        self._page = page
        self._formats = formats
        self._sheet = sheet
        self._kinds = {column.number: column.field.kind for column in sheet.columns.values()}
        self._faults: defaultdict[int, list[Fault]] = defaultdict(list)
        for fault in faults:
            self._faults[fault.row].append(fault)
        self._width = _used_width(sheet)
        self._reason = sheet.reason_column or self._width + 1
        self._merges: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
        for (top, left), (bottom, right) in sheet.merged:
            if top == bottom < sheet.heading_row - 1 and left < right:
                self._merges[top + 1].append((left, min(right, self._reason - 1)))

    def write(self, stamp: str) -> None:
        self._arrange(stamp)
        for number, cells in enumerate(self._sheet.cells, start=1):
            for column, cell in enumerate(cells[: self._width], start=1):
                if column != self._reason:
                    self._cell(number, column, cell)
            self._reason_cell(number)
            self._merge(number)

    def _arrange(self, stamp: str) -> None:
        """Frozen and repeated headings, landscape, one page wide."""
        page, heading_row = self._page, self._sheet.heading_row
        for column in range(1, self._width + 1):
            kind = self._kinds.get(column)
            page.set_column(column - 1, column - 1, WIDTHS[kind] if kind else 14)
        if (names := self._sheet.columns.get("enterprise_name")) is not None:
            page.set_column(names.number - 1, names.number - 1, 32)
        page.set_column(self._reason - 1, self._reason - 1, 60)
        page.freeze_panes(heading_row, 0)
        page.repeat_rows(heading_row - 1)
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        page.set_footer("&L" + stamp.replace("&", "&&")[:200] + "&R第 &P 页 共 &N 页")

    def _cell(self, number: int, column: int, cell: Cell) -> None:
        letters = {fault.column_letter for fault in self._faults.get(number, ())}
        is_faulty = bool(letters) and column_letter(column) in letters
        look = self._look(number, is_faulty)
        formula = self._sheet.formulas.get((number, column))
        kind = self._kinds.get(column)
        if formula is not None and (cell == "" or (kind and not kind.may_be_computed)):
            cell = formula
        if cell == "" and look is None:
            return
        day_look = self._formats["faulty_day" if is_faulty else "day"]
        _put(self._page, (number - 1, column - 1), cell, look, day_look, kind)

    def _look(self, number: int, is_faulty: bool) -> Any:
        if is_faulty:
            return self._formats["faulty"]
        if number == self._sheet.heading_row:
            return self._formats["heading"]
        return self._formats["plain"] if number > self._sheet.heading_row else None

    def _reason_cell(self, number: int) -> None:
        if number == self._sheet.heading_row:
            self._page.write_string(
                number - 1, self._reason - 1, REASON_TITLE, self._formats["reason_heading"]
            )
        elif faults := self._faults.get(number):
            text = "\n".join(f"【{fault.column}】{fault.advice()}" for fault in faults)
            self._page.write_string(
                number - 1, self._reason - 1, text[:LONGEST_CELL], self._formats["reason"]
            )

    def _merge(self, number: int) -> None:
        reached = -1
        for left, right in sorted(self._merges.get(number, [])):
            if left > reached and left < right:
                text = digits_text(self._sheet.cells[number - 1][left])
                self._page.merge_range(number - 1, left, number - 1, right, text, self._formats["title"])
                reached = right


def _put(page: Any, at: tuple[int, int], cell: Cell, look: Any, day_look: Any, kind: Kind | None) -> None:
    """One value in its own type; numbers in columns of codes and phones as text."""
    if cell == "":
        page.write_blank(*at, None, look)
    elif isinstance(cell, bool):
        page.write_boolean(*at, cell, look)
    elif isinstance(cell, float) and kind not in (Kind.CODE, Kind.PHONE):
        page.write_number(*at, cell, look)
    elif isinstance(cell, date) and cell.year >= 1900:
        page.write_datetime(*at, cell, day_look)
    else:
        page.write_string(*at, digits_text(cell)[:LONGEST_CELL], look)


def _write_summary(
    page: Any,
    formats: Mapping[str, Any],
    sheet: Sheet,
    faults: Sequence[Fault],
    notes: Sequence[Note],
    stamp: str,
) -> None:
    rows = len({fault.row for fault in faults})
    page.set_column(0, 1, 8)
    page.set_column(2, 3, 24)
    page.set_column(4, 4, 70)
    page.set_column(5, 5, 24)
    page.write_string(0, 0, f"共{len(sheet.rows)}行数据，{rows}行有错误，错误{len(faults)}处。")
    page.write_string(1, 0, stamp)
    for column, title in enumerate(("行", "列", "列名", "原内容", REASON_TITLE, "建议")):
        page.write_string(2, column, title, formats["heading"])
    number = 3
    for fault in faults:
        page.write_number(number, 0, fault.row, formats["plain"])
        words = (fault.column_letter, fault.column, fault.value, fault.why, fault.suggestion or "")
        for column, text in enumerate(words, start=1):
            page.write_string(number, column, text[:LONGEST_CELL], formats["plain"])
        number += 1
    for note in notes:
        number += 1
        page.write_string(number, 0, "提示：" + note.line())


def _used_width(sheet: Sheet) -> int:
    """The last column that holds anything."""
    last = max((column.number for column in sheet.columns.values()), default=0)
    for number, cells in enumerate(sheet.cells, start=1):
        for column in range(len(cells), last, -1):
            if cells[column - 1] != "" or (number, column) in sheet.formulas:
                last = column
                break
    return last


def _sheet_name(name: str) -> str:
    cleaned = "".join(character for character in name if character not in "[]:*?/\\'")[:31]
    return cleaned if cleaned and cleaned != "检查结果" else "台账"
