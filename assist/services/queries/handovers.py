"""交接 as lists and as one page. Reading only; a fixed number of statements.

An officer finds the handovers he takes part in, a coordinator those of his area, a supervisor all.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select
from sqlalchemy.orm import aliased

from assist.domain.errors import NotFound
from assist.domain.handovers import HandoverAction, HandoverStatus, Side, may_act, sides_of
from assist.domain.roles import Role
from assist.models import Account, Enterprise, Handover
from assist.services.queries.handover_inventory import inventory
from assist.services.work import Work

PAGE = 50
former, successor = aliased(Account), aliased(Account)
preparer, for_former, for_successor = aliased(Account), aliased(Account), aliased(Account)


def in_sight(work: Work) -> ColumnElement[bool]:
    """Condition on `Handover` joined with `Enterprise`: what this reader may find."""
    actor, found = work.actor, []
    if actor.has(Role.SUPERVISOR):
        return literal(True)
    if actor.has(Role.COORDINATOR):
        if actor.area_id is None:
            return literal(True)
        found.append(Enterprise.area_id == actor.area_id)
    me = actor.account_id
    return or_(Handover.former_id == me, Handover.successor_id == me, *found)


def _rows(work: Work) -> Select[Any]:
    query: Any = (
        select(
            Handover,
            Enterprise.name.label("enterprise"),
            Enterprise.short_name.label("enterprise_short"),
            Enterprise.area_id,
            former.name.label("former"),
            successor.name.label("successor"),
            preparer.name.label("prepared_by"),
            for_former.name.label("former_for"),
            for_successor.name.label("successor_for"),
        )
        .join(Enterprise, Enterprise.id == Handover.enterprise_id)
        .join(former, former.id == Handover.former_id)
        .join(successor, successor.id == Handover.successor_id)
        .join(preparer, preparer.id == Handover.prepared_by_id)
        .outerjoin(for_former, for_former.id == Handover.former_for_id)
        .outerjoin(for_successor, for_successor.id == Handover.successor_for_id)
        .where(in_sight(work))
    )
    rows: Select[Any] = query
    return rows


def handovers(work: Work, status: str = "", page: int = 1) -> tuple[list[Any], int]:
    """(one page of rows, how many there are): those that wait first, then the latest."""
    query = _rows(work).add_columns(func.count().over().label("total"))
    if status in {one.value for one in HandoverStatus}:
        query = query.where(Handover.status == HandoverStatus.of(status))
    waits = (Handover.status == HandoverStatus.PREPARED).desc()
    query = query.order_by(waits, Handover.prepared_at.desc(), Handover.id.desc())
    rows = list(work.session.execute(query.limit(PAGE).offset((max(page, 1) - 1) * PAGE)))
    return rows, (rows[0].total if rows else 0)


@dataclass(frozen=True)
class Acknowledgement:
    """One side's: the officer, when, and the coordinator who did it for him with his reason."""

    side: Side
    officer: str
    at: datetime | None
    by: str
    reason: str
    is_own: bool  # the reader's own to give
    is_for_him: bool  # the reader may give it in his place


@dataclass(frozen=True)
class HandoverPage:
    """`inventory` is as it stands now while it waits, else as it was when it took effect (or was cancelled)."""

    handover: Handover
    row: Any
    sides: list[Acknowledgement]
    inventory: list[dict[str, Any]]
    new_numbers: frozenset[str]
    may_cancel: bool

    @property
    def waits(self) -> bool:
        return self.handover.status is HandoverStatus.PREPARED


def handover(work: Work, handover_id: int) -> HandoverPage:
    """One handover for whoever may see it. Raises NotFound."""
    row = work.session.execute(_rows(work).where(Handover.id == handover_id)).one_or_none()
    if row is None:
        raise NotFound()
    found: Handover = row.Handover
    own = sides_of(work.actor, found.former_id, found.successor_id, row.area_id)
    waits = found.status is HandoverStatus.PREPARED
    lines = inventory(work, found.enterprise_id) if waits else found.inventory
    before = {line["number"] for line in found.inventory}
    return HandoverPage(
        handover=found,
        row=row,
        sides=[_acknowledgement(side, row, own) for side in (Side.FORMER, Side.SUCCESSOR)],
        inventory=lines,
        new_numbers=frozenset(line["number"] for line in lines) - before,
        may_cancel=may_act(HandoverAction.CANCEL, own, found.status),
    )


def _acknowledgement(side: Side, row: Any, own: frozenset[Side]) -> Acknowledgement:
    found: Handover = row.Handover
    at = getattr(found, f"{side.value}_at")
    is_open = at is None and may_act(HandoverAction.ACKNOWLEDGE, own, found.status)
    return Acknowledgement(
        side=side,
        officer=getattr(row, str(side.value)),
        at=at,
        by=getattr(row, f"{side.value}_for") or "",
        reason=getattr(found, f"{side.value}_reason"),
        is_own=is_open and side in own,
        is_for_him=is_open and side not in own and Side.COORDINATOR in own,
    )


@dataclass(frozen=True)
class WaitingHandover:
    """One that waits for the reader's own word."""

    id: int
    enterprise: str
    other: str
    is_former: bool


def waiting(work: Work) -> list[WaitingHandover]:
    """What the actor himself has not acknowledged yet (one statement)."""
    me = work.actor.account_id
    mine = or_(
        and_(Handover.former_id == me, Handover.former_at.is_(None)),
        and_(Handover.successor_id == me, Handover.successor_at.is_(None)),
    )
    rows = work.session.execute(
        select(Handover.id, Handover.former_id, Enterprise.name, former.name, successor.name)
        .join(Enterprise, Enterprise.id == Handover.enterprise_id)
        .join(former, former.id == Handover.former_id)
        .join(successor, successor.id == Handover.successor_id)
        .where(Handover.status == HandoverStatus.PREPARED, mine)
        .order_by(Handover.id)
    )
    return [
        WaitingHandover(number, enterprise, to if former_id == me else by, former_id == me)
        for number, former_id, enterprise, by, to in rows
    ]
