"""The list of tickets as a workbook. The official ledgers, with their fixed columns, come with the figures."""

from collections.abc import Iterable
from datetime import datetime
from io import BytesIO
from typing import Any

from assist.domain.clock import local

COLUMNS = (
    ("编号", 19),
    ("企业", 30),
    ("诉求", 40),
    ("类别", 14),
    ("县（市、区）", 14),
    ("责任专员", 10),
    ("状态", 10),
    ("轮次", 6),
    ("提交时间", 17),
    ("办结时限", 17),
    ("办结时间", 17),
)


def write_tickets(rows: Iterable[dict[str, Any]], who: str, at: datetime) -> tuple[BytesIO, int]:
    """(the workbook, how many rows). Every cell is text or a plain number: nothing in it is ever a formula."""
    import xlsxwriter

    target = BytesIO()
    options = {
        "constant_memory": True,
        "in_memory": False,
        "strings_to_formulas": False,
        "strings_to_urls": False,
    }
    book = xlsxwriter.Workbook(target, options)
    sheet = book.add_worksheet("诉求列表")
    bold = book.add_format({"bold": True, "font_size": 16, "align": "center"})
    head = book.add_format(
        {"bold": True, "border": 1, "bg_color": "#E8F0FB", "text_wrap": True, "valign": "vcenter"}
    )
    cell = book.add_format({"border": 1, "text_wrap": True, "valign": "top", "num_format": "@"})
    for place, (_, width) in enumerate(COLUMNS):
        sheet.set_column(place, place, width)
    sheet.merge_range(0, 0, 0, len(COLUMNS) - 1, "企业诉求列表", bold)
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
        row["category"],
        row["area"],
        row["owner"] or "",
        row["status"].title,
        str(row["round_no"]),
        _time(row["submitted_at"]),
        _time(row["due_at"]),
        _time(row["closed_at"]),
    )


def _time(at: datetime | None) -> str:
    return f"{local(at):%Y-%m-%d %H:%M}" if at else ""
