"""核验与锚定: every event chain read again from its first event; one hash over all their heads kept in the audit log.

A chain shows what was changed inside it; that its end was cut off, or a whole ticket taken out, is shown by the anchor:
it covers every event up to its `bound` (an event id), so that the heads of that day can be computed again at any time.
Rows are streamed; memory stays flat whatever the number of tickets.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assist.domain.clock import local
from assist.domain.roles import Role
from assist.domain.status import Status
from assist.models import Account, AuditEntry, Counter, Ticket, TicketEvent
from assist.models.account import holds
from assist.services import auditing, telling, transitions
from assist.services.work import Work

DEED = "anchor"
PAGE = 2000
MOST_FAULTS = 200
SHOWN = 20


@dataclass(frozen=True)
class Fault:
    """One thing that is not as it must be, about a ticket (its number) or the audit log."""

    subject: str
    sentence: str


@dataclass
class Verified:
    """What a verification found. `faults` holds the first of them, `fault_count` all."""

    tickets: int = 0
    events: int = 0
    fault_count: int = 0
    faults: list[Fault] = field(default_factory=list)
    digests: list[str] = field(default_factory=list)

    def blame(self, subject: str, sentence: str) -> None:
        self.fault_count += 1
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(Fault(subject, sentence))

    def take(self, others: Iterable[Fault]) -> None:
        for fault in others:
            self.blame(fault.subject, fault.sentence)


class _Heads:
    """The hash over the head that each ticket had when `bound` was the last event."""

    def __init__(self, bound: int) -> None:
        self.bound = bound
        self._sum = hashlib.sha256()

    def add(self, ticket_id: int, events: Sequence[Any]) -> None:
        head = next((event for event in reversed(events) if event.id <= self.bound), None)
        if head is not None:
            self._sum.update(f"{ticket_id}:{head.seq}:{head.hash}\n".encode())

    def digest(self) -> str:
        return self._sum.hexdigest()


def last_event_id(session: Session) -> int:
    """The newest event there is: the bound of an anchor that is made now."""
    return session.scalar(select(func.max(TicketEvent.id))) or 0


def verify_chains(session: Session, bounds: Sequence[int] = ()) -> Verified:
    """Read every chain; `digests` are those of the heads at these bounds, in their order."""
    found = Verified()
    heads = [_Heads(bound) for bound in bounds]
    for ticket_id, rows in groupby(_stream(session), key=lambda row: row.id_of_ticket):
        events = list(rows)
        ticket = events[0]
        if ticket.seq is None:
            events = []
        found.tickets += 1
        found.events += len(events)
        if sentence := _fault_of(ticket, events):
            found.blame(ticket.number, sentence)
        for each in heads:
            each.add(ticket_id, events)
    found.digests = [each.digest() for each in heads]
    return found


def _stream(session: Session) -> Iterator[Any]:
    """Every ticket with its events in order, in one statement: heads and chains as of one moment."""
    query = (
        select(
            Ticket.id.label("id_of_ticket"),
            Ticket.number,
            Ticket.event_seq,
            Ticket.head_hash,
            Ticket.status,
            *TicketEvent.__table__.columns,
        )
        .outerjoin(TicketEvent, TicketEvent.ticket_id == Ticket.id)
        .order_by(Ticket.id, TicketEvent.seq)
        .execution_options(yield_per=PAGE)
    )
    yield from session.execute(query)


def _fault_of(ticket: Any, events: Sequence[Any]) -> str:
    """The first thing wrong with a chain, as a sentence; empty when it is whole."""
    head, status = "", None
    for seq, event in enumerate(events, start=1):
        if event.seq != seq:
            return f"缺第{seq}条流转记录。"
        if event.prev_hash != head:
            return f"第{seq}条流转记录与上一条接不上。"
        if transitions.event_hash(event.prev_hash, transitions.covered(event)) != event.hash:
            return f"第{seq}条流转记录的内容与校验值不符，可能被改动过。"
        head, status = event.hash, event.new_status
    if (ticket.event_seq, ticket.head_hash) != (len(events), head):
        return f"流转记录有{len(events)}条，登记为{ticket.event_seq}条，末尾不一致，可能被截去。"
    if status is not None and status is not ticket.status:
        return f"现为“{_title(ticket.status)}”，最后一条流转记录为“{_title(status)}”。"
    return ""


def _title(status: Status) -> str:
    return str(status.title)


def verify_log(session: Session) -> Verified:
    """Read the audit log's own chain, and that its end is where the counter says."""
    found = Verified()
    head, seq = "", 0
    query = select(*AuditEntry.__table__.columns).order_by(AuditEntry.seq).execution_options(yield_per=PAGE)
    for row in session.execute(query):
        entry: Any = row
        seq += 1
        found.events += 1
        if entry.seq != seq:
            found.blame("审计日志", f"缺第{seq}条。")
            seq = entry.seq
        elif entry.prev_hash != head:
            found.blame("审计日志", f"第{seq}条与上一条接不上。")
        if auditing.entry_hash(entry.prev_hash, auditing.covered(entry)) != entry.hash:
            found.blame("审计日志", f"第{seq}条的内容与校验值不符，可能被改动过。")
        head = entry.hash
    counted = session.scalar(select(Counter.value).where(Counter.name == "audit")) or 0
    if counted != seq:
        found.blame("审计日志", f"应有{counted}条，实有{seq}条，末尾可能被截去。")
    return found


def last_anchor(session: Session) -> AuditEntry | None:
    return session.scalars(
        select(AuditEntry).where(AuditEntry.deed == DEED).order_by(AuditEntry.seq.desc()).limit(1)
    ).one_or_none()


def verify(session: Session, bound: int | None = None) -> Verified:
    """Every chain, and the newest anchor against what it covers. The first digest is that of `bound` (now)."""
    anchor = last_anchor(session)
    bounds = [last_event_id(session) if bound is None else bound]
    if anchor is not None:
        bounds.append(int(anchor.detail["bound"]))
    found = verify_chains(session, bounds)
    if anchor is not None and found.digests[1] != anchor.detail["digest"]:
        day = f"{local(anchor.at):%Y年%m月%d日%H:%M}"
        found.blame("锚定", f"与{day}的锚定不符：此前的流转记录有被改动、截去或整件删除的。")
    return found


def anchored_today(work: Work) -> bool:
    """Whether the day in Shanghai has its anchor already."""
    midnight = local(work.now).replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)
    today = select(AuditEntry.id).where(
        AuditEntry.deed == DEED, AuditEntry.at >= midnight, AuditEntry.at < midnight + timedelta(days=1)
    )
    return work.session.scalar(today.limit(1)) is not None


def anchor(work: Work, bound: int, found: Verified) -> AuditEntry:
    """锚定: keep the hash of all heads up to `bound`, and what the verification found, in the audit log.

    Where something is wrong the auditors and the supervisors are told.
    """
    day = f"{local(work.now):%Y-%m-%d}"
    lines = [f"{fault.subject}：{fault.sentence}" for fault in found.faults[:SHOWN]]
    if found.fault_count:
        auditors = work.session.scalars(select(Account.id).where(holds(Role.AUDITOR), Account.is_active))
        telling.tell(
            work,
            [*auditors, *telling.supervisors(work)],
            "audit",
            f"每日核验发现{found.fault_count}处不符，请立即核查",
            key=f"anchor:{day}",
            body="\n".join(lines),
            tone="late",
        )
    return auditing.record(
        work,
        DEED,
        day,
        bound=bound,
        digest=found.digests[0],
        tickets=found.tickets,
        events=found.events,
        faults=found.fault_count,
        first_faults=lines,
    )
