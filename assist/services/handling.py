"""受理、首次联系、初步意见、进展: what the owner does with a ticket until the answer.

首联登记 (`first_response`) is contact + accept + opinion on one form, parts of which may wait.
"""

from dataclasses import dataclass
from datetime import date

from assist.domain.clock import local
from assist.domain.date_words import moment_text
from assist.domain.errors import Invalid
from assist.domain.requests import SPECS, RequestKind
from assist.domain.status import ClockKind, Difficulty, Method, Status, TicketType
from assist.domain.transitions import Action
from assist.models import ContactRecord, Ticket, TicketEvent
from assist.services import (
    clocks,
    due_times,
    request_endings,
    request_pauses,
    requesting,
    rounds,
    searching,
    telling,
    transitions,
)
from assist.services.conversing import words
from assist.services.settings import CategoryEntry
from assist.services.work import Work


@dataclass
class Grading:
    """What 受理 completes or corrects. `category` is a code; `reason` is needed for 复杂 and for a correction."""

    category: str
    type: TicketType
    difficulty: Difficulty
    reason: str = ""


@dataclass
class ContactWords:
    """联系: method, person and summary; `claimed_at` is an earlier time, kept as text and marked 补登."""

    method: Method
    person: str
    summary: str
    claimed_at: str = ""


def accept(work: Work, ticket: Ticket, grading: Grading, *, version: int | None = None) -> TicketEvent:
    """受理: complete category, type and difficulty; both values stay known and the enterprise is told.

    Stops acceptance, sets the resolution clock anew, starts progress. 疑难 is asked of the coordinator by the same
    act; until that is decided 复杂 holds.
    A correction into a restricted category passes the ticket to the person named for it.
    """
    transitions.check(work, ticket, Action.ACCEPT, version)
    category = _graded(work, ticket, grading)
    event = transitions.act(
        work,
        ticket,
        Action.ACCEPT,
        to=Status.HANDLING,
        version=version,
        changes=_grading_changes(work, ticket, category, grading),
        fields={"asked_category_id": ticket.asked_category_id},
        note=grading.reason.strip(),
    )
    request_endings.drop_for(work, ticket)
    clocks.stop(work, ticket, ClockKind.ACCEPTANCE)
    due_times.regrade_at_acceptance(work, ticket)
    clocks.start(work, ticket, ClockKind.PROGRESS, seq=1)
    clocks.mirror(work, ticket)
    if category.is_restricted and not ticket.is_restricted:
        pass_to_named(work, ticket)
    if grading.difficulty is Difficulty.HARD:
        facts = {"difficulty": Difficulty.HARD.value}
        requesting.put(work, ticket, SPECS[RequestKind.DIFFICULTY], grading.reason.strip(), facts)
    telling.tell(
        work,
        telling.contacts_of(work, ticket.enterprise_id),
        "accepted",
        f"诉求 {ticket.number} 已受理",
        key=f"event:{ticket.id}:{event.seq}",
        body=f"类别：{category.name}；{_due_words(work, ticket)}",
        ticket=ticket,
    )
    return event


def _due_words(work: Work, ticket: Ticket) -> str:
    if ticket.due_at is None:
        return "办理结果将及时答复"
    return f"{moment_text(ticket.due_at, local(work.now).year)}前答复办理结果"


def _graded(work: Work, ticket: Ticket, grading: Grading) -> CategoryEntry:
    category = work.settings.by_code(grading.category)
    if category is None or category.parent_id is None:
        raise Invalid("请选择诉求类别。", "category")
    if category.is_restricted and not ticket.is_restricted and work.settings.restricted_owner_id is None:
        raise Invalid("这类诉求尚未指定专人办理，暂不能选择。", "category")
    if category.is_note_required and not grading.reason.strip():
        raise Invalid("选择“其他”类别，请在说明中写明是什么事项。", "reason")
    if grading.difficulty is not Difficulty.GENERAL and not grading.reason.strip():
        raise Invalid("定为复杂或疑难，请说明理由。", "reason")
    is_corrected = ticket.asked_category_id not in (None, category.id)
    if is_corrected and not grading.reason.strip():
        raise Invalid("您更正了企业选择的类别，请说明理由。", "reason")
    return category


def _grading_changes(
    work: Work, ticket: Ticket, category: CategoryEntry, grading: Grading
) -> dict[str, object]:
    held = Difficulty.COMPLEX if grading.difficulty is Difficulty.HARD else grading.difficulty
    return {
        "category_id": category.id,
        "type": grading.type,
        "difficulty": held,
        "accepted_at": work.now,
    }


