"""How long each kind of clock gets, by default, and which case of a limit holds. The database's rows override these.

Defaults are design 2's, after Shandong's 2115 rule; no page calls them a regulation.
"""

from dataclasses import dataclass

from assist.domain.deadlines import Budget, Measure
from assist.domain.status import ClockKind, Difficulty, TicketType

K, M = ClockKind, Measure


@dataclass(frozen=True)
class LimitRule:
    """One default: how much of which measure a kind gets in a case of it ('' when it has no cases)."""

    kind: ClockKind
    case: str
    measure: Measure
    amount: int

    @property
    def budget(self) -> Budget:
        return Budget(self.measure, self.amount)


DEFAULTS: tuple[LimitRule, ...] = (
    LimitRule(K.ACCEPTANCE, "", M.WORKING_MINUTES, 240),
    LimitRule(K.CONTACT, "", M.WORKING_MINUTES, 120),
    LimitRule(K.CONTACT, "critical", M.ANY_MINUTES, 120),
    LimitRule(K.OPINION, "", M.WORKING_DAYS, 1),
    LimitRule(K.RESOLUTION, "consult", M.WORKING_DAYS, 1),
    LimitRule(K.RESOLUTION, "general", M.WORKING_DAYS, 7),
    LimitRule(K.RESOLUTION, "complex", M.WORKING_DAYS, 15),
    LimitRule(K.RESOLUTION, "hard", M.WORKING_DAYS, 30),
    LimitRule(K.RESOLUTION, "round", M.WORKING_DAYS, 5),
    LimitRule(K.PROGRESS, "", M.WORKING_DAYS, 5),
    LimitRule(K.CONFIRMATION, "", M.WORKING_DAYS, 5),
    LimitRule(K.CALLBACK, "", M.WORKING_DAYS, 5),
    LimitRule(K.SUPPLEMENT, "", M.WORKING_DAYS, 5),
    LimitRule(K.TASK_SIGN, "", M.WORKING_DAYS, 1),
    LimitRule(K.TASK_REPLY, "", M.WORKING_DAYS, 3),
    LimitRule(K.TASK_REPLY, "again", M.WORKING_DAYS, 1),
    LimitRule(K.DECISION, "", M.WORKING_DAYS, 1),
    LimitRule(K.DECISION, "dispatch", M.WORKING_MINUTES, 120),
    LimitRule(K.DECISION, "urgency", M.ANY_MINUTES, 120),
    LimitRule(K.DECISION, "coordination", M.WORKING_DAYS, 5),
    LimitRule(K.REVIEW, "", M.CALENDAR_DAYS, 30),
    LimitRule(K.SUPERVISION_REPLY, "1", M.WORKING_DAYS, 3),
    LimitRule(K.SUPERVISION_REPLY, "2", M.WORKING_DAYS, 2),
    LimitRule(K.SUPERVISION_REPLY, "3", M.WORKING_DAYS, 1),
)

CASE_LABELS = {
    "consult": "咨询",
    "general": "一般事项",
    "complex": "复杂事项",
    "hard": "疑难事项",
    "round": "再次办理",
    "critical": "特急",
    "again": "退回重报",
    "dispatch": "核发",
}

# What a limit is called where limits are kept; those without a case are called by their kind.
_TITLES = {
    (K.CONTACT, "critical"): "首次联系（特急）",
    (K.RESOLUTION, "consult"): "办结（咨询）",
    (K.RESOLUTION, "general"): "办结（一般）",
    (K.RESOLUTION, "complex"): "办结（复杂）",
    (K.RESOLUTION, "hard"): "办结（疑难）",
    (K.RESOLUTION, "round"): "办结（再次办理）",
    (K.TASK_REPLY, "again"): "任务反馈（退回重报）",
    (K.DECISION, "dispatch"): "核发承办任务",
    (K.DECISION, "urgency"): "特急审批",
    (K.DECISION, "coordination"): "提请协调",
    (K.SUPERVISION_REPLY, "1"): "提示函反馈",
    (K.SUPERVISION_REPLY, "2"): "督办单反馈",
    (K.SUPERVISION_REPLY, "3"): "重点督办单反馈",
}
LONGEST = {M.WORKING_DAYS: 120, M.CALENDAR_DAYS: 365, M.WORKING_MINUTES: 120 * 60, M.ANY_MINUTES: 240 * 60}
LONGEST_REVIEW = 30  # days of suspension between two reviews (design 2)


def limit_title(kind: ClockKind, case: str) -> str:
    return _TITLES.get((kind, case), kind.title)


def limit_key(kind: ClockKind, case: str) -> str:
    """How a limit is named in addresses and in changes: `acceptance`, `resolution.complex`."""
    return f"{kind.value}.{case}" if case else str(kind.value)


LIMITS: dict[str, LimitRule] = {limit_key(rule.kind, rule.case): rule for rule in DEFAULTS}


def unfit(kind: ClockKind, budget: Budget) -> str:
    """Why a kind of clock may not be given this, as a sentence; empty when it may."""
    if budget.amount > LONGEST[budget.measure]:
        return f"时限太长，最长{Budget(budget.measure, LONGEST[budget.measure]).text}。"
    if kind is K.REVIEW and (budget.measure is not M.CALENDAR_DAYS or budget.amount > LONGEST_REVIEW):
        return f"挂账每次复核最长{LONGEST_REVIEW}个自然日。"
    return ""


def resolution_case(type_: TicketType | None, difficulty: Difficulty | None, round_no: int) -> str:
    """Which resolution limit holds when the category has none of its own.

    Later rounds 5 days; a consultation 1; else by difficulty, 一般 until accepted
    (疑难 waits for its decision as 复杂).
    """
    if round_no > 1:
        return "round"
    if type_ is TicketType.CONSULT:
        return "consult"
    return str((difficulty or Difficulty.GENERAL).value)
