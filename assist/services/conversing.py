"""补充说明、补正、催办、核对: what enterprise and owner say to each other beside the moves of the road."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from assist.domain.clock import local
from assist.domain.errors import Conflict, Invalid
from assist.domain.policy import Relation
from assist.domain.status import ClockKind, Status
from assist.domain.transitions import Action
from assist.models import ContactRecord, Ticket, TicketEvent
from assist.services import (
    access,
    clocks,
    request_pauses,
    rounds,
    searching,
    telling,
    transitions,
)
from assist.services.work import Work

MAX_SUPPLEMENTS = 2
MAX_WORDS = 2000


def words(text: str | None, field: str, what: str, *, least: int = 1) -> str:
    """The given words trimmed; Invalid with a sentence when they are missing or too long."""
    trimmed = (text or "").strip()
    if len(trimmed) < least:
        raise Invalid(f"请填写{what}。", field)
    if len(trimmed) > MAX_WORDS:
        raise Invalid(f"{what}请控制在{MAX_WORDS}字以内，现在有{len(trimmed)}字。", field)
    return trimmed


def _is_enterprise(work: Work, ticket: Ticket) -> bool:
    return Relation.CONTACT in access.standing(work, ticket).relations


def comment(work: Work, ticket: Ticket, text: str, *, has_files: bool = False) -> TicketEvent:
    """补充说明, by enterprise or owner, at any time while open. Words or files.

    An enterprise's word on an answered ticket is no silence: its confirmation time starts again.
    """
    said = (text or "").strip() if has_files else words(text, "text", "要说的内容")
    if len(said) > MAX_WORDS:
        raise Invalid(f"内容请控制在{MAX_WORDS}字以内。", "text")
    event = transitions.act(work, ticket, Action.COMMENT, note=said or "（上传了附件）")
    searching.index(work, ticket, public=said)
    if _is_enterprise(work, ticket):
        if ClockKind.CONFIRMATION in clocks.running(work, ticket):
            clocks.void(work, ticket, [ClockKind.CONFIRMATION])
            clocks.start(work, ticket, ClockKind.CONFIRMATION)
        told, title = telling.case_side(work, ticket), f"企业对 {ticket.number} 作了补充说明"
    else:
        told, title = list(telling.contacts_of(work, ticket.enterprise_id)), f"服务专员就 {ticket.number} 留言"
    telling.tell(work, told, "comment", title, key=f"event:{ticket.id}:{event.seq}", body=said, ticket=ticket)
    return event


def request_supplement(work: Work, ticket: Ticket, text: str, *, version: int | None = None) -> TicketEvent:
    """请企业补正: after the first contact only, twice at most; pauses all clocks but the contact's."""
    transitions.check(work, ticket, Action.REQUEST_SUPPLEMENT, version)
    said = words(text, "text", "需要企业补充什么")
    if ClockKind.CONTACT in clocks.running(work, ticket):
        raise Conflict("请先与企业取得联系并记录，再请企业补正。")
    if ticket.supplement_count >= MAX_SUPPLEMENTS:
        raise Conflict(f"这件诉求已补正{MAX_SUPPLEMENTS}次，不能再请企业补正。")
    event = transitions.act(
        work,
        ticket,
        Action.REQUEST_SUPPLEMENT,
        to=Status.SUPPLEMENTING,
        version=version,
        changes={"supplement_count": ticket.supplement_count + 1},
        note=said,
    )
    request_pauses.supplement_begins(work, ticket)
    clocks.start(work, ticket, ClockKind.SUPPLEMENT)
    clocks.mirror(work, ticket)
    searching.index(work, ticket, public=said)
    telling.tell(
        work,
        telling.contacts_of(work, ticket.enterprise_id),
        "request_supplement",
        f"诉求 {ticket.number} 需要您补充材料",
        key=f"event:{ticket.id}:{event.seq}",
        body=said,
        ticket=ticket,
        tone="soon",
    )
    return event


def supplement(
    work: Work, ticket: Ticket, text: str, *, has_files: bool = False, version: int | None = None
) -> TicketEvent:
    """补正, the enterprise's word: the paused clocks go on."""
    transitions.check(work, ticket, Action.SUPPLEMENT, version)
    said = (text or "").strip() if has_files else words(text, "text", "补充的内容")
    event = transitions.act(
        work, ticket, Action.SUPPLEMENT, to=Status.SUBMITTED, version=version, note=said or "（上传了附件）"
    )
    clocks.stop(work, ticket, ClockKind.SUPPLEMENT)
    _continue(work, ticket, event, said, f"企业已补正 {ticket.number}")
    return event


