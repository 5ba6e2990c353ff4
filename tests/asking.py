"""Requests as somebody would fill them in, one a kind: for tests that ask."""

from datetime import date
from typing import Any

from assist.domain.requests import ObjectionSubject, RequestKind
from assist.domain.status import Difficulty, TicketType

K = RequestKind
REASONS = {K.DECLINE: "outside", K.SUSPENSION: "land", K.URGENCY: "stopped"}
FACTS: dict[RequestKind, dict[str, Any]] = {
    K.DECLINE: {"basis": "属省级审批事项。", "guidance": "请向省住建厅窗口申请。"},
    K.DIFFICULTY: {"difficulty": Difficulty.HARD, "type": TicketType.HELP},
    K.URGENCY: {"basis": "生产线已停产两天。"},
    K.DEFERRAL: {"work_done": "已两次现场协调。", "is_told": True},
    K.SUSPENSION: {"plan": "每周跟进用地报批进度。"},
    K.COORDINATION: {"work_done": "已与住建局沟通三次。", "who_does": "请住建局明确验收时间。"},
    K.OBJECTION: {"subject": ObjectionSubject.CARD},
    K.TASK_RETURN: {"basis": "三定规定中不含此项职责。"},
}


def filled_in(kind: RequestKind, on: date | None = None, **more: Any) -> tuple[str, dict[str, Any]]:
    """(reason, facts) of a request that is complete; `on` is the date it asks for, if it asks for one."""
    days = {K.DEFERRAL: "new_due_on", K.SUSPENSION: "review_on", K.COORDINATION: "due_on"}
    facts = {**FACTS.get(kind, {}), **more}
    if kind in days and on is not None:
        facts[days[kind]] = on
    return REASONS.get(kind, "情况复杂，确需如此。"), facts
