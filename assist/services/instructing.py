"""批示: a leader's words on a ticket of his work group, with a day by which they are to be answered to.

Entered by the leader himself, or for a leader by a supervisor with the document's number or its scan. Its clock is
fixed at the close of that day; it stays open until the owner has answered. Errors: NotFound, Forbidden, Conflict,
Invalid.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from assist.domain.clock import local
from assist.domain.date_words import date_text, moment_text
from assist.domain.deadlines import Budget
from assist.domain.errors import Conflict, Invalid
from assist.domain.policy import Relation
from assist.domain.status import ClockHolder, ClockKind
from assist.domain.transitions import Action
from assist.models import Account, Instruction, Ticket, TicketEvent
from assist.services import access, clocks, searching, task_log, telling, transitions
from assist.services.conversing import words
from assist.services.work import Work

MOST_NAME, MOST_DOCUMENT = 40, 120


@dataclass(frozen=True)
class Given:
    """`leader_id` or `leader_name` say whose it is when a supervisor enters it; `has_files`: the document is a scan."""

    text: str
    due_on: date | None
    document: str = ""
    leader_id: int | None = None
    leader_name: str = ""
    has_files: bool = False


def heads(work: Work, ticket: Ticket) -> list[tuple[int, str]]:
    """(id, name) of the leaders of the enterprise's work group, in their fixed order."""
    ids = telling.leaders(work, ticket.enterprise_id)
    rows = work.session.execute(select(Account.id, Account.name).where(Account.id.in_(ids)))
    names = {account_id: name for account_id, name in rows}  # noqa: C416 - rows are no pairs to mypy
    return [(one, names[one]) for one in ids]


def instruct(work: Work, ticket: Ticket, given: Given) -> TicketEvent:
    """批示 on an open ticket: the owner is told at once, whatever the hour."""
    transitions.check(work, ticket, Action.INSTRUCT, None)
    if ticket.is_restricted:
        raise Conflict("专人办理事项不经工作组领导批示。")
    said = words(given.text, "text", "批示内容")
    if given.due_on is None:
        raise Invalid("请填写要求落实的日期。", "due_on")
    close = task_log.close_of(work, given.due_on, "due_on")
    leader_id, leader_name = _leader(work, ticket, given)
    is_own = leader_id == work.actor.account_id
    row = Instruction(
        ticket_id=ticket.id,
        leader_id=leader_id,
        leader_name=leader_name,
        entered_by_id=None if is_own else work.actor.account_id,
        text=said,
        due_on=given.due_on,
        document=given.document.strip()[:MOST_DOCUMENT],
        given_at=work.now,
        event_seq=ticket.event_seq + 1,
    )
    work.session.add(row)
    work.session.flush()
    fields = {"instruction": row.id, "leader": leader_name, "due_on": given.due_on.isoformat()}
    if row.document:
        fields["document"] = row.document
    event = transitions.act(work, ticket, Action.INSTRUCT, fields=fields, note=said, is_visible=False)
    budget = Budget.fixed(close)
    clocks.start(work, ticket, ClockKind.INSTRUCTION, budget=budget, of=row, holder=ClockHolder.OWNER)
    searching.index(work, ticket, internal=said)
    by = date_text(given.due_on, local(work.now).year)
    title = f"{leader_name}批示 {ticket.number}，请于{by}前落实并反馈"
    _tell(work, row, event, telling.owners(work, ticket), title, said, is_urgent=True)
    return event


def _leader(work: Work, ticket: Ticket, given: Given) -> tuple[int | None, str]:
    """Whose words they are: the leader's own, or (with the document) those of whom a supervisor names."""
    relations = access.standing(work, ticket).relations
    if Relation.GROUP in relations and Relation.SUPERVISOR not in relations:
        return work.actor.account_id, work.actor.name
    if not given.document.strip() and not given.has_files:
        raise Invalid("请填写批示件的文号，或上传批示件。", "document")
    known = dict(heads(work, ticket))
    if given.leader_id is not None:
        if given.leader_id not in known:
            raise Invalid("请从列出的领导中选择。", "leader")
        return given.leader_id, known[given.leader_id]
    name = given.leader_name.strip()
    if len(name) > MOST_NAME:
        raise Invalid(f"批示领导请控制在{MOST_NAME}字以内。", "leader_name")
    if name:
        return next(((id, one) for id, one in known.items() if one == name), (None, name))
    if len(known) == 1:
        return next(iter(known.items()))
    raise Invalid("请选择或填写批示领导。", "leader")


def reply(work: Work, ticket: Ticket, text: str, instruction_id: int | None = None) -> TicketEvent:
    """落实批示, by the owner: the oldest that waits unless it is said which. The leader is told."""
    transitions.check(work, ticket, Action.REPLY_INSTRUCTION, None)
    row = _waiting(work, ticket, instruction_id)
    said = words(text, "text", "落实情况")
    row.reply, row.replied_by_id, row.replied_at = said, work.actor.account_id, work.now
    clocks.stop(work, ticket, ClockKind.INSTRUCTION, of=row)
    event = transitions.act(
        work,
        ticket,
        Action.REPLY_INSTRUCTION,
        fields={"instruction": row.id, "leader": row.leader_name},
        note=said,
        is_visible=False,
    )
    searching.index(work, ticket, internal=said)
    title = f"{row.leader_name}批示已落实：{ticket.number}"
    _tell(work, row, event, [row.leader_id, row.entered_by_id], title, said)
    return event


def waiting(work: Work, ticket: Ticket) -> list[Instruction]:
    """Those that nobody has answered to yet, the oldest first."""
    query = select(Instruction).where(Instruction.ticket_id == ticket.id, Instruction.replied_at.is_(None))
    return list(work.session.scalars(query.order_by(Instruction.id)))


def _waiting(work: Work, ticket: Ticket, instruction_id: int | None) -> Instruction:
    query = select(Instruction).where(Instruction.ticket_id == ticket.id).order_by(Instruction.id)
    found = list(work.session.scalars(query.with_for_update(key_share=True)))
    if instruction_id is not None:
        found = [one for one in found if one.id == instruction_id]
    waits = [one for one in found if one.replied_at is None]
    if waits:
        return waits[0]
    if not found:
        raise Conflict("这件诉求没有待落实的批示。")
    last = found[-1]
    by = work.session.get(Account, last.replied_by_id) if last.replied_by_id else None
    at = moment_text(last.replied_at, local(work.now).year) if last.replied_at else ""
    raise Conflict(f"{by.name if by else '系统'} 已于{at}反馈了{last.leader_name}的批示，您这次的反馈没有提交。")


def _tell(
    work: Work,
    row: Instruction,
    event: TicketEvent,
    told: list[int] | list[int | None],
    title: str,
    body: str,
    *,
    is_urgent: bool = False,
) -> None:
    telling.tell(
        work,
        told,
        "instruction",
        title,
        key=f"event:{row.ticket_id}:{event.seq}",
        body=body,
        ticket=row.ticket,
        tone="late" if is_urgent else "ok",
        is_urgent=is_urgent,
    )
