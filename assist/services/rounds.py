"""第 n 轮: finding and opening a ticket's rounds."""

from sqlalchemy import select

from assist.domain.status import RoundStart
from assist.models import Ticket, TicketRound
from assist.services.work import Work


def present(work: Work, ticket: Ticket) -> TicketRound:
    """The round the ticket is in; asked once in a piece of work."""
    found = work.rounds.get(ticket.id)
    if found is None or found.no != ticket.round_no:
        found = work.session.scalars(
            select(TicketRound).where(TicketRound.ticket_id == ticket.id, TicketRound.no == ticket.round_no)
        ).one()
        work.rounds[ticket.id] = found
    return found


def begin(work: Work, ticket: Ticket, why: RoundStart) -> TicketRound:
    """Open the round whose number the ticket already bears."""
    opened = TicketRound(ticket_id=ticket.id, no=ticket.round_no, started_at=work.now, started_by=why)
    work.session.add(opened)
    work.rounds[ticket.id] = opened
    return opened
