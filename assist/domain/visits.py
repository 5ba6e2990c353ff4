"""走访 and 无事不扰: what counts as a contact that disturbs an enterprise, how a visit stands, who may do what with it.

So many counted visits an enterprise and calendar month. To plan more is refused to officers and units; a coordinator or
a supervisor may, with a reason. What has happened is always written down: above the limit with a reason. Either way the
coordinators are told. Calls on an enterprise's own open tickets are no visits and never count.
"""

from datetime import date, timedelta

from assist.domain.roles import Actor, Role
from assist.domain.status import Worded


class VisitKind(Worded):
    """All of these count against an enterprise's month; calls on its own open tickets do not."""

    VISIT = "visit", "走访"
    SURVEY = "survey", "调研"
    MEETING = "meeting", "会议"
    REPORT = "report", "报送材料"


class VisitStatus(Worded):
    PLANNED = "planned", "已计划", "inf"
    DONE = "done", "已登记", "ok"
    CANCELLED = "cancelled", "已取消", "gr"
    JOINED = "joined", "已合并", "gr"


class VisitRelation(Worded):
    """How somebody stands to one visit; whoever has none does not find it."""

    OWN = "own", "走访人"
    OFFICER = "officer", "该企业服务专员"  # the active one, or who stands in for him now
    COORDINATOR = "coordinator", "助企办调度员"
    SUPERVISOR = "supervisor", "督查员"
    COLLEAGUE = "colleague", "同单位承办人员"
    READER = "reader", "工作组领导或原服务专员"


class VisitAction(Worded):
    """An act on a visit; its value is the URL's word (with `-`)."""

    RECORD = "record", "登记走访情况"
    AMEND = "amend", "修改登记"
    JOIN = "join", "并入他人的走访"
    CANCEL = "cancel", "取消计划"
    MAKE_TICKET = "make_ticket", "生成诉求"

    @property
    def slug(self) -> str:
        return str(self.value).replace("_", "-")


COUNTED = frozenset({VisitStatus.PLANNED, VisitStatus.DONE})
MONTHLY_BUDGET = 4  # counted visits an enterprise a month, by default
PLAN_AHEAD = timedelta(days=92)  # so far ahead a visit may be planned
RECORD_BACK = timedelta(days=31)  # so far back one may be written down

R, A, S = VisitRelation, VisitAction, VisitStatus
# Who may do it, and from which statuses.
VISIT_ACTS: dict[VisitAction, tuple[frozenset[VisitRelation], frozenset[VisitStatus]]] = {
    A.RECORD: (frozenset({R.OWN}), frozenset({S.PLANNED})),
    A.AMEND: (frozenset({R.OWN}), frozenset({S.DONE})),
    A.JOIN: (frozenset({R.OWN}), frozenset({S.PLANNED})),
    A.CANCEL: (frozenset({R.OWN, R.COORDINATOR}), frozenset({S.PLANNED, S.JOINED})),
    A.MAKE_TICKET: (frozenset({R.OFFICER}), frozenset({S.DONE})),
}
# Who may plan above an enterprise's limit, and for its officer.
ARRANGERS = (Role.COORDINATOR, Role.SUPERVISOR)


def may_act(action: VisitAction, relations: frozenset[VisitRelation], status: VisitStatus) -> bool:
    """Whether somebody standing so to a visit may do this to it as it stands now."""
    who, needed = VISIT_ACTS[action]
    return bool(relations & who) and status in needed


def may_exceed(actor: Actor) -> bool:
    """Whether this actor may plan above the limit, giving a reason."""
    return actor.has(*ARRANGERS)


def month_span(on: date) -> tuple[date, date]:
    """(first day, first day of the next) of a date's calendar month."""
    return on.replace(day=1), date(on.year + on.month // 12, on.month % 12 + 1, 1)


def calls_for(name: str, kind: VisitKind) -> str:
    """到甲企业走访 · 请甲企业报送材料"""
    return f"请{name}报送材料" if kind is VisitKind.REPORT else f"到{name}{_VERBS[kind]}"


_VERBS = {VisitKind.VISIT: "走访", VisitKind.SURVEY: "调研", VisitKind.MEETING: "开会"}
