"""Ledger B 助企远航包联台账: an enterprise a row, in the columns it is imported by."""

from collections.abc import Iterator
from typing import Any

from assist.services.queries import roster
from assist.services.queries.roster import RosterFilter
from assist.services.work import Work


def count(work: Work, wanted: RosterFilter) -> int:
    return roster.enterprise_count(work, wanted)


def rows(work: Work, wanted: RosterFilter) -> Iterator[dict[str, Any]]:
    for row in roster.all_enterprises(work, wanted):
        yield {
            "enterprise": row.name,
            "credit_code": row.credit_code,
            "area": row.area,
            "chain": row.chain,
            "leader": row.leader_name,
            "members": row.group_names,
            "officer": row.officer_name,
            "officer_unit": row.unit_name,
            "officer_title": row.officer_title,
            "officer_phone": row.officer_phone,
            "contact": row.contact_name,
            "contact_phone": row.contact_phone,
        }
