"""企业端 of one person: the enterprises he speaks for with their officers, each open ticket as a parcel on its road
with the next promise, the ended ones by pages. Six statements, whatever there is. One ticket is `ticket_page`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Date, Integer, and_, bindparam, func, select, tuple_
from sqlalchemy.orm import aliased

from assist.domain.clock import local_date
from assist.domain.promises import Promise, promises
from assist.domain.road import Stage, road
from assist.domain.status import OPEN, Outcome, Rating, Result, Status
from assist.domain.transitions import Action
from assist.domain.visits import COUNTED, month_span
from assist.models import (
    Account,
    Clock,
    ContactRecord,
    Enterprise,
    EnterpriseContact,
    Pairing,
    StandIn,
    Ticket,
    TicketEvent,
    TicketRound,
    Unit,
    Visit,
)
from assist.models.base import UtcDateTime
from assist.models.ticket import is_open
from assist.services.queries.ticket_people import PersonLine
from assist.services.stand_ins import holds_at
from assist.services.work import Work

MOST_OPEN = 60
PAGE = 10
# What waits for the enterprise stands first.
_ORDER = {Status.ANSWERED: 0, Status.SUPPLEMENTING: 1}
_OF_PRESENT_ROUND = and_(TicketRound.ticket_id == Ticket.id, TicketRound.no == Ticket.round_no)
_IDS: Any = bindparam("ids", expanding=True)

# Built once: putting a statement together costs more than running it.
_acting = aliased(Account)
_acting_unit = aliased(Unit)
_month_visits = (
    select(func.count())
    .select_from(Visit)
    .where(
        Visit.enterprise_id == Enterprise.id,
        Visit.status.in_(COUNTED),
        Visit.visit_on >= bindparam("month_first", type_=Date()),
        Visit.visit_on < bindparam("month_after", type_=Date()),
    )
    .correlate(Enterprise)
    .scalar_subquery()
)
OWN = (
    select(Enterprise.id, Enterprise.name, Account, Unit, _acting, _acting_unit, _month_visits.label("month_visits"))
    .join(EnterpriseContact, EnterpriseContact.enterprise_id == Enterprise.id)
    .outerjoin(Pairing, and_(Pairing.enterprise_id == Enterprise.id, Pairing.ended_at.is_(None)))
    .outerjoin(Account, Account.id == Pairing.officer_id)
    .outerjoin(Unit, Unit.id == Account.unit_id)
    .outerjoin(
        StandIn, and_(StandIn.officer_id == Account.id, holds_at(bindparam("now", type_=UtcDateTime())))
    )
    .outerjoin(_acting, and_(_acting.id == StandIn.stand_in_id, _acting.is_active))
    .outerjoin(_acting_unit, _acting_unit.id == _acting.unit_id)
    .where(EnterpriseContact.account_id == bindparam("account_id"), Enterprise.is_active)
    .order_by(Enterprise.pinyin, Enterprise.id)
)
OPEN_TICKETS = (
    select(Ticket, TicketRound, Account.name.label("officer"), Enterprise.name.label("enterprise"))
    .join(Enterprise, Enterprise.id == Ticket.enterprise_id)
    .outerjoin(TicketRound, _OF_PRESENT_ROUND)
    .outerjoin(Account, Account.id == Ticket.owner_id)
    .where(Ticket.enterprise_id.in_(_IDS), is_open())
    .order_by(Ticket.id.desc())
    .limit(MOST_OPEN)
)
RUNNING = select(Clock).where(Clock.ticket_id.in_(_IDS), Clock.stopped_at.is_(None))
# The last event of each ticket that the enterprise may read, its own looking aside.
LATEST = select(TicketEvent).where(
    tuple_(TicketEvent.ticket_id, TicketEvent.seq).in_(
        select(TicketEvent.ticket_id, func.max(TicketEvent.seq))
        .where(
            TicketEvent.ticket_id.in_(_IDS),
            TicketEvent.is_visible,
            TicketEvent.action.not_in([Action.OPEN_ANSWER, Action.VERIFY_CONTACT, Action.VERIFY_ENTRY]),
        )
        .group_by(TicketEvent.ticket_id)
    )
)
CALLS = (
    select(ContactRecord.ticket_id, ContactRecord.entered_at)
    .where(ContactRecord.ticket_id.in_(_IDS), ContactRecord.is_true.is_(None))
    .order_by(ContactRecord.id.desc())
)
ENDED = (
    select(Ticket, Enterprise.name.label("enterprise"), TicketRound.result, TicketRound.rating)
    .join(Enterprise, Enterprise.id == Ticket.enterprise_id)
    .outerjoin(TicketRound, _OF_PRESENT_ROUND)
    .where(
        Ticket.enterprise_id.in_(_IDS),
        Ticket.status.not_in(OPEN),
        Ticket.id < bindparam("before", type_=Integer),
    )
    .order_by(Ticket.id.desc())
    .limit(PAGE + 1)
)
NO_END = 2**31 - 1


@dataclass(frozen=True)
class OwnEnterprise:
    id: int
    name: str
    officer: PersonLine | None
    stand_in: PersonLine | None = None
    month_visits: int = 0  # 无事不扰: visits, surveys, meetings, demands for reports, by anybody


@dataclass(frozen=True)
class Parcel:
    """One open ticket as its enterprise follows it. `answer` is told once it has been opened."""

    number: str
    title: str
    status: Status
    enterprise_id: int
    enterprise: str
    officer: str
    submitted_at: datetime
    road: list[Stage]
    promises: list[Promise]
    is_late: bool
    answered_at: datetime | None
    is_opened: bool
    outcome: Outcome | None
    answer: str
    latest: str
    latest_at: datetime | None
    asks_entry: bool
    asked_call_at: datetime | None

    @property
    def waits(self) -> bool:
        return self.status is Status.ANSWERED


@dataclass(frozen=True)
class EndedLine:
    id: int
    number: str
    title: str
    status: Status
    enterprise: str
    ended_at: datetime | None
    result: Result | None
    rating: Rating | None


@dataclass(frozen=True)
class Portal:
    enterprises: list[OwnEnterprise]
    parcels: list[Parcel] = field(default_factory=list)
    ended: list[EndedLine] = field(default_factory=list)
    next_before: int | None = None


def portal(work: Work, enterprise_id: int | None = None, before: int | None = None) -> Portal:
    """Everything of the actor's enterprises, or of one of them; `before` pages through the ended tickets by id."""
    own = own_enterprises(work)
    ids = [one.id for one in own if enterprise_id in (None, one.id)]
    if not ids:
        return Portal(own)
    ended = _ended(work, ids, before)
    return Portal(
        own,
        _parcels(work, ids),
        ended[:PAGE],
        ended[PAGE - 1].id if len(ended) > PAGE else None,
    )


