"""The one writer of sheets: row after row onto the disk, so that a hundred thousand cost no more memory than ten.

A merged title, who fills it in and when, headings that stay in sight and are repeated on paper, landscape, one page
wide. Text is always text: codes keep their eighteen digits, and what begins like a formula never becomes one, not even
when somebody edits the cell. Here: how a table becomes a workbook. Not here: what stands in it (`queries.ledgers`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from assist.domain.cells import starts_formula
from assist.domain.clock import local, local_date
from assist.domain.masking import mask_phone, mask_phones_in
from assist.services.workbooks.table import Column, Shape, Table

LONGEST_CELL = 32_000
CUT = "……（内容过长，请在系统中查看全文）"
HEADING_ROW = 2  # from 0: title, who and when, headings
A4 = 9
LINE, HIGHEST = 15, 405  # points; a spreadsheet allows no more
FIRST_DAY = date(1900, 3, 1)  # spreadsheets disagree about the days before
TOTAL = "合计"
_BORDER = {"border": 1, "border_color": "#8C96A3", "font_name": "宋体", "font_size": 10}
LOOKS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_name": "黑体", "font_size": 16, "align": "center", "valign": "vcenter"},
    "told": {"align": "left", "valign": "vcenter", "font_name": "宋体", "font_size": 10},
    "head": {"bold": True, "bg_color": "#E8F0FB", "align": "center", "valign": "vcenter", "text_wrap": True, **_BORDER},
    "text": {"num_format": "@", "text_wrap": True, "valign": "top", **_BORDER},
    "day": {"num_format": "yyyy-mm-dd", "align": "center", "valign": "top", **_BORDER},
    "moment": {"num_format": "yyyy-mm-dd hh:mm", "align": "center", "valign": "top", "text_wrap": True, **_BORDER},
    "number": {"num_format": "0", "align": "center", "valign": "top", **_BORDER},
    "total": {"bold": True, "align": "center", "bg_color": "#F4F6F9", **_BORDER},
}
_LOOK_OF = {Shape.DAY: "day", Shape.MOMENT: "moment", Shape.NUMBER: "number"}
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Stamp:
    """Who takes it out, for which office, when; `words` say what it was narrowed to. `is_whole`: with phones."""

    office: str
    who: str
    at: datetime
    words: str = ""
    is_whole: bool = False

    @property
    def line(self) -> str:
        """填报单位：市助企办　　填报时间：2026年11月23日　　导出人：赵某　导出时间：2026-11-23 09:30:00"""
        on, at = local_date(self.at), local(self.at)
        parts = [
            f"填报单位：{self.office}",
            f"填报时间：{on.year}年{on.month}月{on.day}日",
            f"导出人：{self.who}　导出时间：{at:%Y-%m-%d %H:%M:%S}",
        ]
        return "　　".join([*parts, self.words] if self.words else parts)


class SheetWriter:
    """One workbook with one sheet, being written. `put` its rows in order, then `close` it."""

    def __init__(
        self, target: Path | BinaryIO, table: Table, stamp: Stamp, *, told: str = "", folder: Path | None = None
    ) -> None:
        """`told` stands below the title in place of the stamp; `folder` is where unfinished parts may lie."""
        import xlsxwriter

        options = {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "nan_inf_to_errors": True,
            "tmpdir": str(folder) if folder else None,
        }
        self._book = xlsxwriter.Workbook(str(target) if isinstance(target, Path) else target, options)
        self._book.set_properties({"title": table.title, "author": stamp.who, "company": stamp.office})
        self._sheet = self._book.add_worksheet(table.name)
        self._looks = {name: self._book.add_format(look) for name, look in LOOKS.items()}
        quoted = self._book.add_format(LOOKS["text"])
        quoted.set_quote_prefix()
        self._looks["quoted"] = quoted
        self._table, self._stamp = table, stamp
        self._row = HEADING_ROW
        self._wrapped = [one for one in table.columns if one.is_printed and one.shape is Shape.TEXT]
        self._sums: dict[str, int] = {column.key: 0 for column in table.columns if column.is_total}
        self.count = 0
        self._arrange()
        self._head(told or stamp.line)

    def _arrange(self) -> None:
        """Widths, folded columns, and how it prints."""
        sheet, folded = self._sheet, False
        for place, column in enumerate(self._table.columns):
            options: dict[str, Any] = {"collapsed": True} if folded and column.is_printed else {}
            if not column.is_printed:
                options = {"level": 1, "hidden": True}
            sheet.set_column(place, place, column.width, None, options)
            folded = not column.is_printed
        for_paper(sheet, self._stamp, self._table.frozen)

    def _head(self, told: str) -> None:
        self._sheet.set_row(0, 28)
        self._sheet.set_row(HEADING_ROW, 2 * LINE)
        last = len(self._table.columns) - 1
        across(self._sheet, 0, last, self._table.title, self._looks["title"])
        across(self._sheet, 1, last, told, self._looks["told"])
        for place, column in enumerate(self._table.columns):
            self._sheet.write_string(HEADING_ROW, place, column.title, self._looks["head"])

    def put(self, row: Row) -> None:
        """One more row. `serial` is counted here; a row that `is_total` is none of them."""
        self._row += 1
        if row.get("is_total"):
            self._total(row)
            return
        self.count += 1
        if (lines := self._lines(row)) > 1:
            self._sheet.set_row(self._row, min(lines * LINE, HIGHEST))
        for place, column in enumerate(self._table.columns):
            value = self.count if column.key == "serial" else row[column.key]
            self._cell(place, column, value)

    def _lines(self, row: Row) -> int:
        """How many lines its fullest printed cell needs. Not every spreadsheet finds that out by itself."""
        most = 1
        for column in self._wrapped:
            text = row[column.key]
            if text and isinstance(text, str):
                parts = text.split("\n") if "\n" in text else (text,)
                most = max(most, sum(-(-_width(part) // int(column.width * 1.03)) or 1 for part in parts))
        return most

    def _cell(self, place: int, column: Column, value: Any) -> None:
        look = _LOOK_OF.get(column.shape)
        if value is None or value == "":
            self._sheet.write_blank(self._row, place, None, self._looks[look or "text"])
        elif isinstance(value, (datetime, date)):
            self._date(place, value, look or "text")
        elif column.shape is Shape.NUMBER and isinstance(value, int):
            if column.is_total:
                self._sums[column.key] += value
            self._sheet.write_number(self._row, place, value, self._looks["number"])
        else:
            self._text(place, column, str(value))

    def _date(self, place: int, value: date, look: str) -> None:
        shown = local(value).replace(tzinfo=None) if isinstance(value, datetime) else value
        if look != "moment" and isinstance(shown, datetime):
            shown = shown.date()
        if (shown.date() if isinstance(shown, datetime) else shown) < FIRST_DAY:
            self._sheet.write_string(self._row, place, str(shown), self._looks["text"])
        else:
            self._sheet.write_datetime(self._row, place, shown, self._looks[look])

    def _text(self, place: int, column: Column, text: str) -> None:
        if column.is_masked and not self._stamp.is_whole:
            text = mask_phone(text) if column.shape is Shape.PHONE else mask_phones_in(text)
        if len(text) > LONGEST_CELL:
            text = text[: LONGEST_CELL - len(CUT)] + CUT
        look = "quoted" if starts_formula(text) else "text"
        self._sheet.write_string(self._row, place, text, self._looks[look])

    def close(self) -> int:
        """Finish it: the last row with what adds up. Returns how many rows there are."""
        if self.count:
            self._sheet.autofilter(HEADING_ROW, 0, self._row, len(self._table.columns) - 1)
            self._last_row()
        self._book.close()
        return self.count

    def abandon(self) -> None:
        """Leave it unfinished: nothing of it stays behind."""
        self._sheet.row_data_fh.close()
        Path(self._sheet.row_data_filename).unlink(missing_ok=True)

    def _last_row(self) -> None:
        if not self._table.has_totals and not self._table.is_counted:
            return
        self._row += 1
        if self._table.has_totals:
            self._total(self._sums)
        else:
            last = len(self._table.columns) - 1
            across(self._sheet, self._row, last, f"{TOTAL}：{self.count} 条", self._looks["total"])

    def _total(self, row: Row) -> None:
        look = self._looks["total"]
        for place, column in enumerate(self._table.columns):
            value = TOTAL if place == 0 else row.get(column.key, "")
            if isinstance(value, int):
                self._sheet.write_number(self._row, place, value, look)
            else:
                self._sheet.write_string(self._row, place, value or "", look)


def for_paper(sheet: Any, stamp: Stamp, frozen: int) -> None:
    """Headings stay in sight and are repeated; landscape, one page wide; who and when at the foot."""
    sheet.freeze_panes(HEADING_ROW + 1, frozen)
    sheet.repeat_rows(HEADING_ROW)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.center_horizontally()
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    who = f"{stamp.who} {local(stamp.at):%Y-%m-%d %H:%M}".replace("&", "&&")
    sheet.set_footer(f"&L{who}&R第 &P 页，共 &N 页")


def across(sheet: Any, row: int, last: int, text: str, look: Any) -> None:
    """A text over all columns, the `last` being the rightmost."""
    if last:
        sheet.merge_range(row, 0, row, last, "", look)
    sheet.write_string(row, 0, text[:LONGEST_CELL], look)


def _width(text: str) -> int:
    """In half characters, as a column's width is told: a Chinese one takes two."""
    return len(text) if text.isascii() else len(text.encode("gb18030", "replace"))


def taken_by(who: str, at: datetime) -> tuple[Stamp, str]:
    """For the lists of pages: who took it out and when, without an office; (the stamp, what stands below the title)."""
    return Stamp("", who, at), f"导出人：{who}　　导出时间：{local(at):%Y年%m月%d日 %H:%M}"


def workbook(table: Table, rows: Iterable[Row], stamp: Stamp, told: str = "") -> tuple[BytesIO, int]:
    """A whole workbook at once, for what somebody waits for: (it, how many rows)."""
    target = BytesIO()
    writer = SheetWriter(target, table, stamp, told=told)
    for row in rows:
        writer.put(row)
    count = writer.close()
    target.seek(0)
    return target, count
