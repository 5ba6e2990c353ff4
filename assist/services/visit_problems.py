"""发现问题: what a visit found becomes a ticket by the enterprise's officer (代录诉求), and by nobody else.

Whoever else visited needs no click: what he wrote is told to the officer (in a vacancy to the coordinators), who makes
the ticket from the same visit. One visit makes one ticket; the enterprise confirms it as any that is entered for it.
"""

from assist.domain.errors import Invalid
from assist.domain.status import Source
from assist.domain.visits import VisitAction
from assist.models import Enterprise, Ticket, Visit
from assist.services import intake, telling, visit_access, visit_telling
from assist.services.work import Work


def pass_on(work: Work, found: Visit, enterprise: Enterprise) -> None:
    """Tell the officer what somebody else's visit found, once. His own finds he has before him."""
    if not found.problems or found.ticket_id is not None:
        return
    served_by = visit_telling.officers(work, enterprise.id)
    if work.actor.account_id in served_by:
        return
    who = visit_telling.actor_words(work)
    if served_by:
        title = f"{who}在{enterprise.shown}{found.kind.title}时发现问题，请核实后生成诉求"
        visit_telling.tell(work, served_by, found, "problems", title, found.problems, "soon")
        return
    title = f"{who}在{enterprise.shown}{found.kind.title}时发现问题，该企业没有在岗专员"
    told = telling.coordinators(work, enterprise.area_id)
    visit_telling.tell(work, told, found, "problems", title, found.problems, "soon")


def make_ticket(work: Work, visit_id: int, said: intake.Submission | None = None) -> Ticket:
    """生成诉求, by the officer or who stands in for him, in the words of the visit unless `said` has better ones.
    Again: the same ticket.

    Raises Forbidden, Conflict (not written down yet) and Invalid (nothing was found).
    """
    found, relations = visit_access.held(work, visit_id)
    visit_access.check(work, found, relations, VisitAction.MAKE_TICKET)
    if found.ticket_id is not None:
        return work.session.get_one(Ticket, found.ticket_id)
    if not found.problems:
        raise Invalid("这次走访没有登记发现的问题。")
    said = said or intake.Submission(description=found.problems, source=Source.VISIT)
    made = intake.submit(work, found.enterprise_id, said)
    found.ticket_id = made.id
    work.session.flush()
    return made
