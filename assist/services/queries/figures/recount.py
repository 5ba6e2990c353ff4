"""The slow second path: figures recounted from the events alone, ticket by ticket, month by month.

Written apart from `facts` and `catalogue` on purpose: it reads no clock, round or move, works every due time out anew
from what the events say, and must agree exactly. Imported history is left to the ledger it came from.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import select

from assist.domain.rates import Rate
from assist.models import Ticket, TicketEvent
from assist.services.queries.figures import category_days
from assist.services.queries.figures.recount_story import Month, Story, Tally
from assist.services.work import Work

Also = Callable[[Story, "Told", Tally], None]


def recount(work: Work, also: Also = lambda story, told, tally: None) -> dict[tuple[str, Month], Rate]:
    """{(figure, month): rate} from every event there is, as of now. Streams; memory stays flat.

    `also` counts further figures of each ticket (`recount_course`).
    """
    tally: Tally = Counter()
    for story, told in stories(work):
        story.count(tally, work.now)
        also(story, told, tally)
    keys = {(key, month) for key, month, _ in tally}
    return {(key, month): Rate(tally[key, month, "n"], tally[key, month, "d"]) for key, month in keys}


@dataclass(frozen=True)
class Told:
    """One ticket's events and what they do not say: its enterprise, and its owner where he never changed."""

    ticket_id: int
    enterprise_id: int
    owner_id: int | None
    is_restricted: bool
    events: list[TicketEvent]


def stories(work: Work) -> Iterator[tuple[Story, Told]]:
    """Every ticket's story with its events, one after the other. Imported history apart."""
    days = category_days.read(work)
    rows = work.session.execute(
        select(
            TicketEvent,
            Ticket.asked_category_id,
            Ticket.is_entered,
            Ticket.enterprise_id,
            Ticket.owner_id,
            Ticket.is_restricted,
        )
        .join(Ticket, Ticket.id == TicketEvent.ticket_id)
        .where(Ticket.is_imported.is_(False))
        .order_by(TicketEvent.ticket_id, TicketEvent.seq)
        .execution_options(yield_per=1000)
    )
    for _, group in groupby(rows, key=lambda row: row[0].ticket_id):
        rows_of = list(group)
        first, asked_category_id, is_entered, enterprise_id, owner_id, is_restricted = rows_of[0]
        events = [row[0] for row in rows_of]
        story = Story(work, first.at, asked_category_id, is_entered, days)
        for event in events[1:]:
            story.tell(event)
        yield story, Told(first.ticket_id, enterprise_id, owner_id, is_restricted, events)
