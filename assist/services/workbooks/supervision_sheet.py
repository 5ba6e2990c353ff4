"""督办台账 (ledger D) as a workbook: the fixed columns of the office's own."""

from collections.abc import Iterable
from datetime import datetime
from io import BytesIO

from assist.domain.clock import local
from assist.domain.supervision import SupervisionStatus
from assist.services.queries.supervisions import SupervisionRow

TITLE = "督办台账"
COLUMNS = (
    ("序号", 6),
    ("文号", 24),
    ("级别", 12),
    ("诉求编号", 19),
    ("事由", 44),
    ("被督办单位", 30),
    ("签发人", 10),
    ("签发日", 12),
    ("要求期限", 18),
    ("反馈日", 12),
    ("结果", 40),
    ("状态", 10),
)


def write_supervisions(rows: Iterable[SupervisionRow], who: str, at: datetime) -> tuple[BytesIO, int]:
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


def _cells(place: int, row: SupervisionRow) -> tuple[str, ...]:
    one = row.row
    return (
        str(place),
        one.number or "",
        one.level.title,
        row.ticket_number,
        f"{row.enterprise}：{row.title}" + (f"（{one.why}）" if one.why else ""),
        row.whom,
        row.issued_by,
        _day(one.issued_at),
        f"{local(row.due_at):%Y-%m-%d %H:%M}" if row.due_at else "",
        _day(one.replied_at),
        _result(row),
        one.status.title,
    )


def _result(row: SupervisionRow) -> str:
    """What came of it: whether the reply was in time, its words, and the note it was settled with."""
    one = row.row
    verdict = f"{row.verdict.title}反馈" if row.verdict and one.replied_at else ""
    raised = f"升级为{row.raised_to}" if one.status is SupervisionStatus.RAISED and row.raised_to else ""
    return "；".join(part for part in (verdict, one.reply, raised, one.note) if part)


def _day(at: datetime | None) -> str:
    return f"{local(at):%Y-%m-%d}" if at else ""
