"""企业与结对: who serves whom, as lists and as one enterprise's card. Reading only; a fixed number of statements.

An area's coordinator sees his area's enterprises. Not here: officers, units, work groups (`officers`), phones in full
(`phone_reveals`), writing.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from assist.domain.errors import NotFound
from assist.domain.handovers import HandoverStatus
from assist.domain.search_tokens import normalise
from assist.models import (
    Account,
    Area,
    Chain,
    Enterprise,
    EnterpriseContact,
    Handover,
    Pairing,
    StandIn,
    Ticket,
    Unit,
    WorkGroup,
)
from assist.models.ticket import is_open
from assist.services.stand_ins import holds_at
from assist.services.work import Work

PAGE = 50
officer = aliased(Account, name="officer")
contact = aliased(Account, name="contact")

COLUMNS: tuple[Any, ...] = (
    Enterprise.id,
    Enterprise.name,
    Enterprise.credit_code,
    Enterprise.area_id,
    Area.name.label("area"),
    Chain.name.label("chain"),
    Enterprise.leader_name,
    Enterprise.group_names,
    Enterprise.is_active,
    Pairing.started_at.label("paired_at"),
    officer.id.label("officer_id"),
    officer.name.label("officer_name"),
    officer.phone.label("officer_phone"),
    officer.position.label("officer_title"),
    Unit.name.label("unit_name"),
    Unit.short_name.label("unit_short"),
    contact.name.label("contact_name"),
    contact.phone.label("contact_phone"),
)


@dataclass(frozen=True)
class RosterFilter:
    """What the list of enterprises is narrowed by; every field may be empty."""

    q: str = ""
    area: str = ""
    unpaired: str = ""
    state: str = ""

    def as_query(self) -> dict[str, str]:
        """The fields that are set, as they stand in a URL."""
        return {each.name: value for each in fields(self) if (value := getattr(self, each.name))}


@dataclass(frozen=True)
class Presence:
    """专员到位: enterprises of the programme that have an active officer, of how many."""

    paired: int
    enterprises: int
    size: int

    @property
    def is_full(self) -> bool:
        return self.paired >= self.size

    @property
    def unpaired(self) -> int:
        return self.enterprises - self.paired


def scope(work: Work) -> list[ColumnElement[bool]]:
    """Conditions on `Enterprise`: what this reader's roster holds."""
    own = work.actor.area_id
    return [] if own is None else [Enterprise.area_id == own]


def presence(work: Work) -> Presence:
    """Of the reader's scope; the city's is measured by the size of the programme."""
    row = work.session.execute(
        select(func.count(Enterprise.id), func.count(Pairing.id))
        .outerjoin(Pairing, and_(Pairing.enterprise_id == Enterprise.id, Pairing.ended_at.is_(None)))
        .where(Enterprise.is_active, *scope(work))
    ).one()
    size = int(work.settings.values.get("programme_size") or 0) if work.actor.area_id is None else int(row[0])
    return Presence(int(row[1]), int(row[0]), max(size, int(row[0])))


def like(words: str, *columns: Any) -> ColumnElement[bool]:
    """Names as typed; spellings and initials without spaces, in lower case; codes in upper case."""
    plain = normalise(words).replace(" ", "")
    pattern = plain.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return or_(*(column.ilike(f"%{pattern}%", escape="\\") for column in columns))


def _enterprise_rows(work: Work, wanted: RosterFilter, *columns: Any) -> Select[Any]:
    """Enterprises with their active officer, his unit and the main contact."""
    query = (
        select(*columns)
        .select_from(Enterprise)
        .join(Area, Area.id == Enterprise.area_id)
        .outerjoin(Chain, Chain.id == Enterprise.chain_id)
        .outerjoin(Pairing, and_(Pairing.enterprise_id == Enterprise.id, Pairing.ended_at.is_(None)))
        .outerjoin(officer, officer.id == Pairing.officer_id)
        .outerjoin(Unit, Unit.id == officer.unit_id)
        .outerjoin(
            EnterpriseContact,
            and_(EnterpriseContact.enterprise_id == Enterprise.id, EnterpriseContact.is_main),
        )
        .outerjoin(contact, contact.id == EnterpriseContact.account_id)
        .where(Enterprise.is_active.is_(wanted.state != "left"), *scope(work))
    )
    if wanted.q.strip():
        own = (
            Enterprise.name,
            Enterprise.short_name,
            Enterprise.credit_code,
            Enterprise.pinyin,
            Enterprise.initials,
        )
        query = query.where(like(wanted.q, *own, officer.name, officer.pinyin, officer.initials))
    if wanted.area.isdigit():
        query = query.where(Enterprise.area_id == int(wanted.area))
    if wanted.unpaired:
        query = query.where(Pairing.id.is_(None))
    return query