def end_supplement(work: Work, ticket: Ticket) -> TicketEvent:
    """补正期满: ends by itself after its working days; the system's act."""
    event = transitions.act(work, ticket, Action.SUPPLEMENT_END, to=Status.SUBMITTED)
    clocks.void(work, ticket, [ClockKind.SUPPLEMENT])
    _continue(work, ticket, event, "", f"{ticket.number} 补正期满，企业未补充，时限继续计算")
    return event


def _continue(work: Work, ticket: Ticket, event: TicketEvent, said: str, title: str) -> None:
    request_pauses.supplement_over(work, ticket)
    clocks.mirror(work, ticket)
    searching.index(work, ticket, public=said)
    telling.tell(
        work,
        telling.case_side(work, ticket),
        "supplement",
        title,
        key=f"event:{ticket.id}:{event.seq}",
        body=said,
        ticket=ticket,
    )


def nudge(work: Work, ticket: Ticket, text: str) -> TicketEvent:
    """催办, by a person, once a day each."""
    transitions.check(work, ticket, Action.NUDGE, None)
    day = local(work.now).replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)
    if _nudged_since(work, ticket, day):
        raise Conflict("您今天已经催办过这件诉求，每天可催办一次，请明天再来。")
    said = (text or "").strip()[:MAX_WORDS]
    event = transitions.act(work, ticket, Action.NUDGE, note=said)
    told = telling.owners(work, ticket)
    telling.tell(
        work,
        told,
        "nudge",
        f"{work.actor.name} 催办 {ticket.number}",
        key=f"event:{ticket.id}:{event.seq}",
        body=said or ticket.title,
        ticket=ticket,
        tone="soon",
    )
    return event


def _nudged_since(work: Work, ticket: Ticket, since: datetime) -> bool:
    found = select(TicketEvent.id).where(
        TicketEvent.ticket_id == ticket.id,
        TicketEvent.action == Action.NUDGE,
        TicketEvent.actor_id == work.actor.account_id,
        TicketEvent.at >= since,
        TicketEvent.at < since + timedelta(days=1),
    )
    return work.session.scalar(found.limit(1)) is not None


def verify_entry(work: Work, ticket: Ticket, is_true: bool) -> TicketEvent:
    """核对代录内容: 属实 makes the ticket count in rates; 不属实 is told to the owner."""
    transitions.check(work, ticket, Action.VERIFY_ENTRY, None)
    if not ticket.is_entered or ticket.entry_is_true is not None:
        raise Conflict("这件诉求没有待核对的代录内容。")
    changes: dict[str, object] = {"entry_is_true": is_true}
    if is_true:
        changes["entry_verified_at"] = work.now
    event = transitions.act(work, ticket, Action.VERIFY_ENTRY, changes=changes)
    telling.tell(
        work,
        telling.case_side(work, ticket),
        "verify_entry",
        f"企业确认代录内容{'属实' if is_true else '不属实'}：{ticket.number}",
        key=f"event:{ticket.id}:{event.seq}",
        ticket=ticket,
        tone="ok" if is_true else "late",
    )
    return event


def verify_contact(work: Work, ticket: Ticket, is_true: bool) -> TicketEvent:
    """核对联系记录: did he call? The oldest record not yet answered to."""
    transitions.check(work, ticket, Action.VERIFY_CONTACT, None)
    record = work.session.scalars(
        select(ContactRecord)
        .where(ContactRecord.ticket_id == ticket.id, ContactRecord.is_true.is_(None))
        .order_by(ContactRecord.id)
        .limit(1)
    ).one_or_none()
    if record is None:
        raise Conflict("没有待您核对的联系记录。")
    record.is_true = is_true
    record.verified_at = work.now
    event = transitions.act(
        work, ticket, Action.VERIFY_CONTACT, fields={"contact_record_id": record.id, "is_true": is_true}
    )
    if not is_true:
        telling.tell(
            work,
            telling.case_side(work, ticket),
            "contact_denied",
            f"企业反映没有接到您的联系：{ticket.number}",
            key=f"event:{ticket.id}:{event.seq}",
            ticket=ticket,
            tone="late",
        )
    return event


def answer_opened(work: Work, ticket: Ticket) -> bool:
    """The enterprise opens the answer for the first time: the one reading that writes. Its silence counts from here.

    Returns whether this was the first time.
    """
    if ticket.status is not Status.ANSWERED or not _is_enterprise(work, ticket):
        return False
    present = rounds.present(work, ticket)
    if present.opened_at is not None:
        return False
    present.opened_at = work.now
    transitions.act(work, ticket, Action.OPEN_ANSWER)
    clocks.void(work, ticket, [ClockKind.CONFIRMATION])
    # Only a correction has started this clock before its opening.
    clocks.start(work, ticket, ClockKind.CONFIRMATION, seq=None if present.corrected_at else 1)
    return True
