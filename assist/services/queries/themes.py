"""共性问题 as it is read: the list, one theme with the tickets a reader may see, what is published for others.

Keepers see every theme; an officer sees those that hold a ticket of his, and of the others what is published. What
might become a theme is `theme_suggestions`. Reading only; a fixed number of statements.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select

from assist.domain.errors import NotFound
from assist.domain.policy import Deed, may
from assist.domain.search_tokens import query_tokens
from assist.domain.themes import KEEPERS_ACTS, ThemeAction, ThemeStatus, is_theme_act_legal
from assist.models import Account, Enterprise, Theme, ThemeTicket, Ticket
from assist.models.ticket import is_open
from assist.services.access import visible
from assist.services.queries.roster import like
from assist.services.work import Work

PAGE = 50
MOST_TICKETS = 200
MOST_COMPARED = 200


def _holds_own(work: Work) -> ColumnElement[bool]:
    """Condition on `Theme`: a ticket that the reader may see belongs to it."""
    seen = select(ThemeTicket.theme_id).join(Ticket, Ticket.id == ThemeTicket.ticket_id)
    return Theme.id.in_(seen.where(visible(work.actor)))


def _counted(*conditions: ColumnElement[bool], of: Any = None) -> Any:
    counted = func.count() if of is None else func.count(of.distinct())
    return (
        select(counted)
        .select_from(ThemeTicket)
        .join(Ticket, Ticket.id == ThemeTicket.ticket_id)
        .where(ThemeTicket.theme_id == Theme.id, *conditions)
        .correlate(Theme)
        .scalar_subquery()
    )


def _rows(work: Work) -> Select[Any]:
    is_keeper = may(work.actor, Deed.KEEP_THEMES)
    own = literal(True) if is_keeper else _holds_own(work)
    query: Any = (
        select(
            Theme,
            Account.name.label("made_by"),
            own.label("is_own"),
            _counted().label("tickets"),
            _counted(of=Ticket.enterprise_id).label("enterprises"),
            _counted(is_open()).label("open"),
        )
        .join(Account, Account.id == Theme.made_by_id)
        .where(or_(own, Theme.status == ThemeStatus.PUBLISHED))
    )
    rows: Select[Any] = query
    return rows


def themes(work: Work, status: str = "", q: str = "", page: int = 1) -> tuple[list[Any], int]:
    """(one page of rows, how many there are): the latest first."""
    query = _rows(work).add_columns(func.count().over().label("total"))
    if status in {one.value for one in ThemeStatus}:
        query = query.where(Theme.status == ThemeStatus.of(status))
    else:
        query = query.where(Theme.status != ThemeStatus.CLOSED)
    if q.strip():
        query = query.where(like(q, Theme.title, Theme.public_text))
    query = query.order_by(Theme.id.desc()).limit(PAGE).offset((max(page, 1) - 1) * PAGE)
    rows = list(work.session.execute(query))
    return rows, (rows[0].total if rows else 0)


@dataclass(frozen=True)
class ThemePage:
    """One theme for one reader. Who holds none of its tickets reads what is published and nothing else."""

    theme: Theme
    made_by: str
    is_whole: bool
    category: str
    tickets: list[Any]
    ticket_count: int
    enterprise_count: int
    acts: list[ThemeAction]

    @property
    def may_add(self) -> bool:
        return is_theme_act_legal(ThemeAction.ADD, self.theme.status)


def theme(work: Work, theme_id: int) -> ThemePage:
    """Raises NotFound."""
    row = work.session.execute(_rows(work).where(Theme.id == theme_id)).one_or_none()
    if row is None:
        raise NotFound()
    found: Theme = row.Theme
    category = work.settings.categories.get(found.category_id or 0)
    keeps = may(work.actor, Deed.KEEP_THEMES)
    return ThemePage(
        theme=found,
        made_by=row.made_by,
        is_whole=bool(row.is_own),
        category=category.name if category else "",
        tickets=_tickets(work, found.id),
        ticket_count=row.tickets,
        enterprise_count=row.enterprises,
        acts=[one for one in KEEPERS_ACTS if is_theme_act_legal(one, found.status)] if keeps else [],
    )


def _tickets(work: Work, theme_id: int) -> list[Any]:
    """The tickets in it that this reader may see, what is still open first."""
    query = (
        select(
            Ticket.number,
            Ticket.title,
            Ticket.status,
            Ticket.owner_id,
            Ticket.submitted_at,
            Enterprise.name.label("enterprise"),
            Enterprise.short_name.label("enterprise_short"),
            Account.name.label("owner"),
        )
        .join(ThemeTicket, ThemeTicket.ticket_id == Ticket.id)
        .join(Enterprise, Enterprise.id == Ticket.enterprise_id)
        .outerjoin(Account, Account.id == Ticket.owner_id)
        .where(and_(ThemeTicket.theme_id == theme_id, visible(work.actor)))
        .order_by(is_open().desc(), Ticket.id.desc())
        .limit(MOST_TICKETS)
    )
    return list(work.session.execute(query))


@dataclass(frozen=True)
class Published:
    """A published theme as anybody may read it."""

    title: str
    text: str


def published(work: Work, words: str, limit: int = 2) -> list[Published]:
    """Published themes that share the most words with these (one statement)."""
    tokens = [token.rstrip("*") for token in query_tokens(words)][:12]
    if len(tokens) < 2:
        return []
    rows = work.session.execute(
        select(Theme.title, Theme.public_text, Theme.tokens)
        .where(Theme.status == ThemeStatus.PUBLISHED)
        .order_by(Theme.id.desc())
        .limit(MOST_COMPARED)
    )
    ranked = []
    for title, text, held in rows:
        known = set(held.split())
        score = sum(token in known for token in tokens)
        if score >= max(2, len(tokens) // 3):
            ranked.append((score, Published(title, text)))
    ranked.sort(key=lambda pair: pair[0], reverse=True)
    return [found for _, found in ranked[:limit]]
