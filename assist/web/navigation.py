"""The side navigation and the top bar: which places a person has. A place appears here when its page exists."""

from dataclasses import dataclass
from typing import Any

from flask import Flask, g, request, url_for
from flask_login import current_user

from assist.domain.roles import Role

R = Role

TICKET_PLACES = frozenset({"ticket_page", "ticket_reminders", "ticket_actions"})
TASK_PLACES = frozenset({"tasks", "task_actions", "task_requests"})


@dataclass(frozen=True)
class Entry:
    """One line of the navigation: for whom, where, under which heading."""

    label: str
    endpoint: str
    roles: tuple[Role, ...]
    group: str = ""


ENTRIES: tuple[Entry, ...] = (
    Entry("我的诉求", "portal.index", (R.ENTERPRISE,)),
    Entry("工作台", "desk.index", (R.OFFICER,)),
    Entry("承办任务", "unit.index", (R.UNIT,)),
    Entry("调度台", "coordination.index", (R.COORDINATOR,)),
    Entry("首页", "leader.index", (R.LEADER,)),
    Entry("督查工作台", "oversight.index", (R.SUPERVISOR,)),
    Entry("我的诉求", "tickets.index", (R.OFFICER,)),
    Entry("诉求", "tickets.index", (R.SUPERVISOR, R.COORDINATOR, R.LEADER)),
    Entry("驾驶舱", "figures.index", (R.SUPERVISOR, R.COORDINATOR, R.LEADER)),
    Entry("共性问题", "themes.index", (R.OFFICER, R.COORDINATOR, R.SUPERVISOR)),
    Entry("走访", "visits.index", (R.OFFICER, R.UNIT, R.LEADER, R.COORDINATOR, R.SUPERVISOR)),
    Entry("工作交接", "handovers.index", (R.OFFICER,)),
    Entry("申请与审批", "requests.index", (R.OFFICER, R.UNIT, R.LEADER, R.COORDINATOR, R.SUPERVISOR)),
    Entry("督办", "supervisions.index", (R.SUPERVISOR, R.COORDINATOR, R.OFFICER, R.UNIT)),
    Entry("台账", "ledgers.index", (R.OFFICER, R.UNIT, R.LEADER, R.COORDINATOR, R.SUPERVISOR)),
    Entry("月度数据", "months.index", (R.SUPERVISOR, R.COORDINATOR, R.LEADER)),
    Entry("蓝黄红榜", "boards.index", (R.SUPERVISOR, R.COORDINATOR, R.LEADER)),
    Entry("消息", "inbox.index", tuple(Role)),
    Entry("企业与结对", "roster.index", (R.COORDINATOR, R.SUPERVISOR), "基础信息"),
    Entry("服务专员", "roster.officers", (R.COORDINATOR, R.SUPERVISOR), "基础信息"),
    Entry("工作交接", "handovers.index", (R.COORDINATOR, R.SUPERVISOR), "基础信息"),
    Entry("承办单位", "roster.units", (R.COORDINATOR, R.SUPERVISOR), "基础信息"),
    Entry("导入台账", "roster.import_roster", (R.COORDINATOR,), "基础信息"),
    Entry("设置", "settings.index", (R.SUPERVISOR, R.SYSADMIN, R.SECADMIN), "管理"),
    Entry("账号", "settings.account_list", (R.SYSADMIN, R.SECADMIN), "管理"),
    Entry("锁定与登录失败", "settings.locks", (R.SECADMIN,), "管理"),
    Entry("审计日志", "audit.index", (R.AUDITOR,), "管理"),
    Entry("账号与密码", "auth.me", tuple(Role), "我的"),
)


def _entry_here(held: frozenset[Role]) -> str:
    """The entry whose place the page of this request belongs to: its own, that it lies under, or its blueprint's."""
    own = [entry.endpoint for entry in ENTRIES if held & set(entry.roles)]
    if request.endpoint in own:
        return request.endpoint
    place = request.blueprint or ""
    if place in TICKET_PLACES:
        place = "portal" if Role.ENTERPRISE in held else "tickets"
    if place == "supervision_actions":
        place = "supervisions"
    if place == "enterprises":
        place = "roster" if held & {Role.COORDINATOR, Role.SUPERVISOR} else "desk"
    if place in TASK_PLACES:
        place = "unit" if Role.UNIT in held else "tickets"
    around = [one for one in own if request.path.startswith(url_for(one)) and url_for(one) != "/"]
    if around:
        return max(around, key=lambda one: len(url_for(one)))
    return next((endpoint for endpoint in own if endpoint.startswith(f"{place}.")), "")


def entries() -> list[dict[str, Any]]:
    """The navigation of whoever is signed in, with the unread count at the inbox."""
    held = current_user.actor.roles
    found: list[dict[str, Any]] = []
    here = _entry_here(held)
    for entry in ENTRIES:
        if not held & set(entry.roles) or any(entry.endpoint == one["endpoint"] for one in found):
            continue
        found.append(
            {
                "label": entry.label,
                "endpoint": entry.endpoint,
                "url": url_for(entry.endpoint),
                "group": entry.group,
                "count": g.get("unread_count", 0) if entry.endpoint == "inbox.index" else 0,
                "tone": "late",
                "is_current": entry.endpoint == here,
            }
        )
    return found


def _context() -> dict[str, Any]:
    large = request.cookies.get("large_text") == "1"
    if not current_user.is_authenticated:
        return {"me": None, "nav": [], "large_text": large, "is_demo": False}
    held = current_user.actor.roles
    return {
        "me": {
            "id": current_user.actor.account_id,
            "name": current_user.actor.name,
            "role_label": "、".join(role.label for role in Role if role in held),
            "unread_count": g.get("unread_count", 0),
            "roles": held,
        },
        "nav": entries(),
        "large_text": large,
        "is_demo": current_user.is_demo,
    }


def register(app: Flask) -> None:
    app.context_processor(_context)
