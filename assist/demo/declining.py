"""What the city declines in the demo world: asked by the owner after the contact, decided by the coordinator.

Every chance is drawn from the ticket's number, so that no other story of the world changes by it.
"""

from contextlib import suppress
from random import Random

from sqlalchemy import select

from assist.demo.case import Case
from assist.demo.stage import Story
from assist.domain.errors import Refused
from assist.domain.requests import DeclineReason, RequestKind, RequestStatus
from assist.domain.status import Status
from assist.models import Request
from assist.services import requesting

CHANCE = 0.02
WHY = (
    (
        DeclineReason.OUTSIDE,
        "该事项审批权限在省级主管部门，不属于本市职权范围。",
        "请向省级主管部门政务服务窗口提出申请，需要的材料可由专员协助准备。",
    ),
    (
        DeclineReason.IN_LAWSUIT,
        "企业已就同一事项提起诉讼，法院已立案受理。",
        "请通过诉讼程序解决；需要法律援助的，可联系公共法律服务中心。",
    ),
    (
        DeclineReason.PETITION,
        "反映的是工作人员作风问题，按规定由纪检监察机关受理。",
        "请向纪检监察机关反映，专员可告知受理地点和电话。",
    ),
)


def is_declined(case: Case) -> bool:
    """Whether the owner will think that it is nothing for the city to take up."""
    return not case.ticket.is_entered and Random(f"{case.ticket.number}:decline").random() < CHANCE


def asked(case: Case) -> Story:
    """Asked, and waited for; refused, the matter is accepted like any other."""
    reason, basis, guidance = Random(f"{case.ticket.number}:why not").choice(WHY)
    with suppress(Refused):
        if case.ticket.status is Status.SUBMITTED and case.ticket.owner_id is not None:
            facts = {"basis": basis, "guidance": guidance}
            case.owner(requesting.ask, RequestKind.DECLINE, reason.value, facts)
    while case.ticket.status is Status.SUBMITTED and _waits(case):
        yield case.days(0.25)


def _waits(case: Case) -> bool:
    query = select(Request.id).where(
        Request.ticket_id == case.ticket.id,
        Request.kind == RequestKind.DECLINE,
        Request.status == RequestStatus.PENDING,
    )
    return case.stage.session.scalar(query) is not None
