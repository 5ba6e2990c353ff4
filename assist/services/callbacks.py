"""回访 that are owed: one at a time for a ticket, with a clock that outlives it; and how one ceases to be owed.

Owed for a low grade, an answer nobody opened, silence after many returns, a withdrawal after contact, and one in
eight of those that lapsed. What a supervisor enters is `calling_back`.
"""

import hashlib
from collections.abc import Container

from sqlalchemy import select

from assist.domain.status import CallbackReason, ClockKind
from assist.domain.transitions import Action
from assist.models import Callback, Ticket
from assist.models.callback import is_owed
from assist.services import clocks, telling, transitions
from assist.services.work import Work

# At least one in ten of the lapsed, at random (design 2): one in eight, so that a short run of luck does not miss it.
SAMPLED_OF = 8
# Moot once the enterprise itself has said how it ended.
FOR_SILENCE = frozenset({CallbackReason.UNOPENED, CallbackReason.RETURNED, CallbackReason.SAMPLED})


def owed(work: Work, ticket: Ticket) -> Callback | None:
    """The callback that is owed for the ticket now."""
    return work.session.scalars(select(Callback).where(Callback.ticket_id == ticket.id, is_owed())).one_or_none()


def owe(work: Work, ticket: Ticket, reason: CallbackReason) -> bool:
    """A supervisor has to call: its clock starts (5 working days) and the supervisors are told. False if one is owed.

    The caller holds the ticket's lock. A low grade is the weightier reason of two.
    """
    before = owed(work, ticket)
    if before is not None:
        if reason is CallbackReason.LOW_RATING:
            before.reason = reason
        return False
    work.session.add(
        Callback(ticket_id=ticket.id, reason=reason, owed_at=work.now, round_no=ticket.round_no)
    )
    clocks.start(work, ticket, ClockKind.CALLBACK)
    event = transitions.act(
        work.as_system(), ticket, Action.OWE_CALLBACK, fields={"reason": reason}, is_visible=False
    )
    telling.tell(
        work,
        telling.supervisors(work),
        "callback",
        f"待回访：{ticket.number}（{reason.title}）",
        key=f"callback:{ticket.id}:{event.seq}",
        body=ticket.title,
        ticket=ticket,
        tone="soon",
        location=f"/tickets/{ticket.number}/callback",
    )
    return True


def drop(work: Work, ticket: Ticket, reasons: Container[CallbackReason] = frozenset(CallbackReason)) -> None:
    """Not owed any more (if it was owed for one of these reasons): the enterprise has spoken, the matter goes on."""
    if ClockKind.CALLBACK not in clocks.running(work, ticket):
        return
    found = owed(work, ticket)
    if found is None or found.reason not in reasons:
        return
    found.dropped_at = work.now
    clocks.void(work, ticket, [ClockKind.CALLBACK])


def is_sampled(ticket_id: int, round_no: int) -> bool:
    """Whether this round, closed by silence, is among those called about: the same answer whenever it is asked."""
    digest = hashlib.sha256(f"sampled:{ticket_id}:{round_no}".encode()).digest()
    return int.from_bytes(digest[:4]) % SAMPLED_OF == 0
