"""What stands beside the tickets of a batch: times, units, words, the present round. Four statements for all."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import select

from assist.domain.clock import shanghai
from assist.domain.status import ClockKind, Rating
from assist.domain.tasks import TaskKind, TaskStatus
from assist.domain.transitions import Action
from assist.models import Account, Clock, Task, TicketEvent, TicketRound, Unit
from assist.services.work import Work

# The words of 办理进展/结果: whichever was said last.
SAID = (Action.OPINION, Action.PROGRESS, Action.ANSWER, Action.CORRECT_ANSWER, Action.IMPORT)
NOT_DONE = frozenset({TaskStatus.CANCELLED, TaskStatus.RETURNED})
REMARK = "is_remark"  # in the fields of a progress: it was written as 备注


@dataclass
class Parts:
    """Of one ticket. `facts` are what the old ledger stated, where it came from there."""

    due_at: datetime | None = None
    extended_due_at: datetime | None = None
    units: list[str] = field(default_factory=list)
    handlers: list[str] = field(default_factory=list)
    progress: str = ""
    remark: str = ""
    result: str = ""
    confirmed_by: str = ""
    rating: Rating | None = None
    facts: dict[str, Any] = field(default_factory=dict)

    def stated(self, name: str) -> Any:
        return self.facts.get(name) or ""


def parts_of(work: Work, ids: Sequence[int]) -> dict[int, Parts]:
    found: defaultdict[int, Parts] = defaultdict(Parts)
    _words(work, ids, found)
    _times(work, ids, found)
    _units(work, ids, found)
    _rounds(work, ids, found)
    return found


@dataclass(frozen=True)
class Said:
    """办理进展/结果 and 备注 as they stand; `row` and `remark_row` are the events they come from."""

    progress: str = ""
    remark: str = ""
    row: Any = None
    remark_row: Any = None


def said(rows: Iterable[Any]) -> Said:
    """Of one ticket's events of `SAID`, in their order: what was said last."""
    found = Said()
    for row in rows:
        if row.fields.get(REMARK):
            found = replace(found, remark=row.note, remark_row=row)
        elif row.note:
            found = replace(found, progress=row.note, row=row)
        if row.action is Action.IMPORT and row.fields.get("remark"):
            found = replace(found, remark=str(row.fields["remark"]), remark_row=row)
    return found


def events_said(work: Work, ids: Sequence[int]) -> dict[int, list[Any]]:
    """By ticket the events by which something was said, in their order. One statement."""
    E = TicketEvent
    query = select(E.ticket_id, E.action, E.note, E.fields, E.at, E.actor_name)
    query = query.where(E.ticket_id.in_(ids), E.action.in_(SAID)).order_by(E.ticket_id, E.seq)
    rows = work.session.execute(query)
    return {ticket_id: list(found) for ticket_id, found in groupby(rows, key=lambda row: row.ticket_id)}


def _words(work: Work, ids: Sequence[int], found: defaultdict[int, Parts]) -> None:
    for ticket_id, rows in events_said(work, ids).items():
        parts, told = found[ticket_id], said(rows)
        parts.progress, parts.remark = told.progress, told.remark
        parts.facts = next((row.fields for row in rows if row.action is Action.IMPORT), {})


def _times(work: Work, ids: Sequence[int], found: defaultdict[int, Parts]) -> None:
    """办理时限 as it was set for the present round, and where it stands now if it was moved."""
    query = select(Clock.ticket_id, Clock.original_due_at, Clock.due_at)
    query = query.where(Clock.ticket_id.in_(ids), Clock.kind == ClockKind.RESOLUTION)
    for ticket_id, original, due_at in work.session.execute(query.order_by(Clock.ticket_id, Clock.round_no, Clock.seq)):
        parts = found[ticket_id]
        parts.due_at = original
        parts.extended_due_at = due_at if due_at != original else None
    for parts in found.values():
        if parts.due_at is None and parts.facts:
            parts.due_at = _day(parts.stated("stated_due_on"))
            parts.extended_due_at = _day(parts.stated("stated_extended_due_on"))


def _day(text: str) -> datetime | None:
    on = date.fromisoformat(text) if text else None
    return shanghai(on.year, on.month, on.day) if on else None


def _units(work: Work, ids: Sequence[int], found: defaultdict[int, Parts]) -> None:
    """The units in the lead first; 责任人 are those who have the tasks there."""
    query = (
        select(Task.ticket_id, Task.kind, Unit.name, Unit.short_name, Account.name)
        .join(Unit, Unit.id == Task.unit_id)
        .outerjoin(Account, Account.id == Task.handler_id)
        .where(Task.ticket_id.in_(ids), Task.status.not_in(NOT_DONE))
        .order_by(Task.ticket_id, Task.no)
    )
    for ticket_id, _, name, short_name, handler in sorted(
        work.session.execute(query), key=lambda row: (row[0], row[1] is not TaskKind.LEAD)
    ):
        parts = found[ticket_id]
        for words, held in ((short_name or name, parts.units), (handler, parts.handlers)):
            if words and words not in held:
                held.append(words)


def _rounds(work: Work, ids: Sequence[int], found: defaultdict[int, Parts]) -> None:
    query = select(TicketRound.ticket_id, TicketRound.result, TicketRound.confirmed_by, TicketRound.rating)
    query = query.where(TicketRound.ticket_id.in_(ids)).order_by(TicketRound.ticket_id, TicketRound.no)
    for ticket_id, result, confirmed_by, rating in work.session.execute(query):
        parts = found[ticket_id]
        parts.result = result.title if result else ""
        parts.confirmed_by = confirmed_by.title if confirmed_by else ""
        parts.rating = rating
