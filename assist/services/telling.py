"""消息: whatever somebody must be told, written in the transaction that makes it true (design 3).

One `Message` a person and matter; `Delivery` rows for the channels beside the inbox. Sending is `delivering`.
"""

from collections.abc import Iterable

from sqlalchemy import or_, select

from assist.domain.roles import Role
from assist.domain.status import DeliveryStatus
from assist.models import Account, Delivery, Enterprise, EnterpriseContact, Message, Ticket, WorkGroupMember
from assist.models.account import holds
from assist.services.work import Work, insert_unless_there


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
) -> list[int]:
    """Write one message for each recipient (account ids; None and the actor himself are left out).

    `key` says which matter this is; with the recipient it is unique, so telling twice tells once. Returns the ids
    of the messages that are new.
    """
    made = []
    statement = insert_unless_there(work.session, Message).returning(Message.id)
    for recipient in sorted({one for one in recipients if one is not None}):
        if recipient == work.actor.account_id:
            continue
        values = {
            "recipient_id": recipient,
            "kind": kind,
            "tone": tone,
            "ticket_id": ticket.id if ticket else None,
            "dedupe_key": f"{key}:{recipient}"[:120],
            "title": title[:120],
            "body": body[:2000],
            "location": location or (f"/tickets/{ticket.number}" if ticket else ""),
            "at": work.now,
        }
        new_id = work.session.execute(statement.values(**values)).scalar()
        if new_id is not None:
            made.append(new_id)
    if made and work.settings.channels_on:
        _enqueue(work, made)
    return made


def _enqueue(work: Work, message_ids: list[int]) -> None:
    """A delivery for each message whose recipient can be reached by e-mail and has not chosen the inbox only."""
    rows = work.session.execute(
        select(Message.id, Account.email)
        .join(Account, Account.id == Message.recipient_id)
        .where(Message.id.in_(message_ids), Account.email.is_not(None), Account.inbox_only.is_(False))
    )
    for message_id, email in rows:
        work.session.add(
            Delivery(
                message_id=message_id,
                channel="email",
                status=DeliveryStatus.PENDING,
                address=email,
                next_try_at=work.now,
            )
        )


def contacts_of(work: Work, enterprise_id: int) -> list[int]:
    """Account ids of the active people who speak for an enterprise."""
    return list(
        work.session.scalars(
            select(EnterpriseContact.account_id)
            .join(Account, Account.id == EnterpriseContact.account_id)
            .where(EnterpriseContact.enterprise_id == enterprise_id, Account.is_active)
        )
    )


def supervisors(work: Work) -> list[int]:
    return list(work.session.scalars(select(Account.id).where(holds(Role.SUPERVISOR), Account.is_active)))


def coordinators(work: Work, area_id: int | None) -> list[int]:
    """Coordinators of the city and of one area; with `area_id` None those of the city alone."""
    scope = Account.area_id.is_(None)
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
