"""Everything the page of one task needs, for one reader, in a fixed number of statements.

The task has been loaded by `task_access`. A unit reads the problem, the ask, its own replies and clocks and what was
done to this task, never the ticket's other talk; of a shielded matter neither the enterprise's name nor its people.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import aliased

from assist.domain.policy import TaskRelation
from assist.domain.requests import MAX_DEFERRALS, RequestKind, RequestStatus
from assist.domain.shielding import shielded
from assist.domain.status import TASK_CLOCKS, ClockKind, RoundStart
from assist.domain.tasks import TaskAction, TaskResult
from assist.models import Account, Clock, EnterpriseContact, Request, Task, TaskReply, Ticket
from assist.services import task_access
from assist.services.queries import ticket_clocks, ticket_trail
from assist.services.queries.ticket_clocks import ClockLine
from assist.services.queries.ticket_trail import Entry, FileLine
from assist.services.work import Work

A, TR = TaskAction, TaskRelation
REPLYING = (ClockKind.TASK_REPLY, ClockKind.TASK_PROMISE)
# In the order in which a person will want them; the first is the blue button.
ORDER = (
    A.DISPATCH,
    A.SIGN,
    A.SIGN_REPLY,
    A.ACCEPT_REPLY,
    A.REPLY,
    A.HAND_BACK,
    A.SEND_BACK,
    A.PROGRESS,
    A.PASS,
    A.NUDGE,
    A.REQUEST,
    A.CANCEL,
)


@dataclass(frozen=True)
class ReplyLine:
    """One reply as its reader may read it. `state` says where it stands."""

    no: int
    result: TaskResult
    text: str
    promised_on: date | None
    basis: str
    writer: str
    signer: str
    written_at: datetime
    sent_at: datetime | None
    is_draft: bool
    state: str
    tone: str
    back_reason: str


@dataclass(frozen=True)
class ContactLine:
    name: str
    position: str
    phone: str


@dataclass(frozen=True)
class TaskPage:
    """`is_of_unit`: read by the unit's own staff. `title` and the other words are as this reader may read them."""

    task: Task
    relations: frozenset[TaskRelation]
    title: str
    description: str
    wish: str
    ask: str
    asked_by: str
    replies: list[ReplyLine]
    entries: list[Entry]
    files: list[FileLine]
    clocks: list[ClockLine]
    contacts: list[ContactLine]
    requests: list[Request]
    acts: list[TaskAction]
    request_kinds: list[RequestKind]

    @property
    def ticket(self) -> Ticket:
        return self.task.ticket

    @property
    def is_of_unit(self) -> bool:
        return bool(self.relations & {TR.UNIT, TR.APPROVER})

    @property
    def reads_ticket(self) -> bool:
        """Whether the whole ticket is this reader's to open."""
        return TR.READER in self.relations

    @property
    def is_hidden(self) -> bool:
        """Whether the enterprise's name is hidden from this reader."""
        return self.task.is_shielded and not self.reads_ticket

    @property
    def draft(self) -> ReplyLine | None:
        return next((one for one in self.replies if one.is_draft), None)

    @property
    def status_title(self) -> str:
        return task_access.status_title(self.task)

    @property
    def pressing(self) -> list[ClockLine]:
        return sorted((line for line in self.clocks if line.is_running), key=lambda line: line.due_at)

    @property
    def is_late(self) -> bool:
        return any(line.is_late for line in self.pressing)


def load(work: Work, task: Task) -> TaskPage:
    """The page of a task that `task_access.task` has loaded for this actor. Five statements."""
    relations = task_access.relations(work, task)
    is_of_unit = bool(relations & {TR.UNIT, TR.APPROVER})
    contacts = _contacts(work, task)
    is_hidden = task.is_shielded and TR.READER not in relations
    enterprise, ticket = task.ticket.enterprise, task.ticket
    names = [enterprise.name, enterprise.short_name, *(one.name for one in contacts)] if is_hidden else []

    def shown(text: str) -> str:
        return shielded(text, names) if is_hidden else text

    replies = _replies(work, task, is_of_unit)
    replies = [
        replace(one, text=shown(one.text), basis=shown(one.basis), back_reason=shown(one.back_reason))
        for one in replies
    ]
    clocks, requests = _clocks(work, task), _requests(work, task)
    found = acts(work, task, relations, has_draft=any(one.is_draft for one in replies))
    entries, files, asked_by = _happened(work, task, is_hidden=is_hidden, drafts=is_of_unit)
    for entry in entries:
        facts = entry.facts.replace(f"（{task.number}）", "").removeprefix(task.unit.shown).lstrip("；")
        entry.words, entry.facts = shown(entry.words), shown(facts)
    return TaskPage(
        task=task,
        relations=relations,
        title=shown(ticket.title),
        description=shown(ticket.description),
        wish=shown(ticket.wish),
        ask=shown(task.text),
        asked_by=asked_by,
        replies=replies,
        entries=entries,
        files=files,
        clocks=clocks,
        contacts=[] if is_hidden else contacts,
        requests=requests,
        acts=found,
        request_kinds=_kinds(work, task, clocks, requests, may_ask=A.REQUEST in found) if is_of_unit else [],
    )


