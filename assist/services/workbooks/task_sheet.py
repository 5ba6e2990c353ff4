"""A unit's tasks as a workbook, for the bureau's head."""

from collections.abc import Iterable
from datetime import datetime
from io import BytesIO

from assist.domain.clock import local
from assist.services.queries.unit_desk import TaskRow

COLUMNS = (
    ("任务编号", 22),
    ("诉求", 40),
    ("企业", 28),
    ("承办方式", 10),
    ("状态", 10),
    ("承办人", 10),
    ("责任专员", 10),
    ("送达时间", 17),
    ("时限", 12),
    ("到期时间", 17),
    ("剩余或超期", 16),
    ("办结时间", 17),
)


def write_tasks(
    rows: Iterable[TaskRow], unit: str, who: str, at: datetime
) -> tuple[BytesIO, int]:
    """(the workbook, how many rows). Every cell is text: nothing in it is ever a formula."""
    import xlsxwriter

    target = BytesIO()
    book = xlsxwriter.Workbook(target, {"strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet("承办任务")
    bold = book.add_format({"bold": True, "font_size": 16, "align": "center"})
    head = book.add_format({"bold": True, "border": 1, "bg_color": "#E8F0FB", "text_wrap": True})
    cell = book.add_format({"border": 1, "text_wrap": True, "valign": "top", "num_format": "@"})
    for place, (_, width) in enumerate(COLUMNS):
        sheet.set_column(place, place, width)
    sheet.merge_range(0, 0, 0, len(COLUMNS) - 1, f"{unit}承办任务", bold)
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


def _cells(row: TaskRow) -> tuple[str, ...]:
    return (
        row.number,
        row.title,
        row.enterprise,
        row.kind.title,
        row.status.title,
        row.handler,
        row.owner,
        _time(row.with_unit_at),
        row.clock.title if row.clock else "",
        _time(row.due_at),
        row.left.text if row.left else "",
        _time(row.ended_at),
    )


def _time(at: datetime | None) -> str:
    return f"{local(at):%Y-%m-%d %H:%M}" if at else ""
