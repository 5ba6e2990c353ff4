"""What an enterprise's file holds beside its tickets and visits: promises, themes, handovers, the months contacted.

One statement of like rows; each part adds its SELECT of the columns of `Line`. Everything lies inside what the reader
may see of tickets and visits.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, Integer, String, and_, cast, func, literal, null, select, union_all
from sqlalchemy.orm import aliased

from assist.domain.clock import local_date
from assist.domain.rates import Period, month_of
from assist.domain.roles import Role
from assist.domain.status import Outcome
from assist.domain.tasks import TASK_OPEN
from assist.domain.themes import ThemeStatus
from assist.domain.visits import VisitStatus
from assist.models import (
    Account,
    ContactRecord,
    Handover,
    Task,
    Theme,
    ThemeTicket,
    Ticket,
    TicketRound,
    Unit,
    Visit,
)
from assist.models.account import holds
from assist.models.base import UtcDateTime
from assist.services import access, visit_access
from assist.services.work import Work

MONTHS = 12
NOTHING = literal("", String)
NO_TIME, NO_DAY = cast(null(), UtcDateTime), cast(null(), Date)
former, successor = aliased(Account), aliased(Account)


@dataclass(frozen=True)
class Line:
    """One thing. `number` is a ticket's (or empty), `day` a promised or a visit's day, `other` a second account."""

    what: str
    id: int
    number: str
    title: str
    text: str
    who: str
    at: datetime | None
    day: date | None
    other: int


@dataclass(frozen=True)
class ContactMonth:
    """How often the officer side was in touch in a month."""

    period: Period
    count: int


@dataclass(frozen=True)
class Beside:
    promises: list[Line]
    themes: list[Line]
    handovers: list[Line]
    months: list[ContactMonth]


def beside(work: Work, enterprise_id: int) -> Beside:
    """One statement."""
    since = month_of(work.now, MONTHS - 1)
    parts = union_all(
        _answers(work, enterprise_id),
        _tasks(work, enterprise_id),
        _visits(work, enterprise_id),
        _themes(work, enterprise_id),
        _handovers(enterprise_id),
        _contacts(enterprise_id, since),
        _visited(enterprise_id, since),
    ).subquery()
    rows = [Line(*row) for row in work.session.execute(select(parts))]
    by: dict[str, list[Line]] = {}
    for line in rows:
        by.setdefault(line.what, []).append(line)
    promises = [*by.get("answer", []), *by.get("task", []), *by.get("visit", [])]
    themes = {line.id: line for line in by.get("theme", [])}
    return Beside(
        promises=sorted(promises, key=_given_on, reverse=True),
        themes=list(themes.values()),
        handovers=sorted(by.get("handover", []), key=lambda line: line.id, reverse=True),
        months=_months(work, [*by.get("contact", []), *by.get("visited", [])]),
    )


def _given_on(line: Line) -> date:
    return local_date(line.at) if line.at is not None else line.day or date.min


def _months(work: Work, lines: list[Line]) -> list[ContactMonth]:
    """The twelve months up to this one, the latest last."""
    days = [_given_on(line) for line in lines]
    found = []
    for back in reversed(range(MONTHS)):
        period = month_of(work.now, back)
        count = sum(period.first_on <= day <= period.last_on for day in days)
        found.append(ContactMonth(period, count))
    return found


def _row(what: str, row_id: Any, number: Any, title: Any, text: Any, who: Any, at: Any, day: Any, other: Any) -> Any:
    names = ("id", "number", "title", "text", "who", "at", "day", "other")
    columns = (row_id, number, title, text, who, at, day, other)
    named = [column.label(name) for name, column in zip(names, columns, strict=True)]
    return select(literal(what).label("what"), *named)


NOBODY = literal(0, Integer)


def _its_tickets(work: Work, enterprise_id: int) -> Any:
    its = Ticket.enterprise_id == enterprise_id
    return its if access.sees_all(work.actor) else and_(its, access.visible(work.actor))


def _answers(work: Work, enterprise_id: int) -> Any:
    """列入计划: the present answer promises to do it later."""
    return (
        _row(
            "answer", Ticket.id, Ticket.number, Ticket.title, TicketRound.answer, NOTHING,
            TicketRound.answered_at, NO_DAY, NOBODY,
        )
        .join(TicketRound, and_(TicketRound.ticket_id == Ticket.id, TicketRound.no == Ticket.round_no))
        .where(_its_tickets(work, enterprise_id), TicketRound.outcome == Outcome.PLANNED)
    )  # fmt: skip


def _tasks(work: Work, enterprise_id: int) -> Any:
    """需继续办理: a unit's promised date, while its task is open."""
    return (
        _row(
            "task", Task.id, Ticket.number, Ticket.title, Task.text,
            func.coalesce(func.nullif(Unit.short_name, ""), Unit.name), Task.replied_at, Task.promised_on, NOBODY,
        )
        .join(Ticket, Ticket.id == Task.ticket_id)
        .join(Unit, Unit.id == Task.unit_id)
        .where(_its_tickets(work, enterprise_id), Task.promised_on.is_not(None), Task.status.in_(TASK_OPEN))
    )  # fmt: skip


