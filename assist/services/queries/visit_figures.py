"""走访完成率, and 无事不扰 in figures: who disturbs most. Reading only; what stands behind a number is the same query.

走访完成率 of a month: of the enterprises with an active officer (at the month's end, or now), those that the officer
side contacted as often as the setting `monthly_contacts` asks: a contact entered on a ticket and not denied, a visit
written down, or one gone along with that was written down. A unit's visit is no contact of the officer's.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, extract, func, or_, select
from sqlalchemy.orm import aliased

from assist.domain.rates import Period, Rate, month_of
from assist.domain.roles import Role
from assist.domain.visits import VisitKind, VisitStatus
from assist.models import Account, ContactRecord, Enterprise, Pairing, Ticket, Unit, Visit
from assist.models.account import holds
from assist.services import visit_budget
from assist.services.queries.roster import scope
from assist.services.work import Work

S = VisitStatus


def contact_count(period: Period, at: datetime) -> Any:
    """SQL: contacts of an `Enterprise` by the officer side in a period, as known at an instant; to be correlated."""
    entered = _entered(period, at, func.count()).where(
        Ticket.enterprise_id == Enterprise.id,
        Ticket.updated_at >= period.start,  # else nobody entered anything since
    )
    return entered.correlate(Enterprise).scalar_subquery() + visit_count(period, at)


def _entered(period: Period, at: datetime, *columns: Any) -> Select[Any]:
    """Contacts on tickets in a period that were not denied, as known at an instant."""
    return (
        select(*columns)
        .select_from(ContactRecord)
        .join(Ticket, Ticket.id == ContactRecord.ticket_id)
        .where(
            Ticket.is_restricted.is_(False),
            ContactRecord.entered_at >= period.start,
            ContactRecord.entered_at < period.end,
            ContactRecord.entered_at <= at,
            or_(ContactRecord.is_true.is_not(False), ContactRecord.verified_at > at),
        )
    )


def visit_count(period: Period, at: datetime) -> Any:
    """SQL: visits of an `Enterprise` by the officer side that were written down; to be correlated."""
    lead = aliased(Visit)
    on = and_(Visit.visit_on >= period.first_on, Visit.visit_on <= period.last_on)
    found = (
        select(func.count())
        .select_from(Visit)
        .join(Account, Account.id == Visit.account_id)
        .outerjoin(lead, lead.id == Visit.joined_id)
        .where(Visit.enterprise_id == Enterprise.id, on, holds(Role.OFFICER), _is_done(lead, at))
        .correlate(Enterprise)
        .scalar_subquery()
    )
    return found


def _is_done(lead: Any, at: datetime) -> ColumnElement[bool]:
    """Written down by then: the visit itself, or the one it was merged into."""
    return func.coalesce(Visit.recorded_at, lead.recorded_at) <= at


@dataclass(frozen=True)
class Completion:
    """走访完成率 of one month; `needed` contacts make an enterprise one of n."""

    period: Period
    at: datetime
    rate: Rate
    needed: int


def completion(work: Work, period: Period | None = None, at: datetime | None = None) -> Completion:
    """Of the enterprises in the reader's scope (one statement)."""
    period, at, needed = _asked(work, period, at)
    entered = _entered(period, at, Ticket.enterprise_id, func.count().label("times"))
    by_firm = entered.group_by(Ticket.enterprise_id).subquery()  # of all at once: by the index of contacts' times
    times = func.coalesce(by_firm.c.times, 0) + visit_count(period, at)
    query = _with_officer(work, period, at).outerjoin(by_firm, by_firm.c.enterprise_id == Enterprise.id)
    contacted = query.add_columns(times.label("times")).subquery()
    row = work.session.execute(
        select(func.count(), func.count().filter(contacted.c.times >= needed)).select_from(contacted)
    ).one()
    return Completion(period, at, Rate(int(row[1]), int(row[0])), needed)


def completion_rows(work: Work, part: str, period: Period, at: datetime | None = None) -> list[Any]:
    """The enterprises behind it: `n`, `missed`, or all of `d`; those without a contact first."""
    period, at, needed = _asked(work, period, at)
    times, visits = contact_count(period, at), visit_count(period, at)
    query = (
        _with_officer(work, period, at)
        .add_columns(
            Enterprise.name,
            Enterprise.area_id,
            Account.name.label("officer"),
            Account.id.label("officer_id"),
            Unit.name.label("unit_name"),
            Unit.short_name.label("unit_short"),
            times.label("times"),
            visits.label("visits"),
        )
        .join(Account, Account.id == Pairing.officer_id)
        .outerjoin(Unit, Unit.id == Account.unit_id)
        .order_by(times, Enterprise.area_id, Enterprise.pinyin, Enterprise.id)
    )
    if part == "n":
        query = query.where(times >= needed)
    elif part == "missed":
        query = query.where(times < needed)
    return list(work.session.execute(query))


