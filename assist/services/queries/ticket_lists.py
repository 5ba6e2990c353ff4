"""诉求列表: one page of tickets by a filter, inside what the reader may see. By keyset, so every page costs alike.

A `TicketFilter` is what stands in the URL; `conditions` turns it into SQL once, and the page, the capped count and
the export all use it. Sorting by due time leaves out what has none.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from assist.domain.clock import local_date
from assist.domain.rates import Period, days
from assist.domain.status import OPEN, Status
from assist.models import Account, Enterprise, Ticket
from assist.models.ticket import is_open
from assist.services import searching
from assist.services.access import sees_all, visible
from assist.services.queries.figures import left_out, own_lateness
from assist.services.queries.figures.catalogue import FIGURES
from assist.services.queries.figures.counting import NOBODY, PARTS, as_of, tickets_behind
from assist.services.queries.figures.narrowing import in_chain
from assist.services.work import Work

PAGE = 50
COUNT_CAP, SEARCH_COUNT_CAP = 10_000, 1_000
EXPORT_CAP = 5_000
UNDECIDED = "none"  # as a category's code
LATENESS = {"late": "已超期", "today": "今日到期", "vacant": "无人主责"}
SORTS = {"new": "最近提交", "due": "到期先后"}


@dataclass(frozen=True)
class TicketFilter:
    """What a list is narrowed by; every field may be empty. Dates are Shanghai's and inclusive.

    `state` is a status, or `open`/`ended`. `figure`, `part` (n, d, missed), `since`/`until` and `told_at` open what
    stands behind a rate; then the dates are the figure's period and not those of submission, and `unit` narrows it
    too; `party` to what is late by somebody (see `own_lateness`).
    """

    q: str = ""
    state: str = ""
    area: str = ""
    category: str = ""
    since: str = ""
    until: str = ""
    lateness: str = ""
    enterprise: str = ""
    officer: str = ""
    unit: str = ""
    chain: str = ""
    sort: str = "new"
    figure: str = ""
    part: str = "d"
    party: str = ""
    told_at: str = ""

    def as_query(self) -> dict[str, Any]:
        """The fields that are set, as they stand in a URL."""
        plain = TicketFilter()
        return {
            each.name: getattr(self, each.name)
            for each in fields(self)
            if getattr(self, each.name) and getattr(self, each.name) != getattr(plain, each.name)
        }

    @property
    def narrows(self) -> bool:
        return bool(replace(self, sort="new").as_query())


@dataclass(frozen=True)
class Cursor:
    """Where a page begins: after (or, `back`, before) this place in the order."""

    key: datetime | None
    id: int
    back: bool = False


@dataclass(frozen=True)
class Page:
    """One page of rows, and whether there is more before and after."""

    rows: list[Any]
    has_previous: bool
    has_next: bool


COLUMNS = (
    Ticket.id,
    Ticket.number,
    Ticket.title,
    Ticket.status,
    Ticket.enterprise_id,
    Ticket.area_id,
    Ticket.category_id,
    Ticket.difficulty,
    Ticket.submitted_at,
    Ticket.due_at,
    Ticket.next_due_at,
    Ticket.closed_at,
    Ticket.round_no,
    Ticket.is_pressing,
    Ticket.is_entered,
    Ticket.is_imported,
    Ticket.owner_id,
    Enterprise.name.label("enterprise_name"),
    Enterprise.short_name.label("enterprise_short"),
    Account.name.label("owner_name"),
)


def parse_on(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def period_of(wanted: TicketFilter) -> Period | None:
    """The span of days in a filter, open ends filled in; None when there is none."""
    first, last = parse_on(wanted.since), parse_on(wanted.until)
    if first is None and last is None:
        return None
    return days(first or date(2000, 1, 1), last or date(2100, 12, 31))


def told_at(work: Work, wanted: TicketFilter) -> datetime | None:
    try:
        at = datetime.fromisoformat(wanted.told_at) if wanted.told_at else None
    except ValueError:
        return None
    return at if at is not None and at.tzinfo is not None else None


def conditions(work: Work, wanted: TicketFilter) -> list[ColumnElement[bool]]:
    """The filter as conditions on `Ticket` (search apart), permissions included. Nonsense in a field is left out."""
    found: list[ColumnElement[bool]] = [] if sees_all(work.actor) else [visible(work.actor)]
    found += _state(wanted.state)
    found += _lateness(work, wanted.lateness)
    period = period_of(wanted)
    if wanted.figure in FIGURES and period is not None:
        return [*found, _behind(work, wanted, period)]
    if wanted.area.isdigit():
        found.append(Ticket.area_id == int(wanted.area))
    if wanted.enterprise.isdigit():
        found.append(Ticket.enterprise_id == int(wanted.enterprise))
    if wanted.chain.isdigit():
        found.append(in_chain(int(wanted.chain)))
    if wanted.category:
        ids = _category_ids(work, wanted.category)
        found.append(Ticket.category_id.is_(None) if wanted.category == UNDECIDED else Ticket.category_id.in_(ids))
    if wanted.officer.isdigit():
        id = int(wanted.officer)
        found.append(Ticket.owner_id.is_(None) if id == NOBODY else Ticket.owner_id == id)
    if period is not None:
        found += [Ticket.submitted_at >= period.start, Ticket.submitted_at < period.end]
    return found


def _behind(work: Work, wanted: TicketFilter, period: Period) -> ColumnElement[bool]:
    """What stands behind one number of a figure; an officer is who he was when it counted, not who it is now."""
    at = as_of(work, told_at(work, wanted))
    narrowed = narrowing(work, wanted)
    if wanted.party and wanted.figure in own_lateness.KEYS:
        late = own_lateness.own_late(work, wanted.figure, period, at)
        officer_id = narrowed["officer"][0] if "officer" in narrowed else None
        return and_(Ticket.id.in_(late.ids(wanted.party, officer_id=officer_id)), *_plain(narrowed))
    if wanted.part in left_out.KINDS:
        return and_(left_out.tickets_left_out(wanted.part, period, at), *_plain(narrowed))
    part = wanted.part if wanted.part in PARTS else "d"
    return tickets_behind(wanted.figure, part, period, at, narrowed)


def _plain(narrowed: dict[str, list[int]]) -> list[ColumnElement[bool]]:
    """What narrows a list as the tickets stand now."""
    columns = {"area": Ticket.area_id, "enterprise": Ticket.enterprise_id, "category": Ticket.category_id}
    return [
        columns[name].in_(values) if any(values) else columns[name].is_(None)
        for name, values in narrowed.items()
        if name in columns
    ]


def narrowing(work: Work, wanted: TicketFilter) -> dict[str, list[int]]:
    """The dimensions of a figure that a filter names, with their values."""
    found = {
        name: [int(value)]
        for name in ("area", "chain", "unit", "officer", "enterprise")
        if (value := getattr(wanted, name)).isdigit() and len(value) < 10
    }
    if wanted.category:
        undecided = wanted.category == UNDECIDED
        found["category"] = [NOBODY] if undecided else _category_ids(work, wanted.category) or [-1]
    return found


def _state(state: str) -> list[ColumnElement[bool]]:
    if state == "open":
        return [is_open()]
    if state == "ended":
        return [Ticket.status.not_in(OPEN)]
    return [Ticket.status == Status.of(state)] if state in {one.value for one in Status} else []


def _category_ids(work: Work, code: str) -> list[int]:
    entries = work.settings.categories.values()
    return [
        entry.id
        for entry in entries
        if entry.code == code or (len(code) == 2 and entry.code.startswith(code))
    ]


def _lateness(work: Work, lateness: str) -> list[ColumnElement[bool]]:
    if lateness == "late":
        return [is_open(), Ticket.due_at < work.now]
    if lateness == "today":
        today = days(local_date(work.now), local_date(work.now))
        return [is_open(), Ticket.next_due_at >= work.now, Ticket.next_due_at < today.end]
    if lateness == "vacant":
        return [is_open(), Ticket.owner_id.is_(None)]
    return []


def narrowed(work: Work, wanted: TicketFilter, *columns: Any) -> Select[Any]:
    """A query on `Ticket` that holds what the filter holds, in no order."""
    query = select(*columns).select_from(Ticket)
    query = searching.narrowed(work, query, wanted.q, internal=True) if wanted.q.strip() else query
    return query.where(*conditions(work, wanted))


def _order(wanted: TicketFilter) -> tuple[Any, bool]:
    """(the column that is sorted by or None for the id alone, whether the newest comes first)."""
    if wanted.q.strip():
        return None, True
    return (Ticket.due_at, False) if wanted.sort == "due" else (Ticket.submitted_at, True)


def page(work: Work, wanted: TicketFilter, cursor: Cursor | None = None, size: int = PAGE) -> Page:
    """The rows of one page in the filter's order, from the cursor on."""
    column, newest_first = _order(wanted)
    query = narrowed(work, wanted, *COLUMNS).join(Enterprise, Enterprise.id == Ticket.enterprise_id)
    query = query.outerjoin(Account, Account.id == Ticket.owner_id)
    if column is Ticket.due_at:
        query = query.where(Ticket.due_at.is_not(None))
    number = searching.place(work, wanted.q) if column is None else Ticket.id
    back = bool(cursor and cursor.back)
    descending = newest_first != back
    if cursor is not None:
        query = query.where(_beyond(column, number, cursor, descending))
    keys = [number] if column is None else [column, number]
    query = query.order_by(*(key.desc() if descending else key.asc() for key in keys))
    rows = list(work.session.execute(query.limit(size + 1)))
    more = len(rows) > size
    rows = rows[:size]
    if back:
        rows.reverse()
    return Page(rows, has_previous=more if back else cursor is not None, has_next=True if back else more)


