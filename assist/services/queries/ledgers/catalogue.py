"""The ledgers by letter: their filter, how many rows they have, the rows. One row a ledger; everything else follows."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from assist.domain.ledgers import Ledger
from assist.services.queries.ledgers import month, roster, supervisions, tickets, visits, week
from assist.services.queries.roster import RosterFilter
from assist.services.queries.supervisions import SupervisionFilter
from assist.services.queries.ticket_lists import TicketFilter
from assist.services.queries.visits import VisitFilter
from assist.services.work import Work
from assist.services.workbooks.ledger_tables import TABLES
from assist.services.workbooks.table import Table

LONGEST = 100
Row = dict[str, Any]


@dataclass(frozen=True)
class Source:
    """`filter` is a dataclass of texts, as they stand in an address. `told_as`: what the title adds."""

    filter: Callable[..., Any]
    count: Callable[[Work, Any], int]
    rows: Callable[[Work, Any], Iterator[Row]]
    told_as: Callable[[Work, Any], str] | None = None


SOURCES: dict[Ledger, Source] = {
    Ledger.TICKETS: Source(TicketFilter, tickets.count, tickets.rows),
    Ledger.ROSTER: Source(RosterFilter, roster.count, roster.rows),
    Ledger.VISITS: Source(VisitFilter, visits.count, visits.rows),
    Ledger.SUPERVISIONS: Source(SupervisionFilter, supervisions.count, supervisions.rows),
    Ledger.MONTH: Source(month.MonthFilter, month.count, month.rows, month.told_as),
    Ledger.WEEK: Source(week.WeekFilter, week.count, week.rows, week.told_as),
}


def filter_of(ledger: Ledger, given: Mapping[str, Any]) -> Any:
    """The filter of an address or of a stored export; what it does not know is left out, each text cut short."""
    kind: Any = SOURCES[ledger].filter
    found = {each.name: str(given.get(each.name) or "").strip()[:LONGEST] for each in fields(kind)}
    return kind(**{name: value for name, value in found.items() if value})


def table_of(work: Work, ledger: Ledger, wanted: Any) -> Table:
    """The table with the title it has for this filter."""
    table, told_as = TABLES[ledger], SOURCES[ledger].told_as
    return replace(table, title=f"{table.title}（{told_as(work, wanted)}）") if told_as else table
