"""Who hears of a 督办: its addressee when it is issued and settled, the supervisors when it is replied to.

A unit's message leads to the supervision and, of a shielded matter, does not name the enterprise.
"""

from assist.domain.clock import local
from assist.domain.date_words import moment_text
from assist.domain.supervision import Addressee, SupervisionLevel, SupervisionStatus
from assist.models import Clock, Supervision, Task, TicketEvent
from assist.services import task_log, telling
from assist.services.work import Work


def addressed(work: Work, row: Supervision) -> list[int]:
    """Account ids of those who are to reply."""
    ticket = row.ticket
    if row.addressee is Addressee.UNIT and row.unit_id is not None:
        people = [one.id for one in task_log.staff(work, row.unit_id)]
        return people or telling.coordinators(work, ticket.area_id)
    if row.addressee is Addressee.AREA:
        return telling.coordinators(work, ticket.area_id)
    return telling.owners(work, ticket)


def hidden(task: Task | None, text: str) -> str:
    """Words for a unit: of a shielded matter without the enterprise's name and numbers."""
    return task_log.hidden(task, text) if task is not None else text


def issued(work: Work, row: Supervision, event: TicketEvent, clock: Clock, task: Task | None) -> None:
    by = moment_text(clock.due_at, local(work.now).year)
    title = f"{row.level.title} {row.number}，请于{by}前反馈"
    _tell(work, row, event, addressed(work, row), title, hidden(task, row.demand), "late")


def replied(work: Work, row: Supervision, event: TicketEvent) -> None:
    title = f"{row.level.title} {row.number} 已反馈，请审核"
    _tell(work, row, event, telling.supervisors(work), title, row.reply, "soon")


def settled(work: Work, row: Supervision, event: TicketEvent) -> None:
    task = work.session.get(Task, row.task_id) if row.task_id else None
    title = f"{row.level.title} {row.number} {row.status.title}"
    tone = "ok" if row.status is SupervisionStatus.ACCEPTED else "inf"
    _tell(work, row, event, addressed(work, row), title, hidden(task, row.note), tone)


def _tell(
    work: Work, row: Supervision, event: TicketEvent, told: list[int], title: str, body: str, tone: str
) -> None:
    telling.tell(
        work,
        told,
        "supervision",
        title,
        key=f"event:{row.ticket_id}:{event.seq}",
        body=body,
        ticket=row.ticket,
        tone=tone,
        location=f"/supervisions/{row.id}",
        is_urgent=row.level is SupervisionLevel.KEY_ORDER,
    )
