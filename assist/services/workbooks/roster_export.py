"""包联台账 as a workbook in the very columns it is imported by (ledger B). Every cell is text but the serial number."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

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
    book = xlsxwriter.Workbook(
        target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet("包联台账")
    title = book.add_format({"bold": True, "font_size": 16, "align": "center"})
    head = book.add_format(
        {
            "bold": True,
            "border": 1,
            "bg_color": "#E8F0FB",
            "text_wrap": True,
            "align": "center",
            "valign": "vcenter",
        }
    )
    cell = book.add_format({"border": 1, "num_format": "@", "text_wrap": True, "valign": "vcenter"})
    number = book.add_format({"border": 1, "align": "center", "valign": "vcenter"})
    headings = [field.title for field in ROSTER.fields]
    last = len(headings) - 1
    for place, width in enumerate(WIDTHS):
        sheet.set_column(place, place, width, None if place == 0 else cell if not lines else None)
    sheet.merge_range(0, 0, 0, last, TITLE, title)
    told = f"填报单位：{'　' * 12}填报时间：{local(at):%Y年%m月%d日}"
    sheet.write_string(
        1, 0, f"{told}　　导出人：{who}　导出时间：{local(at):%Y-%m-%d %H:%M}" if lines else told
    )
    for place, heading in enumerate(headings):
        sheet.write_string(2, place, heading, head)
    for serial, line in enumerate(lines, start=1):
        sheet.write_number(2 + serial, 0, serial, number)
        for place, value in enumerate(line.cells(), start=1):
            sheet.write_string(2 + serial, place, value, cell)
    sheet.freeze_panes(3, 2)
    sheet.repeat_rows(2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    book.close()
    target.seek(0)
    return target
