"""The event chains of copied tickets, hashed anew event by event: every copy's chain is as true as its original's.

The words a hash covers differ between copies in a few places only (who, which ticket, which enterprise), so each
original event is cut into a pattern once. A pattern must first give back the original's own hash.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, select, text
from sqlalchemy.orm import Session

from assist.models import TicketEvent
from assist.services.transitions import covered
from bench.planning import Copy, Firm

COLUMNS = (
    "ticket_id", "seq", "action", "actor_id", "actor_name", "acting_for_id", "round_no", "old_status", "new_status",
    "fields", "note", "is_visible", "at", "prev_hash", "hash",
)  # fmt: skip
ACCOUNTS = ("owner_id",)
MARK = "\ue000"


@dataclass(frozen=True)
class Pattern:
    """One event of an original. `before` and `after` are its columns around those that differ between copies."""

    words: str
    seq: int
    action: str
    actor: str
    actor_id: int | None
    actor_name: str
    round_no: int
    old_status: str | None
    new_status: str
    fields: str
    note: str
    is_visible: Any
    at: Any


def patterns(connection: Connection, firms: dict[int, Firm], originals: set[int]) -> dict[int, list[Pattern]]:
    """The events of the originals, by ticket, in their order."""
    raw = {
        row.id: row
        for row in connection.execute(
            text("SELECT id, ticket_id, fields, note, is_visible, at FROM ticket_event")
        )
    }
    source: dict[int, int] = dict(connection.execute(text("SELECT id, enterprise_id FROM ticket")).all())
    first_contact: dict[int, int] = dict(
        connection.execute(text("SELECT ticket_id, min(id) FROM contact_record GROUP BY ticket_id")).all()
    )
    ranks: dict[int, int] = dict(
        connection.execute(
            text("SELECT id, row_number() OVER (PARTITION BY ticket_id ORDER BY id) FROM contact_record")
        ).all()
    )
    found: dict[int, list[Pattern]] = {}
    with Session(connection) as session:
        for event in session.scalars(select(TicketEvent).order_by(TicketEvent.ticket_id, TicketEvent.seq)):
            if event.ticket_id not in originals:
                continue
            firm = firms[source[event.ticket_id]]
            pattern = _pattern(event, raw[event.id], firm, ranks)
            _prove(pattern, event, firm, first_contact.get(event.ticket_id, 1) - 1, ranks)
            found.setdefault(event.ticket_id, []).append(pattern)
    return found


def _pattern(event: TicketEvent, raw: Any, firm: Firm, ranks: dict[int, int]) -> Pattern:
    roles = {firm.contact_id: "contact", firm.officer_id: "officer", firm.coordinator_id: "coordinator"}
    actor = roles.get(event.actor_id or 0, "") if event.actor_id else ""
    fields = {key: _marked(key, value, firm, roles, ranks) for key, value in event.fields.items()}
    values = covered(event) | {"ticket_id": f"{MARK}ticket{MARK}", "fields": fields}
    if actor:
        values["actor_id"] = f"{MARK}{actor}{MARK}"
        values["actor_name"] = f"{MARK}{actor}_name{MARK}"
    return Pattern(
        words=_cut(_dumped(values), firm), seq=event.seq, action=event.action.value, actor=actor,
        actor_id=event.actor_id, actor_name=event.actor_name, round_no=event.round_no,
        old_status=event.old_status.value if event.old_status else None, new_status=event.new_status.value,
        fields=_cut(_dumped(fields), firm), note=_cut(event.note, firm), is_visible=raw.is_visible, at=raw.at,
    )  # fmt: skip


def _marked(key: str, value: Any, firm: Firm, roles: dict[int, str], ranks: dict[int, int]) -> Any:
    if isinstance(value, list) and key in ACCOUNTS:
        return [_marked(key, each, firm, roles, ranks) for each in value]
    if key in ACCOUNTS and value in roles:
        return f"{MARK}{roles[value]}{MARK}"
    if key == "contact_record_id":
        return f"{MARK}record{ranks[value]}{MARK}"
    if key == "person" and value == firm.contact_name:
        return f"{MARK}contact_name_text{MARK}"
    return value


def _dumped(values: Any) -> str:
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


NUMBERS = ("ticket", "contact", "officer", "coordinator", *(f"record{number}" for number in range(1, 40)))


def _cut(words: str, firm: Firm) -> str:
    """A text with its changing places as `%(name)s`."""
    words = words.replace("%", "%%").replace(firm.short_name, "%(short)s")
    for name in NUMBERS:
        words = words.replace(f'"{MARK}{name}{MARK}"', f"%({name})s")
    for name in ("contact_name", "officer_name", "coordinator_name"):
        words = words.replace(f"{MARK}{name}{MARK}", f"%({name})s")
    return words.replace(f"{MARK}contact_name_text{MARK}", "%(contact_name)s")


def _parts(ticket_id: int, firm: Firm, before_record: int) -> dict[str, Any]:
    parts: dict[str, Any] = {
        "ticket": ticket_id,
        "contact": firm.contact_id,
        "officer": firm.officer_id,
        "coordinator": firm.coordinator_id,
        "short": firm.short_name,
        "contact_name": firm.contact_name,
        "officer_name": firm.officer_name,
        "coordinator_name": firm.coordinator_name,
    }
    for number in range(1, 6):
        parts[f"record{number}"] = before_record + number
    return parts


def _prove(
    pattern: Pattern, event: TicketEvent, firm: Firm, before_record: int, ranks: dict[int, int]
) -> None:
    """The pattern, filled with the original's own parts, must give the original's hash."""
    parts = _parts(event.ticket_id, firm, before_record)
    record = event.fields.get("contact_record_id")
    if record:
        parts[f"record{ranks[record]}"] = record
    if _hash(event.prev_hash, pattern.words % parts) != event.hash:
        raise SystemExit(f"event {event.ticket_id}:{event.seq} does not give back its own hash")


def _hash(prev_hash: str, words: str) -> str:
    return sha256(f'["{prev_hash}",{words}]'.encode()).hexdigest()


def rows(
    copies: list[Copy], firms: dict[int, Firm], of: dict[int, list[Pattern]], heads: list[tuple[str]]
) -> Iterator[tuple[Any, ...]]:
    """The rows of `ticket_event` in the order of COLUMNS; each ticket's last hash goes to `heads`."""
    for copy in copies:
        firm = firms[copy.firm_id]
        parts = _parts(copy.id, firm, copy.contact_id)
        actors = {
            "contact": (firm.contact_id, firm.contact_name),
            "officer": (firm.officer_id, firm.officer_name),
            "coordinator": (firm.coordinator_id, firm.coordinator_name),
        }
        head = ""
        for event in of[copy.base_id]:
            own = _hash(head, event.words % parts)
            actor_id, actor_name = actors.get(event.actor) or (event.actor_id, event.actor_name)
            yield (
                copy.id, event.seq, event.action, actor_id, actor_name, None, event.round_no, event.old_status,
                event.new_status, event.fields % parts, event.note % parts, event.is_visible, event.at, head, own,
            )  # fmt: skip
            head = own
        heads.append((head,))