def _visits(work: Work, enterprise_id: int) -> Any:
    """What was promised on the spot."""
    done = and_(Visit.enterprise_id == enterprise_id, Visit.status == VisitStatus.DONE, Visit.promises != "")
    return (
        _row("visit", Visit.id, NOTHING, NOTHING, Visit.promises, Account.name, NO_TIME, Visit.visit_on, NOBODY)
        .join(Account, Account.id == Visit.account_id)
        .where(done, visit_access.visible(work.actor))
    )


def _themes(work: Work, enterprise_id: int) -> Any:
    return (
        _row(
            "theme", Theme.id, Ticket.number, Theme.title, Theme.solution, cast(Theme.status, String),
            ThemeTicket.added_at, NO_DAY, NOBODY,
        )
        .join(ThemeTicket, ThemeTicket.theme_id == Theme.id)
        .join(Ticket, Ticket.id == ThemeTicket.ticket_id)
        .where(_its_tickets(work, enterprise_id), Theme.status != ThemeStatus.CLOSED)
    )  # fmt: skip


def _handovers(enterprise_id: int) -> Any:
    """`who` handed over to `title`; `at` is when it took effect, None while it waits; `other` the former's account."""
    return (
        _row(
            "handover", Handover.id, cast(Handover.successor_id, String), successor.name, Handover.reason,
            former.name, Handover.effective_at, NO_DAY, Handover.former_id,
        )
        .join(former, former.id == Handover.former_id)
        .join(successor, successor.id == Handover.successor_id)
        .where(Handover.enterprise_id == enterprise_id, Handover.cancelled_at.is_(None))
    )  # fmt: skip


def _contacts(enterprise_id: int, since: Period) -> Any:
    return (
        _row(
            "contact", ContactRecord.id, NOTHING, NOTHING, NOTHING, NOTHING, ContactRecord.entered_at, NO_DAY, NOBODY
        )
        .join(Ticket, Ticket.id == ContactRecord.ticket_id)
        .where(
            Ticket.enterprise_id == enterprise_id,
            Ticket.is_restricted.is_(False),
            ContactRecord.entered_at >= since.start,
            ContactRecord.is_true.is_not(False),
        )
    )


def _visited(enterprise_id: int, since: Period) -> Any:
    lead = aliased(Visit)
    return (
        _row("visited", Visit.id, NOTHING, NOTHING, NOTHING, NOTHING, NO_TIME, Visit.visit_on, NOBODY)
        .join(Account, Account.id == Visit.account_id)
        .outerjoin(lead, lead.id == Visit.joined_id)
        .where(
            Visit.enterprise_id == enterprise_id,
            Visit.visit_on >= since.first_on,
            holds(Role.OFFICER),
            func.coalesce(Visit.recorded_at, lead.recorded_at).is_not(None),
        )
    )
