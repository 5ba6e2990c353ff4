"""申请 beside one ticket: those there are, for this reader; which kinds he may ask now, and what is in the way.

Read by `ticket_beside` in the statement it shares; here the rows become lines, without a query.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import String, and_, bindparam, cast, func, literal, or_, select

from assist.domain.clock import local
from assist.domain.policy import Relation, Standing, may_see
from assist.domain.requests import (
    MAX_DEFERRALS,
    REVIEW_WITHIN,
    SPECS,
    WAITING,
    RequestKind,
    RequestStatus,
)
from assist.domain.status import ClockHolder, Urgency
from assist.models import Clock, Request, Ticket
from assist.services.queries import request_words
from assist.services.requesting import OWN_KINDS
from assist.services.work import Work

K, RS = RequestKind, RequestStatus
_BETWEEN = "\x1e"  # no form takes it
ORDER = (
    K.DEFERRAL,
    K.SUSPENSION,
    K.COORDINATION,
    K.DIFFICULTY,
    K.URGENCY,
    K.DECLINE,
    K.WITHDRAWAL,
    K.DECLINE_REVIEW,
    K.OBJECTION,
)


def part(*, internal: bool) -> Any:
    """The SELECT for `ticket_beside`: `who` asked, `due_at` of its decision or review, the rest packed into `text`."""
    packed = [Request.reason, cast(Request.decider, String), Request.decided_by_name, Request.note]
    text: Any = func.coalesce(cast(Request.facts, String), "{}")
    for one in packed:
        text = text.op("||")(literal(_BETWEEN)).op("||")(one)
    query = (
        select(
            literal("request").label("what"),
            Request.id.label("id"),
            cast(Request.kind, String).label("kind"),
            cast(Request.status, String).label("status"),
            Request.asked_at.label("at"),
            Request.asked_by_name.label("who"),
            cast(text, String).label("text"),
            Clock.due_at.label("due_at"),
        )
        .outerjoin(Clock, and_(Clock.request_id == Request.id, Clock.stopped_at.is_(None)))
        .where(Request.ticket_id == bindparam("ticket_id"))
    )
    return query if internal else query.where(Request.task_id.is_(None), _of_enterprise())


def _of_enterprise() -> Any:
    """What concerns the enterprise: its own requests, deferrals and suspensions not refused, what was granted."""
    return or_(
        Request.kind.in_([K.DECLINE_REVIEW, K.WITHDRAWAL]),
        and_(Request.kind.in_([K.DEFERRAL, K.SUSPENSION]), Request.status.in_([RS.PENDING, RS.APPROVED])),
        and_(Request.kind.in_([K.DECLINE, K.DIFFICULTY, K.URGENCY]), Request.status == RS.APPROVED),
    )


@dataclass(frozen=True)
class RequestLine:
    """One request on its ticket's page. `due_at`: until when it is decided, or a suspension looked at again."""

    id: int
    kind: RequestKind
    status: RequestStatus
    asked_at: datetime
    asked_by: str
    reason: str
    summary: str
    decider: str
    decided_by: str
    note: str
    facts: dict[str, Any]
    due_at: datetime | None

    @property
    def is_pending(self) -> bool:
        return self.status is RS.PENDING


def lines(work: Work, rows: Iterable[Any]) -> list[RequestLine]:
    """What is pending first, then the latest."""
    found = [_line(work, row) for row in rows]
    found.sort(key=lambda one: (not one.is_pending, -one.id))
    return found


def _line(work: Work, row: Any) -> RequestLine:
    facts_text, reason, decider, decided_by, note = row.text.split(_BETWEEN)
    kind, facts = RequestKind.of(row.kind), json.loads(facts_text)
    return RequestLine(
        id=row.id,
        kind=kind,
        status=RequestStatus.of(row.status),
        asked_at=row.at,
        asked_by=row.who,
        reason=reason,
        summary=request_words.summary(work.settings, kind, facts, local(work.now).year),
        decider=request_words.DECIDERS[ClockHolder.of(decider)],
        decided_by=decided_by,
        note=note,
        facts=facts,
        due_at=row.due_at,
    )


def waiting(found: Sequence[RequestLine]) -> str:
    """延期待批 or 挂账待批: what the clocks wait for."""
    pending = [one for one in found if one.is_pending and one.kind in WAITING]
    return f"{pending[0].kind.title}待批" if pending else ""


def offered(
    work: Work, ticket: Ticket, standing: Standing, found: Sequence[RequestLine]
) -> dict[RequestKind, str]:
    """The kinds that are this person's to ask in this status, each with what is in the way (empty: nothing)."""
    if not may_see(standing):
        return {}
    held = standing.relations - ({Relation.STAND_IN} if standing.is_restricted else set())
    kinds = [one for one in ORDER if held & SPECS[one].asked_by and standing.status in SPECS[one].statuses]
    return {kind: _obstacle(work, ticket, kind, found) for kind in kinds}


def _obstacle(work: Work, ticket: Ticket, kind: RequestKind, found: Sequence[RequestLine]) -> str:
    pending = {one.kind for one in found if one.is_pending}
    if kind in pending and kind is not K.OBJECTION:
        return "已有一项在等待审批"
    if kind is K.URGENCY and ticket.urgency is Urgency.CRITICAL:
        return "已经是特急"
    if kind in WAITING:
        return _no_waiting(work, ticket, kind, pending)
    if kind is K.DECLINE_REVIEW:
        return _no_review(work, ticket, found)
    return ""


def _no_waiting(work: Work, ticket: Ticket, kind: RequestKind, pending: set[RequestKind]) -> str:
    if ticket.suspended_at is not None:
        return "挂账中，恢复办理后再申请"
    if pending & WAITING:
        return "已有一项延期或挂账在等待审批"
    if kind is K.DEFERRAL and ticket.deferral_count >= MAX_DEFERRALS:
        return f"已延期{MAX_DEFERRALS}次"
    if ticket.due_at is None or work.now > ticket.due_at:
        return "办结时限已过"
    return ""


def _no_review(work: Work, ticket: Ticket, found: Sequence[RequestLine]) -> str:
    if any(one.kind is K.DECLINE_REVIEW for one in found):
        return "只能申请一次，已经复核过"
    since = ticket.declined_at
    if since is None or work.now > work.settings.calendar.day_due(since, REVIEW_WITHIN):
        return f"已超过{REVIEW_WITHIN}个工作日"
    return ""


def is_own(kind: RequestKind) -> bool:
    """Asked by the enterprise itself."""
    return kind in OWN_KINDS


def held(found: Sequence[RequestLine]) -> RequestLine | None:
    """The suspension that lasts: approved, and its review still owed."""
    return next(
        (one for one in found if one.kind is K.SUSPENSION and one.status is RS.APPROVED and one.due_at), None
    )


