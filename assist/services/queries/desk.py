"""今日工作台: what an officer has to do, in the order of urgency. Reading only; a fixed number of statements."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, func, literal, or_, select
from sqlalchemy.orm import aliased

from assist.domain.clock import local_date
from assist.domain.deadlines import Remaining, remaining_text
from assist.domain.rates import Rate, month_of, year_of
from assist.domain.status import OWNER_CLOCKS, ClockKind, Status
from assist.domain.transitions import Action
from assist.models import Account, Clock, Enterprise, EnterpriseContact, Pairing, Ticket
from assist.models.ticket import is_open
from assist.services.queries.desk_visits import problem_count
from assist.services.queries.figures.counting import as_of, rates
from assist.services.queries.handovers import WaitingHandover
from assist.services.queries.handovers import waiting as waiting_handovers
from assist.services.queries.visit_figures import contact_count
from assist.services.work import Work

NEXT_ACT = {
    ClockKind.CONTACT: Action.CONTACT,
    ClockKind.ACCEPTANCE: Action.ACCEPT,
    ClockKind.OPINION: Action.OPINION,
    ClockKind.PROGRESS: Action.PROGRESS,
    ClockKind.RESOLUTION: Action.ANSWER,
}


@dataclass(frozen=True)
class Duty:
    """One ticket on the desk: which clock presses, until when, and the one act that serves it."""

    number: str
    title: str
    enterprise: str
    category: str
    round_no: int
    status: Status
    is_pressing: bool
    clock: ClockKind | None
    due_at: datetime | None
    left: Remaining | None
    act: Action | None
    owner: str = ""  # whose it is, when the actor stands in for him


@dataclass(frozen=True)
class Served:
    """One of the officer's enterprises on a card."""

    id: int
    name: str
    area_id: int
    chain_id: int | None
    honour: str
    contact_name: str
    contact_position: str
    contact_phone: str
    open_count: int
    all_count: int
    month_contacts: int
    problems: int  # found by visits of the last weeks and not yet made tickets
    officer: str = ""  # whose it is, when the actor stands in for him
    needed: int = 1  # contacts a month

    @property
    def contacts_owed(self) -> int:
        """How often the officer still has to contact it this month."""
        return max(0, self.needed - self.month_contacts)


@dataclass(frozen=True)
class Desk:
    late: list[Duty]
    today: list[Duty]
    mine: list[Duty]
    waiting: list[Duty]
    year: Rate
    enterprises: list[Served]
    handovers: list[WaitingHandover]

    @property
    def priority(self) -> list[Duty]:
        return [*self.late, *self.today]

    @property
    def to_confirm(self) -> list[Duty]:
        return [duty for duty in self.waiting if duty.status is Status.ANSWERED]


def desk(work: Work) -> Desk:
    """The desk of the actor: his open tickets and of those he stands in for, this year's rate, his enterprises."""
    duties = _duties(work)
    today = local_date(work.now)
    late, due_today, mine, waiting = [], [], [], []
    for duty in duties:
        if duty.status in (Status.ANSWERED, Status.SUPPLEMENTING) and not _is_late(work, duty):
            waiting.append(duty)
        elif duty.due_at is None:
            mine.append(duty)
        elif _is_late(work, duty):
            late.append(duty)
        elif local_date(duty.due_at) == today:
            due_today.append(duty)
        else:
            mine.append(duty)
    mine_only = select(Ticket.id).where(Ticket.owner_id == work.actor.account_id)
    owned = Ticket.id.in_(mine_only.correlate(None))
    year = rates(work, ["on_time"], [year_of(work.now)], as_of(work), owned, is_own=True)[0]["on_time"]
    return Desk(late, due_today, mine, waiting, year, _served(work), waiting_handovers(work))


def _is_late(work: Work, duty: Duty) -> bool:
    return duty.due_at is not None and duty.due_at < work.now


