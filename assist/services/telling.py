"""消息: whatever somebody must be told, written in the transaction that makes it true (design 3).

One `Message` a person and matter; what leaves the house beside the inbox `outgoing` queues. Sending is `delivering`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select

from assist.domain.outward import PLAIN, Sending
from assist.domain.roles import Role
from assist.domain.status import Urgency
from assist.models import Account, Enterprise, EnterpriseContact, Message, Ticket, WorkGroupMember
from assist.models.account import holds
from assist.services import bulk, outgoing, stand_ins
from assist.services.work import Work


@dataclass(frozen=True)
class Note:
    """One message to be written. `key` says which matter it is; with the recipient it is unique for ever.

    `channels`: those of a ladder step, else by its kind; beside the inbox only where they are set up. `sending`: what
    is particular about it outside the inbox.
    """

    recipient_id: int
    kind: str
    title: str
    key: str
    body: str = ""
    ticket_id: int | None = None
    tone: str = "inf"
    location: str = ""
    channels: tuple[str, ...] | None = None
    sending: Sending = PLAIN

    @property
    def dedupe_key(self) -> str:
        return f"{self.key}:{self.recipient_id}"[:120]


def tell(
    work: Work,
    recipients: Iterable[int | None],
    kind: str,
    title: str,
    *,
    key: str,
    body: str = "",
    ticket: Ticket | None = None,
    tone: str = "inf",
    location: str = "",
    is_urgent: bool = False,
) -> None:
    """Write one message for each recipient (account ids; None and the actor himself are left out).

    `key` says which matter this is; with the recipient it is unique, so telling twice tells once. What is urgent (特急:
    said so, or its ticket is) is not held outside the inbox.
    """
    told = sorted({one for one in recipients if one is not None and one != work.actor.account_id})
    place = location or (f"/tickets/{ticket.number}" if ticket else "")
    ticket_id = ticket.id if ticket else None
    is_critical = ticket is not None and ticket.urgency is Urgency.CRITICAL
    sending = Sending(is_urgent=True) if is_urgent or is_critical else PLAIN
    notes = [
        Note(one, kind, title, key, body, ticket_id, tone, place, sending=sending) for one in told
    ]
    if work.postponed is None:
        write(work, notes)
    else:
        work.postponed += [(work.now, note) for note in notes]


def write(work: Work, notes: Sequence[Note]) -> dict[str, int]:
    """Write messages, many at once, and what leaves the house. Returns id by `dedupe_key` of those that are new."""
    post(work)
    return _written(work, [(work.now, note) for note in notes])


def post(work: Work) -> None:
    """Write the messages that were postponed."""
    if work.postponed is not None:
        _written(work, work.postponed)
        work.postponed.clear()


def _written(work: Work, dated: Sequence[tuple[datetime, Note]]) -> dict[str, int]:
    if not dated:
        return {}
    rows = [
        {
            "recipient_id": note.recipient_id,
            "kind": note.kind,
            "tone": note.tone,
            "ticket_id": note.ticket_id,
            "dedupe_key": note.dedupe_key,
            "title": note.title[:120],
            "body": note.body[:2000],
            "location": note.location,
            "at": at,
        }
        for at, note in dated
    ]
    new = bulk.insert_new(work.session, Message, rows, Message.id, Message.dedupe_key)
    made = {key: new_id for new_id, key in new}
    outgoing.enqueue(work, [(made[note.dedupe_key], note) for _, note in dated if note.dedupe_key in made])
    return made


def contacts_of(work: Work, enterprise_id: int) -> list[int]:
    """Account ids of the active people who speak for an enterprise; asked once in a piece of work."""
    if enterprise_id not in work.contacts:
        work.contacts[enterprise_id] = list(
            work.session.scalars(
                select(EnterpriseContact.account_id)
                .join(Account, Account.id == EnterpriseContact.account_id)
                .where(EnterpriseContact.enterprise_id == enterprise_id, Account.is_active)
            )
        )
    return work.contacts[enterprise_id]


def case_side(work: Work, ticket: Ticket) -> list[int]:
    """责任专员 and, but for restricted matters, who stands in for him now; nobody in a vacancy. Asked once a work."""
    owner_id = ticket.owner_id
    if owner_id is None:
        return []
    if ticket.is_restricted:
        return [owner_id]
    return [owner_id, *stand_ins.acting_for(work, [owner_id])[owner_id]]


def owners(work: Work, ticket: Ticket) -> list[int]:
    """The case side; in a vacancy the coordinators."""
    return case_side(work, ticket) or coordinators(work, ticket.area_id)


def supervisors(work: Work) -> list[int]:
    return list(work.session.scalars(select(Account.id).where(holds(Role.SUPERVISOR), Account.is_active)))


def coordinators(work: Work, area_id: int | None) -> list[int]:
    """Coordinators of the city and of one area; with `area_id` None those of the city alone."""
    scope: ColumnElement[bool] = Account.area_id.is_(None)
    if area_id is not None:
        scope = or_(scope, Account.area_id == area_id)
    return list(
        work.session.scalars(select(Account.id).where(holds(Role.COORDINATOR), Account.is_active, scope))
    )


def leaders(work: Work, enterprise_id: int) -> list[int]:
    """The leaders of an enterprise's work group, in their fixed order."""
    return list(
        work.session.scalars(
            select(WorkGroupMember.account_id)
            .join(Enterprise, Enterprise.work_group_id == WorkGroupMember.work_group_id)
            .join(Account, Account.id == WorkGroupMember.account_id)
            .where(Enterprise.id == enterprise_id, WorkGroupMember.is_head, Account.is_active)
            .order_by(WorkGroupMember.sort)
        )
    )
