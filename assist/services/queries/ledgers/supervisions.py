"""Ledger D 督办台账: what was issued, in the order of its issuing; a void one keeps its place."""

from collections.abc import Iterator
from typing import Any

from assist.domain.supervision import SupervisionStatus
from assist.services.queries import supervisions
from assist.services.queries.supervisions import SupervisionFilter, SupervisionRow
from assist.services.work import Work


def count(work: Work, wanted: SupervisionFilter) -> int:
    return supervisions.issued_count(work, wanted)


def rows(work: Work, wanted: SupervisionFilter) -> Iterator[dict[str, Any]]:
    for row in supervisions.issued(work, wanted):
        one = row.row
        yield {
            "number": one.number,
            "level": one.level.title,
            "ticket": row.ticket_number,
            "why": f"{row.enterprise}：{row.title}" + (f"（{one.why}）" if one.why else ""),
            "whom": row.whom,
            "issuer": row.issued_by,
            "issued_at": one.issued_at,
            "due_at": row.due_at,
            "replied_at": one.replied_at,
            "result": _result(row),
            "status": one.status.title,
        }


def _result(row: SupervisionRow) -> str:
    """What came of it: whether the reply was in time, its words, and the note it was settled with."""
    one = row.row
    verdict = f"{row.verdict.title}反馈" if row.verdict and one.replied_at else ""
    raised = f"升级为{row.raised_to}" if one.status is SupervisionStatus.RAISED and row.raised_to else ""
    return "；".join(part for part in (verdict, one.reply, raised, one.note) if part)
