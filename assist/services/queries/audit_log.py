"""审计日志 as it is read: who did what, when. Reads only; `auditing` writes."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import func, select

from assist.models import AuditEntry
from assist.services.work import Work


def last_by_deed(work: Work, deeds: Collection[str]) -> dict[str, Any]:
    """Of each deed the newest entry (deed, seq, actor_name, subject, at), where there is one."""
    newest = select(func.max(AuditEntry.seq)).where(AuditEntry.deed.in_(deeds)).group_by(AuditEntry.deed)
    rows = work.session.execute(
        select(
            AuditEntry.deed, AuditEntry.seq, AuditEntry.actor_name, AuditEntry.subject, AuditEntry.at
        ).where(AuditEntry.seq.in_(newest))
    )
    return {row.deed: row for row in rows}
