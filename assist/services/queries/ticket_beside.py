"""What stands beside one ticket: requests, 督办, 批示, its theme, stand-ins, handovers. One statement for all of them.

Each kind adds its SELECT of the eight columns of `Beside` to `_parts`; the page's own parts take their rows by `what`.
Not here: tasks (`ticket_tasks`), what the rows mean to a reader.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import String, and_, bindparam, case, cast, func, literal, null, select, union_all

from assist.domain.papers import OF_TICKET
from assist.models import (
    Account,
    Clock,
    DocumentScan,
    Handover,
    Instruction,
    Pairing,
    StandIn,
    Supervision,
    Theme,
    ThemeTicket,
    Ticket,
    Unit,
)
from assist.models.base import UtcDateTime
from assist.services.queries import ticket_requests
from assist.services.work import Work


@dataclass(frozen=True)
class Beside:
    """One thing beside the ticket. What `who`, `text` and `due_at` are depends on `what`."""

    what: str
    id: int
    kind: str
    status: str
    at: datetime
    who: str
    text: str
    due_at: datetime | None


NOTHING = literal("", String)
NO_TIME = cast(null(), UtcDateTime)


def _theme() -> Any:
    """`who` is the theme's title, `text` its solution."""
    return (
        select(
            literal("theme").label("what"),
            Theme.id.label("id"),
            NOTHING.label("kind"),
            cast(Theme.status, String).label("status"),
            ThemeTicket.added_at.label("at"),
            Theme.title.label("who"),
            Theme.solution.label("text"),
            NO_TIME.label("due_at"),
        )
        .join(Theme, Theme.id == ThemeTicket.theme_id)
        .where(ThemeTicket.ticket_id == bindparam("ticket_id"))
    )


def _stand_ins() -> Any:
    """Whoever stood in for an officer of the enterprise: `kind` is the officer's id, until `due_at`."""
    officers = (
        select(Pairing.officer_id)
        .join(Ticket, Ticket.enterprise_id == Pairing.enterprise_id)
        .where(Ticket.id == bindparam("ticket_id"))
    )
    return (
        select(
            literal("stand_in"),
            StandIn.stand_in_id,
            cast(StandIn.officer_id, String),
            NOTHING,
            StandIn.started_at,
            Account.name,
            NOTHING,
            StandIn.ended_at,
        )
        .join(Account, Account.id == StandIn.stand_in_id)
        .where(StandIn.officer_id.in_(officers))
    )


def _handovers() -> Any:
    """Handovers of the enterprise, as of when they took effect."""
    return (
        select(
            literal("handover"),
            Handover.id,
            NOTHING,
            NOTHING,
            Handover.effective_at,
            NOTHING,
            NOTHING,
            NO_TIME,
        )
        .join(Ticket, Ticket.enterprise_id == Handover.enterprise_id)
        .where(Ticket.id == bindparam("ticket_id"), Handover.effective_at.is_not(None))
    )


def _supervisions() -> Any:
    """`who` is its addressee, `text` its number (of a proposal: why), `kind` its level; due while a reply is owed."""
    owes = and_(Clock.supervision_id == Supervision.id, Clock.stopped_at.is_(None))
    return (
        select(
            literal("supervision"),
            Supervision.id,
            cast(Supervision.level, String),
            cast(Supervision.status, String),
            func.coalesce(Supervision.issued_at, Supervision.proposed_at),
            func.coalesce(Unit.short_name, Unit.name, Account.name, "县（市、区）助企办"),
            func.coalesce(Supervision.number, Supervision.why),
            Clock.due_at,
        )
        .outerjoin(Unit, Unit.id == Supervision.unit_id)
        .outerjoin(Account, Account.id == Supervision.account_id)
        .outerjoin(Clock, owes)
        .where(Supervision.ticket_id == bindparam("ticket_id"))
    )


def _instructions() -> Any:
    """`who` is the leader, `text` his words, `kind` the document; due while it is not answered to."""
    owes = and_(Clock.instruction_id == Instruction.id, Clock.stopped_at.is_(None))
    return (
        select(
            literal("instruction"),
            Instruction.id,
            Instruction.document,
            case((Instruction.replied_at.is_(None), "open"), else_="replied"),
            Instruction.given_at,
            Instruction.leader_name,
            Instruction.text,
            Clock.due_at,
        )
        .outerjoin(Clock, owes)
        .where(Instruction.ticket_id == bindparam("ticket_id"))
    )


def _scans() -> Any:
    """Stamped scans of the ticket's own documents: `kind` is the document's, `who` brought it, `status` is its size."""
    return (
        select(
            literal("scan"),
            DocumentScan.id,
            cast(DocumentScan.kind, String),
            cast(DocumentScan.size, String),
            DocumentScan.at,
            DocumentScan.uploaded_by_name,
            DocumentScan.name,
            NO_TIME,
        )
        .join(Ticket, Ticket.number == DocumentScan.no)
        .where(Ticket.id == bindparam("ticket_id"), DocumentScan.kind.in_(OF_TICKET))
    )


def _parts(*, internal: bool) -> list[Any]:
    """The SELECTs whose rows this kind of reader may read."""
    requests = ticket_requests.part(internal=internal)
    inside = [_theme(), _stand_ins(), _handovers(), _supervisions(), _instructions()]
    return [requests, _scans(), *inside] if internal else [requests, _scans()]


@cache
def _statement(*, internal: bool) -> Any:
    """Built once: putting a statement of this size together costs more than running it."""
    together = union_all(*_parts(internal=internal)).subquery()
    return select(together).order_by(together.c.what, together.c.at, together.c.id)


def read(work: Work, ticket: Ticket, *, internal: bool) -> Sequence[Beside]:
    """Everything beside the ticket that this reader may read, the oldest of each kind first."""
    statement = _statement(internal=internal)
    return [Beside(*row) for row in work.session.execute(statement, {"ticket_id": ticket.id})]
