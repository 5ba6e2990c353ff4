"""Sentences of the 流转轨迹 for acts beside the ticket's own road: by act, what its event's fields say.

`ticket_trail` tells the road itself and asks here for the rest. One small function an act; no queries.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from assist.domain.date_words import date_text, moment_text
from assist.domain.requests import RequestKind, RequestStatus
from assist.domain.status import CallbackReason, CallbackResult, Method, Rating
from assist.domain.supervision import Addressee, SupervisionLevel, SupervisionStatus
from assist.domain.tasks import TaskKind, TaskResult
from assist.domain.transitions import Action

Fields = dict[str, Any]
Sentences = Callable[[Fields, int], list[str]]


def _task(fields: Fields, year: int) -> list[str]:
    return [f"{fields.get('unit', '')}（{fields.get('task', '')}）"]


def _asked(fields: Fields, year: int) -> list[str]:
    found = [f"{fields.get('unit', '')}{TaskKind.of(fields['kind']).title}（{fields.get('task', '')}）"]
    if fields.get("due_on"):
        found.append(f"请于{date_text(date.fromisoformat(fields['due_on']), year)}前反馈")
    return found


def _replied(fields: Fields, year: int) -> list[str]:
    found = _task(fields, year)
    if fields.get("is_draft"):
        return [*found, "已拟稿，待本单位签发"]
    if fields.get("result"):
        found.append(f"结果：{TaskResult.of(fields['result']).title}")
    if fields.get("promised_on"):
        found.append(f"承诺{date_text(date.fromisoformat(fields['promised_on']), year)}办结")
    if fields.get("basis"):
        found.append(f"依据：{fields['basis']}")
    return found


def _passed(fields: Fields, year: int) -> list[str]:
    return [*_task(fields, year), f"由{fields.get('handler', '')}承办"]


def _merged(fields: Fields, year: int) -> list[str]:
    if "parent" in fields:
        return [f"并入 {fields['parent']}，合并办理"]
    return [f"{fields.get('child', '')} 并入本件，合并办理"]


def _called_back(fields: Fields, year: int) -> list[str]:
    found = [f"{Method.of(fields['method']).title}联系{fields.get('person', '')}"] if "method" in fields else []
    found.append(f"企业意见：{CallbackResult.of(fields['heard']).title}")
    if fields.get("heard_rating"):
        found.append(f"评价：{Rating.of(fields['heard_rating']).title}")
    return found


def _owed(fields: Fields, year: int) -> list[str]:
    return [CallbackReason.of(fields["reason"]).title] if fields.get("reason") else []


def _grouped(fields: Fields, year: int) -> list[str]:
    return [f"{'移出' if fields.get('is_removed') else '列入'}共性问题“{fields.get('theme', '')}”"]


def _requested(fields: Fields, year: int) -> list[str]:
    kind = RequestKind.of(fields["kind"])
    found = [kind.noun, *(_task(fields, year) if "task" in fields else [])]
    return [*found, *_dates(fields, year)]


def _dates(fields: Fields, year: int) -> list[str]:
    names = {"new_due_on": "延期至", "review_on": "复核日期"}
    return [
        f"{label}{date_text(date.fromisoformat(fields[name]), year)}"
        for name, label in names.items()
        if fields.get(name)
    ]


def _decided(fields: Fields, year: int) -> list[str]:
    kind, status = RequestKind.of(fields["kind"]), RequestStatus.of(fields["decision"])
    found = [f"{kind.noun}{status.title}", *(_task(fields, year) if "task" in fields else [])]
    if fields.get("new_due_at"):
        found.append(f"时限延至{moment_text(datetime.fromisoformat(fields['new_due_at']), year)}")
    found += _dates(fields, year)
    if fields.get("reason"):
        found.append(f"原因：{fields['reason']}")
    found += [f"{label}：{fields[name]}" for name, label in DECLINED.items() if fields.get(name)]
    return found


DECLINED = {"basis": "依据", "guidance": "可以这样办"}


def _reviewed(fields: Fields, year: int) -> list[str]:
    return ["继续挂账", *_dates(fields, year)] if fields.get("goes_on") else ["结束挂账，恢复办理"]


def _supervised(fields: Fields, year: int) -> list[str]:
    found = [f"{SupervisionLevel.of(fields['level']).title} {fields.get('number', '')}"]
    whom = fields.get("unit") or (Addressee.of(fields["addressee"]).title if fields.get("addressee") else "")
    found.append(f"督办对象：{whom}")
    if fields.get("raised_from"):
        found.append(f"由{fields['raised_from']}升级")
    if fields.get("due_at"):
        found.append(f"请于{moment_text(datetime.fromisoformat(fields['due_at']), year)}前反馈")
    return found


def _supervision(fields: Fields, year: int) -> list[str]:
    found = [f"{SupervisionLevel.of(fields['level']).title} {fields.get('number', '')}"]
    if fields.get("decision"):
        found.append(SupervisionStatus.of(fields["decision"]).title)
    return found


def _instructed(fields: Fields, year: int) -> list[str]:
    found = [f"{fields.get('leader', '')}批示"]
    if fields.get("document"):
        found.append(f"文号{fields['document']}")
    if fields.get("due_on"):
        found.append(f"请于{date_text(date.fromisoformat(fields['due_on']), year)}前落实")
    return found


def _progressed(fields: Fields, year: int) -> list[str]:
    return ["台账备注"] if fields.get("is_remark") else []


# (fields, the year that goes without saying) → short facts.
WORDS: dict[Action, Sentences] = {
    **{action: _task for action in Action if action.value.startswith("task_")},
    Action.ASSIGN_TASK: _asked,
    Action.TASK_REPLY: _replied,
    Action.TASK_SIGN_REPLY: _replied,
    Action.TASK_ACCEPT_REPLY: _replied,
    Action.TASK_PASS: _passed,
    Action.PROGRESS: _progressed,
    Action.MERGE: _merged,
    Action.CALLBACK: _called_back,
    Action.OWE_CALLBACK: _owed,
    Action.SUPERVISE: _supervised,
    Action.REPLY_SUPERVISION: _supervision,
    Action.SETTLE_SUPERVISION: _supervision,
    Action.INSTRUCT: _instructed,
    Action.REPLY_INSTRUCTION: _instructed,
    Action.GROUP: _grouped,
    Action.REQUEST: _requested,
    Action.TASK_REQUEST: _requested,
    Action.DROP_REQUEST: _requested,
    Action.DECIDE: _decided,
    Action.REVIEW: _reviewed,
}
TONES: dict[Action, str] = {
    Action.RETURN: "late",
    Action.REOPEN: "late",
    Action.ESCALATE: "late",
    Action.NUDGE: "soon",
    Action.LAPSE: "soon",
    Action.REQUEST_SUPPLEMENT: "soon",
    Action.ANSWER: "ok",
    Action.CONFIRM: "ok",
    Action.REQUEST: "soon",
    Action.TASK_REQUEST: "soon",
    Action.TASK_SEND_BACK: "late",
    Action.SUPERVISE: "late",
    Action.INSTRUCT: "late",
    Action.TASK_RETURN: "soon",
    Action.TASK_NUDGE: "soon",
    Action.TASK_ACCEPT_REPLY: "ok",
}
