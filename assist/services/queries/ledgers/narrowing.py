"""What a ledger was narrowed to, in words that stand on the sheet: 提出时间：2026-11-01至今　状态：在办"""

from typing import Any

from assist.domain.ledgers import Ledger
from assist.domain.status import Status
from assist.domain.supervision import SupervisionLevel
from assist.domain.visits import VisitKind
from assist.services.queries import supervisions, visits
from assist.services.queries.figures.catalogue import FIGURES
from assist.services.queries.ticket_lists import LATENESS
from assist.services.work import Work

STATES = {
    "open": "在办",
    "ended": "已结束",
    "left": "已退出",
    **{str(one.value): one.title for one in Status},
    **visits.STATES,
    **{key: title for key, (title, _) in supervisions.STATES.items()},
}
KINDS = {str(one.value): one.title for one in VisitKind}
LEVELS = {str(one.value): one.title for one in SupervisionLevel}
PARTIES = {key: title for key, (title, _) in visits.PARTIES.items()}
LABELS = {
    "q": "关键词",
    "state": "状态",
    "area": "县（市、区）",
    "category": "类别",
    "kind": "事项",
    "level": "级别",
    "lateness": "时限",
    "party": "走访人",
    "unpaired": "专员",
    "figure": "指标",
}


def words(work: Work, ledger: Ledger, query: dict[str, Any]) -> str:
    """Empty when nothing narrows it. What only a machine could read (an id) is left out."""
    found = []
    if query.get("since") or query.get("until"):
        dated = "统计期" if query.get("figure") else ledger.rule.dated_by
        found.append(f"{dated}：{query.get('since', '……')}至{query.get('until', '今')}")
    for name, label in LABELS.items():
        if query.get(name) and (value := _value(work, name, str(query[name]))):
            found.append(f"{label}：{value}")
    return "　".join(found)


def _value(work: Work, name: str, value: str) -> str:
    if name == "area":
        area = work.settings.areas.get(int(value)) if value.isdigit() and len(value) < 10 else None
        return area.name if area else ""
    if name == "category":
        category = work.settings.by_code(value)
        return category.name if category else ""
    if name == "figure":
        return FIGURES[value].title if value in FIGURES else ""
    tables = {"state": STATES, "kind": KINDS, "level": LEVELS, "lateness": LATENESS, "party": PARTIES}
    if name == "unpaired":
        return "未结对"
    return tables[name].get(value, "") if name in tables else value
