"""Ledger F 周调度表: what a week brought, by area or by the unit that helps, as of its end or of now.

A past week is told as it stood when it ended: the status by the events, the due times by their moves. By area tickets
are counted, by unit its tasks. Five statements whatever there is to count.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from assist.domain.clock import local, local_date
from assist.domain.rates import Period, days
from assist.domain.roles import Role
from assist.domain.status import OPEN, TASK_CLOCKS, ClockKind
from assist.domain.tasks import TaskStatus
from assist.models import Clock, Task, Ticket, TicketEvent, TicketRound, Unit
from assist.services.access import sees_all, visible
from assist.services.queries.figures.counting import as_of
from assist.services.queries.figures.facts import AsOf, Condition, clock_facts, known, not_paused, within
from assist.services.queries.ticket_lists import parse_on
from assist.services.work import Work

BY = {"area": "县（市、区）", "unit": "承办单位（按承办任务）"}


@dataclass(frozen=True)
class WeekFilter:
    """`week` is any day of it (empty: this week); `by` is a key of `BY`."""

    week: str = ""
    by: str = ""

    def as_query(self) -> dict[str, Any]:
        return {each.name: getattr(self, each.name) for each in fields(self) if getattr(self, each.name)}


def period_of(work: Work, wanted: WeekFilter) -> Period:
    """Monday to Sunday. A week to come is this week."""
    today = local_date(work.now)
    on = min(parse_on(wanted.week) or today, today)
    monday = date.fromordinal(on.toordinal() - on.weekday())
    return days(monday, monday + timedelta(days=6))


def told_as(work: Work, wanted: WeekFilter) -> str:
    """2026年11月23日至11月29日，截至11月26日09:30"""
    period = period_of(work, wanted)
    first, last = period.first_on, period.last_on
    year = f"{last.year}年" if last.year != first.year else ""
    words = f"{first.year}年{first.month}月{first.day}日至{year}{last.month}月{last.day}日"
    if work.now >= period.end:
        return words
    now = local(work.now)
    return f"{words}，截至{now.month}月{now.day}日{now:%H:%M}"


def count(work: Work, wanted: WeekFilter) -> int:
    return len(list(rows(work, wanted)))


def rows(work: Work, wanted: WeekFilter) -> Iterator[dict[str, Any]]:
    """A row an area in the city's order (also those without any), or a row a unit that has something."""
    period = period_of(work, wanted)
    by_unit = wanted.by == "unit"
    counted = _tasks(work, period) if by_unit else _tickets(work, period)
    names = _unit_names(work, counted) if by_unit else _area_names(work)
    for key, name in names.items():
        yield {"name": name, **{what: found.get(key, 0) for what, found in counted.items()}}


Counted = dict[str, dict[int, int]]


def _area_names(work: Work) -> dict[int, str]:
    """An area's coordinator has his own alone."""
    own = work.actor.area_id if not work.actor.has(Role.SUPERVISOR, Role.LEADER) else None
    return {area.id: area.name for area in work.settings.areas.values() if own in (None, area.id)}


def _unit_names(work: Work, counted: Counted) -> dict[int, str]:
    ids = {key for found in counted.values() for key, number in found.items() if number}
    query = select(Unit.id, Unit.name).where(Unit.id.in_(ids)).order_by(Unit.level, Unit.sort, Unit.id)
    return {row.id: row.name for row in work.session.execute(query)}


def _by(column: Any, counted: Any) -> Select[Any]:
    query: Any = select(column, func.count(counted)).group_by(column)
    found: Select[Any] = query
    return found


def _grouped(work: Work, query: Select[Any]) -> dict[int, int]:
    if not sees_all(work.actor):
        query = query.where(visible(work.actor))
    return {row[0]: row[1] for row in work.session.execute(query)}


def _tickets(work: Work, period: Period) -> Counted:
    at = as_of(work, period.end)
    plain = _by(Ticket.area_id, Ticket.id)
    stands = plain.where(_is_open_at(at), known(at))
    after = days(period.last_on + timedelta(days=1), period.last_on + timedelta(days=7))
    return {
        "new": _grouped(work, plain.where(within(period, Ticket.submitted_at), known(at))),
        "closed": _grouped(work, plain.where(_closed_in(period, at))),
        "open": _grouped(work, stands),
        "late": _grouped(work, stands.where(_runs(at, lambda due: due < at.at))),
        "due_next": _grouped(work, stands.where(_runs(at, lambda due: within(after, due)))),
    }


def _is_open_at(at: AsOf) -> Condition:
    """By its status; of a past time that before whatever was done to it since."""
    is_open = Ticket.status.in_(OPEN)
    if at.live:
        return is_open
    since = aliased(TicketEvent)
    before = (
        select(since.old_status)
        .where(since.ticket_id == Ticket.id, since.at >= at.at)
        .order_by(since.seq)
        .limit(1)
        .correlate(Ticket)
        .scalar_subquery()
    )
    changed = Ticket.updated_at >= at.at
    return and_(
        Ticket.submitted_at < at.at, or_(and_(~changed, is_open), and_(changed, before.in_(OPEN)))
    )


def _closed_in(period: Period, at: AsOf) -> Condition:
    """Closed in the week and not taken up again by its end; of the old ledger by the day it states."""
    ended, later = aliased(TicketRound), aliased(TicketRound)
    again = exists().where(later.ticket_id == ended.ticket_id, later.no > ended.no, later.started_at <= at.at)
    confirmed = exists().where(
        ended.ticket_id == Ticket.id, within(period, ended.confirmed_at), ended.confirmed_at <= at.at, ~again
    )
    return or_(confirmed, and_(Ticket.is_imported, within(period, Ticket.closed_at), known(at)))


def _runs(at: AsOf, is_due: Any) -> Condition:
    """The ticket's own time runs, and its due time is such."""
    clock = aliased(Clock)
    facts = clock_facts(clock, at)
    return exists().where(
        clock.ticket_id == Ticket.id,
        clock.kind == ClockKind.RESOLUTION,
        clock.started_at <= at.at,
        facts.stopped.is_(None),
        not_paused(clock, at),
        is_due(facts.due),
    )


def _tasks(work: Work, period: Period) -> Counted:
    at = as_of(work, period.end)
    plain = _by(Task.unit_id, Task.id).join(Ticket, Ticket.id == Task.ticket_id)
    stands = plain.where(Task.with_unit_at <= at.at, or_(Task.ended_at.is_(None), Task.ended_at > at.at))
    after = days(period.last_on + timedelta(days=1), period.last_on + timedelta(days=7))
    closed = and_(Task.status == TaskStatus.ACCEPTED, within(period, Task.ended_at), Task.ended_at <= at.at)
    return {
        "new": _grouped(work, plain.where(within(period, Task.with_unit_at))),
        "closed": _grouped(work, plain.where(closed)),
        "open": _grouped(work, stands),
        "late": _grouped(work, stands.where(_task_runs(at, lambda due: due < at.at))),
        "due_next": _grouped(work, stands.where(_task_runs(at, lambda due: within(after, due)))),
    }


def _task_runs(at: AsOf, is_due: Any) -> Condition:
    clock = aliased(Clock)
    facts = clock_facts(clock, at)
    return exists().where(
        clock.task_id == Task.id,
        clock.kind.in_(TASK_CLOCKS),
        clock.started_at <= at.at,
        facts.stopped.is_(None),
        is_due(facts.due),
    )