def own_enterprises(work: Work) -> list[OwnEnterprise]:
    """The enterprises the actor speaks for, each with its active officer and who acts for him now."""
    first, after = month_span(local_date(work.now))
    asked = {"account_id": work.actor.account_id, "now": work.now, "month_first": first, "month_after": after}
    return [
        OwnEnterprise(row[0], row[1], _person(row[2], row[3]), _person(row[4], row[5]), row[6])
        for row in work.session.execute(OWN, asked)
    ]


def _person(account: Account | None, unit: Unit | None) -> PersonLine | None:
    if account is None:
        return None
    return PersonLine(account.id, account.name, account.phone, account.position, unit.shown if unit else "")


def _parcels(work: Work, ids: list[int]) -> list[Parcel]:
    rows = work.session.execute(OPEN_TICKETS, {"ids": ids}).all()
    if not rows:
        return []
    found = [row.Ticket.id for row in rows]
    clocks = _running(work, found)
    latest = _latest(work, found)
    calls = _open_calls(work, found)
    parcels = [
        _parcel(work, row, clocks.get(row.Ticket.id, []), latest.get(row.Ticket.id), calls.get(row.Ticket.id))
        for row in rows
    ]
    return sorted(parcels, key=lambda one: _ORDER.get(one.status, 2 if one.is_late else 3))


def _running(work: Work, ids: list[int]) -> dict[int, list[Clock]]:
    found: dict[int, list[Clock]] = {}
    for clock in work.session.scalars(RUNNING, {"ids": ids}):
        found.setdefault(clock.ticket_id, []).append(clock)
    return found


def _latest(work: Work, ids: list[int]) -> dict[int, TicketEvent]:
    return {event.ticket_id: event for event in work.session.scalars(LATEST, {"ids": ids})}


def _open_calls(work: Work, ids: list[int]) -> dict[int, datetime]:
    """When the oldest contact not yet verified was entered, by ticket."""
    return {row.ticket_id: row.entered_at for row in work.session.execute(CALLS, {"ids": ids})}


def _parcel(
    work: Work, row: Any, clocks: Sequence[Clock], event: TicketEvent | None, asked_call_at: datetime | None
) -> Parcel:
    ticket: Ticket = row.Ticket
    present: TicketRound | None = row.TicketRound
    told = promises(
        work.settings.calendar,
        work.now,
        ticket.status,
        row.officer,
        clocks,
        is_suspended=ticket.suspended_at is not None,
    )
    is_opened = present is not None and present.opened_at is not None
    return Parcel(
        number=ticket.number,
        title=ticket.title,
        status=ticket.status,
        enterprise_id=ticket.enterprise_id,
        enterprise=row.enterprise,
        officer=row.officer or "",
        submitted_at=ticket.submitted_at,
        road=road(ticket.status, was_accepted=ticket.accepted_at is not None),
        promises=told,
        is_late=any(promise.tone == "late" for promise in told),
        answered_at=present.answered_at if present else None,
        is_opened=is_opened,
        outcome=present.outcome if present and is_opened else None,
        answer=(present.answer or "") if present and is_opened else "",
        latest=f"{event.actor_name} {event.action.title}" if event else "",
        latest_at=event.at if event else None,
        asks_entry=ticket.is_entered and ticket.entry_is_true is None,
        asked_call_at=asked_call_at,
    )


def _ended(work: Work, ids: list[int], before: int | None) -> list[EndedLine]:
    asked = {"ids": ids, "before": NO_END if before is None else min(max(before, 0), NO_END)}
    return [
        EndedLine(
            id=row.Ticket.id,
            number=row.Ticket.number,
            title=row.Ticket.title,
            status=row.Ticket.status,
            enterprise=row.enterprise,
            ended_at=row.Ticket.closed_at or row.Ticket.withdrawn_at or row.Ticket.updated_at,
            result=row.result,
            rating=row.rating,
        )
        for row in work.session.execute(ENDED, asked)
    ]
