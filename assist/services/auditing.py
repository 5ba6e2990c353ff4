"""审计: one writer of the audit log: who did what that is not an act on a ticket. Chained, append-only."""

import hashlib
import json
from typing import Any

from sqlalchemy import select

from assist.models import AuditEntry
from assist.services import numbers
from assist.services.work import Work


def entry_hash(prev_hash: str, values: dict[str, Any]) -> str:
    """sha256 over the entry before and this entry's own words, in a fixed order."""
    words = json.dumps([prev_hash, values], ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(words.encode()).hexdigest()


def covered(entry: AuditEntry) -> dict[str, Any]:
    """What the hash of an entry covers."""
    return {
        "seq": entry.seq,
        "actor_id": entry.actor_id,
        "actor_name": entry.actor_name,
        "address": entry.address,
        "deed": entry.deed,
        "subject": entry.subject,
        "detail": entry.detail,
        "at": entry.at.isoformat(),
    }


def record(work: Work, deed: str, subject: str = "", **detail: Any) -> AuditEntry:
    """Write one entry. The counter's row lock keeps the chain in one line on both engines."""
    seq = numbers.next_value(work.session, "audit")
    prev = work.session.scalar(select(AuditEntry.hash).where(AuditEntry.seq == seq - 1)) or ""
    entry = AuditEntry(
        seq=seq,
        actor_id=work.actor.account_id,
        actor_name=work.actor.name,
        address=work.address[:60],
        deed=deed,
        subject=subject[:120],
        detail=json.loads(json.dumps(detail, default=str)),
        at=work.now,
        prev_hash=prev,
    )
    entry.hash = entry_hash(prev, covered(entry))
    work.session.add(entry)
    work.session.flush()
    return entry
