"""The scheduled jobs by name, with what a person calls them. When and how they run is `assist.jobs`."""

from collections.abc import Mapping
from typing import Any

from assist.domain.status import Worded


class JobName(Worded):
    SWEEP = "sweep", "时限提醒"
    DELIVER = "deliver", "消息发送"
    EXPORT = "export", "台账导出"
    LAPSE = "lapse", "到期自动办理"
    DIGEST = "digest", "每日待办提示"
    MONTH = "month", "月度数据草稿和冻结"
    ANCHOR = "anchor", "流转记录核验"
    HOUSEKEEPING = "housekeeping", "清理"
    BACKUP = "backup", "夜间备份"


# What a run counts, as people say it; what is not here is not said.
_COUNTED = {
    "clocks": "到点时限{}个",
    "reminders": "提醒{}条",
    "passed_over": "越过{}步",
    "broken": "推迟{}个",
    "proposals": "督办建议{}条",
    "sent": "发出{}条",
    "failed": "失败{}条",
    "dead": "放弃{}条",
    "supplements": "补正期满{}件",
    "lapsed": "逾期未确认办结{}件",
    "callbacks": "新增待回访{}件",
    "drafts": "月度草稿{}个",
    "months": "冻结月份{}个",
    "corrections": "更正{}项",
    "messages": "消息{}条",
    "tickets": "诉求{}件",
    "events": "记录{}条",
    "exports": "导出{}份",
    "exported_rows": "{}行",
    "faults": "不符{}处",
    "rows": "备份{}行",
    "files": "文件{}个",
    "form_keys": "表单{}个",
    "login_failures": "登录失败{}条",
    "job_runs": "运行记录{}条",
}


def counts_text(counts: Mapping[str, Any]) -> str:
    """到点时限12个，提醒30条"""
    found = [_COUNTED[name].format(value) for name, value in counts.items() if value and name in _COUNTED]
    return "，".join(found) or "—"


def title_of(name: str) -> str:
    """A job's title; its own name for one there is no more."""
    return next((one.title for one in JobName if one.value == name), name)
