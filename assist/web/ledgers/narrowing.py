"""The filter of each ledger as one line of fields, in the words of the list it belongs to."""

from dataclasses import fields
from typing import Any

from assist.domain import months
from assist.domain.ledgers import Ledger
from assist.domain.rates import month_of
from assist.domain.status import Status
from assist.domain.supervision import SupervisionLevel
from assist.domain.visits import VisitKind
from assist.services.queries import supervisions
from assist.services.queries.ledgers import month, week
from assist.services.queries.ticket_lists import LATENESS
from assist.services.work import Work

Item = dict[str, Any]
MONTHS = 24
ISSUED = ("issued", "replied", "settled")
# What each ledger is narrowed by on its page, in this order; what else its list knows is carried along unseen.
SHOWN: dict[Ledger, tuple[str, ...]] = {
    Ledger.TICKETS: ("since", "until", "area", "category", "state", "lateness", "q"),
    Ledger.ROSTER: ("area", "state", "q"),
    Ledger.VISITS: ("since", "until", "area", "kind", "q"),
    Ledger.SUPERVISIONS: ("since", "until", "area", "level", "state", "q"),
    Ledger.MONTH: ("month", "by"),
    Ledger.WEEK: ("week", "by"),
}
DATES = {"since": "自", "until": "至", "week": "哪一周（任选一天）"}


def items(work: Work, ledger: Ledger, wanted: Any) -> list[Item]:
    """The fields as the component `filters` draws them."""
    shown = SHOWN[ledger]
    found = [_item(work, ledger, name, getattr(wanted, name)) for name in shown]
    query = wanted.as_query()
    unseen = [each.name for each in fields(wanted) if each.name not in shown and each.name in query]
    return found + [{"name": name, "kind": "hidden", "value": query[name]} for name in unseen]


def _item(work: Work, ledger: Ledger, name: str, value: str) -> Item:
    if name in DATES:
        dated = ledger.rule.dated_by if name != "week" else ""
        return {"name": name, "label": f"{dated}{DATES[name]}", "kind": "date", "value": value}
    if name == "q":
        return {"name": name, "label": "关键词", "kind": "text", "value": value}
    label, options = _choices(work, ledger, name)
    return {"name": name, "label": label, "kind": "select", "options": options, "value": value}


def _choices(work: Work, ledger: Ledger, name: str) -> tuple[str, list[tuple[str, str]]]:
    if name == "area":
        return "县（市、区）", [("", "全市"), *((str(one.id), one.name) for one in work.settings.areas.values())]
    if name == "category":
        tops = [one for one in work.settings.categories.values() if one.parent_id is None]
        return "类别", [("", "全部类别"), *((one.code, one.name) for one in tops)]
    if name == "lateness":
        return "时限", [("", "不限时限"), *LATENESS.items()]
    if name == "kind":
        return "事项", [("", "全部事项"), *((str(one.value), one.title) for one in VisitKind)]
    if name == "level":
        return "级别", [("", "全部级别"), *((str(one.value), one.title) for one in SupervisionLevel)]
    if name == "by":
        by = month.BY if ledger is Ledger.MONTH else week.BY
        return "单位", [("" if key == "area" else key, title) for key, title in by.items()]
    if name == "month":
        return "月份", _months(work)
    return "状态", _states(ledger)


def _months(work: Work) -> list[tuple[str, str]]:
    """The last two years; the one that is over comes first."""
    before = [month_of(work.now, back) for back in range(1, MONTHS)]
    now = month_of(work.now)
    words = [(months.word(one.first_on), one.label) for one in before]
    return [("", words[0][1]), *words[1:], (months.word(now.first_on), f"{now.label}（未完）")]


def _states(ledger: Ledger) -> list[tuple[str, str]]:
    if ledger is Ledger.TICKETS:
        words = ((str(one.value), one.title) for one in Status)
        return [("", "全部状态"), ("open", "在办"), ("ended", "已结束"), *words]
    if ledger is Ledger.ROSTER:
        return [("", "在列"), ("left", "已退出")]
    return [("", "全部状态"), *((key, supervisions.STATES[key][0]) for key in ISSUED)]
