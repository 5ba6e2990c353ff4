"""提交诉求: a new ticket by an enterprise or, for it, by its officer (代录诉求). Required is only what the problem is.

The owner is the active officer from the first moment, and the clocks start; in a vacancy nobody is, and it is said.
Restricted categories go to the person named in the settings. Words after the submission are in `conversing`.
"""

from dataclasses import dataclass

from sqlalchemy import select

from assist.domain.errors import Invalid, NotFound
from assist.domain.roles import Role
from assist.domain.status import ClockKind, RoundStart, Source
from assist.domain.text import proposed_title
from assist.domain.transitions import Action
from assist.models import Enterprise, EnterpriseContact, Pairing, Ticket
from assist.services import clocks, numbers, rounds, searching, telling, transitions
from assist.services.settings import CategoryEntry
from assist.services.work import Work

MAX_DESCRIPTION = 2000


@dataclass
class Submission:
    """What a person filled in. `category` is a 4-digit code or empty (不清楚，请专员选择)."""

    description: str
    title: str = ""
    wish: str = ""
    category: str = ""
    is_pressing: bool = False
    pressing_reason: str = ""
    source: Source = Source.SELF
    linked_number: str = ""


def enterprises_of(work: Work) -> list[Enterprise]:
    """The enterprises the actor may submit for: his own as a contact; an officer's those he serves or acts for."""
    me = work.actor.account_id
    if work.actor.has(Role.ENTERPRISE):
        query = select(Enterprise).join(EnterpriseContact).where(EnterpriseContact.account_id == me)
    else:
        serves = (Pairing.officer_id.in_(work.actor.officers), Pairing.ended_at.is_(None))
        query = select(Enterprise).join(Pairing).where(*serves)
    return list(work.session.scalars(query.where(Enterprise.is_active).order_by(Enterprise.pinyin, Enterprise.id)))


def submit(work: Work, enterprise_id: int, words: Submission) -> Ticket:
    """Make the ticket, give it its owner, start its clocks, tell owner and enterprise. Returns it with its number.

    Raises Invalid (naming the field) and NotFound for an enterprise that is not the actor's.
    """
    enterprise = next((one for one in enterprises_of(work) if one.id == enterprise_id), None)
    if enterprise is None:
        raise NotFound("没有找到这家企业，或您不是它的联系人或服务专员。")
    category = _checked(work, words)
    is_restricted = bool(category and category.is_restricted)
    is_entered = not work.actor.has(Role.ENTERPRISE)
    ticket = transitions.draft(
        number=numbers.ticket_number(work.session, work.now),
        enterprise_id=enterprise.id,
        area_id=enterprise.area_id,
        owner_id=work.settings.restricted_owner_id if is_restricted else active_officer(work, enterprise.id),
        title=(words.title.strip() or proposed_title(words.description))[:60],
        description=words.description.strip(),
        wish=words.wish.strip(),
        category_id=category.id if category else None,
        asked_category_id=category.id if category else None,
        is_restricted=is_restricted,
        is_pressing=words.is_pressing,
        pressing_reason=words.pressing_reason.strip() if words.is_pressing else "",
        source=words.source if is_entered else Source.SELF,
        submitted_by_id=work.actor.account_id,
        is_entered=is_entered,
        entered_by_id=work.actor.account_id if is_entered else None,
        submitted_at=work.now,
        updated_at=work.now,
        linked_id=_linked(work, enterprise.id, words.linked_number),
    )
    ticket.enterprise = enterprise
    _start(work, ticket)
    _announce(work, ticket, enterprise)
    return ticket


def _checked(work: Work, words: Submission) -> CategoryEntry | None:
    if not words.description.strip():
        raise Invalid("请填写遇到了什么问题。", "description")
    if len(words.description) > MAX_DESCRIPTION:
        raise Invalid(f"问题描述请控制在{MAX_DESCRIPTION}字以内，现在有{len(words.description)}字。", "description")
    if words.is_pressing and not words.pressing_reason.strip():
        raise Invalid("选择了情况紧急，请说明原因。", "pressing_reason")
    if not words.category:
        return None
    found = work.settings.by_code(words.category)
    is_named = work.settings.restricted_owner_id is not None
    if found is None or found.parent_id is None or (found.is_restricted and not is_named):
        raise Invalid("这个诉求类别不能选择，请重新选择。", "category")
    if found.is_restricted and not work.actor.has(Role.ENTERPRISE):
        raise Invalid("这类诉求请企业自己提交，由专人办理。", "category")
    return found


def _linked(work: Work, enterprise_id: int, number: str) -> int | None:
    if not number:
        return None
    return work.session.scalar(
        select(Ticket.id).where(Ticket.number == number, Ticket.enterprise_id == enterprise_id)
    )


def active_officer(work: Work, enterprise_id: int) -> int | None:
    """The account id of the enterprise's active officer, or None in a vacancy.

    Who asks is about to give him a ticket: until the commit nobody may change the pairing (`pairing.in_scope`).
    """
    held = select(Enterprise.id).where(Enterprise.id == enterprise_id)
    work.session.execute(held.with_for_update(read=True))
    return work.session.scalar(
        select(Pairing.officer_id).where(Pairing.enterprise_id == enterprise_id, Pairing.ended_at.is_(None))
    )


def _start(work: Work, ticket: Ticket) -> None:
    work.session.add(ticket)
    work.session.flush()
    rounds.begin(work, ticket, RoundStart.SUBMIT)
    transitions.born(
        work,
        ticket,
        Action.SUBMIT,
        note="",
        fields={"owner_id": ticket.owner_id, "source": ticket.source, "is_pressing": ticket.is_pressing},
    )
    work.clocks[ticket.id] = {}
    for kind in (ClockKind.ACCEPTANCE, ClockKind.CONTACT, ClockKind.OPINION):
        clocks.start(work, ticket, kind, seq=1)
    clocks.start_resolution(work, ticket)
    clocks.mirror(work, ticket)
    searching.index(work, ticket)


def _announce(work: Work, ticket: Ticket, enterprise: Enterprise) -> None:
    """The enterprise gets its receipt (or is asked to check what was entered for it), the owner the news."""
    key = f"submit:{ticket.id}"
    receipt = f"诉求 {ticket.number} 已提交"
    if ticket.is_entered:
        receipt = "服务专员代您录入了一件诉求，请核对内容是否属实"
    contacts = telling.contacts_of(work, enterprise.id)
    telling.tell(work, contacts, "submitted", receipt, key=key, body=ticket.title, ticket=ticket)
    if ticket.owner_id is None:
        _announce_vacancy(work, ticket, enterprise)
        return
    title = f"{enterprise.shown} 提交了新诉求"
    if ticket.is_pressing:
        title += "（企业标注情况紧急）"
    tone = "late" if ticket.is_pressing else "inf"
    telling.tell(
        work,
        telling.case_side(work, ticket),
        "submitted",
        title,
        key=key,
        body=ticket.title,
        ticket=ticket,
        tone=tone,
    )


def _announce_vacancy(work: Work, ticket: Ticket, enterprise: Enterprise) -> None:
    telling.tell(
        work,
        telling.coordinators(work, ticket.area_id),
        "vacancy",
        f"{enterprise.shown} 没有在岗专员，诉求 {ticket.number} 无人主责",
        key=f"vacancy:{ticket.id}",
        body="请尽快为该企业结对服务专员。",
        ticket=ticket,
        tone="late",
    )
