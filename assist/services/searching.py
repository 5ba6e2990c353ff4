"""查找: the words of tickets as tokens, and finding by them inside the reader's permissions.

Two columns: what everybody on a ticket may find, and what the case side alone may. Design 8, row "search".
"""

from datetime import date

from sqlalchemy import ColumnElement, Integer, column, func, or_, select, text

from assist.domain.clock import local_date
from assist.domain.search_tokens import fts5_query, index_tokens, postgres_query, query_tokens
from assist.domain.status import Status
from assist.models import Ticket, TicketSearch
from assist.services.work import Work

MAX_TOKENS = 60_000


def index(work: Work, ticket: Ticket, *, public: str = "", internal: str = "") -> None:
    """Add words to a ticket's index; the first time its own (number, enterprise, title, description, wish)."""
    row = work.session.get(TicketSearch, ticket.id)
    if row is None:
        own = [ticket.number, ticket.enterprise.name, ticket.title, ticket.description, ticket.wish]
        row = TicketSearch(id=ticket.id, public_tokens=index_tokens("\n".join(own)), internal_tokens="")
        work.session.add(row)
    if public:
        row.public_tokens = f"{row.public_tokens} {index_tokens(public)}"[:MAX_TOKENS]
    if internal:
        row.internal_tokens = f"{row.internal_tokens} {index_tokens(internal)}"[:MAX_TOKENS]


def matches(work: Work, words: str, *, internal: bool) -> ColumnElement[bool] | None:
    """SQL condition on `Ticket`: it holds all these words. None when there is nothing to look for.

    `internal`: the reader may search the case side's words too; a word may then stand in either column.
    """
    if work.session.get_bind().dialect.name == "sqlite":
        query = fts5_query(words)
        if not query:
            return None
        found = text("SELECT rowid FROM ticket_fts WHERE ticket_fts MATCH :words").bindparams(
            words=query if internal else f"public_tokens : ({query})"
        )
        return Ticket.id.in_(found.columns(column("rowid", Integer)))
    tokens = postgres_query(words).split(" & ")
    if tokens == [""]:
        return None
    columns = [TicketSearch.public_tokens] + ([TicketSearch.internal_tokens] if internal else [])
    conditions = [
        or_(*(func.to_tsvector("simple", held).op("@@")(func.to_tsquery("simple", token)) for held in columns))
        for token in tokens
    ]
    return Ticket.id.in_(select(TicketSearch.id).where(*conditions))


def similar(work: Work, enterprise_ids: list[int], words: str, limit: int) -> list[tuple[str, str, Status, date]]:
    """Own earlier tickets that share the most words: (number, title, status, submitted on)."""
    tokens = [token.rstrip("*") for token in query_tokens(words)][:12]
    if len(tokens) < 2 or not enterprise_ids:
        return []
    rows = work.session.execute(
        select(Ticket.number, Ticket.title, Ticket.status, Ticket.submitted_at, TicketSearch.public_tokens)
        .join(TicketSearch, TicketSearch.id == Ticket.id)
        .where(Ticket.enterprise_id.in_(enterprise_ids))
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
