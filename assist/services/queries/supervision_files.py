"""The files that came with a 督办's reply. They belong to the reply's event."""

from sqlalchemy import and_, select

from assist.domain.transitions import Action
from assist.models import Attachment, Supervision, TicketEvent
from assist.services.queries.ticket_trail import FileLine
from assist.services.work import Work


def of_reply(work: Work, row: Supervision) -> list[FileLine]:
    """One statement; none before there is a reply."""
    if row.replied_at is None:
        return []
    of_event = and_(Attachment.ticket_id == TicketEvent.ticket_id, Attachment.event_seq == TicketEvent.seq)
    found = work.session.execute(
        select(Attachment.id, Attachment.name, Attachment.size, TicketEvent.fields)
        .join(TicketEvent, of_event)
        .where(
            TicketEvent.ticket_id == row.ticket_id, TicketEvent.action == Action.REPLY_SUPERVISION
        )
        .order_by(Attachment.id)
    )
    return [FileLine(id, name, size) for id, name, size, told in found if told.get("supervision") == row.id]
