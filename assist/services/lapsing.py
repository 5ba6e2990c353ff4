"""What ends by itself: the enterprise's silence on an answer it has read, an answer it never opened, a supplement.

Each ticket is a piece of work of its own, ticket lock first, then clocks. Everything is looked at again under the lock,
so that any number of runs do it once. Silence on an answer is never satisfaction; after three returns not even silence
closes: then a callback is owed and must. Some of those that lapse are called about, by chance.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from assist.domain.clock import local
from assist.domain.status import CallbackReason, ClockKind, Status
from assist.domain.workdays import WorkCalendar
from assist.models import Callback, Clock, Ticket, TicketRound
from assist.models.callback import is_owed
from assist.services import access, callbacks, clocks, closing, conversing, rounds
from assist.services.many_returns import MANY_RETURNS
from assist.services.work import Work

BATCH = 200
SUPPLEMENTS, LAPSED, CALLBACKS = "supplements", "lapsed", "callbacks"
UNOPENED_DAYS = 5
_FARTHEST = 60


def lapsed(work: Work, after_id: int = 0) -> list[int]:
    """Ids of answered tickets whose confirmation time has passed with the answer read, in order."""
    return list(
        work.session.scalars(
            select(Ticket.id)
            .join(Clock, Clock.ticket_id == Ticket.id)
            .join(TicketRound, (TicketRound.ticket_id == Ticket.id) & (TicketRound.no == Ticket.round_no))
            .where(
                Clock.kind == ClockKind.CONFIRMATION,
                Clock.stopped_at.is_(None),
                Clock.due_at < work.now,
                Ticket.status == Status.ANSWERED,
                TicketRound.opened_at.is_not(None),
                Ticket.id > after_id,
            )
            .order_by(Ticket.id)
            .limit(BATCH)
        )
    )


def one(work: Work, ticket_id: int) -> str:
    """End what is over at one ticket, if it still is: `supplements`, `lapsed`, `callbacks`, or empty for nothing."""
    ticket = access.ticket_by_id(work, ticket_id, lock=True)
    if ticket.status is Status.SUPPLEMENTING and _is_over(work, ticket, ClockKind.SUPPLEMENT):
        conversing.end_supplement(work, ticket)
        return SUPPLEMENTS
    if ticket.status is not Status.ANSWERED:
        return ""
    present = rounds.present(work, ticket)
    if present.opened_at is None:
        return _owe_callback(work, ticket, present)
    if not _is_over(work, ticket, ClockKind.CONFIRMATION):
        return ""
    if _returned(work, ticket) >= MANY_RETURNS:
        return _ask_for_callback(work, ticket, present)
    closing.lapse(work, ticket)
    if callbacks.is_sampled(ticket.id, ticket.round_no):
        callbacks.owe(work, ticket, CallbackReason.SAMPLED)
    return LAPSED


def _is_over(work: Work, ticket: Ticket, kind: ClockKind) -> bool:
    clock = clocks.running(work, ticket).get(kind)
    return clock is not None and clock.due_at < work.now


def _owe_callback(work: Work, ticket: Ticket, present: TicketRound) -> str:
    since = present.corrected_at or present.answered_at
    if since is None or work.settings.calendar.day_due(since, UNOPENED_DAYS) >= work.now:
        return ""
    if work.session.scalar(select(Callback.id).where(_asked(ticket.id, since)).limit(1)) is not None:
        return ""
    callbacks.owe(work, ticket, CallbackReason.UNOPENED)
    return CALLBACKS


def _asked(ticket_id: Any, since: Any) -> ColumnElement[bool]:
    """A callback is owed for the ticket already, or was since the answer."""
    return and_(
        Callback.ticket_id == ticket_id, or_(is_owed(), Callback.owed_at >= since)
    )


def _returned(work: Work, ticket: Ticket) -> int:
    counted = select(func.count()).where(
        TicketRound.ticket_id == ticket.id, TicketRound.returned_at.is_not(None)
    )
    return work.session.scalar(counted) or 0


def _ask_for_callback(work: Work, ticket: Ticket, present: TicketRound) -> str:
    """Returned too often to be closed by silence: a callback is owed, once for an answer."""
    since = present.opened_at or present.answered_at
    if work.session.scalar(select(Callback.id).where(_asked(ticket.id, since)).limit(1)) is not None:
        return ""
    callbacks.owe(work, ticket, CallbackReason.RETURNED)
    return CALLBACKS


def unopened(work: Work, after_id: int = 0) -> list[int]:
    """Ids of answered tickets whose answer (or its correction) nobody has opened for five working days."""
    since = func.coalesce(TicketRound.corrected_at, TicketRound.answered_at)
    before = _unopened_before(work.settings.calendar, work.now)
    return list(
        work.session.scalars(
            select(Ticket.id)
            .join(TicketRound, (TicketRound.ticket_id == Ticket.id) & (TicketRound.no == Ticket.round_no))
            .where(
                TicketRound.answered_at < before,
                TicketRound.result.is_(None),
                TicketRound.returned_at.is_(None),
                TicketRound.opened_at.is_(None),
                since < before,
                Ticket.status == Status.ANSWERED,
                Ticket.id > after_id,
                ~exists().where(_asked(Ticket.id, since)),
            )
            .order_by(Ticket.id)
            .limit(BATCH)
        )
    )


def _unopened_before(calendar: WorkCalendar, now: datetime) -> datetime:
    """Answers given before this midnight have lain for the working days and their close."""
    midnight = local(now).replace(hour=0, minute=0, second=0, microsecond=0)
    for back in range(_FARTHEST):
        day = midnight - timedelta(days=back)
        if calendar.day_due(day - timedelta(minutes=1), UNOPENED_DAYS) < now:
            return day
    return midnight - timedelta(days=_FARTHEST)


def supplements_over(work: Work, after_id: int = 0) -> list[int]:
    """Ids of tickets whose time for the enterprise's supplement has passed, in order."""
    return list(
        work.session.scalars(
            select(Ticket.id)
            .join(Clock, Clock.ticket_id == Ticket.id)
            .where(
                Clock.kind == ClockKind.SUPPLEMENT,
                Clock.stopped_at.is_(None),
                Clock.due_at < work.now,
                Ticket.status == Status.SUPPLEMENTING,
                Ticket.id > after_id,
            )
            .order_by(Ticket.id)
            .limit(BATCH)
        )
    )