def _duties(work: Work) -> list[Duty]:
    """Open tickets to work on with their running owner clocks, the most pressing first (one statement)."""
    me = work.actor.account_id
    rows = work.session.execute(
        select(Ticket, Enterprise.name, Enterprise.short_name, Clock.kind, Clock.due_at, Account.name)
        .join(Enterprise, Enterprise.id == Ticket.enterprise_id)
        .join(Account, Account.id == Ticket.owner_id)
        .outerjoin(
            Clock,
            and_(
                Clock.ticket_id == Ticket.id,
                Clock.stopped_at.is_(None),
                Clock.paused_at.is_(None),
                Clock.kind.in_(OWNER_CLOCKS),
            ),
        )
        .where(
            Ticket.owner_id.in_(work.actor.officers),
            or_(Ticket.owner_id == me, Ticket.is_restricted.is_(False)),
            is_open(),
        )
        .order_by(Ticket.id, Clock.due_at)
    )
    found: dict[int, Duty] = {}
    for ticket, name, short_name, kind, due_at, owner in rows:
        if ticket.id not in found:
            whose = "" if ticket.owner_id == me else owner
            found[ticket.id] = _duty(work, ticket, short_name or name, kind, due_at, whose)
    far = datetime.max.replace(tzinfo=work.now.tzinfo)
    return sorted(found.values(), key=lambda duty: (duty.due_at or far, duty.number))


def _duty(
    work: Work, ticket: Ticket, enterprise: str, kind: ClockKind | None, due_at: datetime | None, owner: str
) -> Duty:
    category = work.settings.categories.get(ticket.category_id or 0)
    is_theirs = ticket.status is Status.ANSWERED
    act = None if kind is None or is_theirs else NEXT_ACT[kind]
    if ticket.status is Status.SUBMITTED and kind in (ClockKind.CONTACT, ClockKind.OPINION):
        act = Action.FIRST_RESPONSE
    if ticket.status is Status.SUPPLEMENTING and act is not Action.CONTACT:
        act = None
    return Duty(
        number=ticket.number,
        title=ticket.title,
        enterprise=enterprise,
        category=category.name if category else "类别待定",
        round_no=ticket.round_no,
        status=ticket.status,
        is_pressing=ticket.is_pressing,
        clock=None if is_theirs else kind,
        due_at=None if is_theirs else due_at,
        left=remaining_text(work.settings.calendar, work.now, due_at) if due_at and not is_theirs else None,
        act=act,
        owner=owner,
    )


def _served(work: Work) -> list[Served]:
    """The active enterprises with main contact, counts and this month's contacts, own ones first (one statement)."""
    me = work.actor.account_id
    served_by = aliased(Account)
    rows = work.session.execute(
        select(
            Enterprise.id,
            Enterprise.name,
            Enterprise.area_id,
            Enterprise.chain_id,
            Enterprise.honour,
            func.coalesce(Account.name, ""),
            func.coalesce(Account.position, ""),
            func.coalesce(Account.phone, ""),
            *_counts_of_enterprise(work),
            case((Pairing.officer_id == me, ""), else_=served_by.name),
            literal(int(work.settings.value("monthly_contacts"))),
        )
        .join(Pairing, Pairing.enterprise_id == Enterprise.id)
        .join(served_by, served_by.id == Pairing.officer_id)
        .outerjoin(
            EnterpriseContact, and_(EnterpriseContact.enterprise_id == Enterprise.id, EnterpriseContact.is_main)
        )
        .outerjoin(Account, Account.id == EnterpriseContact.account_id)
        .where(Pairing.officer_id.in_(work.actor.officers), Pairing.ended_at.is_(None))
        .order_by(case((Pairing.officer_id == me, 0), else_=1), Enterprise.pinyin, Enterprise.id)
    )
    return [Served(*row) for row in rows]


def _counts_of_enterprise(work: Work) -> list[Any]:
    """Open tickets, all tickets, this month's contacts, problems found and not yet taken up. Restricted ones apart."""
    own = [Ticket.enterprise_id == Enterprise.id, Ticket.is_restricted.is_(False)]
    counts = [
        select(func.count()).select_from(Ticket).where(*own, is_open()),
        select(func.count()).select_from(Ticket).where(*own),
    ]
    asked = [each.correlate(Enterprise).scalar_subquery() for each in counts]
    return [*asked, contact_count(month_of(work.now), work.now), problem_count(work)]
