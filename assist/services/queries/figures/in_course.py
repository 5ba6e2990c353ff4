"""The figures about the course of matters: reworked, deferred, suspended, returned, withdrawn, supplemented, hard; and
how many of what was submitted is closed, how many of what is open is late.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from sqlalchemy import and_, exists, true
from sqlalchemy.orm import aliased

from assist.domain.rates import Period
from assist.domain.requests import RequestKind, RequestStatus
from assist.domain.status import ClockKind, Difficulty, Status
from assist.domain.transitions import Action
from assist.models import Clock, Request, Ticket, TicketEvent, TicketRound
from assist.services.queries.figures.as_it_was import difficulty_at, status_at, was_open
from assist.services.queries.figures.facts import (
    AsOf,
    Condition,
    Counted,
    clock_facts,
    clocks_in,
    entry_counts,
    in_period,
    known,
    no_earlier,
    not_paused,
    not_void,
    within,
)
from assist.services.queries.figures.figure import Figure
from assist.services.queries.figures.objected import was_returned

Met = Callable[[Any, AsOf], Condition]


def _of_due(period: Period, as_of: AsOf, *, met: Met, answered: bool = False, given: Any = None) -> Counted:
    """The tickets that 原时限按期办结率 counts (`answered`: those of them that were answered), asked something else.

    Not those of the old ledger: what was asked and granted there, and how hard it was, nobody has written down.
    """
    if given is None:
        given = clocks_in(period, as_of, ClockKind.RESOLUTION, round_no=1, original=True)
    clock, facts = given
    shared = and_(
        in_period(period, facts, as_of),
        not_void(clock, as_of),
        no_earlier(clock),
        entry_counts(as_of, facts.is_late(as_of)),
        known(as_of),
    )
    own = and_(Ticket.is_imported.is_(False), facts.stopped.is_not(None) if answered else true())
    on = and_(clock.ticket_id == Ticket.id, clock.kind == ClockKind.RESOLUTION, clock.round_no == 1)
    return Counted(
        clock,
        on,
        and_(shared, own),
        met(clock, as_of),
        facts.counts_at,
        facts=facts,
        shared=shared,
        own=own,
        given=given,
    )


def _granted(kind: RequestKind) -> Met:
    """A request of the kind about the ticket was approved by then."""

    def met(clock: Any, as_of: AsOf) -> Condition:
        asked = aliased(Request)
        return exists().where(
            asked.ticket_id == clock.ticket_id,
            asked.kind == kind,
            asked.task_id.is_(None),
            asked.status == RequestStatus.APPROVED,
            asked.decided_at <= as_of.at,
        )

    return met


def _submitted(period: Period, as_of: AsOf, *, met: Callable[[AsOf], Condition], given: Any = None) -> Counted:
    """The tickets submitted in the period, with the first round that each has."""
    first = aliased(TicketRound) if given is None else given
    counts = and_(
        within(period, Ticket.submitted_at), Ticket.submitted_at <= as_of.at, Ticket.is_imported.is_(False)
    )
    return Counted(
        source=first,
        on=and_(first.ticket_id == Ticket.id, first.no == 1),
        counts=counts,
        met=met(as_of),
        at=Ticket.submitted_at,
        shared=counts,
        given=first,
    )


def _had(action: Action) -> Callable[[AsOf], Condition]:
    """The act was done to the ticket by then."""

    def met(as_of: AsOf) -> Condition:
        event = aliased(TicketEvent)
        return exists().where(event.ticket_id == Ticket.id, event.action == action, event.at <= as_of.at)

    return met


def _is(status: Status) -> Callable[[AsOf], Condition]:
    return lambda as_of: status_at(as_of) == str(status.value)


def _overdue(period: Period, as_of: AsOf) -> Counted:
    """Every ticket open then, submitted before the period ended; met are those past their time that do not pause."""
    first, clock = aliased(TicketRound), aliased(Clock)
    facts = clock_facts(clock, as_of)
    late = exists().where(
        clock.ticket_id == Ticket.id,
        clock.kind == ClockKind.RESOLUTION,
        clock.started_at <= as_of.at,
        facts.stopped.is_(None),
        facts.due < as_of.at,
        not_paused(clock, as_of),
    )
    return Counted(
        source=first,
        on=and_(first.ticket_id == Ticket.id, first.no == 1),
        counts=and_(was_open(as_of), known(as_of), Ticket.submitted_at < period.end),
        met=late,
        at=as_of.at,
    )


FIGURES = (
    Figure(
        "deferred",
        "延期率",
        "口径内的诉求同原时限按期办结率（不含原台账转入的）；其中批准过延期的为分子。",
        "延期过",
        "没有延期",
        partial(_of_due, met=_granted(RequestKind.DEFERRAL)),
        family="original",
    ),
    Figure(
        "suspended",
        "挂账率",
        "口径内的诉求同原时限按期办结率（不含原台账转入的）；其中批准过挂账的为分子。",
        "挂账过",
        "没有挂账",
        partial(_of_due, met=_granted(RequestKind.SUSPENSION)),
        family="original",
    ),
    Figure(
        "hard",
        "疑难占比",
        "口径内的诉求同原时限按期办结率（不含原台账转入的）；其中难度为疑难的为分子。",
        "疑难",
        "一般或复杂",
        partial(_of_due, met=lambda clock, as_of: difficulty_at(as_of) == str(Difficulty.HARD.value)),
        family="original",
    ),
    Figure(
        "returned",
        "退回率",
        "口径内已首次答复的诉求（同原时限按期办结率，不含原台账转入的）为分母；首次答复被企业退回、且退回没有被审核认定理由不成立的为分子。",
        "被企业退回",
        "没有被退回",
        partial(_of_due, met=lambda clock, as_of: was_returned(as_of, clock), answered=True),
        family="original",
    ),
    Figure(
        "withdrawn",
        "撤回率",
        "本期提交的诉求为分母；其中已撤回的为分子。",
        "已撤回",
        "没有撤回",
        partial(_submitted, met=_is(Status.WITHDRAWN)),
        family="submitted",
    ),
    Figure(
        "supplemented",
        "补正率",
        "本期提交的诉求为分母；其中请企业补正过的为分子。",
        "补正过",
        "没有补正",
        partial(_submitted, met=_had(Action.REQUEST_SUPPLEMENT)),
        family="submitted",
    ),
    Figure(
        "progress",
        "当期提交件办结进度",
        "本期提交的诉求为分母；其中已办结的为分子。只作展示，不排名。",
        "已办结",
        "未办结",
        partial(_submitted, met=_is(Status.CLOSED)),
        family="submitted",
    ),
    Figure(
        "overdue",
        "在办超期率",
        "期末以前提交、统计时刻在办的诉求为分母；其中办结时限已过、没有暂停计时的为分子。",
        "在办超期",
        "在办未超期",
        _overdue,
    ),
)