def pass_to_named(work: Work, ticket: Ticket) -> None:
    """A ticket found to be a restricted matter goes to the person named for those, by an event of its own."""
    named = work.settings.restricted_owner_id
    request_pauses.to_supervisors(work, ticket)
    transitions.act(
        work.as_system(), ticket, Action.REASSIGN, changes={"owner_id": named, "is_restricted": True}, is_visible=False
    )
    telling.tell(
        work,
        [named],
        "submitted",
        f"诉求 {ticket.number} 转由您办理",
        key=f"named:{ticket.id}:{ticket.event_seq}",
        body=ticket.title,
        ticket=ticket,
    )


def contact(work: Work, ticket: Ticket, said: ContactWords) -> TicketEvent:
    """首次联系 and any later one. The clock stops when it is entered; the enterprise is asked whether it is true."""
    transitions.check(work, ticket, Action.CONTACT, None)
    person = words(said.person, "person", "联系人")[:40]
    summary = words(said.summary, "summary", "联系情况")
    is_first = ClockKind.CONTACT in clocks.running(work, ticket)
    event = transitions.act(
        work,
        ticket,
        Action.CONTACT,
        fields={"method": said.method, "person": person, "claimed_at": said.claimed_at[:40], "is_first": is_first},
        note=summary,
    )
    work.session.add(
        ContactRecord(
            ticket_id=ticket.id,
            officer_id=work.actor.account_id,
            method=said.method,
            person=person,
            summary=summary,
            claimed_at_text=said.claimed_at.strip()[:40],
            entered_at=work.now,
        )
    )
    clocks.stop(work, ticket, ClockKind.CONTACT)
    clocks.mirror(work, ticket)
    searching.index(work, ticket, public=summary)
    return event


def opinion(work: Work, ticket: Ticket, text: str, expected_on: date | None = None) -> TicketEvent:
    """初步意见, to the enterprise, with the day it may expect the result."""
    transitions.check(work, ticket, Action.OPINION, None)
    said = words(text, "opinion", "初步意见")
    if expected_on is not None and expected_on < local(work.now).date():
        raise Invalid("预计办结日期不能早于今天。", "expected_on")
    present = rounds.present(work, ticket)
    present.opinion, present.expected_on = said, expected_on
    event = transitions.act(
        work,
        ticket,
        Action.OPINION,
        fields={"expected_on": expected_on.isoformat() if expected_on else None},
        note=said,
    )
    clocks.stop(work, ticket, ClockKind.OPINION)
    clocks.mirror(work, ticket)
    _tell_enterprise(work, ticket, event, "opinion", f"诉求 {ticket.number} 有了初步意见", said)
    return event


def progress(
    work: Work, ticket: Ticket, text: str, *, is_visible: bool, is_remark: bool = False
) -> TicketEvent:
    """反馈进展: internal, or visible to the enterprise; a visible one starts the next progress time.

    `is_remark`: it stands under 备注 in ledger A and not under 办理进展.
    """
    transitions.check(work, ticket, Action.PROGRESS, None)
    said = words(text, "text", "进展情况")
    fields = {"is_remark": True} if is_remark else {}
    event = transitions.act(work, ticket, Action.PROGRESS, fields=fields, note=said, is_visible=is_visible)
    if not is_visible:
        searching.index(work, ticket, internal=said)
        return event
    clocks.stop(work, ticket, ClockKind.PROGRESS)
    clocks.start(work, ticket, ClockKind.PROGRESS)
    request_pauses.hold_progress(work, ticket)
    clocks.mirror(work, ticket)
    _tell_enterprise(work, ticket, event, "progress", f"诉求 {ticket.number} 有新进展", said)
    return event


def _tell_enterprise(work: Work, ticket: Ticket, event: TicketEvent, kind: str, title: str, said: str) -> None:
    searching.index(work, ticket, public=said)
    telling.tell(
        work,
        telling.contacts_of(work, ticket.enterprise_id),
        kind,
        title,
        key=f"event:{ticket.id}:{event.seq}",
        body=said,
        ticket=ticket,
    )


def first_response(
    work: Work,
    ticket: Ticket,
    said: ContactWords | None,
    grading: Grading | None,
    opinion_text: str = "",
    expected_on: date | None = None,
    *,
    version: int | None = None,
) -> TicketEvent:
    """首联登记: what is filled in of contact, acceptance and opinion, in this order, in one piece.

    An opinion needs the acceptance. Raises Invalid when nothing is filled in.
    """
    transitions.check(work, ticket, Action.FIRST_RESPONSE, version)
    last: TicketEvent | None = None
    if said is not None:
        last = contact(work, ticket, said)
    if grading is not None:
        last = accept(work, ticket, grading, version=version)
    if opinion_text.strip():
        if grading is None:
            raise Invalid("填写初步意见前请先选择类别、类型和难度予以受理。", "category")
        last = opinion(work, ticket, opinion_text, expected_on)
    if last is None:
        raise Invalid("请至少填写联系情况或受理信息。", "summary")
    return last