def _beyond(column: Any, number: Any, cursor: Cursor, descending: bool) -> ColumnElement[bool]:
    found: ColumnElement[bool] = number < cursor.id if descending else number > cursor.id
    if column is None:
        return found
    if descending:
        return or_(column < cursor.key, and_(column == cursor.key, found))
    return or_(column > cursor.key, and_(column == cursor.key, found))


def cursor_at(wanted: TicketFilter, row: Any, *, back: bool) -> Cursor:
    """The cursor that continues after (or before) a row of this filter."""
    column, _ = _order(wanted)
    key = None if column is None else (row.due_at if column is Ticket.due_at else row.submitted_at)
    return Cursor(key, row.id, back)


def count_cap(wanted: TicketFilter) -> int:
    """How far rows are counted: words that stand in every tenth ticket are dear to look at one by one."""
    return SEARCH_COUNT_CAP if wanted.q.strip() else COUNT_CAP


def count(work: Work, wanted: TicketFilter) -> int:
    """How many rows the filter holds, counted no further than its cap and one."""
    capped = narrowed(work, wanted, Ticket.id).limit(count_cap(wanted) + 1).subquery()
    return work.session.scalar(select(func.count()).select_from(capped)) or 0


def export_rows(work: Work, wanted: TicketFilter) -> Iterator[Any]:
    """The rows of an export in the filter's order, at most `EXPORT_CAP`, streamed."""
    column, newest_first = _order(wanted)
    query = narrowed(work, wanted, *COLUMNS).join(Enterprise, Enterprise.id == Ticket.enterprise_id)
    query = query.outerjoin(Account, Account.id == Ticket.owner_id)
    keys = [searching.place(work, wanted.q)] if column is None else [column, Ticket.id]
    query = query.order_by(*(key.desc() if newest_first else key.asc() for key in keys)).limit(EXPORT_CAP)
    yield from work.session.execute(query.execution_options(yield_per=500))
