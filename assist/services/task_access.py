"""Loading a task is authorising: the one way to it for a person, how he stands to it, and whether he may act on it.

Unit staff see the tasks that have reached their unit and, of the ticket, only what the task shows; the case side sees
a task with its ticket; an enterprise sees none. Who may do what is `policy.TASK_ACTS`, what is legal `domain.tasks`.
Acts lock the ticket first, then the task.
"""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from assist.domain import policy
from assist.domain.clock import local
from assist.domain.date_words import moment_text
from assist.domain.errors import Conflict, Forbidden, NotFound, StaleTicket
from assist.domain.policy import INTERNAL_READERS, Relation, Standing, TaskRelation
from assist.domain.roles import Actor, Role
from assist.domain.tasks import TASK_MOVES, TaskAction, TaskStatus
from assist.models import Account, Attachment, Task, Ticket, TicketEvent
from assist.services import access
from assist.services.work import Work

TR = TaskRelation


def of_own_unit(actor: Actor) -> ColumnElement[bool]:
    """SQL condition on `Task` and its `Ticket`: it has reached this actor's unit and is that unit's to see."""
    if not actor.has(Role.UNIT) or actor.unit_id is None:
        return false()
    return and_(
        Task.unit_id == actor.unit_id, Task.with_unit_at.is_not(None), Ticket.is_restricted.is_(False)
    )


def _query(work: Work, number: str, *, lock: bool) -> tuple[Select[Any], list[Relation]]:
    conditions = access.relation_conditions(work.actor)
    seen = access.seen_by(work.actor, INTERNAL_READERS)
    columns = [condition.label(f"is_{relation.value}") for relation, condition in conditions.items()]
    query: Any = select(Task.id if lock else Task, *columns).join(Task.ticket)
    query = query.where(Task.number == number, or_(of_own_unit(work.actor), *seen))
    if lock:
        query = query.add_columns(Ticket).with_for_update(of=Ticket, key_share=True)
    else:
        of_ticket = contains_eager(Task.ticket)
        query = query.options(
            of_ticket.joinedload(Ticket.enterprise),
            of_ticket.joinedload(Ticket.owner).joinedload(Account.unit),
            joinedload(Task.unit),
            joinedload(Task.handler),
        )
    return query, list(conditions)


def task(work: Work, number: str, *, lock: bool = False) -> Task:
    """The task of this number if the actor may see it. `lock`: for an act, held until the commit.

    Raises NotFound for an unknown number and for another's task alike.
    """
    query, relations = _query(work, number, lock=lock)
    row = work.session.execute(query).one_or_none()
    if row is None:
        raise NotFound()
    found: Task = _locked(work, row[0]) if lock else row[0]
    work.relations[found.ticket_id] = frozenset(
        relation for relation, holds in zip(relations, row[1 : len(relations) + 1], strict=True) if holds
    )
    return found


def _locked(work: Work, task_id: int) -> Task:
    query = select(Task).where(Task.id == task_id).with_for_update(of=Task, key_share=True)
    return work.session.scalars(query.execution_options(populate_existing=True)).one()


def relations_of(actor: Actor, standing: Standing) -> frozenset[TaskRelation]:
    """How somebody who sees the ticket stands to its tasks."""
    if not policy.may_read_internal(standing):
        return frozenset()
    found = {TR.READER}
    if standing.is_case_owner:
        found.add(TR.OWNER)
    if Relation.SUPERVISOR in standing.relations:
        found.add(TR.OVERSEER)
    if Relation.COORDINATOR in standing.relations and not standing.is_restricted:
        found |= {TR.OVERSEER} if actor.area_id is not None else {TR.OVERSEER, TR.CITY}
    return frozenset(found)


