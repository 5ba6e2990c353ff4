"""The rows of copied tickets, made by the database itself: `INSERT … SELECT` of the originals along the plan.

`p` is the copy, `b` the original's row, `s` the original's enterprise with its people, `f` the copy's. Columns that are
not named are taken over as they are. Not here: events (`chains`), the plan (`planning`).
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from typing import Any

from sqlalchemy import Connection, text

from assist.models.base import Base
from bench import bulk
from bench.planning import Copy, Firm

KEPT = (
    "ticket",
    "ticket_round",
    "clock",
    "clock_move",
    "pause",
    "contact_record",
    "callback",
    "message",
    "reminder",
)
THIN = 10  # messages and reminders: of every tenth ticket, and of those still open
FEW = f"(p.is_open = 1 OR p.id % {THIN} = 0)"

STILL_OWED = "b.kind = 'callback' AND b.stopped_at IS NULL"  # of the many nobody waits for a call any more


def account(column: str) -> str:
    swapped = " ".join(
        f"WHEN s.{who}_id THEN f.{who}_id" for who in ("contact", "officer", "coordinator", "leader")
    )
    return f"CASE b.{column} {swapped} ELSE b.{column} END"


def renamed(column: str, *more: tuple[str, str], longest: int = 0) -> str:
    words = f"replace(b.{column}, s.short_name, f.short_name)"
    for old, new in more:
        words = f"replace({words}, {old}, {new})"
    return f"substr({words}, 1, {longest})" if longest else words


PEOPLE = (("s.contact_name", "f.contact_name"), ("s.officer_name", "f.officer_name"))
NUMBER = ("p.base_number", "p.number")
OF_TICKET = "b.ticket_id = p.base_id"
OF_CLOCK = "JOIN base_clock_rank r ON r.ticket_id = p.base_id JOIN base_{table} b ON b.clock_id = r.id"


@dataclass(frozen=True)
class Rule:
    """How one table's rows come about. With no `id` put, ids are given by the engine."""

    table: str
    origin: str
    put: dict[str, str]
    only: str = ""


RULES = (
    Rule(
        "ticket",
        "JOIN base_ticket b ON b.id = p.base_id",
        {
            "id": "p.id", "number": "p.number", "enterprise_id": "f.id", "area_id": "f.area_id",
            "owner_id": account("owner_id"), "submitted_by_id": account("submitted_by_id"),
            "entered_by_id": account("entered_by_id"), "head_hash": "p.head_hash", "linked_id": "NULL",
        },
    ),
    Rule(
        "ticket_round",
        f"JOIN base_ticket_round b ON {OF_TICKET}",
        {"ticket_id": "p.id", "answered_by_id": account("answered_by_id"), "answer": renamed("answer")},
    ),
    Rule(
        "clock",
        f"JOIN base_clock b ON {OF_TICKET} JOIN base_clock_rank r ON r.id = b.id",
        {
            "id": "p.clock_id + r.place", "ticket_id": "p.id",
            "stopped_at": f"CASE WHEN {STILL_OWED} THEN b.started_at ELSE b.stopped_at END",
            "verdict": f"CASE WHEN {STILL_OWED} THEN 'void' ELSE b.verdict END",
            "counts_at": f"CASE WHEN {STILL_OWED} THEN b.started_at ELSE b.counts_at END",
            "next_fire_at": f"CASE WHEN {STILL_OWED} THEN NULL ELSE b.next_fire_at END",
        },
    ),
    Rule("clock_move", OF_CLOCK.format(table="clock_move"), {"clock_id": "p.clock_id + r.place"}),
    Rule("pause", OF_CLOCK.format(table="pause"), {"clock_id": "p.clock_id + r.place"}),
    Rule(
        "contact_record",
        f"JOIN base_contact_record b ON {OF_TICKET} JOIN base_contact_record_rank r ON r.id = b.id",
        {
            "id": "p.contact_id + r.place", "ticket_id": "p.id", "officer_id": account("officer_id"),
            "person": renamed("person", *PEOPLE, longest=40), "summary": renamed("summary"),
        },
    ),
    # Callbacks of the many are over: only those of the originals are owed still.
    Rule(
        "callback",
        f"JOIN base_callback b ON {OF_TICKET}",
        {
            "ticket_id": "p.id",
            "dropped_at": "CASE WHEN b.entered_at IS NULL THEN coalesce(b.dropped_at, b.owed_at) END",
        },
    ),
    Rule(
        "message",
        f"JOIN base_message b ON {OF_TICKET}",
        {
            "ticket_id": "p.id", "recipient_id": account("recipient_id"),
            "dedupe_key": "'copy:' || p.id || ':' || b.id", "title": renamed("title", *PEOPLE, NUMBER, longest=120),
            "body": renamed("body"), "location": renamed("location", NUMBER),
        },
        FEW,
    ),
    Rule(
        "reminder",
        OF_CLOCK.format(table="reminder"),
        {
            "clock_id": "p.clock_id + r.place", "recipient_id": account("recipient_id"), "message_id": "NULL",
            "recipient_key": "CASE WHEN b.recipient_key = cast(b.recipient_id AS varchar(20)) "
            f"THEN cast({account('recipient_id')} AS varchar(20)) ELSE b.recipient_key END",
        },
        FEW,
    ),
)  # fmt: skip


