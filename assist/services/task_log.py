"""What every act on a task leaves behind: its event in the ticket's chain, and the messages (design 3).

Both are internal: an enterprise reads neither. A unit's messages lead to /tasks/<no> and, of a shielded matter, do
not name the enterprise.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from assist.domain.clock import local, local_date
from assist.domain.date_words import moment_text
from assist.domain.errors import Invalid
from assist.domain.roles import Role
from assist.domain.shielding import shielded
from assist.domain.tasks import TaskAction
from assist.models import Account, Clock, Task, TicketEvent, Unit
from assist.models.account import holds
from assist.services import telling, transitions
from assist.services.work import Work

FARTHEST = timedelta(days=366)


def write(work: Work, task: Task, action: TaskAction, note: str = "", **fields: Any) -> TicketEvent:
    """The event of an act. Who may was checked already, by the tasks' own table."""
    named = {"task": task.number, "unit": task.unit.shown}
    return transitions.act(
        work,
        task.ticket,
        action.event,
        fields={**named, **fields},
        note=note,
        is_visible=False,
        is_authorised=True,
    )


def location(task: Task) -> str:
    return f"/tasks/{task.number}"


def staff(work: Work, unit_id: int) -> list[Account]:
    """The unit's people who can sign in, in the order in which they came."""
    query = select(Account).where(Account.unit_id == unit_id, holds(Role.UNIT), Account.is_active)
    return list(work.session.scalars(query.order_by(Account.id)))


def hidden(task: Task, text: str) -> str:
    """Words for the unit: of a shielded matter without the enterprise's name and numbers."""
    if not task.is_shielded:
        return text
    enterprise = task.ticket.enterprise
    return shielded(text, (enterprise.name, enterprise.short_name))


def tell_unit(
    work: Work, task: Task, event: TicketEvent, kind: str, title: str, body: str, tone: str = "inf"
) -> None:
    """To whoever of the unit has it in hand, else to all of the unit; to the coordinators where nobody can sign in."""
    people = [one.id for one in staff(work, task.unit_id)]
    told = [task.handler_id] if task.handler_id in people else people
    if not told:
        told = telling.coordinators(work, task.ticket.area_id)
        title, tone = f"{task.unit.shown}没有可用的承办人员账号，{task.number} 无人办理", "late"
    enterprise = task.ticket.enterprise
    who = "" if task.is_shielded else f"{enterprise.short_name or enterprise.name}："
    _tell(work, task, _key(task, event), told, kind, title, f"{who}{hidden(task, body)}", tone)


def tell_moved(work: Work, task: Task, key: str, title: str, why: str) -> None:
    """To the unit: its due time has moved, by a decision that is an event of its own."""
    people = [one.id for one in staff(work, task.unit_id)]
    told = [task.handler_id] if task.handler_id in people else people
    _tell(work, task, key, told, "task_moved", title, hidden(task, why), "inf")


def tell_owner(
    work: Work, task: Task, event: TicketEvent, kind: str, title: str, body: str = "", tone: str = "inf"
) -> None:
    _tell(work, task, _key(task, event), telling.owners(work, task.ticket), kind, title, body, tone)


def tell_city(work: Work, task: Task, event: TicketEvent, kind: str, title: str, body: str) -> None:
    _tell(work, task, _key(task, event), telling.coordinators(work, None), kind, title, body, "soon")


def tell_people(
    work: Work, task: Task, event: TicketEvent, told: Sequence[int], kind: str, title: str, body: str
) -> None:
    """To these people of the unit."""
    _tell(work, task, _key(task, event), told, kind, title, hidden(task, body), "soon")


def by_when(work: Work, clock: Clock) -> str:
    """11月24日17:30"""
    return moment_text(clock.due_at, local(work.now).year)


def _key(task: Task, event: TicketEvent) -> str:
    return f"event:{task.ticket_id}:{event.seq}"


def _tell(
    work: Work,
    task: Task,
    key: str,
    told: Sequence[int | None],
    kind: str,
    title: str,
    body: str,
    tone: str,
) -> None:
    telling.tell(
        work, told, kind, title, key=key, body=body, ticket=task.ticket, tone=tone, location=location(task)
    )


def close_of(work: Work, on: date, field: str) -> datetime:
    """The close of a day that somebody names for later. Raises Invalid when it has passed, or lies beyond a year."""
    today = local_date(work.now)
    if on < today:
        raise Invalid("日期不能早于今天。", field)
    if on > today + FARTHEST:
        raise Invalid("日期请在一年以内。", field)
    close = work.settings.calendar.close_on(on)
    if close <= work.now:
        raise Invalid("今天已经下班，请选择之后的日期。", field)
    return close


def unit_of(work: Work, unit_id: int | None) -> Unit | None:
    """An active unit, or None."""
    unit = work.session.get(Unit, unit_id) if unit_id and 0 < unit_id < 2**31 else None
    return unit if unit is not None and unit.is_active else None
