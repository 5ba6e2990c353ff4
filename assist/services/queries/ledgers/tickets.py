"""Ledger A 企业诉求办理台账: a row a ticket, in the order of their submission, inside what the reader may see.

The ids come first, in one statement; the rows then in batches, so that any number of them costs the same memory. What
stands beside a ticket (clocks, tasks, rounds, words) is `ticket_parts`, whose lateness it was `ticket_lateness`.
"""

from array import array
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import aliased

from assist.domain.status import ENDED, Rating, Status
from assist.models import Account, Enterprise, EnterpriseContact, Ticket, Unit
from assist.services.queries import ticket_lists
from assist.services.queries.ledgers.ticket_lateness import Late, late_tickets
from assist.services.queries.ledgers.ticket_parts import Parts, parts_of
from assist.services.queries.ticket_lists import TicketFilter
from assist.services.work import Work

BATCH = 500
UNRATED = "未评价"
LEFT = ENDED - {Status.CLOSED}  # ended without being done
owner, contact = aliased(Account), aliased(Account)
Row = dict[str, Any]

COLUMNS = (
    Ticket.id,
    Ticket.number,
    Ticket.status,
    Ticket.area_id,
    Ticket.category_id,
    Ticket.type,
    Ticket.difficulty,
    Ticket.description,
    Ticket.wish,
    Ticket.source,
    Ticket.submitted_at,
    Ticket.accepted_at,
    Ticket.closed_at,
    Ticket.suspended_at,
    Ticket.deferral_count,
    Ticket.round_no,
    Ticket.is_imported,
    Enterprise.name.label("enterprise"),
    Enterprise.credit_code,
    Enterprise.chain_id,
    owner.name.label("owner"),
    Unit.name.label("owner_unit"),
    contact.name.label("contact"),
    contact.phone.label("contact_phone"),
)


def count(work: Work, wanted: TicketFilter) -> int:
    """How many rows it would have, counted to the end."""
    query = ticket_lists.narrowed(work, wanted, func.count())
    return work.session.scalar(query) or 0


def rows(work: Work, wanted: TicketFilter) -> Iterator[Row]:
    """All of them, a batch at a time."""
    query = ticket_lists.narrowed(work, wanted, Ticket.id).order_by(Ticket.submitted_at, Ticket.id)
    ids = array("l", work.session.scalars(query.execution_options(yield_per=10_000)))
    for begins in range(0, len(ids), BATCH):
        yield from of_ids(work, ids[begins : begins + BATCH])


def of_ids(work: Work, ids: Sequence[int]) -> Iterator[Row]:
    """The rows of these tickets, in this order."""
    wanted = list(ids)
    found = {row.id: row for row in work.session.execute(_statement().where(Ticket.id.in_(wanted)))}
    parts = parts_of(work, wanted)
    late = late_tickets(work, wanted)
    for ticket_id in wanted:
        if ticket_id in found:
            yield _row(work, found[ticket_id], parts[ticket_id], late.get(ticket_id))


def _statement() -> Select[Any]:
    main = and_(EnterpriseContact.enterprise_id == Ticket.enterprise_id, EnterpriseContact.is_main)
    query: Any = (
        select(*COLUMNS)
        .join(Enterprise, Enterprise.id == Ticket.enterprise_id)
        .outerjoin(owner, owner.id == Ticket.owner_id)
        .outerjoin(Unit, Unit.id == owner.unit_id)
        .outerjoin(EnterpriseContact, main)
        .outerjoin(contact, contact.id == EnterpriseContact.account_id)
    )
    found: Select[Any] = query
    return found


def _row(work: Work, row: Any, parts: Parts, late: Late | None) -> Row:
    category = work.settings.categories.get(row.category_id)
    return {
        "number": row.number,
        "enterprise": row.enterprise,
        "credit_code": row.credit_code,
        "area": work.settings.areas[row.area_id].name,
        "chain": work.settings.chains.get(row.chain_id, ""),
        "contact": row.contact or parts.stated("stated_contact"),
        "contact_phone": row.contact_phone,
        "owner": row.owner or parts.stated("stated_officer"),
        "owner_unit": row.owner_unit or parts.stated("stated_officer_unit"),
        "source": row.source.title,
        "submitted_at": row.submitted_at,
        "type": row.type.title if row.type else "",
        "category": category.name if category else "",
        "difficulty": row.difficulty.title if row.difficulty else "",
        "description": row.description,
        "wish": row.wish,
        "units": "、".join(parts.units) or "、".join(parts.stated("stated_helpers") or ()),
        "handlers": "、".join(parts.handlers) or parts.stated("stated_responsible"),
        "accepted_at": row.accepted_at,
        "due_at": parts.due_at,
        "deferrals": row.deferral_count,
        "extended_due_at": parts.extended_due_at,
        "is_suspended": _yes(row.suspended_at is not None),
        **_outcome(row, parts, late),
    }


def _outcome(row: Any, parts: Parts, late: Late | None) -> Row:
    """What came of it. A closed row of the old ledger keeps what that stated, and says so."""
    is_stated_late = row.is_imported and late is None and parts.stated("stated_late") is True
    return {
        "progress": parts.progress,
        "is_closed": _yes(row.status is Status.CLOSED),
        "closed_at": row.closed_at,
        "result": row.status.title if row.status in LEFT else parts.result,
        "confirmed_by": parts.confirmed_by,
        "returns": row.round_no - 1,
        "is_late": _yes(late is not None or is_stated_late),
        "late_days": late.days if late else None,
        "late_by": late.words if late else ("原台账记载" if is_stated_late else ""),
        "rating": _rating(row, parts.rating),
        "remark": parts.remark,
    }


def _rating(row: Any, rating: Rating | None) -> str:
    if rating is not None:
        return rating.title
    return UNRATED if row.status is Status.CLOSED else ""


def _yes(is_so: bool) -> str:
    return "是" if is_so else "否"
