"""督办建议: what the sweep proposes when a clock has come to a step that asks for 督办. One proposal a ticket.

It keeps the highest level (of equals, the clock that is longest in the house), and says which clock and how late. The
sweep writes it in its own transaction and touches neither the ticket nor its events, so that any number of sweeps at
once come to the same row. What a supervisor makes of it is `supervising`.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import and_, func, or_, select, text

from assist.domain.date_words import moment_text
from assist.domain.deadlines import remaining_text
from assist.domain.status import ClockHolder
from assist.domain.supervision import (
    ADDRESSED,
    PROPOSED_BY,
    SUPERVISION_OPEN,
    Addressee,
    SupervisionLevel,
    SupervisionStatus,
)
from assist.models import Supervision
from assist.models.supervision import PROPOSED
from assist.services import bulk
from assist.services.due_steps import Due
from assist.services.work import Work

ALWAYS = 0  # no year goes without saying
CHANGING = ("level", "why", "proposed_at", "clock_id", "addressee", "unit_id", "task_id")


def propose(work: Work, dues: Iterable[Due]) -> None:
    """Write what these clocks ask for. Nothing where a 督办 of that level or a higher one is open already."""
    found: dict[int, dict[str, Any]] = {}
    for due in dues:
        row = _row(work, due)
        if row is None:
            continue
        before = found.get(row["ticket_id"])
        if before is None or _weight(row) > _weight(before):
            found[row["ticket_id"]] = row
    if not found:
        return
    open_levels = _open_levels(work, found)
    rows = [
        row
        for ticket_id, row in sorted(found.items())
        if ticket_id not in open_levels or row["level"].value > open_levels[ticket_id]
    ]
    bulk.insert_or_raise(
        work.session, Supervision, rows, ("ticket_id",), text(PROPOSED), CHANGING, _is_weightier
    )


def _is_weightier(table: Any, given: Any) -> Any:
    return or_(
        given.level > table.c.level, and_(given.level == table.c.level, given.clock_id <= table.c.clock_id)
    )


def _weight(row: dict[str, Any]) -> tuple[str, int]:
    return str(row["level"].value), -row["clock_id"]


def _row(work: Work, due: Due) -> dict[str, Any] | None:
    level = PROPOSED_BY.get(due.send.rule.step) if due.send is not None else None
    addressee = ADDRESSED.get(due.clock.holder)
    if level is None or addressee is None:
        return None
    if addressee is Addressee.OWNER and due.ticket.owner_id is None:
        addressee = Addressee.AREA
    return {
        "ticket_id": due.ticket.id,
        "level": level,
        "status": SupervisionStatus.PROPOSED,
        "why": _why(work, due)[:200],
        "proposed_at": work.now,
        "clock_id": due.clock.id,
        "addressee": addressee,
        "unit_id": due.clock.unit_id,
        "task_id": due.clock.task_id,
        "demand": "",
        "reply": "",
        "note": "",
    }


def _why(work: Work, due: Due) -> str:
    """市生态环境局任务反馈超期1个工作日（时限2026年12月2日17:30）: it is read in later years too"""
    clock = due.clock
    who = due.task.unit if due.task is not None and clock.holder is ClockHolder.UNIT else ""
    late = remaining_text(work.settings.calendar, work.now, clock.due_at).text
    return f"{who}{clock.kind.title}{late}（时限{moment_text(clock.due_at, ALWAYS)}）"


def _open_levels(work: Work, ticket_ids: Iterable[int]) -> dict[int, str]:
    """By ticket, the highest level that is issued and not settled."""
    rows = work.session.execute(
        select(Supervision.ticket_id, func.max(Supervision.level))
        .where(Supervision.ticket_id.in_(list(ticket_ids)), Supervision.status.in_(SUPERVISION_OPEN))
        .group_by(Supervision.ticket_id)
    )
    return {
        ticket_id: str(level.value if isinstance(level, SupervisionLevel) else level)
        for ticket_id, level in rows
    }
