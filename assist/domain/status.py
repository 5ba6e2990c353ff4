"""The words of a ticket's life as enums that carry their Chinese title and tone.

Values are fixed by design 9 (outside scripts hold on to them). Not here: which moves are legal (`transitions`).
"""

from enum import Enum
from typing import Self


class Worded(Enum):
    """An enum whose members are (value, Chinese title, tone); tone names a colour class in the style sheet."""

    title: str
    tone: str

    def __new__(cls, value: str, title: str, tone: str = "gr") -> "Worded":
        member = object.__new__(cls)
        member._value_ = value
        member.title = title
        member.tone = tone
        return member

    @classmethod
    def of(cls, value: str) -> Self:
        """The member of a value: `Class(value)` in words that type checkers follow. Raises KeyError."""
        return cls._value2member_map_[value]  # type: ignore[return-value]  # typed as plain Enum


class Status(Worded):
    SUBMITTED = "submitted", "待受理", "inf"
    SUPPLEMENTING = "supplementing", "待补正", "soon"
    HANDLING = "handling", "办理中", "inf"
    ANSWERED = "answered", "待确认", "soon"
    CLOSED = "closed", "已办结", "ok"
    DECLINED = "declined", "不予受理", "gr"
    WITHDRAWN = "withdrawn", "已撤回", "gr"
    MERGED = "merged", "已并单", "gr"


OPEN = frozenset({Status.SUBMITTED, Status.SUPPLEMENTING, Status.HANDLING, Status.ANSWERED})
ENDED = frozenset(Status) - OPEN


class TicketType(Worded):
    CONSULT = "consult", "咨询"
    HELP = "help", "求助"
    SUGGEST = "suggest", "建议"
    COMPLAIN = "complain", "投诉"


class Difficulty(Worded):
    GENERAL = "general", "一般"
    COMPLEX = "complex", "复杂"
    HARD = "hard", "疑难"


class Urgency(Worded):
    NORMAL = "normal", "一般"
    CRITICAL = "critical", "特急", "late"


class Outcome(Worded):
    SOLVED = "solved", "已解决", "ok"
    PARTLY_SOLVED = "partly_solved", "部分解决", "soon"
    PLANNED = "planned", "列入计划", "inf"
    EXPLAINED = "explained", "解释说明", "inf"
    UNFOUNDED = "unfounded", "经核实不属实"


class Result(Worded):
    """How a round ended, in the enterprise's own words (`lapsed`: by the system, after silence)."""

    SOLVED = "solved", "已解决", "ok"
    PARTLY = "partly", "部分解决", "soon"
    ACKNOWLEDGED = "acknowledged", "未解决，但已说明清楚，同意办结", "inf"
    LAPSED = "lapsed", "逾期未确认，系统办结"


class Rating(Worded):
    VERY_SATISFIED = "very_satisfied", "非常满意", "ok"
    SATISFIED = "satisfied", "满意", "ok"
    FAIR = "fair", "基本满意", "inf"
    UNSATISFIED = "unsatisfied", "不满意", "late"
    VERY_UNSATISFIED = "very_unsatisfied", "非常不满意", "late"


SATISFIED = frozenset({Rating.VERY_SATISFIED, Rating.SATISFIED, Rating.FAIR})
LOW_RATINGS = frozenset({Rating.UNSATISFIED, Rating.VERY_UNSATISFIED})


class RatingReason(Worded):
    """The one-tap reasons that a low grade asks for."""

    ATTITUDE = "attitude", "态度"
    SPEED = "speed", "时效"
    OUTCOME = "outcome", "结果"
    SHIRKING = "shirking", "推诿"


class Source(Worded):
    SELF = "self", "企业自提"
    VISIT = "visit", "专员走访"
    GROUP = "group", "工作组调研"
    FORUM = "forum", "政企座谈会"
    HOTLINE = "hotline", "12345转入"
    LEADER = "leader", "领导批示"
    INSPECTION = "inspection", "督查发现"


class Method(Worded):
    PHONE = "phone", "电话"
    ONSITE = "onsite", "上门"
    ONLINE = "online", "线上"


class RoundStart(Worded):
    """Why a round began."""

    SUBMIT = "submit", "提交"
    RETURN = "return", "企业退回"
    REOPEN = "reopen", "重新办理"
    CALLBACK = "callback", "回访重办"


