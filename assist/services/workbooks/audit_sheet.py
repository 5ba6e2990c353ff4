"""审计日志 as a workbook."""

from collections.abc import Iterable
from datetime import datetime
from io import BytesIO
from typing import Any

from assist.domain.audit_words import deed_title, detail_words
from assist.domain.clock import local
from assist.models import AuditEntry
from assist.services.workbooks.table import Column as C
from assist.services.workbooks.table import Shape as S
from assist.services.workbooks.table import Table
from assist.services.workbooks.writer import taken_by, workbook

TABLE = Table(
    "审计日志",
    "审计日志",
    (
        C("seq", "序号", 8, S.NUMBER),
        C("at", "时间", 19),
        C("actor_name", "谁", 12),
        C("address", "地址", 16),
        C("deed", "做了什么", 18),
        C("subject", "对象", 28),
        C("details", "详情", 60),
        C("hash", "校验值", 20, S.CODE),
    ),
    frozen=0,
    is_counted=False,
)


def write_audit(entries: Iterable[AuditEntry], who: str, at: datetime) -> tuple[BytesIO, int]:
    """(the workbook, how many rows)."""
    return workbook(TABLE, (_line(entry) for entry in entries), *taken_by(who, at))


def _line(entry: AuditEntry) -> dict[str, Any]:
    return {
        "seq": entry.seq,
        "at": f"{local(entry.at):%Y-%m-%d %H:%M:%S}",
        "actor_name": entry.actor_name,
        "address": entry.address,
        "deed": deed_title(entry.deed),
        "subject": entry.subject,
        "details": "；".join(f"{what}：{text}" for what, text in detail_words(entry.detail, entry.deed)),
        "hash": entry.hash,
    }
