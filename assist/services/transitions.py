"""The one writer of `Ticket.status` and of the event chain.

`act` checks permission, version and legality, moves the ticket with one `UPDATE … WHERE id AND event_seq [AND
version]` and writes the event beside it. Nothing else assigns a status. Deadlines, messages and the rest of an act's
effects are the calling service's.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Insert, Update, bindparam, inspect, select, update
from sqlalchemy.orm.attributes import set_committed_value

from assist.domain.clock import local
from assist.domain.date_words import moment_text
from assist.domain.errors import Conflict, StaleTicket
from assist.domain.status import Status
from assist.domain.transitions import MOVES, Action, is_legal
from assist.models import Ticket, TicketEvent
from assist.models.base import Base
from assist.services import access
from assist.services.work import Work


def event_hash(prev_hash: str, values: dict[str, Any]) -> str:
    """sha256 over the event before in this ticket and this event's own words, in a fixed order."""
    words = json.dumps([prev_hash, values], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(words.encode()).hexdigest()


def covered(event: TicketEvent) -> dict[str, Any]:
    """What the hash of an event covers: everything but its own id and the hashes."""
    return {
        "ticket_id": event.ticket_id,
        "seq": event.seq,
        "action": event.action.value,
        "actor_id": event.actor_id,
        "actor_name": event.actor_name,
        "acting_for_id": event.acting_for_id,
        "round_no": event.round_no,
        "old_status": event.old_status.value if event.old_status else None,
        "new_status": event.new_status.value,
        "fields": event.fields,
        "note": event.note,
        "is_visible": event.is_visible,
        "at": event.at.isoformat(),
    }


def plain(value: Any) -> Any:
    """A value as it may stand in an event's fields: enums by value, times as text."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.isoformat()
    return value


def check(work: Work, ticket: Ticket, action: Action, version: int | None) -> None:
    """Raise unless the actor may, the page he read is still true, and the act is legal now (in this order).

    Errors: NotFound, Forbidden, StaleTicket (409: who did what and when), Conflict.
    """
    access.require(work, ticket, action)
    if version is not None and MOVES[action].versioned and version != ticket.version:
        raise stale(work, ticket)
    if not is_legal(action, ticket.status):
        if version is not None and version != ticket.version:
            raise stale(work, ticket)
        raise Conflict(f"这件诉求现在是“{ticket.status.title}”，不能“{action.title}”。")


def stale(work: Work, ticket: Ticket) -> StaleTicket:
    """The 409 of a page that is out of date, naming the last act that moved the ticket."""
    last = work.session.scalars(
        select(TicketEvent)
        .where(
            TicketEvent.ticket_id == ticket.id,
            TicketEvent.action.in_([action for action, move in MOVES.items() if move.versioned]),
        )
        .order_by(TicketEvent.seq.desc())
        .limit(1)
    ).one_or_none()
    if last is None:
        return StaleTicket("这件诉求刚刚有了变化，请刷新后再办理。", who="", what="", at_text="")
    at_text = moment_text(last.at, local(work.now).year)
    return StaleTicket(
        f"{last.actor_name} 已于{at_text}办理了“{last.action.title}”，您这次的操作没有生效，填写的内容已为您保留。",
        who=last.actor_name,
        what=last.action.title,
        at_text=at_text,
    )


def act(
    work: Work,
    ticket: Ticket,
    action: Action,
    *,
    to: Status | None = None,
    version: int | None = None,
    changes: dict[str, Any] | None = None,
    fields: dict[str, Any] | None = None,
    note: str = "",
    is_visible: bool = True,
    is_authorised: bool = False,
) -> TicketEvent:
    """Do one act: move (or not), write the event, raise the heads.

    `changes` are the ticket's own columns that change with it, kept old and new in the event; `fields` are further
    facts of the act. `is_authorised`: who may was decided by another table already (of tasks, requests, supervision).
    A suspension ends with the handling. Raises what `check` raises, and StaleTicket when another act came between.
    """
    if not is_authorised:
        check(work, ticket, action, version)
    elif not is_legal(action, ticket.status):
        raise Conflict(f"这件诉求现在是“{ticket.status.title}”，不能“{action.title}”。")
    target = to or ticket.status
    if to is not None and to not in MOVES[action].targets:
        raise Conflict(f"“{action.title}”不能使诉求变为“{to.title}”。")
    changes = changes or {}
    if target is not Status.HANDLING and ticket.suspended_at is not None:
        changes = {**changes, "suspended_at": None}
    told = {
        name: [plain(getattr(ticket, name)), plain(new)]
        for name, new in changes.items()
        if getattr(ticket, name) != new
    }
    event = TicketEvent(
        ticket_id=ticket.id,
        seq=ticket.event_seq + 1,
        action=action,
        actor_id=work.actor.account_id,
        actor_name=work.actor.name,
        acting_for_id=access.acting_for(work, ticket, action),
        round_no=changes.get("round_no", ticket.round_no),
        old_status=ticket.status,
        new_status=target,
        fields={**{name: plain(value) for name, value in (fields or {}).items()}, **told},
        note=note,
        is_visible=is_visible,
        at=work.now,
        prev_hash=ticket.head_hash,
    )
    event.hash = event_hash(event.prev_hash, covered(event))
    _move(work, ticket, event, MOVES[action].versioned, target, changes)
    _write(work, event)
    return event


def _write(work: Work, event: TicketEvent) -> None:
    """Put it at the end of the chain, past the session: nobody changes it ever again."""
    table = Base.metadata.tables[TicketEvent.__tablename__]
    values = {name: value for name, value in vars(event).items() if name in table.c}
    work.session.connection().execute(_writing(), values)


@cache
def _writing() -> Insert:
    return Base.metadata.tables[TicketEvent.__tablename__].insert().inline()


@lru_cache(maxsize=64)
def _guarded(names: tuple[str, ...]) -> Update:
    """`UPDATE ticket SET names … WHERE` it still stands as it was read. Built once for each set of columns."""
    table = Base.metadata.tables[Ticket.__tablename__]
    return (
        update(table)
        .where(
            table.c.id == bindparam("read_id"),
            table.c.event_seq == bindparam("read_seq"),
            table.c.version == bindparam("read_version"),
        )
        .values({name: bindparam(name) for name in names})
    )


def _move(
    work: Work, ticket: Ticket, event: TicketEvent, versioned: bool, target: Status, changes: dict[str, Any]
) -> None:
    """The guarded UPDATE: it names the heads it read, and changes nothing if another act moved them."""
    if inspect(ticket).modified:
        work.session.flush()
    values = {
        **changes,
        "status": target,
        "version": ticket.version + (1 if versioned else 0),
        "event_seq": event.seq,
        "head_hash": event.hash,
        "updated_at": work.now,
    }
    read = {"read_id": ticket.id, "read_seq": ticket.event_seq, "read_version": ticket.version}
    moved = work.session.connection().execute(_guarded(tuple(values)), {**values, **read})
    if moved.rowcount == 0:
        work.session.refresh(ticket)
        raise stale(work, ticket)
    for name, value in values.items():
        set_committed_value(ticket, name, value)


def draft(**columns: Any) -> Ticket:
    """A ticket about to be submitted, not yet in the session: `born` writes its first event."""
    heads = {"round_no": 1, "supplement_count": 0, "version": 1, "event_seq": 0, "head_hash": ""}
    return Ticket(status=Status.SUBMITTED, **heads, **columns)


def born(work: Work, ticket: Ticket, action: Action, *, note: str, fields: dict[str, Any]) -> TicketEvent:
    """The first event of a ticket that was just made."""
    event = _first_event(work, ticket, action, note, fields)
    _write(work, event)
    return event


@dataclass(frozen=True)
class Arrival:
    """A ticket from the old ledger, not yet stored: the status it has there, its words and what was stated."""

    ticket: Ticket
    status: Status
    note: str
    fields: dict[str, Any]


def take_over(work: Work, arrivals: Sequence[Arrival]) -> None:
    """原台账转入: store tickets that were worked on elsewhere, each with its status and first event, all at once."""
    for one in arrivals:
        one.ticket.status = one.status
    work.session.add_all([one.ticket for one in arrivals])
    work.session.flush()
    work.session.add_all(
        [_first_event(work, one.ticket, Action.IMPORT, one.note, one.fields) for one in arrivals]
    )
    work.session.flush()


def _first_event(
    work: Work, ticket: Ticket, action: Action, note: str, fields: dict[str, Any]
) -> TicketEvent:
    event = TicketEvent(
        ticket_id=ticket.id,
        seq=1,
        action=action,
        actor_id=work.actor.account_id,
        actor_name=work.actor.name,
        acting_for_id=None,
        round_no=1,
        old_status=None,
        new_status=ticket.status,
        fields={name: plain(value) for name, value in fields.items()},
        note=note,
        is_visible=True,
        at=work.now,
        prev_hash="",
    )
    event.hash = event_hash("", covered(event))
    ticket.event_seq = 1
    ticket.head_hash = event.hash
    ticket.updated_at = work.now
    return event
