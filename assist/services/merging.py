"""并单: two tickets of one enterprise about the same matter become one, the earliest; the answer flows back.

The parent keeps the earliest due time that has not passed. What the enterprise sees of the child afterwards is read by
`queries.merged`. Never with open tasks on the child: a unit's work must not vanish.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, text

from assist.domain.errors import Conflict, Invalid, NotFound
from assist.domain.search_tokens import index_tokens
from assist.domain.status import OPEN, ClockKind, Status
from assist.domain.transitions import Action
from assist.models import Task, Ticket, TicketEvent, TicketSearch
from assist.models.task import TASK_IS_OPEN
from assist.models.ticket import is_open
from assist.services import access, callbacks, clocks, due_times, request_endings, telling, transitions
from assist.services.work import Work

ALIKE = 0.3  # share of a ticket's words that another must hold to be called similar
MOST_OFFERED = 60


@dataclass(frozen=True)
class Candidate:
    """A ticket into which another might be merged; `is_alike` when many of its words are the same."""

    number: str
    title: str
    status: Status
    submitted_at: datetime
    is_alike: bool


def merge(work: Work, ticket: Ticket, parent_number: str, *, version: int | None = None) -> TicketEvent:
    """并单 of `ticket` into the earlier one of this number; by a coordinator. Returns the child's event.

    Its clocks end void (missed where the due time has passed), its pending requests fall, the enterprise and both
    owners are told. Raises NotFound, Forbidden, StaleTicket, Conflict (open tasks) and Invalid (naming `parent`).
    """
    transitions.check(work, ticket, Action.MERGE, version)
    parent = _parent(work, ticket, parent_number.strip())
    _refuse_open_tasks(work, ticket)
    earlier = _earlier_due(work, ticket, parent)
    fields = {"child": ticket.number, **({"new_due_at": earlier} if earlier else {})}
    transitions.act(work, parent, Action.MERGE, fields=fields, note=ticket.title, is_authorised=True)
    if earlier is not None:
        kept = clocks.running(work, parent)[ClockKind.RESOLUTION]
        due_times.move(work, kept, earlier, f"{due_times.MERGED}{ticket.number}，取较早的时限")
        clocks.mirror(work, parent)
    changes = {"merged_at": work.now, "parent_id": parent.id, "suspended_at": None}
    event = transitions.act(
        work,
        ticket,
        Action.MERGE,
        to=Status.MERGED,
        version=version,
        changes=changes,
        fields={"parent": parent.number},
    )
    request_endings.drop_for(work, ticket)
    clocks.void(work, ticket)
    callbacks.drop(work, ticket)
    clocks.mirror(work, ticket)
    _tell(work, ticket, parent)
    return event


def _parent(work: Work, ticket: Ticket, number: str) -> Ticket:
    """The earlier ticket, locked after the later one: whoever locks several goes from the latest to the earliest."""
    found = work.session.execute(
        select(Ticket.id, Ticket.enterprise_id, Ticket.submitted_at).where(Ticket.number == number)
    ).one_or_none()
    if found is None or found.enterprise_id != ticket.enterprise_id:
        raise Invalid("请选择同一家企业的另一件在办诉求。", "parent")
    if found.id == ticket.id:
        raise Invalid("不能并入它自己，请选择另一件。", "parent")
    if (found.submitted_at, found.id) > (ticket.submitted_at, ticket.id):
        raise Invalid(
            f"{number} 提交在后，应以先提交的为主：请打开 {number}，把它并入 {ticket.number}。", "parent"
        )
    try:
        parent = access.ticket_by_id(work, found.id, lock=True)
    except NotFound:
        raise Invalid("请选择同一家企业的另一件在办诉求。", "parent") from None
    if parent.status not in OPEN:
        raise Invalid(f"{number} 现在是“{parent.status.title}”，只能并入在办的诉求。", "parent")
    if parent.is_restricted != ticket.is_restricted:
        raise Invalid("专人办理事项不能与其他诉求并单。", "parent")
    return parent


def _refuse_open_tasks(work: Work, ticket: Ticket) -> None:
    query = select(Task.number).where(Task.ticket_id == ticket.id, text(f"task.{TASK_IS_OPEN}"))
    if open_ones := list(work.session.scalars(query.order_by(Task.no))):
        told = "、".join(open_ones)
        raise Conflict(f"{ticket.number} 还有承办任务没有办结（{told}），请责任专员认可或取消后再并单。")


def _earlier_due(work: Work, ticket: Ticket, parent: Ticket) -> datetime | None:
    """The child's due time where it is earlier than the parent's and has not passed. A paused clock stands still."""
    own = clocks.running(work, ticket).get(ClockKind.RESOLUTION)
    kept = clocks.running(work, parent).get(ClockKind.RESOLUTION)
    if own is None or kept is None or own.paused_at is not None or kept.paused_at is not None:
        return None
    return own.due_at if work.now <= own.due_at < kept.due_at else None


def _tell(work: Work, ticket: Ticket, parent: Ticket) -> None:
    key = f"merge:{ticket.id}"
    telling.tell(
        work,
        telling.contacts_of(work, ticket.enterprise_id),
        "merged",
        f"诉求 {ticket.number} 与 {parent.number} 是同一件事，已合并办理",
        key=key,
        body=f"今后的进展和答复都在 {parent.number}，不需要您再做什么。",
        ticket=parent,
    )
    owners = [*telling.case_side(work, parent), *telling.case_side(work, ticket)]
    telling.tell(
        work, owners, "merged", f"{ticket.number} 已并入 {parent.number}", key=key, body=ticket.title, ticket=parent
    )


def candidates(work: Work, ticket: Ticket) -> list[Candidate]:
    """Earlier open tickets of the same enterprise, those with similar words first (one statement)."""
    rows = work.session.execute(
        select(
            Ticket.number,
            Ticket.title,
            Ticket.status,
            Ticket.submitted_at,
            TicketSearch.public_tokens,
        )
        .join(TicketSearch, TicketSearch.id == Ticket.id)
        .where(
            Ticket.enterprise_id == ticket.enterprise_id,
            is_open(),
            Ticket.id != ticket.id,
            Ticket.submitted_at <= ticket.submitted_at,
            Ticket.is_restricted.is_(ticket.is_restricted),
        )
        .order_by(Ticket.id.desc())
        .limit(MOST_OFFERED)
    ).all()
    own = set(index_tokens(f"{ticket.title}\n{ticket.description}").split())
    found = []
    for row in rows:
        shared = len(own & set(row.public_tokens.split())) / max(len(own), 1)
        found.append((shared, Candidate(*row[:4], is_alike=shared >= ALIKE)))
    found.sort(key=lambda pair: pair[0], reverse=True)
    return [one for _, one in found]
