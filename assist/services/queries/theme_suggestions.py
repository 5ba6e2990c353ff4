"""What might be a 共性问题: open tickets of one category with similar words, from three enterprises or more, of late.

Two steps: the database gives the recent open tickets of categories that several enterprises have asked about; their
words are compared here. Words that stand in nearly every ticket tell nothing and are left aside.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from assist.domain.search_tokens import index_tokens
from assist.domain.themes import SUGGESTED_FROM, SUGGESTED_WITHIN
from assist.models import Enterprise, ThemeTicket, Ticket
from assist.models.ticket import is_open
from assist.services.access import sees_all, visible
from assist.services.work import Work

MOST_COMPARED = 600
MOST_SHOWN = 6
ALIKE = 0.25  # share of the shorter one's words
LEAST_SHARED = 4
TOO_COMMON = 0.4  # of all tickets compared
LONGEST = 200  # characters of the description


@dataclass
class Suggestion:
    """Tickets that look like one matter, the latest first."""

    category: str
    code: str
    tickets: list[Any] = field(default_factory=list)

    @property
    def enterprise_count(self) -> int:
        return len({one.enterprise_id for one in self.tickets})

    @property
    def numbers(self) -> list[str]:
        return [one.number for one in self.tickets]


def suggestions(work: Work) -> list[Suggestion]:
    """At most a handful, those of the most enterprises first (one statement)."""
    rows = _recent(work)
    words = [set(index_tokens(f"{row.title}\n{row.description[:LONGEST]}").split()) for row in rows]
    often = Counter(word for each in words for word in each)
    common = {word for word, count in often.items() if len(rows) >= 10 and count > TOO_COMMON * len(rows)}
    groups: dict[int, list[tuple[set[str], list[Any]]]] = {}
    for row, held in zip(rows, words, strict=True):
        own = held - common
        for seed, members in groups.setdefault(row.category_id, []):
            if _is_alike(own, seed):
                members.append(row)
                break
        else:
            groups[row.category_id].append((own, [row]))
    categories = work.settings.categories
    found = [
        Suggestion(categories[category_id].name, categories[category_id].code, members)
        for category_id, clusters in groups.items()
        for _, members in clusters
    ]
    found = [one for one in found if one.enterprise_count >= SUGGESTED_FROM]
    found.sort(key=lambda one: (-one.enterprise_count, -len(one.tickets)))
    return found[:MOST_SHOWN]


def _is_alike(one: set[str], other: set[str]) -> bool:
    shared = len(one & other)
    return shared >= LEAST_SHARED and shared >= ALIKE * min(len(one), len(other))


def _recent(work: Work) -> Sequence[Any]:
    since = work.now - timedelta(days=SUGGESTED_WITHIN)
    grouped = select(ThemeTicket.ticket_id)
    wanted = [
        is_open(),
        Ticket.submitted_at >= since,
        Ticket.category_id.is_not(None),
        Ticket.is_restricted.is_(False),
        Ticket.id.not_in(grouped),
    ]
    if not sees_all(work.actor):
        wanted.append(visible(work.actor))
    several = (
        select(Ticket.category_id)
        .where(*wanted)
        .group_by(Ticket.category_id)
        .having(func.count(Ticket.enterprise_id.distinct()) >= SUGGESTED_FROM)
    )
    query = (
        select(
            Ticket.number,
            Ticket.title,
            Ticket.description,
            Ticket.category_id,
            Ticket.enterprise_id,
            Ticket.submitted_at,
            Enterprise.name.label("enterprise"),
            Enterprise.short_name.label("enterprise_short"),
        )
        .join(Enterprise, Enterprise.id == Ticket.enterprise_id)
        .where(*wanted, Ticket.category_id.in_(several))
        .order_by(Ticket.id.desc())
        .limit(MOST_COMPARED)
    )
    return work.session.execute(query).all()
