"""审计日志 as it is read: who did what, when. Reads only; `auditing` writes."""

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from assist.domain.audit_words import DEEDS
from assist.domain.clock import shanghai
from assist.models import Account, AuditEntry
from assist.services.queries.roster import like
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


PAGE = 50
EXPORT_CAP = 50_000


@dataclass(frozen=True)
class AuditFilter:
    """What the log is narrowed by; every field may be empty. Days are Shanghai's, both included."""

    since: str = ""
    until: str = ""
    who: str = ""
    deed: str = ""
    q: str = ""

    def as_query(self) -> dict[str, str]:
        return {each.name: value for each in fields(self) if (value := getattr(self, each.name))}


def _conditions(wanted: AuditFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if since := _day(wanted.since):
        found.append(AuditEntry.at >= shanghai(since.year, since.month, since.day))
    if (until := _day(wanted.until)) and until < date.max:
        after = until + timedelta(days=1)
        found.append(AuditEntry.at < shanghai(after.year, after.month, after.day))
    if wanted.who:
        named = select(Account.id).where(like(wanted.who, Account.name, Account.username, Account.pinyin))
        found.append(or_(AuditEntry.actor_id.in_(named), like(wanted.who, AuditEntry.actor_name)))
    if wanted.deed in DEEDS:
        found.append(AuditEntry.deed == wanted.deed)
    if wanted.q:
        found.append(like(wanted.q, AuditEntry.subject))
    return found


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 1970 <= found.year <= 9000 else None


def entries(
    work: Work, wanted: AuditFilter, before: int | None = None, size: int = PAGE
) -> tuple[list[AuditEntry], int | None]:
    """(one page, the newest first, of what came before an entry; the number to go on from, None at the end)."""
    query = select(AuditEntry).where(*_conditions(wanted))
    if before is not None:
        query = query.where(AuditEntry.seq < before)
    rows = list(work.session.scalars(query.order_by(AuditEntry.seq.desc()).limit(size + 1)))
    return rows[:size], rows[size - 1].seq if len(rows) > size else None


def last_of(work: Work, deed: str) -> AuditEntry | None:
    """The newest entry of a deed."""
    return work.session.scalars(
        select(AuditEntry).where(AuditEntry.deed == deed).order_by(AuditEntry.seq.desc()).limit(1)
    ).one_or_none()
