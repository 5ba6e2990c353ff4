"""Ledger C 走访台账: what was written down of visits, the earliest first."""

from collections.abc import Iterator
from typing import Any

from assist.services.queries import visits
from assist.services.queries.visits import VisitFilter
from assist.services.work import Work


def count(work: Work, wanted: VisitFilter) -> int:
    return visits.counts(work, wanted).done


def rows(work: Work, wanted: VisitFilter) -> Iterator[dict[str, Any]]:
    for row in visits.written_down(work, wanted):
        one, unit = row.Visit, row.unit_short or row.unit_name or ""
        yield {
            "enterprise": row.enterprise,
            "who": f"{unit} {row.who}".strip(),
            "visit_on": one.visit_on,
            "method": one.method.title if one.method else "",
            "situation": one.situation,
            "policies": one.policies,
            "problems": one.problems,
            "ticket": row.ticket_number,
        }
