"""回访 as a working list: who is to be called, about what, until when; and what came of those that were made."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased

from assist.domain.deadlines import Remaining, remaining_text
from assist.domain.status import CallbackReason, ClockKind, Method, Rating, Status
from assist.models import Account, Callback, Clock, Enterprise, EnterpriseContact, Ticket
from assist.models.callback import is_owed
from assist.services.work import Work

PAGE = 50


@dataclass(frozen=True)
class CallbackRow:
    """`heard` is what the enterprise said; empty while it is owed. `is_own`: the reader handles the ticket himself."""

    number: str
    title: str
    status: Status
    enterprise_id: int
    enterprise: str
    owner: str
    contact: str
    phone: str
    reason: CallbackReason
    owed_at: datetime
    due_at: datetime | None
    left: Remaining | None
    is_own: bool
    entered_at: datetime | None
    entered_by: str
    method: Method | None
    heard: str
    tone: str
    rating: Rating | None
    text: str


def rows(work: Work, *, is_done: bool, page: int = 1) -> tuple[list[CallbackRow], int, int]:
    """(one page of rows, how many there are, how many are owed): those due first, or the latest made."""
    owed = aliased(Callback)
    owed_count = select(func.count()).where(owed.entered_at.is_(None), owed.dropped_at.is_(None))
    query = _statement(owed_count).where(Callback.entered_at.is_not(None) if is_done else is_owed())
    order = (Callback.entered_at.desc(), Callback.id.desc()) if is_done else (Callback.owed_at, Callback.id)
    found = work.session.execute(query.order_by(*order).limit(PAGE).offset((page - 1) * PAGE)).all()
    if not found:
        return [], 0, int(work.session.scalar(owed_count) or 0)
    return [_row(work, row, is_done) for row in found], found[0].total, found[0].owed


def _statement(owed_count: Any) -> Any:
    owner, caller, contact = aliased(Account), aliased(Account), aliased(Account)
    is_main = and_(EnterpriseContact.enterprise_id == Enterprise.id, EnterpriseContact.is_main)
    running = and_(
        Clock.ticket_id == Ticket.id, Clock.kind == ClockKind.CALLBACK, Clock.stopped_at.is_(None)
    )
    return (
        select(
            Callback,
            Ticket.number,
            Ticket.title,
            Ticket.status,
            Ticket.owner_id,
            Enterprise.id.label("enterprise_id"),
            Enterprise.name.label("enterprise"),
            owner.name.label("owner"),
            caller.name.label("caller"),
            contact.name.label("contact"),
            contact.phone.label("phone"),
            Clock.due_at,
            func.count().over().label("total"),
            owed_count.scalar_subquery().label("owed"),
        )
        .join(Ticket, Ticket.id == Callback.ticket_id)
        .join(Enterprise, Enterprise.id == Ticket.enterprise_id)
        .outerjoin(owner, owner.id == Ticket.owner_id)
        .outerjoin(caller, caller.id == Callback.entered_by_id)
        .outerjoin(EnterpriseContact, is_main)
        .outerjoin(contact, contact.id == EnterpriseContact.account_id)
        .outerjoin(Clock, running)
    )


def _row(work: Work, row: Any, is_done: bool) -> CallbackRow:
    one: Callback = row.Callback
    due_at = None if is_done else row.due_at
    heard, tone = "", ""
    if is_done:
        heard = "未解决，继续办理" if one.is_reopening else one.result.title if one.result else "已联系"
        tone = "late" if one.is_reopening else one.result.tone if one.result else ""
    return CallbackRow(
        number=row.number,
        title=row.title,
        status=row.status,
        enterprise_id=row.enterprise_id,
        enterprise=row.enterprise,
        owner=row.owner or "无人主责",
        contact=row.contact or "",
        phone=row.phone or "",
        reason=one.reason,
        owed_at=one.owed_at,
        due_at=due_at,
        left=remaining_text(work.settings.calendar, work.now, due_at) if due_at else None,
        is_own=row.owner_id is not None and row.owner_id in work.actor.officers,
        entered_at=one.entered_at,
        entered_by=row.caller or "",
        method=one.method,
        heard=heard,
        tone=tone,
        rating=one.rating,
        text=one.text,
    )