def statement(rule: Rule, dialect: str) -> str:
    columns = [name for name in Base.metadata.tables[rule.table].c.keys() if name != "id" or "id" in rule.put]  # noqa: SIM118 - of a collection of columns
    values = ", ".join(rule.put.get(name, f"b.{name}") for name in columns)
    where = f" WHERE {rule.only}" if rule.only else ""
    # SQLite walks the plan from the outside in; PostgreSQL reads it in this order anyway and need not sort.
    order = " ORDER BY p.id" if dialect == "sqlite" else ""
    return (
        f"INSERT INTO {rule.table} ({', '.join(columns)}) SELECT {values} FROM bench_plan p "
        f"JOIN bench_firm s ON s.id = p.source_id JOIN bench_firm f ON f.id = p.firm_id {rule.origin}{where}{order}"
    )


SEARCH = (
    "INSERT INTO ticket_search (id, public_tokens, internal_tokens) SELECT p.id, "
    "'wlc w' || substr(p.number, 4, 8) || ' w' || substr(p.number, 13) || ' ' || f.name_tokens || b.public_tokens, "
    "b.internal_tokens FROM bench_plan p JOIN bench_firm f ON f.id = p.firm_id JOIN base_search b ON b.id = p.base_id"
)


def set_aside(connection: Connection, firms: dict[int, Firm]) -> None:
    """The originals as tables of their own for this connection, and the enterprises with their people."""
    for name in KEPT:
        connection.execute(text(f"CREATE TEMP TABLE base_{name} AS SELECT * FROM {name}"))
        key = (
            "id"
            if name == "ticket"
            else "clock_id"
            if name in ("clock_move", "pause", "reminder")
            else "ticket_id"
        )
        connection.execute(text(f"CREATE INDEX base_{name}_key ON base_{name} ({key})"))
    for name in ("clock", "contact_record"):
        rank = "row_number() OVER (PARTITION BY ticket_id ORDER BY id) AS place"
        connection.execute(
            text(f"CREATE TEMP TABLE base_{name}_rank AS SELECT id, ticket_id, {rank} FROM {name}")
        )
        for key in ("id", "ticket_id"):
            connection.execute(text(f"CREATE INDEX base_{name}_rank_{key} ON base_{name}_rank ({key})"))
    _table(connection, "bench_firm", Firm, [asdict(firm) for firm in firms.values()])
    _search(connection, firms)


def _search(connection: Connection, firms: dict[int, Firm]) -> None:
    """The originals' tokens without those of their number and of their enterprise's name."""
    rows = []
    query = text("SELECT s.*, t.enterprise_id FROM ticket_search s JOIN ticket t ON t.id = s.id")
    for row in connection.execute(query):
        if row.enterprise_id not in firms:
            continue
        own = set(firms[row.enterprise_id].name_tokens.split())
        left = [
            word for number, word in enumerate(row.public_tokens.split()) if number > 2 and word not in own
        ]
        rows.append(
            {"id": row.id, "public_tokens": " " + " ".join(left), "internal_tokens": row.internal_tokens}
        )
    connection.execute(
        text(
            "CREATE TEMP TABLE base_search (id integer PRIMARY KEY, public_tokens text, internal_tokens text)"
        )
    )
    connection.execute(text("INSERT INTO base_search VALUES (:id, :public_tokens, :internal_tokens)"), rows)


def put_plan(
    connection: Connection, copies: list[Copy], heads: list[tuple[str]], numbers: dict[int, str]
) -> None:
    rows: Iterable[dict[str, Any]] = (
        {name: getattr(copy, name) for name in Copy.__slots__}
        | {"is_open": int(copy.is_open), "head_hash": head[0], "base_number": numbers[copy.base_id]}
        for copy, head in zip(copies, heads, strict=True)
    )
    _table(connection, "bench_plan", Copy, rows, head_hash="varchar(64)", base_number="varchar(24)")


def _table(connection: Connection, name: str, kind: Any, rows: Iterable[dict[str, Any]], **more: str) -> None:
    typed = {each.name: "text" if each.type is str else "integer" for each in fields(kind)} | more
    columns = ", ".join(
        f"{each} {type_}{' PRIMARY KEY' if each == 'id' else ''}" for each, type_ in typed.items()
    )
    connection.execute(text(f"CREATE TEMP TABLE {name} ({columns})"))
    bulk.put(connection, name, tuple(typed), ([row[each] for each in typed] for row in rows))
    if connection.dialect.name != "sqlite":
        connection.execute(text(f"ANALYZE {name}"))
