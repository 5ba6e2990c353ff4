"""申请: what cannot be done alone is asked, with a reason, and decided by somebody else. One table for all kinds.

pending → approved | refused | dropped. A request is dropped when its ticket leaves the statuses in which its kind
may be asked; an objection never is. Who asked never decides. Rules: design 2, "Requests".
"""

from dataclasses import dataclass

from assist.domain.policy import OWNERS, Relation
from assist.domain.status import OPEN, ClockHolder, Status, Worded
from assist.domain.tasks import TaskStatus

R, S, H = Relation, Status, ClockHolder


class RequestKind(Worded):
    DECLINE = "decline", "不予受理"
    DECLINE_REVIEW = "decline_review", "不予受理复核"
    WITHDRAWAL = "withdrawal", "撤回"
    DIFFICULTY = "difficulty", "定级"
    URGENCY = "urgency", "特急"
    DEFERRAL = "deferral", "延期"
    SUSPENSION = "suspension", "挂账"
    TASK_RETURN = "task_return", "退回任务"
    COORDINATION = "coordination", "提请协调"
    OBJECTION = "objection", "数据异议"

    @property
    def noun(self) -> str:
        """延期申请 · 提请协调 · 数据异议"""
        return str(self.title) if self in UNLIKE_A_REQUEST else f"{self.title}申请"

    @property
    def verb(self) -> str:
        """申请延期 · 提请协调 · 提出数据异议"""
        return UNLIKE_A_REQUEST.get(self) or f"申请{self.title}"


UNLIKE_A_REQUEST = {RequestKind.COORDINATION: "提请协调", RequestKind.OBJECTION: "提出数据异议"}


class RequestStatus(Worded):
    PENDING = "pending", "待审批", "soon"
    APPROVED = "approved", "已同意", "ok"
    REFUSED = "refused", "不同意", "late"
    DROPPED = "dropped", "已失效", "gr"


class DeclineReason(Worded):
    """不予受理 is for these reasons only; each asks for its basis and for where to go instead."""

    NOT_ENTERPRISE = "not_enterprise", "非企业经营发展事项"
    IN_LAWSUIT = "in_lawsuit", "已进入诉讼、仲裁、复议程序"
    PETITION = "petition", "应通过信访、纪检等渠道反映"
    DUPLICATE = "duplicate", "同一事项正在办理"
    OUTSIDE = "outside", "不属于本市职权范围"
    UNLAWFUL = "unlawful", "诉求内容违反法律法规"


class SuspensionReason(Worded):
    LAND = "land", "需报批用地、规划"
    POLICY = "policy", "需上级政策明确"
    FUNDS = "funds", "需列入下一年度预算"
    LAWSUIT = "lawsuit", "需等待诉讼、仲裁结果"
    PROJECT = "project", "需待工程建设完成"
    THIRD_PARTY = "third_party", "需第三方配合，暂不具备条件"


class UrgencyReason(Worded):
    STOPPED = "stopped", "生产停止"
    SUPPLY_CUT = "supply_cut", "断水断电断气"
    SAFETY = "safety", "安全或环保紧急情况"
    CASH = "cash", "三日内资金链断裂风险"


class ObjectionSubject(Worded):
    """What a 数据异议 is about. An approved one on a return says 理由不成立（政策所限）."""

    CARD = "card", "黄牌红牌"
    VERDICT = "verdict", "时限结论"
    RESPONSIBILITY = "responsibility", "超期责任方"
    RATING = "rating", "评价"
    RETURN = "return", "企业退回（政策所限）"


@dataclass(frozen=True)
class RequestSpec:
    """`statuses` are those of the ticket (for `is_task`: those of the task, any open ticket) in which it may be asked.

    `limit_case` is the case of the decision limit. `asked_by` of a task's request is empty: the unit itself.
    """

    kind: RequestKind
    asked_by: frozenset[Relation]
    decider: ClockHolder
    statuses: frozenset[Status]
    limit_case: str = ""
    task_statuses: frozenset[TaskStatus] = frozenset()

    @property
    def is_task(self) -> bool:
        return bool(self.task_statuses)


K = RequestKind
_BEFORE_REPLY = frozenset({TaskStatus.ASKED, TaskStatus.DISPATCHED, TaskStatus.SIGNED})
_ENTERPRISE = frozenset({R.CONTACT})
_CASE_SIDE = OWNERS | {R.FORMER, R.COORDINATOR}

SPECS: dict[RequestKind, RequestSpec] = {
    spec.kind: spec
    for spec in (
        RequestSpec(K.DECLINE, OWNERS, H.COORDINATOR, frozenset({S.SUBMITTED, S.SUPPLEMENTING})),
        RequestSpec(K.DECLINE_REVIEW, _ENTERPRISE, H.SUPERVISOR, frozenset({S.DECLINED})),
        RequestSpec(K.WITHDRAWAL, _ENTERPRISE, H.COORDINATOR, frozenset({S.HANDLING})),
        RequestSpec(K.DIFFICULTY, OWNERS, H.COORDINATOR, frozenset({S.HANDLING})),
        RequestSpec(
            K.URGENCY,
            OWNERS | _ENTERPRISE,
            H.COORDINATOR,
            frozenset({S.SUBMITTED, S.SUPPLEMENTING, S.HANDLING}),
            "urgency",
        ),
        RequestSpec(K.DEFERRAL, OWNERS, H.COORDINATOR, frozenset({S.HANDLING})),
        RequestSpec(K.SUSPENSION, OWNERS, H.CITY, frozenset({S.HANDLING})),
        RequestSpec(K.COORDINATION, OWNERS, H.LEADER, frozenset({S.HANDLING}), "coordination"),
        RequestSpec(K.OBJECTION, _CASE_SIDE, H.SUPERVISOR, frozenset(Status)),
    )
}
# What a unit asks about its task. A unit, too, may object to a figure.
TASK_SPECS: dict[RequestKind, RequestSpec] = {
    spec.kind: spec
    for spec in (
        RequestSpec(K.DEFERRAL, frozenset(), H.OWNER, OPEN, task_statuses=_BEFORE_REPLY),
        RequestSpec(K.TASK_RETURN, frozenset(), H.COORDINATOR, OPEN, task_statuses=_BEFORE_REPLY),
        RequestSpec(
            K.OBJECTION, frozenset(), H.SUPERVISOR, frozenset(Status), task_statuses=frozenset(TaskStatus)
        ),
    )
}
MAX_DEFERRALS = 2
DEFERRAL_DAYS = 7  # working days at most, each time
REVIEW_DAYS = 30  # calendar days at most until a suspension is looked at again
REVIEW_WITHIN = 15  # working days in which a decline may be reviewed, once
WAITING = frozenset({K.DEFERRAL, K.SUSPENSION})  # asked in time, the red card waits for their decision


def decider_of(spec: RequestSpec, *, before: int = 0, is_restricted: bool = False) -> ClockHolder:
    """Who decides: the second deferral is the city's; of a restricted matter only a supervisor may know."""
    if is_restricted and spec.decider is not H.OWNER:
        return H.SUPERVISOR
    if spec.kind is K.DEFERRAL and not spec.is_task and before >= 1:
        return H.CITY
    return spec.decider
