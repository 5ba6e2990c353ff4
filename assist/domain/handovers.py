"""交接: how a handover stands, who takes part in it and what each may do. It counts from the second acknowledgement."""

from assist.domain.roles import Actor, Role
from assist.domain.status import Worded

TRANSITION_DAYS = 5  # 交接期: working days after a handover; what falls due in them is told apart


class HandoverStatus(Worded):
    PREPARED = "prepared", "待双方确认", "soon"
    EFFECTIVE = "effective", "已交接", "ok"
    CANCELLED = "cancelled", "已取消", "gr"


class Side(Worded):
    """How somebody stands to a handover."""

    FORMER = "former", "移交专员"
    SUCCESSOR = "successor", "接任专员"
    COORDINATOR = "coordinator", "助企办调度员"
    SUPERVISOR = "supervisor", "督查员"


class HandoverAction(Worded):
    """An act on a handover; its value is the URL's word."""

    ACKNOWLEDGE = "acknowledge", "确认交接"
    CANCEL = "cancel", "取消交接"


# An officer acknowledges for himself, a coordinator for one who is absent (with a reason).
HANDOVER_ACTS: dict[HandoverAction, frozenset[Side]] = {
    HandoverAction.ACKNOWLEDGE: frozenset({Side.FORMER, Side.SUCCESSOR, Side.COORDINATOR}),
    HandoverAction.CANCEL: frozenset({Side.COORDINATOR}),
}


def sides_of(actor: Actor, former_id: int, successor_id: int, area_id: int) -> frozenset[Side]:
    """Every way in which the actor stands to a handover of an enterprise in this area; nobody else sees it."""
    found = set()
    if actor.account_id == former_id:
        found.add(Side.FORMER)
    if actor.account_id == successor_id:
        found.add(Side.SUCCESSOR)
    if actor.has(Role.COORDINATOR) and actor.area_id in (None, area_id):
        found.add(Side.COORDINATOR)
    if actor.has(Role.SUPERVISOR):
        found.add(Side.SUPERVISOR)
    return frozenset(found)


def may_act(action: HandoverAction, sides: frozenset[Side], status: HandoverStatus) -> bool:
    return status is HandoverStatus.PREPARED and bool(sides & HANDOVER_ACTS[action])
