"""包联台账 as a workbook in the very columns it is imported by (ledger B). Every cell is text but the serial number."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

from assist.domain.clock import local
from assist.services.workbooks.roster_layout import ROSTER

TITLE = "聊城市“助企远航”包联台账"
WIDTHS = (6, 30, 22, 14, 14, 10, 20, 10, 24, 12, 14, 10, 14)


@dataclass(frozen=True)
class RosterLine:
    """The thirteen columns without the serial number; what is not known is empty."""

    enterprise_name: str
    credit_code: str
    area: str
    chain: str
    leader: str
    members: str
    officer_name: str
    officer_unit: str
    officer_title: str
    officer_phone: str
    contact_name: str
    contact_phone: str

    def cells(self) -> tuple[str, ...]:
        return tuple(vars(self).values())


def write_roster(lines: Sequence[RosterLine], who: str, at: datetime) -> BytesIO:
    """With no lines it is the empty template. `who` exports it; both stand on the sheet."""
    import xlsxwriter

    target = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(target, options)
    sheet = book.add_worksheet("包联台账")
    cell = book.add_format({"border": 1, "num_format": "@", "text_wrap": True, "valign": "vcenter"})
    number = book.add_format({"border": 1, "align": "center", "valign": "vcenter"})
    for place, width in enumerate(WIDTHS):
        sheet.set_column(place, place, width, cell if place and not lines else None)
    _head(book, sheet, f"　　导出人：{who}　导出时间：{local(at):%Y-%m-%d %H:%M}" if lines else "", at)
    for serial, line in enumerate(lines, start=1):
        sheet.write_number(2 + serial, 0, serial, number)
        for place, value in enumerate(line.cells(), start=1):
            sheet.write_string(2 + serial, place, value, cell)
    book.close()
    target.seek(0)
    return target


def _head(book: Any, sheet: Any, told: str, at: datetime) -> None:
    """Title, who and when, headings; and how it prints: landscape, one page wide, headings on every page."""
    look = {"bold": True, "border": 1, "bg_color": "#E8F0FB", "text_wrap": True}
    head = book.add_format({**look, "align": "center", "valign": "vcenter"})
    title = book.add_format({"bold": True, "font_size": 16, "align": "center"})
    sheet.merge_range(0, 0, 0, len(ROSTER.fields) - 1, TITLE, title)
    sheet.write_string(1, 0, f"填报单位：{'　' * 12}填报时间：{local(at):%Y年%m月%d日}{told}")
    for place, field in enumerate(ROSTER.fields):
        sheet.write_string(2, place, field.title, head)
    sheet.freeze_panes(3, 2)
    sheet.repeat_rows(2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