def enterprises(work: Work, wanted: RosterFilter, page: int = 1, size: int = PAGE) -> tuple[list[Any], int]:
    """(one page of rows, how many there are): those without an officer first, then by area and name."""
    query = _enterprise_rows(work, wanted, *COLUMNS, func.count().over().label("total"))
    query = query.order_by(
        case((Pairing.id.is_(None), 0), else_=1), Area.sort, Enterprise.pinyin, Enterprise.id
    )
    rows = list(work.session.execute(query.limit(size).offset((max(page, 1) - 1) * size)))
    return rows, (rows[0].total if rows else 0)


def all_enterprises(work: Work, wanted: RosterFilter) -> Iterator[Any]:
    """Every row of the list, streamed: by area and name."""
    query = _enterprise_rows(work, wanted, *COLUMNS).order_by(Area.sort, Enterprise.pinyin, Enterprise.id)
    yield from work.session.execute(query.execution_options(yield_per=500))


def enterprise_count(work: Work, wanted: RosterFilter) -> int:
    return work.session.scalar(_enterprise_rows(work, wanted, func.count())) or 0


@dataclass(frozen=True)
class EnterpriseCard:
    """一企一档: one enterprise, its contacts, all its pairings (the latest first), and how many tickets it has."""

    enterprise: Enterprise
    group: WorkGroup | None
    contacts: list[Any]
    pairings: list[Any]
    open_count: int
    late_count: int
    all_count: int

    @property
    def active(self) -> Any:
        return next((one for one in self.pairings if one.ended_at is None), None)


def in_sight(work: Work, enterprise_id: int) -> Enterprise:
    """The enterprise if it lies in the reader's roster; else NotFound."""
    found = work.session.scalar(select(Enterprise).where(Enterprise.id == enterprise_id, *scope(work)))
    if found is None:
        raise NotFound()
    return found


def card(work: Work, enterprise_id: int) -> EnterpriseCard:
    session = work.session
    found = in_sight(work, enterprise_id)
    contacts = session.execute(
        select(
            EnterpriseContact.id,
            EnterpriseContact.is_main,
            Account.id.label("account_id"),
            Account.name,
            Account.phone,
            Account.position,
            Account.username,
            Account.is_active,
            Account.last_login_at,
        )
        .join(Account, Account.id == EnterpriseContact.account_id)
        .where(EnterpriseContact.enterprise_id == found.id)
        .order_by(EnterpriseContact.is_main.desc(), EnterpriseContact.id)
    )
    is_late = and_(Ticket.due_at < work.now, is_open())
    counted = session.execute(
        select(
            func.count(),
            func.coalesce(func.sum(case((is_open(), 1), else_=0)), 0),
            func.coalesce(func.sum(case((is_late, 1), else_=0)), 0),
        ).where(Ticket.enterprise_id == found.id)
    ).one()
    return EnterpriseCard(
        enterprise=found,
        group=session.get(WorkGroup, found.work_group_id) if found.work_group_id else None,
        contacts=list(contacts),
        pairings=_pairings(work, found.id),
        all_count=int(counted[0]),
        open_count=int(counted[1]),
        late_count=int(counted[2]),
    )


def _pairings(work: Work, enterprise_id: int) -> list[Any]:
    ender, acting, successor = aliased(Account), aliased(Account), aliased(Account)
    waits = and_(
        Handover.enterprise_id == Pairing.enterprise_id,
        Handover.status == HandoverStatus.PREPARED,
        Pairing.ended_at.is_(None),
    )
    acts_now = and_(StandIn.officer_id == Pairing.officer_id, Pairing.ended_at.is_(None), holds_at(work.now))
    query = (
        select(
            Pairing.id,
            Pairing.started_at,
            Pairing.ended_at,
            Pairing.end_reason,
            Account.id.label("officer_id"),
            Account.name.label("officer_name"),
            Account.phone.label("officer_phone"),
            Account.position.label("officer_title"),
            Unit.name.label("unit_name"),
            Unit.short_name.label("unit_short"),
            ender.name.label("ended_by"),
            acting.name.label("stand_in_name"),
            StandIn.ended_at.label("stand_in_until"),
            Handover.id.label("handover_id"),
            successor.name.label("successor_name"),
        )
        .join(Account, Account.id == Pairing.officer_id)
        .outerjoin(Unit, Unit.id == Account.unit_id)
        .outerjoin(ender, ender.id == Pairing.ended_by_id)
        .outerjoin(StandIn, acts_now)
        .outerjoin(acting, acting.id == StandIn.stand_in_id)
        .outerjoin(Handover, waits)
        .outerjoin(successor, successor.id == Handover.successor_id)
        .where(Pairing.enterprise_id == enterprise_id)
        .order_by(Pairing.started_at.desc(), Pairing.id.desc())
    )
    return list(work.session.execute(query))
