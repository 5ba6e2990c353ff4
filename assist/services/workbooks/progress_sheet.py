"""Ledger A as it comes back from WPS or Excel: by number and credit code, the columns 办理进展/结果 and 备注.

Here: reading it, cell by cell. What of it is new, and whose it is to say, is `imports.progress`. When it was taken out
stands above the headings; without that nobody could tell an edited cell from one that has become old.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from assist.domain import credit_code
from assist.domain.cells import Cell, digits_text, many_lines
from assist.domain.clock import SHANGHAI
from assist.domain.masking import mask_phones_in
from assist.services.workbooks import container
from assist.services.workbooks.findings import Findings
from assist.services.workbooks.layout import Field, Kind, Layout
from assist.services.workbooks.problem import WorkbookProblem
from assist.services.workbooks.reading import Sheet, read_sheet
from assist.services.workbooks.roster_layout import CODE_HEADINGS, ENTERPRISE_HEADINGS
from assist.services.workbooks.row_reader import RowReader
from assist.services.workbooks.writer import CUT, LONGEST_CELL

MOST_WORDS = 2000
PROGRESS, REMARK = "progress", "remark"
PROGRESS_HEADINGS = ("办理进展", "办理结果", "办理进展/办理结果", "办理情况")
LAYOUT = Layout(
    "企业诉求办理台账",
    (
        Field("serial", "序号", Kind.SERIAL, ("序",)),
        Field("number", "诉求编号", Kind.TEXT, ("编号", "工单编号"), is_required=True),
        Field("enterprise_name", "企业名称", Kind.TEXT, ENTERPRISE_HEADINGS),
        Field("credit_code", "统一社会信用代码", Kind.CODE, CODE_HEADINGS, is_required=True),
        Field(PROGRESS, "办理进展/结果", Kind.TEXT, PROGRESS_HEADINGS, is_required=True),
        Field(REMARK, "备注", Kind.TEXT, ("说明",), is_required=True),
    ),
)
_TAKEN_OUT = re.compile(r"导出时间[:：]\s*(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)")
_NO_TIME = (
    "表上没有“导出时间”，无法判断哪些格是您改的。请用从本系统导出的企业诉求办理台账，保留最上面两行，改好后再上传。"
)


@dataclass(frozen=True)
class ProgressRow:
    """One row as it came back; empty cells are empty texts."""

    row: int
    number: str
    enterprise_name: str
    credit_code: str
    progress: str
    remark: str


def read_progress(source: container.Source) -> tuple[Sheet, datetime]:
    """(the sheet, when it was taken out). Raises `WorkbookProblem`."""
    sheet = read_sheet(source, LAYOUT)
    return sheet, _taken_out(sheet.cells[: sheet.heading_row - 1])


def _taken_out(above: Sequence[Sequence[Cell]]) -> datetime:
    for line in above:
        for cell in line:
            if isinstance(cell, str) and (match := _TAKEN_OUT.search(cell)):
                return datetime.strptime(match[1], "%Y-%m-%d %H:%M:%S").replace(tzinfo=SHANGHAI)
    raise WorkbookProblem(_NO_TIME)


def parse(sheet: Sheet, findings: Findings) -> list[ProgressRow]:
    """Every row; what cannot be read is a fault at its cell. The same number twice is asked about."""
    found: list[ProgressRow] = []
    first: dict[str, int] = {}
    for source in sheet.rows:
        reader = RowReader(sheet, source, findings)
        number = re.sub(r"\s", "", digits_text(reader.cell("number"))).upper()
        if not number:
            reader.fault("number", "没有填写诉求编号")
        elif first.setdefault(number, source.number) != source.number:
            reader.fault("number", f"与第{first[number]}行的诉求编号重复")
        found.append(
            ProgressRow(
                source.number,
                number,
                digits_text(reader.cell("enterprise_name")).strip(),
                _code(reader),
                many_lines(reader.cell(PROGRESS)),
                many_lines(reader.cell(REMARK)),
            )
        )
    return found


def _code(reader: RowReader) -> str:
    """As it is written; it is compared with the ticket's own and not examined by itself."""
    cell = reader.cell("credit_code")
    return credit_code.check(cell).code if isinstance(cell, str) and cell.strip() else reader.code("credit_code", {})


def is_same(typed: str, kept: str) -> bool:
    """Whether a cell still holds what was given out: as it is, with phones hidden, cut where it was too long."""
    for text in (kept, mask_phones_in(kept)):
        shown = text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - len(CUT)] + CUT
        if many_lines(shown) == typed:
            return True
    return False
