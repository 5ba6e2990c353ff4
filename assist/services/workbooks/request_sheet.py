"""The list of requests as a workbook, with who took it out and when."""

from collections.abc import Iterable
from datetime import datetime
from io import BytesIO
from typing import Any

from assist.domain.clock import local

COLUMNS = (
    ("诉求编号", 19),
    ("企业", 28),
    ("诉求", 36),
    ("县（市、区）", 14),
    ("申请", 14),
    ("内容", 24),
    ("原因", 36),
    ("申请人", 10),
    ("申请时间", 17),
    ("状态", 10),
    ("审批人", 10),
    ("审批时间", 17),
    ("审批意见", 36),
)


def write_requests(rows: Iterable[dict[str, Any]], who: str, at: datetime) -> tuple[BytesIO, int]:
    """(the workbook, how many rows). Every cell is text: nothing in it is ever a formula."""
    import xlsxwriter

    target = BytesIO()
    book = xlsxwriter.Workbook(
        target, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet("申请")
    bold = book.add_format({"bold": True, "font_size": 16, "align": "center"})
    head = book.add_format(
        {"bold": True, "border": 1, "bg_color": "#E8F0FB", "text_wrap": True, "valign": "vcenter"}
    )
    cell = book.add_format({"border": 1, "text_wrap": True, "valign": "top", "num_format": "@"})
    for place, (_, width) in enumerate(COLUMNS):
        sheet.set_column(place, place, width)
    sheet.merge_range(0, 0, 0, len(COLUMNS) - 1, "申请与审批", bold)
    sheet.write_string(1, 0, f"导出人：{who}　　导出时间：{local(at):%Y年%m月%d日 %H:%M}")
    for place, (name, _) in enumerate(COLUMNS):
        sheet.write_string(2, place, name, head)
    count = 0
    for row in rows:
        count += 1
        for place, value in enumerate(_cells(row)):
            sheet.write_string(2 + count, place, value, cell)
    sheet.freeze_panes(3, 1)
    sheet.repeat_rows(2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    book.close()
    target.seek(0)
    return target, count


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    return (
        row["number"],
        row["enterprise"],
        row["title"],
        row["area"],
        row["kind"].noun,
        row["summary"],
        row["reason"],
        row["asked_by"],
        _time(row["asked_at"]),
        row["status"].title,
        row["decided_by"],
        _time(row["decided_at"]),
        row["note"],
    )


def _time(at: datetime | None) -> str:
    return f"{local(at):%Y-%m-%d %H:%M}" if at else ""
