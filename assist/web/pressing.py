"""督办 and 批示 on the pages of a ticket: as lines beside it, and what their forms offer to choose from."""

from typing import Any

from flask import request, url_for
from wtforms.fields.choices import SelectChoice

from assist.domain import policy
from assist.domain.deadlines import remaining_text
from assist.domain.policy import Relation
from assist.domain.supervision import UNISSUED, Addressee, SupervisionLevel, SupervisionStatus
from assist.domain.tasks import TaskStatus
from assist.domain.transitions import Action
from assist.services import instructing, supervising
from assist.services.queries.ticket_beside import Beside
from assist.services.queries.ticket_page import TicketPage
from assist.services.work import Work
from assist.web.filters import day_time
from assist.web.supervision_table import AREA, DEMAND, OWNER

GONE = frozenset({TaskStatus.RETURNED, TaskStatus.CANCELLED})


def lines(work: Work, page: TicketPage) -> list[dict[str, Any]]:
    """督办 and 批示 beside a ticket, as its page shows them: what waits first. Proposals are for supervisors alone."""
    is_supervisor = Relation.SUPERVISOR in page.standing.relations
    found = []
    for one in page.beside_of("supervision"):
        status = SupervisionStatus.of(one.status)
        if status is not SupervisionStatus.DISMISSED and (is_supervisor or status not in UNISSUED):
            found.append(_supervision(work, one, status))
    return found + [_instruction(work, page, one) for one in page.beside_of("instruction")]


def _supervision(work: Work, one: Beside, status: SupervisionStatus) -> dict[str, Any]:
    level = SupervisionLevel.of(one.kind)
    is_proposal = status is SupervisionStatus.PROPOSED
    return {
        "title": f"{level.title}{'建议' if is_proposal else ''}",
        "url": url_for("supervisions.show", supervision_id=one.id),
        "tags": [(status.title, status.tone), *_left(work, one)],
        "meta": one.text if is_proposal else f"{one.text} · {one.who}",
        "text": "",
        "act": None,
    }


def _instruction(work: Work, page: TicketPage, one: Beside) -> dict[str, Any]:
    is_open = one.status == "open"
    act = None
    if is_open and policy.may_act(Action.REPLY_INSTRUCTION, page.standing):
        slug = Action.REPLY_INSTRUCTION.slug
        act = {
            "label": Action.REPLY_INSTRUCTION.title,
            "url": url_for("ticket_actions.act", number=page.ticket.number, slug=slug, id=one.id),
        }
    return {
        "title": f"{one.who}批示",
        "url": "",
        "tags": [("待落实", "soon") if is_open else ("已落实", "ok"), *_left(work, one)],
        "meta": " · ".join(part for part in (day_time(one.at), one.kind) if part),
        "text": one.text,
        "act": act,
    }


def _left(work: Work, one: Beside) -> list[tuple[str, str]]:
    if one.due_at is None:
        return []
    left = remaining_text(work.settings.calendar, work.now, one.due_at)
    return [(left.text, left.tone)]


def supervise(work: Work, page: TicketPage, form: Any) -> dict[str, Any]:
    """The owner, the units that have a task of it, the area; filled in from the proposal where there is one."""
    form.addressee.choices = _whom(page)
    found = supervising.proposed(work, page.ticket)
    if request.method == "GET" and found is not None:
        tasks = {one.id: one.number for one in page.tasks}
        form.level.data = found.level
        form.addressee.data = AREA if found.addressee is Addressee.AREA else tasks.get(found.task_id or 0, OWNER)
        form.demand.data = DEMAND.format(why=found.why)
    return {"proposal": found}


def _whom(page: TicketPage) -> list[SelectChoice]:
    found = [SelectChoice(OWNER, f"责任专员 {page.people.owner.name}")] if page.people.owner else []
    if page.ticket.is_restricted:
        return found
    for one in page.tasks:
        if one.status not in GONE and one.is_with_unit:
            found.append(SelectChoice(one.number, f"{one.unit}（{one.kind.title}，{one.number}）"))
    return [*found, SelectChoice(AREA, f"{page.area}助企办")]


def instruct(work: Work, page: TicketPage, form: Any) -> dict[str, Any]:
    """A leader gives his own words; a supervisor says whose they are."""
    form.leader.choices = [SelectChoice(str(one.id), one.name) for one in page.people.heads]
    is_own = Relation.GROUP in page.standing.relations and Relation.SUPERVISOR not in page.standing.relations
    if request.method == "GET" and not is_own and len(page.people.heads) == 1:
        form.leader.data = str(page.people.heads[0].id)
    return {"is_own": is_own}


def reply_instruction(work: Work, page: TicketPage, form: Any) -> dict[str, Any]:
    """The words that are answered to: the ones asked for, else the oldest that wait."""
    waits = instructing.waiting(work, page.ticket)
    wanted = form.instruction.data or request.args.get("id", "")
    found = next((one for one in waits if str(one.id) == wanted), waits[0] if waits else None)
    form.instruction.data = str(found.id) if found is not None else ""
    return {"instruction": found}


OFFERS = {
    Action.SUPERVISE: supervise,
    Action.INSTRUCT: instruct,
    Action.REPLY_INSTRUCTION: reply_instruction,
}
