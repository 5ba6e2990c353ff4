"""工作组领导's page: what is asked of him, his 批示, what the week brought, five numbers, his group's enterprises.

Seven statements whatever there is. Restricted matters are nowhere in it. Counts are those of the lists they open.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, literal, or_, select

from assist.domain.clock import local
from assist.domain.date_words import date_text
from assist.domain.deadlines import Remaining, remaining_text
from assist.domain.rates import Period, Rate, month_of
from assist.domain.requests import RequestKind, RequestStatus
from assist.domain.supervision import SUPERVISION_OPEN, SupervisionLevel
from assist.models import (
    Account,
    Clock,
    Enterprise,
    Instruction,
    Pairing,
    Request,
    Supervision,
    Ticket,
    WorkGroup,
    WorkGroupMember,
)
from assist.models.ticket import is_open
from assist.services import request_access
from assist.services.access import visible
from assist.services.queries import leader_week, ticket_lists
from assist.services.queries.figures.counting import as_of, rates
from assist.services.queries.leader_week import Change
from assist.services.queries.ticket_lists import TicketFilter
from assist.services.work import Work

MOST = 20
FIGURES = ("on_time", "satisfied", "rated")

@dataclass(frozen=True)
class Asked:
    """One 提请协调: a sentence, and the 批示 that is proposed for it."""

    id: int
    number: str
    title: str
    enterprise: str
    version: int
    reason: str
    work_done: str
    asked_by: str
    by_when: str
    proposed: str
    left: Remaining | None
    due_at: datetime | None


@dataclass(frozen=True)
class Pressed:
    """An own 批示 that waits or was answered this week, or a 重点督办单 that is open; `what` says which."""

    what: str
    id: int
    number: str
    title: str
    enterprise: str
    text: str
    reply: str
    due_at: datetime | None
    left: Remaining | None


@dataclass(frozen=True)
class Served:
    id: int
    name: str
    group: str
    officer: str
    open: int
    late: int


@dataclass(frozen=True)
class LeaderPage:
    month: Period
    asked: list[Asked]
    pressed: list[Pressed]
    changes: list[Change]
    open: int
    late: int
    rates: dict[str, Rate]
    enterprises: list[Served]
    week_start: date

    @property
    def instructions(self) -> list[Pressed]:
        return [one for one in self.pressed if one.what == "instruction"]

    @property
    def key_orders(self) -> list[Pressed]:
        return [one for one in self.pressed if one.what == "supervision"]


def leader(work: Work) -> LeaderPage:
    """The page of the actor."""
    month = month_of(work.now)
    monday = _monday(work)
    counted = {
        name: select(func.count()).select_from(Ticket).where(*ticket_lists.conditions(work, wanted))
        for name, wanted in (
            ("open", TicketFilter(state="open")),
            ("late", TicketFilter(lateness="late")),
        )
    }
    numbers = work.session.execute(select(*(one.scalar_subquery() for one in counted.values()))).one()
    return LeaderPage(
        month=month,
        asked=_asked(work),
        pressed=_pressed(work, monday),
        changes=leader_week.changes(work, monday),
        open=int(numbers[0]),
        late=int(numbers[1]),
        rates=rates(work, FIGURES, [month], as_of(work))[0],
        enterprises=_enterprises(work),
        week_start=monday.date(),
    )


def _monday(work: Work) -> datetime:
    today = local(work.now).replace(hour=0, minute=0, second=0, microsecond=0)
    return today - timedelta(days=today.weekday())


def _asked(work: Work) -> list[Asked]:
    rows = work.session.execute(
        select(
            Request, Ticket.number, Ticket.title, Ticket.version, Enterprise.name, Enterprise.short_name, Clock.due_at
        )
        .join(Ticket, Ticket.id == Request.ticket_id)
        .join(Enterprise, Enterprise.id == Ticket.enterprise_id)
        .outerjoin(Clock, and_(Clock.request_id == Request.id, Clock.stopped_at.is_(None)))
        .where(
            Request.kind == RequestKind.COORDINATION,
            Request.status == RequestStatus.PENDING,
            request_access.decidable_by(work.actor),
        )
        .order_by(Request.id)
        .limit(MOST)
    )
    return [_ask(work, *row) for row in rows]


def _ask(
    work: Work,
    request: Request,
    number: str,
    title: str,
    version: int,
    name: str,
    short: str,
    due_at: datetime | None,
) -> Asked:
    on = request.facts.get("due_on")
    by_when = date_text(date.fromisoformat(on), local(work.now).year) if on else ""
    who_does = str(request.facts.get("who_does") or "")
    return Asked(
        id=request.id,
        number=number,
        title=title,
        enterprise=short or name,
        version=version,
        reason=request.reason,
        work_done=str(request.facts.get("work_done") or ""),
        asked_by=request.asked_by_name,
        by_when=by_when,
        proposed=proposed(who_does, by_when),
        left=remaining_text(work.settings.calendar, work.now, due_at) if due_at else None,
        due_at=due_at,
    )


def proposed(who_does: str, by_when: str) -> str:
    """A 批示 to start from: 请住建局明确验收时间，12月2日前落实并反馈；责任专员跟踪到底。"""
    plain = who_does.strip().rstrip("。；;.").removeprefix("请")
    until = f"，{by_when}前落实并反馈" if by_when else "，尽快落实并反馈"
    return f"请{plain or '有关单位研究解决'}{until}；责任专员跟踪到底。"


def _pressed(work: Work, monday: datetime) -> list[Pressed]:
    """Own instructions that wait or were answered this week, and open orders of the third level: one statement."""
    together = _own_instructions(work, monday).union_all(_key_orders()).subquery()
    rows = work.session.execute(
        select(together, Ticket.number, Ticket.title, Enterprise.name, Enterprise.short_name)
        .join(Ticket, Ticket.id == together.c.ticket_id)
        .join(Enterprise, Enterprise.id == Ticket.enterprise_id)
        .where(visible(work.actor))
        .order_by(together.c.due_at.is_(None), together.c.due_at, together.c.id)
        .limit(MOST)
    )
    calendar = work.settings.calendar
    return [
        Pressed(
            what=row.what,
            id=row.id,
            number=row.number,
            title=row.title,
            enterprise=row.short_name or row.name,
            text=row.text,
            reply=row.reply,
            due_at=row.due_at,
            left=remaining_text(calendar, work.now, row.due_at) if row.due_at else None,
        )
        for row in rows
    ]


def _own_instructions(work: Work, monday: datetime) -> Any:
    return (
        select(
            literal("instruction").label("what"),
            Instruction.id.label("id"),
            Instruction.ticket_id.label("ticket_id"),
            Instruction.text.label("text"),
            Instruction.reply.label("reply"),
            Clock.due_at.label("due_at"),
        )
        .outerjoin(Clock, and_(Clock.instruction_id == Instruction.id, Clock.stopped_at.is_(None)))
        .where(
            Instruction.leader_id == work.actor.account_id,
            or_(Instruction.replied_at.is_(None), Instruction.replied_at >= monday),
        )
    )


def _key_orders() -> Any:
    return (
        select(
            literal("supervision"),
            Supervision.id,
            Supervision.ticket_id,
            func.coalesce(Supervision.number, ""),
            literal(""),
            Clock.due_at,
        )
        .outerjoin(Clock, and_(Clock.supervision_id == Supervision.id, Clock.stopped_at.is_(None)))
        .where(
            Supervision.level == SupervisionLevel.KEY_ORDER, Supervision.status.in_(SUPERVISION_OPEN)
        )
    )


def _enterprises(work: Work) -> list[Served]:
    """The enterprises of his groups with officer and open tickets, the late ones first."""
    still_open = and_(Ticket.enterprise_id == Enterprise.id, is_open(), Ticket.is_restricted.is_(False))

    def count(*more: ColumnElement[bool]) -> Any:
        return select(func.count()).where(still_open, *more).correlate(Enterprise).scalar_subquery()

    late = count(Ticket.due_at < work.now).label("late")
    rows = work.session.execute(
        select(Enterprise.id, Enterprise.name, WorkGroup.name, Account.name, count().label("open"), late)
        .join(WorkGroup, WorkGroup.id == Enterprise.work_group_id)
        .join(WorkGroupMember, WorkGroupMember.work_group_id == WorkGroup.id)
        .outerjoin(Pairing, and_(Pairing.enterprise_id == Enterprise.id, Pairing.ended_at.is_(None)))
        .outerjoin(Account, Account.id == Pairing.officer_id)
        .where(WorkGroupMember.account_id == work.actor.account_id, Enterprise.is_active)
        .order_by(case((late > 0, 0), else_=1), WorkGroup.sort, Enterprise.pinyin, Enterprise.id)
    )
    return [
        Served(id, name, group, officer or "", int(open_count), int(late_count))
        for id, name, group, officer, open_count, late_count in rows
    ]
