"""Lists of requests: what I am to decide, what I asked, what I decided, all I may read. Filtered, by keyset pages."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select

from assist.domain.requests import RequestKind, RequestStatus
from assist.domain.roles import Role
from assist.models import Clock, Enterprise, Request, Task, Ticket
from assist.services import request_access
from assist.services.queries.ticket_lists import Cursor, Page
from assist.services.work import Work

PAGE = 50
EXPORT_CAP = 5_000
VIEWS = {"to_decide": "待我审批", "asked": "我申请的", "decided": "我审批的", "all": "全部"}
DECIDING = (Role.COORDINATOR, Role.SUPERVISOR, Role.LEADER)


@dataclass(frozen=True)
class RequestFilter:
    """What a list is narrowed by; every field may be empty. `view` empty: the reader's usual one."""

    view: str = ""
    kind: str = ""
    status: str = ""
    area: str = ""

    def as_query(self) -> dict[str, Any]:
        return {one.name: getattr(self, one.name) for one in fields(self) if getattr(self, one.name)}


COLUMNS = (
    Request,
    Ticket.number,
    Ticket.title,
    Ticket.area_id,
    Ticket.status.label("ticket_status"),
    Enterprise.name.label("enterprise_name"),
    Enterprise.short_name.label("enterprise_short"),
    Task.number.label("task_number"),
    Clock.due_at,
)


def usual_view(work: Work) -> str:
    return "to_decide" if work.actor.has(*DECIDING) else "asked"


def view_of(work: Work, wanted: RequestFilter) -> str:
    return wanted.view if wanted.view in VIEWS else usual_view(work)


def _conditions(work: Work, wanted: RequestFilter, view: str) -> list[ColumnElement[bool]]:
    actor = work.actor
    found = [request_access.visible(actor)]
    if view == "to_decide":
        found += [Request.status == RequestStatus.PENDING, request_access.decidable_by(actor)]
    elif view == "asked":
        found.append(request_access.asked_by(actor))
    elif view == "decided":
        found.append(Request.decided_by_id == actor.account_id)
    if wanted.kind in {one.value for one in RequestKind}:
        found.append(Request.kind == RequestKind.of(wanted.kind))
    if wanted.status in {one.value for one in RequestStatus}:
        found.append(Request.status == RequestStatus.of(wanted.status))
    if wanted.area.isdigit():
        found.append(Ticket.area_id == int(wanted.area[:9]))
    return found


def _query(work: Work, wanted: RequestFilter, view: str, *columns: Any) -> Select[Any]:
    query = select(*columns).join(Ticket, Ticket.id == Request.ticket_id)
    return query.where(*_conditions(work, wanted, view))


def _rows(work: Work, wanted: RequestFilter, view: str) -> Select[Any]:
    running = and_(Clock.request_id == Request.id, Clock.stopped_at.is_(None))
    query = _query(work, wanted, view, *COLUMNS).join(Enterprise, Enterprise.id == Ticket.enterprise_id)
    return query.outerjoin(Task, Task.id == Request.task_id).outerjoin(Clock, running)


def page(work: Work, wanted: RequestFilter, cursor: Cursor | None = None, size: int = PAGE) -> Page:
    """One page of rows: what is to be decided the oldest first, everything else the latest first."""
    view = view_of(work, wanted)
    back = bool(cursor and cursor.back)
    descending = (view != "to_decide") != back
    query = _rows(work, wanted, view)
    if cursor is not None:
        query = query.where(Request.id < cursor.id if descending else Request.id > cursor.id)
    query = query.order_by(Request.id.desc() if descending else Request.id).limit(size + 1)
    rows = list(work.session.execute(query))
    more = len(rows) > size
    rows = rows[:size]
    if back:
        rows.reverse()
    return Page(rows, has_previous=more if back else cursor is not None, has_next=True if back else more)


def count(work: Work, wanted: RequestFilter) -> int:
    """How many the filter holds, counted no further than the cap of an export and one."""
    capped = _query(work, wanted, view_of(work, wanted), Request.id).limit(EXPORT_CAP + 1).subquery()
    return work.session.scalar(select(func.count()).select_from(capped)) or 0


def export_rows(work: Work, wanted: RequestFilter) -> Iterator[Any]:
    """The rows of an export, the latest first, at most `EXPORT_CAP`, streamed."""
    query = _rows(work, wanted, view_of(work, wanted)).order_by(Request.id.desc()).limit(EXPORT_CAP)
    yield from work.session.execute(query.execution_options(yield_per=500))
