"""每日待办提示: on working days from 08:30, one message a person who has something to look at, and no other.

Officers: late, due today, in hand. Coordinators: their area's (or the city's). Supervisors: the city's, with what else
stands in red. Leaders once a week: what their group's enterprises wait for.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Integer, case, func, or_, select

from assist.domain.clock import local
from assist.domain.requests import RequestKind, RequestStatus
from assist.domain.roles import Role
from assist.domain.status import DeliveryStatus, Status
from assist.domain.supervision import SUPERVISION_OPEN, SupervisionLevel
from assist.domain.workdays import WorkCalendar
from assist.models import Account, Delivery, Enterprise, Request, Supervision, Ticket, WorkGroupMember
from assist.models.account import holds
from assist.models.callback import is_owed
from assist.models.ticket import is_open
from assist.services import stand_ins, telling
from assist.services.telling import Note
from assist.services.work import Work

FROM = time(8, 30)


@dataclass(frozen=True)
class Tally:
    """How many tickets are late, due today, in hand, and without an owner."""

    late: int = 0
    today: int = 0
    in_hand: int = 0
    vacant: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.late + other.late,
            self.today + other.today,
            self.in_hand + other.in_hand,
            self.vacant + other.vacant,
        )

    @property
    def parts(self) -> list[str]:
        named = (
            (self.late, "超期"),
            (self.today, "今日到期"),
            (self.in_hand, "在办"),
            (self.vacant, "无人主责"),
        )
        return [f"{name}{count}件" for count, name in named if count]

    @property
    def tone(self) -> str:
        return "late" if self.late or self.vacant else "soon" if self.today else "inf"


def is_time(calendar: WorkCalendar, now: datetime) -> bool:
    """Whether today has a digest and its hour has come."""
    here = local(now)
    return calendar.is_working(here.date()) and here.time() >= FROM


def digest(work: Work) -> int:
    """Write today's messages; how many are new. Asked again on the same day nobody is told twice."""
    notes = [*_officers(work), *_offices(work)]
    if _is_first_of_week(work.settings.calendar, local(work.now).date()):
        notes += _leaders(work)
    return len(telling.write(work, notes))


def _is_first_of_week(calendar: WorkCalendar, today: date) -> bool:
    return not any(
        calendar.is_working(today - timedelta(days=back)) for back in range(1, today.weekday() + 1)
    )


def _note(work: Work, person: int, title: str, tally: Tally, location: str = "/") -> Note:
    key = f"digest:{local(work.now):%Y-%m-%d}"
    return Note(person, "digest", title, key, tone=tally.tone, location=location)


def _columns(work: Work) -> Sequence[Any]:
    """late, today, in hand, vacant: sums over open tickets that the case side has in hand."""
    tonight = local(work.now).replace(hour=23, minute=59, second=59, microsecond=999999).astimezone(UTC)

    def counted(condition: ColumnElement[bool]) -> Any:
        return func.coalesce(func.sum(case((condition, 1), else_=0)), 0).cast(Integer)

    late = Ticket.next_due_at < work.now
    return (
        counted(late),
        counted((Ticket.next_due_at >= work.now) & (Ticket.next_due_at <= tonight)),
        counted(Ticket.status.in_([Status.SUBMITTED, Status.HANDLING])),
        counted(Ticket.owner_id.is_(None)),
    )


def _officers(work: Work) -> Iterable[Note]:
    """Each owner, and whoever stands in for him today: of restricted matters he alone."""
    rows: Any = work.session.execute(
        select(Ticket.owner_id, Account.name, Ticket.is_restricted, *_columns(work))
        .join(Account, Account.id == Ticket.owner_id)
        .where(is_open(), Account.is_active)
        .group_by(Ticket.owner_id, Account.name, Ticket.is_restricted)
    )
    whole: dict[int, Tally] = {}
    passed: dict[int, tuple[str, Tally]] = {}
    for owner_id, name, is_restricted, *counts in rows:
        whole[owner_id] = whole.get(owner_id, Tally()) + Tally(*counts)
        if not is_restricted:
            passed[owner_id] = (name, Tally(*counts))
    for owner_id, tally in whole.items():
        if tally.parts:
            yield _note(work, owner_id, f"今日待办：{'，'.join(tally.parts)}", tally)
    for owner_id, people in stand_ins.for_officers(work.session, passed.keys(), work.now).items():
        name, tally = passed[owner_id]
        for person in people if tally.parts else ():
            note = _note(work, person, f"今日代{name}办理：{'，'.join(tally.parts)}", tally)
            yield replace(note, key=f"{note.key}:for:{owner_id}")