def relations(work: Work, found: Task) -> frozenset[TaskRelation]:
    """How the actor stands to a task. Asks the database only if it was not loaded in this piece of work."""
    actor, ticket = work.actor, found.ticket
    is_of_unit = actor.has(Role.UNIT) and actor.unit_id == found.unit_id and found.with_unit_at is not None
    own: frozenset[TaskRelation] = frozenset()
    if is_of_unit and not ticket.is_restricted:
        own = frozenset({TR.UNIT, TR.APPROVER} if actor.is_approver else {TR.UNIT})
    if ticket.id not in work.relations and not access.relation_conditions(actor):
        return own
    return own | relations_of(actor, access.standing(work, ticket))


def may(work: Work, found: Task, action: TaskAction) -> bool:
    """Whether the actor may do this to the task as it stands now."""
    return policy.may_act_on_task(
        action,
        relations(work, found),
        found.status,
        is_promised=found.promised_on is not None,
        needs_dispatch=found.needs_dispatch,
    )


def check(work: Work, found: Task, action: TaskAction, version: int | None = None) -> None:
    """Raise unless the actor may, the page he read is still true, and the act is legal now (in this order).

    Errors: NotFound, Forbidden, StaleTicket (409: who did what and when), Conflict.
    """
    standing = relations(work, found)
    if not standing:
        raise NotFound()
    if not standing & policy.TASK_ACTS.get(action, frozenset()):
        raise Forbidden(f"您没有对这项承办任务“{action.title}”的权限。")
    is_stale = version is not None and version != found.version
    if is_stale and TASK_MOVES[action].versioned:
        raise stale(work, found)
    if not may(work, found, action):
        if is_stale:
            raise stale(work, found)
        raise Conflict(f"这项任务现在是“{status_title(found)}”，不能“{action.title}”。")


def reads_file(work: Work, file: Attachment) -> bool:
    """Whether a file is the actor's to read by a task of his unit: what came with the submission (but of a shielded
    matter, where it would name the enterprise), and what belongs to an act on the unit's own task.
    """
    if not work.actor.has(Role.UNIT) or work.actor.unit_id is None:
        return False
    query = select(Task.number, Task.is_shielded).join(Task.ticket)
    own = work.session.execute(
        query.where(Task.ticket_id == file.ticket_id, of_own_unit(work.actor))
    ).all()
    if file.event_seq == 1:
        return any(not row.is_shielded for row in own)
    return _fields_of(work, file).get("task") in {row.number for row in own}


def is_draft(work: Work, file: Attachment) -> bool:
    """Whether a file belongs to a unit's reply that has not been signed: the unit's own till then."""
    return bool(_fields_of(work, file).get("is_draft"))


def _fields_of(work: Work, file: Attachment) -> dict[str, Any]:
    """The facts of the event that brought a file."""
    query = select(TicketEvent.fields).where(
        TicketEvent.ticket_id == file.ticket_id, TicketEvent.seq == file.event_seq
    )
    return work.session.scalar(query) or {}


def status_title(found: Task) -> str:
    """Where it stands, for people: a task that waits for the city says so."""
    if found.needs_dispatch and found.status is TaskStatus.ASKED:
        return "待核发"
    return found.status.title


def stale(work: Work, found: Task) -> StaleTicket:
    """The 409 of a page that is out of date, naming the last act that moved the task."""
    moving = [action.event for action, move in TASK_MOVES.items() if move.target is not None]
    rows = work.session.scalars(
        select(TicketEvent)
        .where(TicketEvent.ticket_id == found.ticket_id, TicketEvent.action.in_(moving))
        .order_by(TicketEvent.seq.desc())
    )
    last = next((row for row in rows if row.fields.get("task") == found.number), None)
    if last is None:
        return StaleTicket("这项任务刚刚有了变化，请刷新后再办理。", who="", what="", at_text="")
    at_text = moment_text(last.at, local(work.now).year)
    return StaleTicket(
        f"{last.actor_name} 已于{at_text}办理了“{last.action.title}”，您这次的操作没有生效，填写的内容已为您保留。",
        who=last.actor_name,
        what=last.action.title,
        at_text=at_text,
    )
