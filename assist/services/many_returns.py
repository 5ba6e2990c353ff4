"""At the third return the system asks the work group's leader for coordination, and the supervisors are told."""

from assist.domain.clock import local_date
from assist.domain.deadlines import due
from assist.domain.requests import SPECS, RequestKind
from assist.domain.status import ClockKind
from assist.models import Ticket
from assist.services import request_pauses, requesting, telling
from assist.services.work import Work

MANY_RETURNS = 3


def escalate(work: Work, ticket: Ticket) -> None:
    """提请协调 by the system, unless the owner has asked already."""
    if request_pauses.pending(work, ticket, RequestKind.COORDINATION) is None:
        spec = SPECS[RequestKind.COORDINATION]
        by = work.settings.budget(ClockKind.DECISION, spec.limit_case)
        facts = {
            "work_done": f"已答复{MANY_RETURNS}轮，见流转轨迹。",
            "who_does": "请工作组领导协调解决企业反映的问题",
            "due_on": local_date(due(work.settings.calendar, work.now, by)).isoformat(),
        }
        why = f"企业已{MANY_RETURNS}次退回，系统提请工作组领导协调。"
        requesting.put(work.as_system(), ticket, spec, why, facts)
    telling.tell(
        work,
        telling.supervisors(work),
        "escalate",
        f"{ticket.number} 已被企业{MANY_RETURNS}次退回，已提请领导协调",
        key=f"escalate:{ticket.id}:{ticket.round_no}",
        body=ticket.title,
        ticket=ticket,
        tone="late",
    )
