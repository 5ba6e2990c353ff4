"""Requests in words: what was asked, who decides, what each fact means. For the ticket's page, the request's, lists.

No queries; what approving would do is `request_effects`.
"""

from datetime import date, datetime
from typing import Any

from assist.domain.clock import local
from assist.domain.date_words import date_text, moment_text
from assist.domain.requests import ObjectionSubject, RequestKind
from assist.domain.status import ClockHolder, Difficulty, TicketType
from assist.services.settings import Settings

K = RequestKind
Facts = dict[str, Any]
DECIDERS = {
    ClockHolder.COORDINATOR: "县（市、区）或市助企办调度员",
    ClockHolder.CITY: "市助企办调度员",
    ClockHolder.SUPERVISOR: "督查员",
    ClockHolder.LEADER: "工作组领导",
    ClockHolder.OWNER: "责任专员",
}
# How the reason of a kind is called, where it is not 理由.
REASONS = {K.COORDINATION: "卡点", K.DEFERRAL: "延期原因", K.TASK_RETURN: "退回原因"}
# Labels of facts that are words, in the order in which they are read.
WORDS = {
    "basis": "依据",
    "guidance": "请企业去哪里办",
    "work_done": "已做的工作",
    "who_does": "请谁做什么",
    "plan": "工作计划",
    "unit": "建议承办单位",
    "about_words": "异议所指",
}
DAYS = {"new_due_on": "延期至", "review_on": "复核日期", "due_on": "希望何时前"}


def reason_label(kind: RequestKind) -> str:
    return REASONS.get(kind, "原因")


def day_words(text: str, year: int) -> str:
    return date_text(date.fromisoformat(text), year)


def lines(settings: Settings, facts: Facts, year: int) -> list[tuple[str, str]]:
    """(label, words) of everything that was filled in beside the reason."""
    found = graded(settings, facts)
    if "subject" in facts:
        found.append(("异议事项", ObjectionSubject.of(facts["subject"]).title))
    found += [(label, day_words(facts[name], year)) for name, label in DAYS.items() if facts.get(name)]
    found += [(label, str(facts[name])) for name, label in WORDS.items() if facts.get(name)]
    if facts.get("is_told"):
        found.append(("告知企业", "已把延期的原因和日期告知企业"))
    return found


def graded(settings: Settings, facts: Facts) -> list[tuple[str, str]]:
    found = []
    entry = settings.by_code(str(facts.get("category") or ""))
    if entry is not None:
        found.append(("类别更改为", entry.name))
    if "type" in facts:
        found.append(("类型更改为", TicketType.of(facts["type"]).title))
    if "difficulty" in facts:
        found.append(("难度定为", Difficulty.of(facts["difficulty"]).title))
    return found


def summary(settings: Settings, kind: RequestKind, facts: Facts, year: int) -> str:
    """The one thing that matters: 延期至12月9日 · 难度定为疑难 · 复核日期12月18日."""
    if kind is K.DIFFICULTY:
        return "，".join(f"{label}{words}" for label, words in graded(settings, facts))
    if kind is K.COORDINATION and facts.get("due_on"):
        return f"希望{day_words(facts['due_on'], year)}前协调"
    for name, label in DAYS.items():
        if facts.get(name):
            return f"{label}{day_words(facts[name], year)}"
    if kind is K.OBJECTION:
        named = facts.get("party_words")
        return str(facts.get("about_words") or "") + (f"，应由{named}负责" if named else "")
    return f"建议由{facts['unit']}办理" if kind is K.TASK_RETURN else ""


def until_words(due_at: datetime | None, now: datetime) -> str:
    return f"{moment_text(due_at, local(now).year)}前审批" if due_at is not None else ""
