"""The list of requests as a workbook, with who took it out and when."""

from collections.abc import Iterable
from datetime import datetime
from io import BytesIO
from typing import Any

from assist.services.workbooks.table import Column as C
from assist.services.workbooks.table import Shape as S
from assist.services.workbooks.table import Table
from assist.services.workbooks.writer import taken_by, workbook

TABLE = Table(
    "申请",
    "申请与审批",
    (
        C("number", "诉求编号", 17, S.CODE),
        C("enterprise", "企业", 22),
        C("title", "诉求", 28),
        C("area", "县（市、区）", 12),
        C("noun", "申请", 12),
        C("summary", "内容", 20),
        C("reason", "原因", 28),
        C("asked_by", "申请人", 9),
        C("asked_at", "申请时间", 16, S.MOMENT),
        C("state", "状态", 9),
        C("decided_by", "审批人", 9),
        C("decided_at", "审批时间", 16, S.MOMENT),
        C("note", "审批意见", 28),
    ),
    frozen=1,
    is_counted=False,
)


def write_requests(rows: Iterable[dict[str, Any]], who: str, at: datetime) -> tuple[BytesIO, int]:
    """(the workbook, how many rows)."""
    lines = ({**row, "noun": row["kind"].noun, "state": row["status"].title} for row in rows)
    return workbook(TABLE, lines, *taken_by(who, at))
