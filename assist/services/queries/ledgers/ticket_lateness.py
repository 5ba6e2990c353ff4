"""是否超期, by how many working days, and whose it was (超期责任方), for a batch of tickets: three statements at most.

Of any round; a time that stands still, or waits for a deferral asked in time, is not missed yet. Whose it is decides
`domain.lateness`, by the same facts as the figures.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import CTE, and_, or_, select

from assist.domain.status import ClockKind, Verdict
from assist.models import Account, Clock, Ticket
from assist.services.queries.figures import own_lateness
from assist.services.queries.figures.facts import AsOf, Condition, owner_at
from assist.services.queries.lateness import Namer
from assist.services.work import Work


@dataclass(frozen=True)
class Late:
    """`days` are working days past the last time that was not kept (part of one is one); `words` name who answers."""

    days: int
    words: str


def _missed(now: datetime) -> Condition:
    runs = and_(
        Clock.stopped_at.is_(None), Clock.paused_at.is_(None), Clock.waits_since.is_(None), Clock.due_at < now
    )
    return and_(Clock.kind == ClockKind.RESOLUTION, or_(Clock.verdict == Verdict.MISSED, runs))


def late_tickets(work: Work, ids: Sequence[int]) -> dict[int, Late]:
    """By ticket; those that were always in time are left out."""
    query = select(Clock.id, Clock.ticket_id, Clock.due_at, Clock.stopped_at)
    query = query.where(Clock.ticket_id.in_(ids), _missed(work.now)).order_by(Clock.ticket_id, Clock.round_no)
    clocks = work.session.execute(query).all()
    if not clocks:
        return {}
    found = own_lateness.answering(work, _late(ids, work.now), AsOf(work.now, live=True))
    parties = {one.clock_id: one for one in found.lates}
    persons = {one.party.id for one in found.lates if one.party.bearer in own_lateness.PERSONS}
    names = _names(work, persons)
    days: dict[int, int] = {}
    words: dict[int, dict[str, None]] = {}
    for clock in clocks:
        until = clock.stopped_at or work.now
        days[clock.ticket_id] = max(work.settings.calendar.workdays_between(clock.due_at, until), 1)
        one = parties[clock.id]
        party = Namer(names, found.units, work.settings.areas[one.area_id].name).answerable(one.party)
        words.setdefault(clock.ticket_id, {})[party] = None
    return {ticket_id: Late(days[ticket_id], "；".join(told)) for ticket_id, told in words.items()}


def _late(ids: Sequence[int], now: datetime) -> CTE:
    """The clocks that were missed, in the columns that `own_lateness` asks of them."""
    return (
        select(
            Clock.id.label("clock_id"),
            Clock.ticket_id,
            Clock.round_no,
            Clock.started_at,
            Clock.due_at,
            Ticket.area_id,
            Ticket.enterprise_id,
            Ticket.is_restricted,
            owner_at(Clock.due_at).label("owner_id"),
        )
        .join(Ticket, Ticket.id == Clock.ticket_id)
        .where(Clock.ticket_id.in_(ids), _missed(now))
        .cte("late")
    )


def _names(work: Work, account_ids: set[int | None]) -> dict[int, str]:
    if not account_ids:
        return {}
    rows = work.session.execute(select(Account.id, Account.name).where(Account.id.in_(account_ids)))
    return {row.id: row.name for row in rows}
