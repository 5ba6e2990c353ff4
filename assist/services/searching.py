"""查找: the words of tickets as tokens, and finding by them inside the reader's permissions.

Two columns: what everybody on a ticket may find, and what the case side alone may. Design 8, row "search".
"""

from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    Integer,
    Select,
    Update,
    bindparam,
    column,
    false,
    func,
    insert,
    or_,
    select,
    table,
    update,
)

from assist.domain.clock import local_date
from assist.domain.search_tokens import fts5_query, index_tokens, postgres_query, query_tokens
from assist.domain.status import Status
from assist.models import Ticket, TicketSearch
from assist.models.base import Base
from assist.services.access import visible
from assist.services.work import Work, insert_unless_there

MAX_TOKENS = 60_000
# The index as each engine has it (`models.ddl`), beside what the models know.
FTS = table("ticket_fts", column("rowid", Integer), column("ticket_fts"))
VECTORS = table("ticket_search", column("id", Integer), column("public_vector"), column("internal_vector"))


def index(work: Work, ticket: Ticket, *, public: str = "", internal: str = "") -> None:
    """Add words to a ticket's index; the first time its own (number, enterprise, title, description, wish)."""
    if work.unindexed is not None:
        kept = work.unindexed.get(ticket.id) or ([index_tokens(_own(ticket))], [])
        work.unindexed[ticket.id] = kept
        for words, held in ((public, kept[0]), (internal, kept[1])):
            held += [index_tokens(words)] if words else []
        return
    added = {}
    if public:
        added["public_tokens"] = f" {index_tokens(public)}"
    if internal:
        added["internal_tokens"] = f" {index_tokens(internal)}"
    if added and _add(work, ticket, added):
        return
    first = {"id": ticket.id, "public_tokens": index_tokens(_own(ticket))[:MAX_TOKENS], "internal_tokens": ""}
    work.session.execute(insert_unless_there(work.session, TicketSearch).values(first))
    if added:
        _add(work, ticket, added)


def _own(ticket: Ticket) -> str:
    return "\n".join([ticket.number, ticket.enterprise.name, ticket.title, ticket.description, ticket.wish])


def write_collected(work: Work) -> None:
    """Write what `work.unindexed` holds, and empty it: for tickets that have no index yet."""
    rows = [
        {"id": ticket_id, "public_tokens": " ".join(said)[:MAX_TOKENS], "internal_tokens": " ".join(kept)[:MAX_TOKENS]}
        for ticket_id, (said, kept) in (work.unindexed or {}).items()
    ]
    if rows:
        work.session.execute(insert(TicketSearch), rows)
        (work.unindexed or {}).clear()


def _add(work: Work, ticket: Ticket, added: dict[str, str]) -> bool:
    """Whether the ticket had an index to add to."""
    done = work.session.connection().execute(_appending(tuple(added)), {**added, "ticket": ticket.id})
    return bool(done.rowcount)


@lru_cache(maxsize=4)
def _appending(names: tuple[str, ...]) -> Update:
    held = Base.metadata.tables[TicketSearch.__tablename__]
    appended = {name: func.substr(held.c[name].concat(bindparam(name)), 1, MAX_TOKENS) for name in names}
    return update(held).where(held.c.id == bindparam("ticket")).values(appended)


def narrowed(work: Work, query: Select[Any], words: str, *, internal: bool) -> Select[Any]:
    """A query on `Ticket` narrowed to those that hold all the words; `internal`: the case side's words too.

    Order it by `place`: both engines then stop as soon as the page is full. Nothing that can be searched for
    (punctuation alone) finds nothing.
    """
    asked = fts5_query(words)
    if not asked:
        return query.where(false())
    if _is_sqlite(work):
        match = asked if internal else f"public_tokens : ({asked})"
        return query.join(FTS, FTS.c.rowid == Ticket.id).where(FTS.c.ticket_fts.op("MATCH")(match))
    columns = [VECTORS.c.public_vector] + ([VECTORS.c.internal_vector] if internal else [])
    held = [
        or_(*(each.op("@@")(func.to_tsquery("simple", token)) for each in columns))
        for token in postgres_query(words).split(" & ")
    ]
    return query.join(VECTORS, VECTORS.c.id == Ticket.id).where(*held)


def place(work: Work, words: str) -> Any:
    """What to order a narrowed query by: the ticket's id as the index knows it."""
    if not fts5_query(words):
        return Ticket.id
    return FTS.c.rowid if _is_sqlite(work) else VECTORS.c.id


def _is_sqlite(work: Work) -> bool:
    return work.session.get_bind().dialect.name == "sqlite"


def similar(work: Work, enterprise_ids: list[int], words: str, limit: int = 3) -> list[tuple[str, str, Status, date]]:
    """Own earlier tickets that share the most words, as far as seen: (number, title, status, submitted on)."""
    tokens = [token.rstrip("*") for token in query_tokens(words)][:12]
    if len(tokens) < 2 or not enterprise_ids:
        return []
    rows = work.session.execute(
        select(Ticket.number, Ticket.title, Ticket.status, Ticket.submitted_at, TicketSearch.public_tokens)
        .join(TicketSearch, TicketSearch.id == Ticket.id)
        .where(Ticket.enterprise_id.in_(enterprise_ids), visible(work.actor))
        .order_by(Ticket.id.desc())
        .limit(200)
    ).all()
    ranked = []
    for row in rows:
        held = set(row.public_tokens.split())
        score = sum(token in held for token in tokens)
        if score >= max(2, len(tokens) // 3):
            ranked.append((score, (row.number, row.title, row.status, local_date(row.submitted_at))))
    ranked.sort(key=lambda pair: pair[0], reverse=True)
    return [found for _, found in ranked[:limit]]
