"""Everything a decision needs on one screen: what is asked, the ticket in short, its clocks, trail and other requests,
and what approving would do. Three statements beside the request's own two. A unit reads the request alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from assist.domain.clock import local
from assist.domain.policy import may_read_internal
from assist.domain.requests import RequestKind, RequestStatus
from assist.models import Clock, Request, Ticket
from assist.services import access, deciding, request_access, task_endings
from assist.services.queries import (
    request_effects,
    request_words,
    ticket_beside,
    ticket_clocks,
    ticket_requests,
    ticket_trail,
)
from assist.services.queries.ticket_clocks import ClockLine
from assist.services.queries.ticket_requests import RequestLine
from assist.services.queries.ticket_trail import Entry
from assist.services.work import Work

EXCERPT = 8


@dataclass(frozen=True)
class RequestPage:
    """`ticket` is None for a unit, which does not read it; `due_at` is that of the decision or review.

    `decides`: the buttons are this person's now.
    """

    request: Request
    facts: list[tuple[str, str]]
    decider: str
    due_at: datetime | None
    ticket: Ticket | None = None
    decides: bool = False
    reviews: bool = False
    effects: list[str] = field(default_factory=list)
    refusal: str = ""
    clocks: list[ClockLine] = field(default_factory=list)
    others: list[RequestLine] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)

    @property
    def is_pending(self) -> bool:
        return self.request.status is RequestStatus.PENDING

    @property
    def is_late(self) -> bool:
        return any(line.is_late and line.is_running for line in self.clocks)


def load(work: Work, request_id: int) -> RequestPage:
    """The page of a request for whoever may read it. Raises NotFound."""
    request, decides = request_access.load(work, request_id)
    year = local(work.now).year
    facts = request_words.lines(work.settings, request.facts, year)
    decider = request_words.DECIDERS[request.decider]
    if not work.relations.get(request.ticket_id):
        return RequestPage(request, facts, decider, _own_due_at(work, request))
    ticket = work.session.scalars(
        select(Ticket)
        .options(joinedload(Ticket.enterprise), joinedload(Ticket.owner), joinedload(Ticket.category))
        .where(Ticket.id == request.ticket_id)
    ).one()
    if not may_read_internal(access.standing(work, ticket)):
        return RequestPage(request, facts, decider, _own_due_at(work, request))
    return _whole(work, request, ticket, facts, decider, decides)


def _own_due_at(work: Work, request: Request) -> datetime | None:
    """When it is to be decided, or a suspension to be looked at again."""
    return work.session.scalar(
        select(Clock.due_at).where(Clock.request_id == request.id, Clock.stopped_at.is_(None))
    )


def _whole(
    work: Work,
    request: Request,
    ticket: Ticket,
    facts: list[tuple[str, str]],
    decider: str,
    decides: bool,
) -> RequestPage:
    beside = ticket_beside.read(work, ticket, internal=True)
    requests = ticket_requests.lines(work, [one for one in beside if one.what == "request"])
    times = ticket_clocks.lines(
        work,
        ticket,
        ticket_clocks.read(work, ticket),
        {},
        internal=True,
        waiting=ticket_requests.waiting(requests),
    )
    is_pending = request.status is RequestStatus.PENDING
    task_clock = _task_clock(work, request) if is_pending else None
    return RequestPage(
        request=request,
        facts=facts,
        decider=decider,
        due_at=next((one.due_at for one in requests if one.id == request.id), None),
        ticket=ticket,
        decides=request_access.is_decider(request, decides),
        reviews=_is_lasting(request) and deciding.may_review(work, request),
        effects=request_effects.effects(work, request, times.running, times.pauses, task_clock)
        if is_pending
        else [],
        refusal=request_effects.refused(request) if is_pending else "",
        clocks=times.now,
        others=[one for one in requests if one.id != request.id],
        entries=_excerpt(work, ticket),
    )


def _is_lasting(request: Request) -> bool:
    is_granted = request.status is RequestStatus.APPROVED and request.kind is RequestKind.SUSPENSION
    return is_granted and request.ended_at is None


def _task_clock(work: Work, request: Request) -> Clock | None:
    if request.task is None or request.kind is not RequestKind.DEFERRAL:
        return None
    return task_endings.replying(work, request.task)


def _excerpt(work: Work, ticket: Ticket) -> list[Entry]:
    """The latest of the trail, newest first."""
    rows: Sequence[Any] = ticket_trail.rows(work, ticket, internal=True)
    told = ticket_trail.entries(rows, work.settings, {}, rating_words=False)
    return list(reversed(told))[:EXCERPT]
