"""A unit's tasks as a workbook, for the bureau's head."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from typing import Any

from assist.services.queries.unit_desk import TaskRow
from assist.services.workbooks.table import Column as C
from assist.services.workbooks.table import Shape as S
from assist.services.workbooks.table import Table
from assist.services.workbooks.writer import taken_by, workbook

TABLE = Table(
    "承办任务",
    "承办任务",
    (
        C("number", "任务编号", 20, S.CODE),
        C("title", "诉求", 36),
        C("enterprise", "企业", 24),
        C("kind", "承办方式", 9),
        C("status", "状态", 9),
        C("handler", "承办人", 9),
        C("owner", "责任专员", 9),
        C("with_unit_at", "送达时间", 16, S.MOMENT),
        C("clock", "时限", 10),
        C("due_at", "到期时间", 16, S.MOMENT),
        C("left", "剩余或超期", 15),
        C("ended_at", "办结时间", 16, S.MOMENT),
    ),
    frozen=1,
    is_counted=False,
)


def write_tasks(rows: Iterable[TaskRow], unit: str, who: str, at: datetime) -> tuple[BytesIO, int]:
    """(the workbook, how many rows)."""
    table = replace(TABLE, title=f"{unit}承办任务")
    return workbook(table, (_line(row) for row in rows), *taken_by(who, at))


def _line(row: TaskRow) -> dict[str, Any]:
    own = {column.key: getattr(row, column.key) for column in TABLE.columns}
    words = {"kind": row.kind.title, "status": row.status.title}
    return {**own, **words, "clock": row.clock.title if row.clock else "", "left": row.left.text if row.left else ""}