def _asked(work: Work, period: Period | None, at: datetime | None) -> tuple[Period, datetime, int]:
    period, at = period or month_of(work.now), at or work.now
    return period, at, int(work.settings.value("monthly_contacts"))


def _with_officer(work: Work, period: Period, at: datetime) -> Select[Any]:
    """Enterprises of the reader's scope that had an officer at the month's end, or have one now."""
    then = min(period.end, at)
    paired = and_(
        Pairing.enterprise_id == Enterprise.id,
        Pairing.started_at <= then,
        or_(Pairing.ended_at.is_(None), Pairing.ended_at > then),
    )
    query: Any = select(Enterprise.id).join(Pairing, paired).where(Enterprise.is_active, *scope(work))
    found: Select[Any] = query
    return found


@dataclass
class Tally:
    """How often somebody disturbs, or an enterprise is disturbed; `key` leads to the list behind the number."""

    key: str
    name: str
    note: str = ""
    total: int = 0
    kinds: dict[VisitKind, int] = field(default_factory=lambda: defaultdict(int))
    others: set[int] = field(default_factory=set)  # enterprises one went to; people who came to an enterprise
    over_months: int = 0

    def add(self, kind: VisitKind, count: int, other: int) -> None:
        self.total += count
        self.kinds[kind] += count
        self.others.add(other)


@dataclass(frozen=True)
class Disturbing:
    units: list[Tally]
    people: list[Tally]
    enterprises: list[Tally]


def disturbing(work: Work, first: date, last: date, most: int = 15) -> Disturbing:
    """Who disturbs most in a span of days: by unit (or office), by person, by enterprise; counted ones only."""
    month = extract("month", Visit.visit_on)
    rows = work.session.execute(
        select(
            Visit.enterprise_id,
            Visit.account_id,
            Visit.kind,
            month.label("month"),
            Enterprise.name.label("enterprise"),
            Account.name.label("who"),
            Account.roles,
            Unit.id.label("unit_id"),
            Unit.name.label("unit_name"),
            Unit.short_name.label("unit_short"),
            func.count().label("count"),
        )
        .join(Enterprise, Enterprise.id == Visit.enterprise_id)
        .join(Account, Account.id == Visit.account_id)
        .outerjoin(Unit, Unit.id == Account.unit_id)
        .where(visit_budget.counted(), Visit.visit_on >= first, Visit.visit_on <= last, *scope(work))
        .group_by(
            Visit.enterprise_id, Visit.account_id, Visit.kind, month, Enterprise.name, Account.name,
            Account.roles, Unit.id, Unit.name, Unit.short_name,
        )
    ).all()  # fmt: skip
    return _tallied(rows, visit_budget.budget(work), most)


def _tallied(rows: Iterable[Any], limit: int, most: int) -> Disturbing:
    units: dict[str, Tally] = {}
    people: dict[str, Tally] = {}
    firms: dict[str, Tally] = {}
    months: dict[tuple[str, int], int] = defaultdict(int)
    for row in rows:
        unit = row.unit_short or row.unit_name or ""
        key, name = _party(row.roles, row.unit_id, unit)
        units.setdefault(key, Tally(key, name)).add(row.kind, row.count, row.enterprise_id)
        who, firm = str(row.account_id), str(row.enterprise_id)
        note = unit if Role.UNIT in row.roles or not unit else f"{unit}（服务专员）"
        people.setdefault(who, Tally(who, row.who, note or name)).add(row.kind, row.count, row.enterprise_id)
        firms.setdefault(firm, Tally(firm, row.enterprise)).add(row.kind, row.count, row.account_id)
        months[firm, int(row.month)] += row.count
    for (firm, _), count in months.items():
        firms[firm].over_months += count > limit
    return Disturbing(*(_ranked(one, most) for one in (units, people, firms)))


def _party(roles: frozenset[Role], unit_id: int | None, unit: str) -> tuple[str, str]:
    """(what the list is narrowed by, how it is called): a unit by its own staff, the offices as a whole."""
    if Role.UNIT in roles and unit_id is not None:
        return f"unit={unit_id}", unit
    for role, party, name in (
        (Role.SUPERVISOR, "supervisor", "督查室"),
        (Role.COORDINATOR, "coordinator", "助企办"),
    ):
        if role in roles:
            return f"party={party}", name
    return "party=officer", "服务专员（全体）"


def _ranked(found: dict[str, Tally], most: int) -> list[Tally]:
    return sorted(found.values(), key=lambda one: (-one.total, one.name))[:most]

