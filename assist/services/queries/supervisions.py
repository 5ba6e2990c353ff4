"""督办 as a list and as one page, inside what the reader may see. Reading only; a fixed number of statements.

A unit reads those addressed to it, of a shielded matter without the enterprise's name. The export uses the same rows.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from assist.domain.deadlines import Remaining, remaining_text
from assist.domain.rates import days
from assist.domain.roles import Role
from assist.domain.shielding import shielded
from assist.domain.status import ClockKind, Verdict
from assist.domain.supervision import (
    SUPERVISION_OPEN,
    UNISSUED,
    Addressee,
    SupervisionLevel,
    SupervisionStatus,
)
from assist.models import Account, Clock, Enterprise, Supervision, Task, Ticket, Unit
from assist.services import supervision_access
from assist.services.queries.ticket_lists import parse_on
from assist.services.settings import Settings
from assist.services.work import Work

PAGE = 50
S = SupervisionStatus
STATES: dict[str, tuple[str, tuple[SupervisionStatus, ...]]] = {
    "proposed": ("督办建议", (S.PROPOSED,)),
    "issued": ("待反馈", (S.ISSUED,)),
    "replied": ("待认可", (S.REPLIED,)),
    "settled": ("已办结", (S.ACCEPTED, S.RAISED, S.VOID)),
    "dismissed": ("不予督办", (S.DISMISSED,)),
}
owner, owners_unit, issuer, replier, settler = (
    aliased(Account),
    aliased(Unit),
    aliased(Account),
    aliased(Account),
    aliased(Account),
)
late_clock, before, after = aliased(Clock), aliased(Supervision), aliased(Supervision)


@dataclass(frozen=True)
class SupervisionFilter:
    """What a list is narrowed by, as it stands in the URL; every field may be empty. Dates are those of issuing."""

    state: str = ""
    level: str = ""
    area: str = ""
    q: str = ""
    since: str = ""
    until: str = ""

    def as_query(self) -> dict[str, str]:
        return {each.name: getattr(self, each.name) for each in fields(self) if getattr(self, each.name)}


@dataclass(frozen=True)
class SupervisionRow:
    """One 督办 as its reader may read it. `left` counts while a reply is owed; `is_made_good`: what it was proposed for
    is no longer running late.
    """

    row: Supervision
    ticket_number: str
    task_number: str
    title: str
    enterprise: str
    area: str
    whom: str
    issued_by: str
    replied_by: str
    settled_by: str
    due_at: datetime | None
    left: Remaining | None
    verdict: Verdict | None
    is_made_good: bool
    is_hidden: bool
    is_restricted: bool
    raised_from: str
    raised_to: str
    raised_to_id: int | None

    @property
    def is_late(self) -> bool:
        return self.left is not None and self.left.tone == "late"


COLUMNS = (
    Supervision,
    Ticket.number.label("ticket_number"),
    Ticket.title,
    Ticket.area_id,
    Ticket.is_restricted,
    Task.number.label("task_number"),
    Task.is_shielded,
    Enterprise.name.label("enterprise"),
    Enterprise.short_name.label("enterprise_short"),
    Unit.name.label("unit"),
    owner.name.label("owner"),
    owners_unit.name.label("owners_unit"),
    issuer.name.label("issuer"),
    replier.name.label("replier"),
    settler.name.label("settler"),
    Clock.due_at,
    Clock.verdict,
    late_clock.stopped_at.label("late_stopped_at"),
    before.number.label("raised_from"),
    after.number.label("raised_to"),
    after.id.label("raised_to_id"),
)


def _statement(work: Work) -> Select[Any]:
    mine = and_(Clock.supervision_id == Supervision.id, Clock.kind == ClockKind.SUPERVISION_REPLY)
    query: Any = (
        select(*COLUMNS)
        .join(Ticket, Ticket.id == Supervision.ticket_id)
        .join(Enterprise, Enterprise.id == Ticket.enterprise_id)
        .outerjoin(Task, Task.id == Supervision.task_id)
        .outerjoin(Unit, Unit.id == Supervision.unit_id)
        .outerjoin(owner, owner.id == func.coalesce(Supervision.account_id, Ticket.owner_id))
        .outerjoin(owners_unit, owners_unit.id == owner.unit_id)
        .outerjoin(issuer, issuer.id == Supervision.issued_by_id)
        .outerjoin(replier, replier.id == Supervision.replied_by_id)
        .outerjoin(settler, settler.id == Supervision.settled_by_id)
        .outerjoin(Clock, mine)
        .outerjoin(late_clock, late_clock.id == Supervision.clock_id)
        .outerjoin(before, before.id == Supervision.raised_from_id)
        .outerjoin(after, after.raised_from_id == Supervision.id)
        .where(supervision_access.visible(work.actor))
    )
    found: Select[Any] = query
    return found


def conditions(wanted: SupervisionFilter) -> list[ColumnElement[bool]]:
    """The filter in SQL; nonsense in a field is left out."""
    found: list[ColumnElement[bool]] = []
    if wanted.state in STATES:
        found.append(Supervision.status.in_(STATES[wanted.state][1]))
    if wanted.level in {one.value for one in SupervisionLevel}:
        found.append(Supervision.level == SupervisionLevel.of(wanted.level))
    if wanted.area.isdigit() and len(wanted.area) < 10:
        found.append(Ticket.area_id == int(wanted.area))
    if wanted.q:
        found.append(
            or_(
                *(
                    column.contains(wanted.q, autoescape=True)
                    for column in (Supervision.number, Ticket.number, Ticket.title)
                )
            )
        )
    first, last = parse_on(wanted.since), parse_on(wanted.until)
    if first is not None:
        found.append(Supervision.issued_at >= days(first, first).start)
    if last is not None:
        found.append(Supervision.issued_at < days(last, last).end)
    return found


def _ordered(query: Select[Any]) -> Select[Any]:
    """What waits first (proposals still late by level, those made good, then what is due), then the latest."""
    is_open = case(
        (Supervision.status == S.PROPOSED, 0), (Supervision.status.in_(SUPERVISION_OPEN), 1), else_=2
    )
    is_made_good = case((Supervision.status != S.PROPOSED, 0), (late_clock.stopped_at.is_(None), 0), else_=1)
    proposed_level = case((Supervision.status == S.PROPOSED, Supervision.level), else_="0")
    waits_until = case((Supervision.status.in_(SUPERVISION_OPEN), Clock.due_at))
    return query.order_by(
        is_open, is_made_good, proposed_level.desc(), waits_until, Supervision.id.desc()
    )


def rows(work: Work, wanted: SupervisionFilter, page: int = 1) -> tuple[list[SupervisionRow], int]:
    """(one page, how many there are)."""
    query = _statement(work).where(*conditions(wanted)).add_columns(func.count().over().label("total"))
    found = work.session.execute(_ordered(query).limit(PAGE).offset((max(page, 1) - 1) * PAGE)).all()
    return [_row(work, row) for row in found], (found[0].total if found else 0)


def issued(work: Work, wanted: SupervisionFilter) -> Iterator[SupervisionRow]:
    """What the list holds in the order of its issuing, streamed: proposals have no place in the ledger."""
    query = _statement(work).where(*conditions(wanted), Supervision.status.not_in(UNISSUED))
    query = query.order_by(Supervision.issued_at, Supervision.id)
    for row in work.session.execute(query.execution_options(yield_per=500)):
        yield _row(work, row)


def issued_count(work: Work, wanted: SupervisionFilter) -> int:
    query = select(func.count()).select_from(Supervision).join(Ticket, Ticket.id == Supervision.ticket_id)
    query = query.where(supervision_access.visible(work.actor), *conditions(wanted))
    return work.session.scalar(query.where(Supervision.status.not_in(UNISSUED))) or 0


def counts(work: Work) -> dict[str, int]:
    """How many the reader has in each state."""
    query = (
        select(Supervision.status, func.count())
        .join(Ticket, Ticket.id == Supervision.ticket_id)
        .where(supervision_access.visible(work.actor))
        .group_by(Supervision.status)
    )
    by_status: dict[SupervisionStatus, int] = {row[0]: row[1] for row in work.session.execute(query)}
    return {key: sum(by_status.get(one, 0) for one in statuses) for key, (_, statuses) in STATES.items()}


def made_good(work: Work) -> int:
    """How many proposals there are whose lateness is over."""
    query = select(func.count()).select_from(Supervision).join(Clock, Clock.id == Supervision.clock_id)
    return work.session.scalar(query.where(Supervision.status == S.PROPOSED, Clock.stopped_at.is_not(None))) or 0


def one(work: Work, supervision_id: int) -> SupervisionRow:
    """One that `supervision_access` has found for this actor."""
    query = _statement(work).where(Supervision.id == supervision_id)
    return _row(work, work.session.execute(query.limit(1)).one())


def _row(work: Work, row: Any) -> SupervisionRow:
    found: Supervision = row.Supervision
    is_units = work.actor.has(Role.UNIT) and not work.actor.has(Role.SUPERVISOR, Role.COORDINATOR, Role.OFFICER)
    is_hidden = bool(row.is_shielded) and is_units
    names = (row.enterprise, row.enterprise_short or "") if is_hidden else ()
    waits = found.status is S.ISSUED and row.due_at is not None
    return SupervisionRow(
        row=found,
        ticket_number=row.ticket_number,
        task_number=row.task_number or "",
        title=shielded(row.title, names) if is_hidden else row.title,
        enterprise="（企业名称从略）" if is_hidden else row.enterprise,
        area=work.settings.areas[row.area_id].name,
        whom=whom(work.settings, row),
        issued_by=row.issuer or "",
        replied_by=row.replier or "",
        settled_by=row.settler or "",
        due_at=row.due_at,
        left=remaining_text(work.settings.calendar, work.now, row.due_at) if waits else None,
        verdict=row.verdict,
        is_made_good=row.late_stopped_at is not None,
        is_hidden=is_hidden,
        is_restricted=row.is_restricted,
        raised_from=row.raised_from or "",
        raised_to=row.raised_to or "",
        raised_to_id=row.raised_to_id,
    )


def whom(settings: Settings, row: Any) -> str:
    """被督办单位: the unit, the owner with his unit, or the area's office."""
    addressee = row.Supervision.addressee
    if addressee is Addressee.UNIT:
        return str(row.unit or "")
    if addressee is Addressee.AREA:
        return f"{settings.areas[row.area_id].name}助企办"
    return "　".join(part for part in (row.owners_unit, row.owner) if part) or "责任专员"
