"""How long each kind of clock gets, by default, and which case of a limit holds. The database's rows override these.

Defaults are design 2's, after Shandong's 2115 rule; no page calls them a regulation.
"""

from dataclasses import dataclass

from assist.domain.status import ClockKind, Difficulty, TicketType

K = ClockKind


@dataclass(frozen=True)
class LimitRule:
    """`amount` in `unit`: days (working), minutes (working), any_minutes (of any hour) or calendar_days."""

    kind: ClockKind
    case: str
    unit: str
    amount: int


DEFAULTS: tuple[LimitRule, ...] = (
    LimitRule(K.ACCEPTANCE, "", "minutes", 240),
    LimitRule(K.CONTACT, "", "minutes", 120),
    LimitRule(K.CONTACT, "critical", "any_minutes", 120),
    LimitRule(K.OPINION, "", "days", 1),
    LimitRule(K.RESOLUTION, "consult", "days", 1),
    LimitRule(K.RESOLUTION, "general", "days", 7),
    LimitRule(K.RESOLUTION, "complex", "days", 15),
    LimitRule(K.RESOLUTION, "hard", "days", 30),
    LimitRule(K.RESOLUTION, "round", "days", 5),
    LimitRule(K.PROGRESS, "", "days", 5),
    LimitRule(K.CONFIRMATION, "", "days", 5),
    LimitRule(K.CALLBACK, "", "days", 5),
    LimitRule(K.SUPPLEMENT, "", "days", 5),
    LimitRule(K.TASK_SIGN, "", "days", 1),
    LimitRule(K.TASK_REPLY, "", "days", 3),
    LimitRule(K.DECISION, "", "days", 1),
    LimitRule(K.DECISION, "dispatch", "minutes", 120),
    LimitRule(K.DECISION, "urgency", "any_minutes", 120),
    LimitRule(K.DECISION, "coordination", "days", 5),
    LimitRule(K.REVIEW, "", "calendar_days", 30),
    LimitRule(K.SUPERVISION_REPLY, "1", "days", 3),
    LimitRule(K.SUPERVISION_REPLY, "2", "days", 2),
    LimitRule(K.SUPERVISION_REPLY, "3", "days", 1),
)

CASE_LABELS = {
    "consult": "咨询",
    "general": "一般事项",
    "complex": "复杂事项",
    "hard": "疑难事项",
    "round": "再次办理",
    "critical": "特急",
}
UNIT_LABELS = {"days": "个工作日", "minutes": "分钟", "any_minutes": "分钟", "calendar_days": "日"}


def resolution_case(type_: TicketType | None, difficulty: Difficulty | None, round_no: int) -> str:
    """Which resolution limit holds when the category has none of its own.

    Later rounds 5 days; a consultation 1; else by difficulty, 一般 until accepted (疑难 waits for its decision as 复杂).
    """
    if round_no > 1:
        return "round"
    if type_ is TicketType.CONSULT:
        return "consult"
    return (difficulty or Difficulty.GENERAL).value


def limit_words(unit: str, amount: int) -> str:
    """E.g. `7个工作日`, `2个工作小时`, `2小时（不分昼夜）`."""
    if unit == "minutes" and amount % 60 == 0:
        return f"{amount // 60}个工作小时"
    if unit == "any_minutes" and amount % 60 == 0:
        return f"{amount // 60}小时（不分昼夜）"
    return f"{amount}{UNIT_LABELS[unit]}"