def acts(work: Work, task: Task, relations: frozenset[TaskRelation], *, has_draft: bool) -> list[TaskAction]:
    """What this reader may do to the task now, the next first. What needs a draft is open only where there is one."""
    found = []
    for action in ORDER:
        if not task_access.may(work, task, action):
            continue
        if action in (A.SIGN_REPLY, A.HAND_BACK) and not has_draft:
            continue
        if action is A.REPLY and has_draft:
            continue
        if action is A.PROGRESS and TR.UNIT not in relations:
            continue
        found.append(action)
    return found


def _kinds(
    work: Work, task: Task, clocks: list[ClockLine], requests: list[Request], *, may_ask: bool
) -> list[RequestKind]:
    """What the unit may ask for now; what else it needs is checked (and refused) by `requesting`."""
    asked = {one.kind for one in requests}
    pending = {one.kind for one in requests if one.status is RequestStatus.PENDING}
    found = []
    replying = [line for line in clocks if line.is_running and line.kind in REPLYING and not line.is_late]
    if may_ask and replying and RequestKind.DEFERRAL not in pending and task.deferral_count < MAX_DEFERRALS:
        found.append(RequestKind.DEFERRAL)
    reached = task.with_unit_at
    is_early = reached is not None and work.now <= work.settings.calendar.day_due(reached, 1)
    if may_ask and is_early and RequestKind.TASK_RETURN not in asked:
        found.append(RequestKind.TASK_RETURN)
    if any(line.is_late for line in clocks if line.kind in TASK_CLOCKS):
        found.append(RequestKind.OBJECTION)
    return found


def _replies(work: Work, task: Task, is_of_unit: bool) -> list[ReplyLine]:
    """The newest first. What has not left the unit is its own to read."""
    writer, signer = aliased(Account), aliased(Account)
    query = (
        select(TaskReply, writer.name, signer.name)
        .join(writer, writer.id == TaskReply.written_by_id)
        .outerjoin(signer, signer.id == TaskReply.signed_by_id)
        .where(TaskReply.task_id == task.id)
        .order_by(TaskReply.no.desc())
    )
    if not is_of_unit:
        query = query.where(TaskReply.sent_at.is_not(None))
    return [
        ReplyLine(
            no=row.no,
            result=row.result,
            text=row.text,
            promised_on=row.promised_on,
            basis=row.basis,
            writer=writer_name,
            signer=signer_name or "",
            written_at=row.written_at,
            sent_at=row.sent_at,
            is_draft=row.sent_at is None and row.handed_back_at is None,
            state=_reply_state(row)[0],
            tone=_reply_state(row)[1],
            back_reason=row.back_reason,
        )
        for row, writer_name, signer_name in work.session.execute(query)
    ]


def _reply_state(row: TaskReply) -> tuple[str, str]:
    if row.handed_back_at is not None:
        return "签发前退回修改", "gr"
    if row.sent_at is None:
        return "待签发", "soon"
    if row.sent_back_at is not None:
        return "已退回重报", "late"
    if row.accepted_at is not None:
        return "已认可", "ok"
    return "已反馈", "inf"


def _happened(
    work: Work, task: Task, *, is_hidden: bool, drafts: bool
) -> tuple[list[Entry], list[FileLine], str]:
    """(what was done to this task, the files its reader may take down, who asked).

    Files are those of this task's acts and, unless the enterprise is hidden, those of the submission.
    """
    rows = [
        row
        for row in ticket_trail.rows(work, task.ticket, internal=True)
        if row.TicketEvent.seq == 1 or row.TicketEvent.fields.get("task") == task.number
    ]
    found = ticket_trail.entries(rows, work.settings, {}, rating_words=False, drafts=drafts)
    entries = [entry for entry in found if entry.seq != 1]
    files = [one for entry in found if entry.seq != 1 or not is_hidden for one in entry.files]
    return entries, files, entries[0].who if entries else ""


def _clocks(work: Work, task: Task) -> list[ClockLine]:
    own = (Clock.ticket_id == task.ticket_id, Clock.task_id == task.id)
    rows = work.session.execute(ticket_clocks.WITH_MOVES.where(*own)).all()
    return [
        ticket_clocks.line(work, one, {task.round_no: RoundStart.SUBMIT}, with_why=True)
        for one in ticket_clocks.gathered(rows)
    ]


def _contacts(work: Work, task: Task) -> list[ContactLine]:
    rows = work.session.execute(
        select(Account.name, Account.position, Account.phone)
        .join(EnterpriseContact, EnterpriseContact.account_id == Account.id)
        .where(EnterpriseContact.enterprise_id == task.ticket.enterprise_id, Account.is_active)
        .order_by(EnterpriseContact.is_main.desc(), Account.id)
    )
    return [ContactLine(*row) for row in rows]


def _requests(work: Work, task: Task) -> list[Request]:
    """What the unit asked about this task, the newest first."""
    own = (Request.ticket_id == task.ticket_id, Request.task_id == task.id)
    query = select(Request).where(*own).order_by(Request.id.desc())
    return list(work.session.scalars(query))

