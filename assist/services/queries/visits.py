"""走访 as a list, as ledger C and as one page, inside what the reader may see. Reading only; by keyset.

A `VisitFilter` is what stands in the URL; the page, the counts and the export use the same conditions. Days are
inclusive. A ticket's number is shown to whoever may see the ticket. Figures made of visits are `visit_figures`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, tuple_
from sqlalchemy.orm import aliased

from assist.domain.clock import local_date, shanghai
from assist.domain.roles import Role
from assist.domain.visits import VisitKind, VisitRelation, VisitStatus
from assist.models import Account, Enterprise, Pairing, Ticket, Unit, Visit
from assist.models.account import holds
from assist.services import access, visit_access, visit_budget
from assist.services.queries.roster import like
from assist.services.queries.ticket_lists import Cursor, Page, parse_on
from assist.services.work import Work

PAGE = 50
S = VisitStatus
lead, leads_account, leads_unit = aliased(Visit), aliased(Account), aliased(Unit)

# What a state of the list holds, besides the statuses themselves.
STATES: dict[str, str] = {
    "planned": "待走访",
    "overdue": "已过期未登记",
    "done": "已登记",
    "problem": "发现问题未生成诉求",
    "counted": "计入当月次数",
    "joined": "已合并",
    "cancelled": "已取消",
}
# By whom: the offices beside the units.
PARTIES: dict[str, tuple[str, Role]] = {
    "officer": ("服务专员", Role.OFFICER),
    "unit": ("承办单位", Role.UNIT),
    "coordinator": ("助企办", Role.COORDINATOR),
    "supervisor": ("督查室", Role.SUPERVISOR),
}


@dataclass(frozen=True)
class VisitFilter:
    """Every field may be empty. `who` is an account, `unit` a unit (of its own staff), `party` an office."""

    q: str = ""
    state: str = ""
    kind: str = ""
    area: str = ""
    party: str = ""
    since: str = ""
    until: str = ""
    enterprise: str = ""
    who: str = ""
    unit: str = ""

    def as_query(self) -> dict[str, Any]:
        return {each.name: getattr(self, each.name) for each in fields(self) if getattr(self, each.name)}


COLUMNS = (
    Visit,
    Enterprise.name.label("enterprise"),
    Enterprise.short_name.label("enterprise_short"),
    Enterprise.area_id,
    Account.name.label("who"),
    Account.roles,
    Account.position,
    Unit.name.label("unit_name"),
    Unit.short_name.label("unit_short"),
)


def _statement(work: Work, *more: Any) -> Select[Any]:
    number = case((access.visible(work.actor), Ticket.number)).label("ticket_number")
    query: Any = (
        select(*COLUMNS, number, *more)
        .join(Enterprise, Enterprise.id == Visit.enterprise_id)
        .join(Account, Account.id == Visit.account_id)
        .outerjoin(Unit, Unit.id == Account.unit_id)
        .outerjoin(Ticket, Ticket.id == Visit.ticket_id)
        .where(visit_access.visible(work.actor))
    )
    found: Select[Any] = query
    return found


def conditions(work: Work, wanted: VisitFilter) -> list[ColumnElement[bool]]:
    """The filter on `Visit` with its `Enterprise` and `Account`; nonsense in a field is left out."""
    found = _state(work, wanted.state)
    if wanted.kind in {one.value for one in VisitKind}:
        found.append(Visit.kind == VisitKind.of(wanted.kind))
    for text, column in (
        (wanted.area, Enterprise.area_id),
        (wanted.enterprise, Visit.enterprise_id),
        (wanted.who, Visit.account_id),
        (wanted.unit, Account.unit_id),
    ):
        if text.isascii() and text.isdigit() and len(text) < 10:
            found.append(column == int(text))
    if wanted.unit:
        found.append(holds(Role.UNIT))
    if wanted.party in PARTIES:
        found.append(holds(PARTIES[wanted.party][1]))
    if wanted.q.strip():
        own = (Enterprise.name, Enterprise.short_name, Enterprise.pinyin, Enterprise.initials, Account.name)
        found.append(like(wanted.q, *own))
    first, last = parse_on(wanted.since), parse_on(wanted.until)
    if first is not None:
        found.append(Visit.visit_on >= first)
    if last is not None:
        found.append(Visit.visit_on <= last)
    return found


def _state(work: Work, state: str) -> list[ColumnElement[bool]]:
    today = local_date(work.now)
    if state == "planned":
        return [Visit.status == S.PLANNED, Visit.visit_on >= today]
    if state == "overdue":
        return [Visit.status == S.PLANNED, Visit.visit_on < today]
    if state == "problem":
        return [Visit.status == S.DONE, Visit.problems != "", Visit.ticket_id.is_(None)]
    if state == "counted":
        return [visit_budget.counted()]
    return [Visit.status == S.of(state)] if state in STATES else []


def page(work: Work, wanted: VisitFilter, cursor: Cursor | None = None, size: int = PAGE) -> Page:
    """One page, the latest day first."""
    query = _statement(work).where(*conditions(work, wanted))
    back = cursor is not None and cursor.back
    if cursor is not None and cursor.key is not None:
        place, here = tuple_(Visit.visit_on, Visit.id), tuple_(local_date(cursor.key), cursor.id)
        query = query.where(place > here if back else place < here)
    order = (Visit.visit_on, Visit.id) if back else (Visit.visit_on.desc(), Visit.id.desc())
    rows = list(work.session.execute(query.order_by(*order).limit(size + 1)))
    is_more, rows = len(rows) > size, rows[:size]
    if back:
        return Page(rows[::-1], is_more, True)
    return Page(rows, cursor is not None, is_more)


def cursor_at(row: Any, *, back: bool) -> Cursor:
    on = row.Visit.visit_on
    return Cursor(shanghai(on.year, on.month, on.day), row.Visit.id, back)


@dataclass(frozen=True)
class Counts:
    """How many the filter holds, and how many of these stand in ledger C (written down)."""

    all: int
    done: int


def counts(work: Work, wanted: VisitFilter) -> Counts:
    query = (
        select(func.count(), func.coalesce(func.sum(case((Visit.status == S.DONE, 1), else_=0)), 0))
        .select_from(Visit)
        .join(Enterprise, Enterprise.id == Visit.enterprise_id)
        .join(Account, Account.id == Visit.account_id)
        .where(visit_access.visible(work.actor), *conditions(work, wanted))
    )
    row = work.session.execute(query).one()
    return Counts(int(row[0]), int(row[1]))


def written_down(work: Work, wanted: VisitFilter) -> Iterator[Any]:
    """What was written down of what the list holds, the earliest first; streamed."""
    query = _statement(work).where(*conditions(work, wanted), Visit.status == S.DONE)
    query = query.order_by(Visit.visit_on, Visit.id)
    yield from work.session.execute(query.execution_options(yield_per=500))


@dataclass(frozen=True)
class VisitPage:
    """One visit with the one it was merged into and those that were merged into it (both without their words)."""

    row: Any
    leads: Any
    along: list[Any]
    stands: frozenset[VisitRelation]

    @property
    def visit(self) -> Visit:
        found: Visit = self.row.Visit
        return found


def one(work: Work, visit_id: int) -> VisitPage:
    """Raises NotFound."""
    found, relations = visit_access.visit(work, visit_id)
    officer = select(Account.name).join(Pairing, Pairing.officer_id == Account.id)
    officer = officer.where(Pairing.enterprise_id == found.enterprise_id, Pairing.ended_at.is_(None))
    serves = officer.correlate(None).scalar_subquery().label("officer")
    row = work.session.execute(_statement(work, serves).where(Visit.id == found.id)).one()
    both = or_(lead.joined_id == found.id, lead.id == (found.joined_id or 0))
    others = work.session.execute(
        select(
            lead.id,
            lead.visit_on,
            lead.status,
            lead.kind,
            lead.purpose,
            leads_account.name.label("who"),
            leads_account.roles,
            leads_unit.name.label("unit_name"),
            leads_unit.short_name.label("unit_short"),
        )
        .join(leads_account, leads_account.id == lead.account_id)
        .outerjoin(leads_unit, leads_unit.id == leads_account.unit_id)
        .where(and_(lead.enterprise_id == found.enterprise_id, both))
        .order_by(lead.id)
    ).all()
    return VisitPage(
        row=row,
        leads=next((each for each in others if each.id == found.joined_id), None),
        along=[each for each in others if each.id != found.joined_id],
        stands=relations,
    )