class ConfirmedBy(Worded):
    """Whose word ended a round."""

    ENTERPRISE = "enterprise", "企业确认"
    CALLBACK = "callback", "回访确认"
    SYSTEM = "system", "系统办结"


class ClockKind(Worded):
    """Every deadline there is. The third value is unused: a clock's tone comes from its time."""

    ACCEPTANCE = "acceptance", "受理"
    CONTACT = "contact", "首次联系"
    OPINION = "opinion", "初步意见"
    RESOLUTION = "resolution", "办结"
    PROGRESS = "progress", "进展反馈"
    CONFIRMATION = "confirmation", "企业确认"
    CALLBACK = "callback", "回访"
    SUPPLEMENT = "supplement", "补正"
    TASK_SIGN = "task_sign", "任务签收"
    TASK_REPLY = "task_reply", "任务反馈"
    TASK_PROMISE = "task_promise", "承诺兑现"
    DECISION = "decision", "审批"
    REVIEW = "review", "挂账复核"
    SUPERVISION_REPLY = "supervision_reply", "督办反馈"
    INSTRUCTION = "instruction", "批示落实"


class ClockHolder(Worded):
    """Who holds a clock: who owes what it measures, and whose card it is when it is late."""

    OWNER = "owner", "责任专员"
    ENTERPRISE = "enterprise", "企业"
    UNIT = "unit", "承办单位"
    COORDINATOR = "coordinator", "助企办"
    CITY = "city", "市助企办"
    SUPERVISOR = "supervisor", "督查室"
    LEADER = "leader", "工作组领导"


OWNER_CLOCKS = (
    ClockKind.ACCEPTANCE,
    ClockKind.CONTACT,
    ClockKind.OPINION,
    ClockKind.RESOLUTION,
    ClockKind.PROGRESS,
)


# Clocks of the ticket itself; the others belong to a task, a request, a supervision or an instruction of it.
TICKET_CLOCKS = (*OWNER_CLOCKS, ClockKind.CONFIRMATION, ClockKind.CALLBACK, ClockKind.SUPPLEMENT)
TASK_CLOCKS = (ClockKind.TASK_SIGN, ClockKind.TASK_REPLY, ClockKind.TASK_PROMISE)


class Verdict(Worded):
    MET = "met", "按期", "ok"
    MISSED = "missed", "超期", "late"
    VOID = "void", "不计"


class Step(Worded):
    """A step of the reminder ladder; its tone is its card's."""

    EARLY = "early", "提醒", "inf"
    WARNING = "warning", "黄牌预警", "soon"
    BREACH = "breach", "红牌超期", "late"
    ESCALATE_1 = "escalate_1", "提示函建议", "late"
    ESCALATE_2 = "escalate_2", "督办单建议", "late"
    ESCALATE_3 = "escalate_3", "重点督办单建议", "late"


class CallbackReason(Worded):
    """Why a callback is owed."""

    LOW_RATING = "low_rating", "评价较低", "late"
    UNOPENED = "unopened", "答复未阅", "soon"
    WITHDRAWN = "withdrawn", "联系后撤回"
    SAMPLED = "sampled", "抽样回访"
    RETURNED = "returned", "多次退回未确认", "soon"
    VOLUNTARY = "voluntary", "主动回访"


class CallbackResult(Worded):
    """What the enterprise said on the telephone; the last reopens the matter."""

    SOLVED = "solved", "已解决", "ok"
    PARTLY = "partly", "部分解决", "soon"
    ACKNOWLEDGED = "acknowledged", "未解决，但已说明清楚，同意办结", "inf"
    UNSOLVED = "unsolved", "未解决，请继续办理", "late"

    @property
    def as_result(self) -> Result | None:
        """The word that ends a round; None: nothing is ended by it."""
        return None if self is CallbackResult.UNSOLVED else Result.of(str(self.value))


class DeliveryStatus(Worded):
    PENDING = "pending", "待发送", "inf"
    CLAIMED = "claimed", "发送中", "inf"
    SENT = "sent", "已发送", "ok"
    FAILED = "failed", "将重试", "soon"
    DEAD = "dead", "发送失败", "late"
