"""The list of tickets as a workbook, as it stands on the page. The office's own sheet is ledger A."""

from collections.abc import Iterable
from datetime import datetime
from io import BytesIO
from typing import Any

from assist.services.workbooks.table import Column as C
from assist.services.workbooks.table import Shape as S
from assist.services.workbooks.table import Table
from assist.services.workbooks.writer import taken_by, workbook

TABLE = Table(
    "诉求列表",
    "企业诉求列表",
    (
        C("number", "编号", 17, S.CODE),
        C("enterprise", "企业", 24),
        C("title", "诉求", 36),
        C("category", "类别", 12),
        C("area", "县（市、区）", 12),
        C("owner", "责任专员", 9),
        C("state", "状态", 9),
        C("round_no", "轮次", 6, S.NUMBER),
        C("submitted_at", "提交时间", 16, S.MOMENT),
        C("due_at", "办结时限", 16, S.MOMENT),
        C("closed_at", "办结时间", 16, S.MOMENT),
    ),
    frozen=1,
    is_counted=False,
)


def write_tickets(rows: Iterable[dict[str, Any]], who: str, at: datetime) -> tuple[BytesIO, int]:
    """(the workbook, how many rows)."""
    lines = ({**row, "state": row["status"].title} for row in rows)
    return workbook(TABLE, lines, *taken_by(who, at))
