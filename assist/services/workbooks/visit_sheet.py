"""走访台账 (ledger C) as a workbook: the fixed columns of the office's own."""

from collections.abc import Iterable
from datetime import datetime
from io import BytesIO
from typing import Any

from assist.domain.clock import local

TITLE = "走访台账"
COLUMNS = (
    ("序号", 6),
    ("企业", 30),
    ("专员", 14),
    ("日期", 12),
    ("方式", 8),
    ("主要情况", 46),
    ("宣讲政策", 30),
    ("发现问题", 40),
    ("已生成诉求编号", 20),
)


def write_visits(rows: Iterable[Any], who: str, at: datetime) -> tuple[BytesIO, int]:
    """(the workbook, how many rows). Every cell is text: nothing in it is ever a formula."""
    import xlsxwriter

    target = BytesIO()
    book = xlsxwriter.Workbook(target, {"strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(TITLE)
    bold = book.add_format({"bold": True, "font_size": 16, "align": "center"})
    head = book.add_format({"bold": True, "border": 1, "bg_color": "#E8F0FB", "text_wrap": True})
    cell = book.add_format({"border": 1, "text_wrap": True, "valign": "top", "num_format": "@"})
    for place, (_, width) in enumerate(COLUMNS):
        sheet.set_column(place, place, width)
    sheet.merge_range(0, 0, 0, len(COLUMNS) - 1, TITLE, bold)
    sheet.write_string(1, 0, f"填报人：{who}　　填报时间：{local(at):%Y年%m月%d日 %H:%M}")
    for place, (name, _) in enumerate(COLUMNS):
        sheet.write_string(2, place, name, head)
    count = 0
    for row in rows:
        count += 1
        for place, value in enumerate(_cells(count, row)):
            sheet.write_string(2 + count, place, value, cell)
    sheet.freeze_panes(3, 2)
    sheet.repeat_rows(2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    book.close()
    target.seek(0)
    return target, count


def _cells(place: int, row: Any) -> tuple[str, ...]:
    one = row.Visit
    unit = row.unit_short or row.unit_name or ""
    return (
        str(place),
        row.enterprise,
        f"{unit} {row.who}".strip(),
        f"{one.visit_on:%Y-%m-%d}",
        one.method.title,
        one.situation,
        one.policies,
        one.problems,
        row.ticket_number or "",
    )
