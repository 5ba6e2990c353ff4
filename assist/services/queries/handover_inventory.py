"""交接清单: every open ticket of an enterprise with what is still owed on it, as plain values. Restricted ones apart.

Two statements whatever the number of tickets. What it was when a handover was prepared or took effect is kept there.
"""

from collections import defaultdict
from typing import Any

from sqlalchemy import Date, String, and_, cast, func, literal, null, select, text, union_all

from assist.domain.clock import local
from assist.domain.date_words import date_text
from assist.domain.requests import RequestKind, RequestStatus
from assist.domain.supervision import SupervisionLevel, SupervisionStatus
from assist.domain.tasks import TaskStatus
from assist.models import Instruction, Request, Supervision, Task, Ticket, TicketRound, Unit
from assist.models.task import TASK_IS_OPEN
from assist.models.ticket import is_open
from assist.services.work import Work


def inventory(work: Work, enterprise_id: int) -> list[dict[str, Any]]:
    """Plain dictionaries, ready to be kept: number, title, status, due_at, promised_on, tasks, requests, owed."""
    rows = work.session.execute(
        select(Ticket, TicketRound.expected_on)
        .outerjoin(
            TicketRound, and_(TicketRound.ticket_id == Ticket.id, TicketRound.no == Ticket.round_no)
        )
        .where(Ticket.enterprise_id == enterprise_id, is_open(), Ticket.is_restricted.is_(False))
        .order_by(Ticket.id)
    ).all()
    beside = _beside(work, [row.Ticket.id for row in rows])
    return [
        {
            "number": ticket.number,
            "title": ticket.title,
            "status": ticket.status.value,
            "round_no": ticket.round_no,
            "due_at": ticket.due_at.isoformat() if ticket.due_at else None,
            "promised_on": expected_on.isoformat() if expected_on else None,
            **{name: beside[ticket.id, name] for name in ("tasks", "requests", "owed")},
        }
        for ticket, expected_on in rows
    ]


def _beside(work: Work, ids: list[int]) -> defaultdict[tuple[int, str], list[str]]:
    """By ticket: open tasks, pending requests, and what else is owed (批示, 督办)."""
    found: defaultdict[tuple[int, str], list[str]] = defaultdict(list)
    if not ids:
        return found
    year = local(work.now).year
    for row in work.session.execute(_union(ids)):
        on = f"，{date_text(row.day, year)}前" if row.day else ""
        if row.what == "task":
            state = TaskStatus.of(row.kind).title
            found[row.ticket_id, "tasks"].append(f"{row.number} {row.who} {state}{on}")
        elif row.what == "request":
            found[row.ticket_id, "requests"].append(f"{RequestKind.of(row.kind).title}（{row.who}提出，待审批）")
        elif row.what == "instruction":
            found[row.ticket_id, "owed"].append(f"{row.who}批示待落实{on}")
        else:
            level = SupervisionLevel.of(row.kind).title
            found[row.ticket_id, "owed"].append(f"{level} {row.number}待反馈")
    return found


NOTHING, NO_DAY = literal("", String), cast(null(), Date)


def _union(ids: list[int]) -> Any:
    """(ticket, what it is, kind or state, number, who, day) of everything open beside these tickets."""
    requests = select(
        Request.ticket_id,
        literal("request"),
        cast(Request.kind, String),
        NOTHING,
        Request.asked_by_name,
        NO_DAY,
        Request.id,
    ).where(Request.ticket_id.in_(ids), Request.status == RequestStatus.PENDING)
    instructions = select(
        Instruction.ticket_id,
        literal("instruction"),
        NOTHING,
        NOTHING,
        Instruction.leader_name,
        Instruction.due_on,
        Instruction.id,
    ).where(Instruction.ticket_id.in_(ids), Instruction.replied_at.is_(None))
    supervisions = select(
        Supervision.ticket_id,
        literal("supervision"),
        cast(Supervision.level, String),
        func.coalesce(Supervision.number, ""),
        NOTHING,
        NO_DAY,
        Supervision.id,
    ).where(Supervision.ticket_id.in_(ids), Supervision.status == SupervisionStatus.ISSUED)
    together = union_all(_tasks(ids), requests, instructions, supervisions).subquery()
    return select(together).order_by(together.c.ticket_id, together.c.id)


def _tasks(ids: list[int]) -> Any:
    return (
        select(
            Task.ticket_id.label("ticket_id"),
            literal("task").label("what"),
            cast(Task.status, String).label("kind"),
            Task.number.label("number"),
            func.coalesce(func.nullif(Unit.short_name, ""), Unit.name).label("who"),
            func.coalesce(Task.promised_on, Task.due_on).label("day"),
            Task.id.label("id"),
        )
        .join(Unit, Unit.id == Task.unit_id)
        .where(Task.ticket_id.in_(ids), text(f"task.{TASK_IS_OPEN}"))
    )