def _offices(work: Work) -> Iterable[Note]:
    """Coordinators by area and supervisors; a restricted matter is counted for the supervisors alone."""
    areas: dict[int, Tally] = {}
    restricted = Tally()
    rows: Any = work.session.execute(
        select(Ticket.area_id, Ticket.is_restricted, *_columns(work))
        .where(is_open())
        .group_by(Ticket.area_id, Ticket.is_restricted)
    )
    for area_id, is_restricted, *counts in rows:
        if is_restricted:
            restricted += Tally(*counts)
        else:
            areas[area_id] = Tally(*counts)
    city = sum(areas.values(), Tally())
    beside = _red_beside(work)
    people: Any = work.session.execute(
        select(Account.id, Account.roles, Account.area_id)
        .where(or_(holds(Role.SUPERVISOR), holds(Role.COORDINATOR)), Account.is_active)
        .order_by(Account.id)
    )
    for person, roles, area_id in people:
        if Role.SUPERVISOR in roles:
            tally = replace(city + restricted, in_hand=0)
            parts = [*tally.parts, *beside]
        else:
            tally = replace(areas.get(area_id, Tally()) if area_id else city, in_hand=0)
            parts = tally.parts
        if parts:
            yield _note(work, person, f"今日调度：{'，'.join(parts)}", tally)


def _red_beside(work: Work) -> list[str]:
    callbacks = work.session.scalar(select(func.count()).where(is_owed()))
    dead = work.session.scalar(select(func.count()).where(Delivery.status == DeliveryStatus.DEAD))
    told = ((callbacks, "待回访{}件"), (dead, "消息发送失败{}条"))
    return [words.format(count) for count, words in told if count]


def _leaders(work: Work) -> Iterable[Note]:
    """Once a week: coordination that waits for him, open orders of the third level, the numbers of his enterprises."""
    asked = _by_leader(work, Request, Request.kind == RequestKind.COORDINATION, Request.status == RequestStatus.PENDING)
    orders = _by_leader(
        work,
        Supervision,
        Supervision.level == SupervisionLevel.KEY_ORDER,
        Supervision.status.in_(SUPERVISION_OPEN),
    )
    rows: Any = work.session.execute(_of_leaders(select(WorkGroupMember.account_id, *_columns(work)), is_open()))
    tallies = {person: Tally(*counts) for person, *counts in rows}
    for person in sorted({*asked, *orders, *tallies}):
        tally = tallies.get(person, Tally())
        beside = ((asked.get(person), "需您协调{}件"), (orders.get(person), "重点督办{}件"))
        parts = [*(words.format(count) for count, words in beside if count), *tally.parts]
        if parts:
            yield _note(work, person, f"本周企业诉求：{'，'.join(parts)}", tally, "/leader/")


def _by_leader(work: Work, what: Any, *conditions: ColumnElement[bool]) -> dict[int, int]:
    """How many of these each leader's enterprises have."""
    query = _of_leaders(select(WorkGroupMember.account_id, func.count()), *conditions)
    return {row[0]: row[1] for row in work.session.execute(query.join(what, what.ticket_id == Ticket.id))}


def _of_leaders(query: Any, *conditions: ColumnElement[bool]) -> Any:
    """Tickets by the leaders of their enterprises' groups; restricted matters are not theirs."""
    return (
        query.join(Enterprise, Enterprise.work_group_id == WorkGroupMember.work_group_id)
        .join(Ticket, Ticket.enterprise_id == Enterprise.id)
        .join(Account, Account.id == WorkGroupMember.account_id)
        .where(WorkGroupMember.is_head, Account.is_active, Ticket.is_restricted.is_(False), *conditions)
        .group_by(WorkGroupMember.account_id)
    )
