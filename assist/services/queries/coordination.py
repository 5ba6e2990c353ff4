"""调度台 of one coordinator: unpaired enterprises, what waits for his decision or dispatch, reviews due, tickets that
may be the same, who is silent. Each list is cut short and has its count; six statements whatever there is.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal, select, text, true
from sqlalchemy.orm import aliased

from assist.domain.clock import local_date
from assist.domain.rates import month_of
from assist.domain.requests import RequestKind, RequestStatus
from assist.domain.status import ClockKind, Status
from assist.domain.tasks import TaskStatus
from assist.models import (
    Account,
    Clock,
    Enterprise,
    Pairing,
    Request,
    Task,
    Ticket,
    Unit,
)
from assist.models.ticket import is_open
from assist.services.queries import request_lists
from assist.services.queries.request_lists import RequestFilter
from assist.services.queries.visit_figures import contact_count
from assist.services.work import Work

SHOWN = 10
LATE_IN_MONTH = 15  # from this day on it is said which enterprises have not been contacted


@dataclass(frozen=True)
class Shortened:
    """The first rows of a list, and how many there are in all."""

    rows: list[Any]
    total: int


@dataclass(frozen=True)
class Coordination:
    """`silent` are tickets whose progress is overdue, `uncontacted` enterprises without a contact this month."""

    unpaired: Shortened
    to_decide: Shortened
    to_dispatch: Shortened
    reviews: Shortened
    alike: Shortened
    silent: Shortened
    uncontacted: Shortened
    names_uncontacted: bool


def coordination(work: Work) -> Coordination:
    """The page of the actor. Unpaired and uncontacted enterprises share a statement, so do dispatches and reviews."""
    unpaired, uncontacted = _enterprises(work)
    dispatches, reviews = _owed_by_city(work)
    return Coordination(
        unpaired=unpaired,
        to_decide=_to_decide(work),
        to_dispatch=dispatches,
        reviews=reviews,
        alike=_alike(work),
        silent=_silent(work),
        uncontacted=uncontacted,
        names_uncontacted=local_date(work.now).day >= LATE_IN_MONTH,
    )


def _in_area(work: Work, column: Any) -> ColumnElement[bool]:
    found: ColumnElement[bool] = (
        true() if work.actor.area_id is None else column == work.actor.area_id
    )
    return found


def _enterprises(work: Work) -> tuple[Shortened, Shortened]:
    """Those without an active officer, and those whose officer has not contacted them this month (走访完成率)."""
    times = contact_count(month_of(work.now), work.now)
    is_unheard = times < int(work.settings.value("monthly_contacts"))
    what = Pairing.id.is_(None)
    rows = work.session.execute(
        select(
            Enterprise.id,
            Enterprise.name,
            Enterprise.area_id,
            Account.name.label("officer"),
            what.label("is_unpaired"),
        )
        .outerjoin(Pairing, and_(Pairing.enterprise_id == Enterprise.id, Pairing.ended_at.is_(None)))
        .outerjoin(Account, Account.id == Pairing.officer_id)
        .where(Enterprise.is_active, _in_area(work, Enterprise.area_id), what | is_unheard)
        .order_by(Enterprise.area_id, Enterprise.pinyin, Enterprise.id)
    ).all()
    without = [row for row in rows if row.is_unpaired]
    unheard = [row for row in rows if not row.is_unpaired]
    return Shortened(without[:SHOWN], len(without)), Shortened(unheard[:SHOWN], len(unheard))


def _to_decide(work: Work) -> Shortened:
    """One row more than is shown says that there are more; how many says the list itself."""
    found = request_lists.page(work, RequestFilter(view="to_decide"), size=SHOWN)
    return Shortened(found.rows, len(found.rows) + (1 if found.has_next else 0))


def _owed_by_city(work: Work) -> tuple[Shortened, Shortened]:
    """Tasks that wait for the city's dispatch, and suspensions by the day of their review; the area's own to read."""
    together = _dispatches(work).union_all(_reviews(work)).subquery()
    rows = work.session.execute(select(together).order_by(together.c.due_at)).all()
    tasks = [row for row in rows if row.what == "dispatch"]
    suspended = [row for row in rows if row.what == "review"]
    return Shortened(tasks[:SHOWN], len(tasks)), Shortened(suspended[:SHOWN], len(suspended))


def _dispatches(work: Work) -> Any:
    return (
        select(
            literal("dispatch").label("what"),
            Task.number.label("number"),
            Ticket.title,
            Unit.name.label("who"),
            Clock.due_at,
            literal(0).label("request_id"),
        )
        .join(Ticket, Ticket.id == Task.ticket_id)
        .join(Unit, Unit.id == Task.unit_id)
        .join(Clock, and_(Clock.task_id == Task.id, Clock.stopped_at.is_(None)))
        .where(
            Task.status == TaskStatus.ASKED,
            text("task.needs_dispatch"),
            Clock.kind == ClockKind.DECISION,
            Ticket.is_restricted.is_(False),
            _in_area(work, Ticket.area_id),
        )
    )


def _reviews(work: Work) -> Any:
    return (
        select(
            literal("review"),
            Ticket.number,
            Ticket.title,
            Request.reason,
            Clock.due_at,
            Request.id,
        )
        .join(Ticket, Ticket.id == Request.ticket_id)
        .join(Clock, and_(Clock.request_id == Request.id, Clock.stopped_at.is_(None)))
        .where(
            Request.kind == RequestKind.SUSPENSION,
            Request.status == RequestStatus.APPROVED,
            Request.ended_at.is_(None),
            Ticket.is_restricted.is_(False),
            _in_area(work, Ticket.area_id),
        )
    )


def _alike(work: Work) -> Shortened:
    """Open tickets of one enterprise in one category: (the later, the earlier), perhaps one matter."""
    earlier, later = aliased(Ticket), aliased(Ticket)
    before = and_(
        earlier.enterprise_id == later.enterprise_id,
        earlier.category_id == later.category_id,
        earlier.id < later.id,
    )
    rows = work.session.execute(
        select(
            later.number,
            later.title,
            earlier.number.label("first_number"),
            earlier.title.label("first_title"),
            Enterprise.name.label("enterprise"),
            func.count().over().label("total"),
        )
        .join(earlier, before)
        .join(Enterprise, Enterprise.id == later.enterprise_id)
        .where(
            _open(later),
            _open(earlier),
            later.is_restricted.is_(False),
            earlier.is_restricted.is_(False),
            _in_area(work, later.area_id),
        )
        .order_by(later.id.desc(), earlier.id)
        .limit(SHOWN)
    ).all()
    return Shortened(list(rows), rows[0].total if rows else 0)


def _open(ticket: Any) -> ColumnElement[bool]:
    still_open = [Status.SUBMITTED, Status.SUPPLEMENTING, Status.HANDLING, Status.ANSWERED]
    found: ColumnElement[bool] = ticket.status.in_(still_open)
    return found


def _silent(work: Work) -> Shortened:
    """Tickets whose owner has let the time for progress pass, the longest silent first."""
    rows = work.session.execute(
        select(
            Ticket.number,
            Ticket.title,
            Account.name.label("owner"),
            Enterprise.short_name,
            Enterprise.name.label("enterprise"),
            Clock.due_at,
            func.count().over().label("total"),
        )
        .join(Ticket, Ticket.id == Clock.ticket_id)
        .join(Enterprise, Enterprise.id == Ticket.enterprise_id)
        .outerjoin(Account, Account.id == Ticket.owner_id)
        .where(
            Clock.kind == ClockKind.PROGRESS,
            Clock.stopped_at.is_(None),
            Clock.paused_at.is_(None),
            Clock.due_at < work.now,
            is_open(),
            Ticket.is_restricted.is_(False),
            _in_area(work, Ticket.area_id),
        )
        .order_by(Clock.due_at, Clock.id)
        .limit(SHOWN)
    ).all()
    return Shortened(list(rows), rows[0].total if rows else 0)
