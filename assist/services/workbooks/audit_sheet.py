"""审计日志 as a workbook: every cell is text, nothing in it is ever a formula."""

from collections.abc import Iterable
from io import BytesIO

from assist.domain.audit_words import deed_title, detail_words
from assist.domain.clock import local
from assist.models import AuditEntry

COLUMNS = (
    ("序号", 8),
    ("时间", 19),
    ("谁", 12),
    ("地址", 16),
    ("做了什么", 18),
    ("对象", 30),
    ("详情", 70),
    ("校验值", 20),
)


def write_audit(entries: Iterable[AuditEntry], told: str) -> tuple[BytesIO, int]:
    """(the workbook, how many rows); `told` says who exported what, and when."""
    import xlsxwriter

    target = BytesIO()
    options = {
        "constant_memory": True,
        "in_memory": False,
        "strings_to_formulas": False,
        "strings_to_urls": False,
    }
    book = xlsxwriter.Workbook(target, options)
    sheet = book.add_worksheet("审计日志")
    bold = book.add_format({"bold": True, "font_size": 16, "align": "center"})
    head = book.add_format({"bold": True, "border": 1, "bg_color": "#E8F0FB", "valign": "vcenter"})
    cell = book.add_format({"border": 1, "text_wrap": True, "valign": "top", "num_format": "@"})
    for place, (_, width) in enumerate(COLUMNS):
        sheet.set_column(place, place, width)
    sheet.merge_range(0, 0, 0, len(COLUMNS) - 1, "审计日志", bold)
    sheet.write_string(1, 0, told)
    for place, (name, _) in enumerate(COLUMNS):
        sheet.write_string(2, place, name, head)
    count = 0
    for entry in entries:
        count += 1
        for place, text in enumerate(_cells(entry)):
            sheet.write_string(2 + count, place, text, cell)
    sheet.freeze_panes(3, 0)
    sheet.repeat_rows(2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    book.close()
    target.seek(0)
    return target, count


def _cells(entry: AuditEntry) -> tuple[str, ...]:
    return (
        str(entry.seq),
        f"{local(entry.at):%Y-%m-%d %H:%M:%S}",
        entry.actor_name,
        entry.address,
        deed_title(entry.deed),
        entry.subject,
        "；".join(f"{what}：{text}" for what, text in detail_words(entry.detail, entry.deed))[:30_000],
        entry.hash,
    )
