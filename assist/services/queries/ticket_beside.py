"""What stands beside one ticket: requests, 督办, 批示, its theme, stand-ins, handovers. One statement for all of them.

Each kind adds its SELECT of the eight columns of `Beside` to `_parts`; the page's own parts take their rows by `what`.
Not here: tasks (`ticket_tasks`), what the rows mean to a reader.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import String, bindparam, cast, literal, null, select, union_all

from assist.models import Account, Handover, Pairing, StandIn, Theme, ThemeTicket, Ticket
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


def _parts(*, internal: bool) -> list[Any]:
    """The SELECTs whose rows this kind of reader may read."""
    requests = ticket_requests.part(internal=internal)
    return [requests, _theme(), _stand_ins(), _handovers()] if internal else [requests]


@cache
def _statement(*, internal: bool) -> Any:
    """Built once: putting a statement of this size together costs more than running it."""
    together = union_all(*_parts(internal=internal)).subquery()
    return select(together).order_by(together.c.what, together.c.at, together.c.id)


def read(work: Work, ticket: Ticket, *, internal: bool) -> Sequence[Beside]:
    """Everything beside the ticket that this reader may read, the oldest of each kind first."""
    statement = _statement(internal=internal)
    return [Beside(*row) for row in work.session.execute(statement, {"ticket_id": ticket.id})]
