"""Every kind of request on a ticket as a row: its form, what is said before and afterwards.

They are acts as those of `action_table`, run by `ticket_actions`; what a unit asks about its task is `task_requests`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from assist.domain.requests import RequestKind
from assist.domain.transitions import Action
from assist.forms import requests as forms
from assist.forms.ticket_actions import ActionForm
from assist.models import Ticket
from assist.services import requesting
from assist.services.work import Work
from assist.web.action_table import Act

K = RequestKind
UNSEEN = frozenset({"form_key", "version", "kind", "reason"})


@dataclass(frozen=True)
class Kind:
    """`hint` is said where kinds are chosen from, `lead` above the form."""

    kind: RequestKind
    form: type[ActionForm]
    hint: str
    success: str
    lead: str = ""


TICKET_KINDS = (
    Kind(
        K.DEFERRAL,
        forms.DeferralForm,
        "到期前申请，每次最多7个工作日，最多2次；审批前红牌暂缓发出",
        "延期申请已提交。审批前原时限照旧，红牌暂缓发出。",
    ),
    Kind(
        K.SUSPENSION,
        forms.SuspensionForm,
        "客观条件暂不具备，由市助企办审批，办结和进展反馈时限暂停",
        "挂账申请已提交，由市助企办审批。",
        "同意后办结、进展反馈时限暂停，企业会收到通知；答复或恢复办理即结束挂账。承办任务的时限不暂停。",
    ),
    Kind(
        K.COORDINATION,
        forms.CoordinationForm,
        "卡住了，请工作组领导出面，5个工作日内批示或开会",
        "已提请领导协调。",
    ),
    Kind(
        K.DIFFICULTY,
        forms.DifficultyForm,
        "定为疑难，或更改类别、类型、难度",
        "定级申请已提交，审定前仍按现在的难度计时。",
        "审定后办结时限按新的类别、类型、难度重新计算；已经过了的时限不再变动。",
    ),
    Kind(
        K.URGENCY,
        forms.UrgencyForm,
        "停产、断供、安全环保紧急、三日内资金链断裂；2小时内审批",
        "特急申请已提交，调度员会在2小时内审批。",
    ),
    Kind(
        K.DECLINE,
        forms.DeclineForm,
        "不属于受理范围的，写清依据和企业应去哪里办",
        "不予受理申请已提交，审批前初步意见、办结时限暂停。",
        "由调度员审批。审批期间受理时限停止，初步意见、办结时限暂停；不同意的，重新计算受理时限。联系企业的时限不暂停。",
    ),
    Kind(
        K.WITHDRAWAL,
        forms.ReasonForm,
        "不需要再办了",
        "撤回申请已提交，调度员会尽快审批。",
        "办理中的诉求由调度员审批后撤回；撤回后督查员可能会电话回访您，确认是您自己的意思。",
    ),
    Kind(
        K.DECLINE_REVIEW,
        forms.ReasonForm,
        "对不予受理有异议，15个工作日内可申请复核一次",
        "复核申请已提交，由督查员审核。",
        "由督查员审核，只能申请一次。复核成立的，重新办理，时限重新计算。",
    ),
    Kind(
        K.OBJECTION,
        forms.ObjectionForm,
        "对黄牌红牌、时限结论、超期责任、评价、企业退回有异议，由督查员审核",
        "异议已提交，由督查员审核。",
        "异议不改变流转记录和原结论；审核成立的，统计时按审核结果计算。",
    ),
)


def facts_of(form: Any) -> dict[str, Any]:
    """What the kind asks, as the service takes it."""
    found = {field.short_name: field.data for field in form if field.short_name not in UNSEEN}
    if "is_told" in found:
        found["is_told"] = form.is_told.is_yes
    return found


def reason_of(form: Any) -> str:
    """The words, or the value of what was chosen from a list."""
    given = form.reason.data
    return str(getattr(given, "value", given) or "")


def _ask(kind: RequestKind) -> Callable[[Work, Ticket, Any, int | None], Any]:
    def deed(work: Work, ticket: Ticket, form: Any, version: int | None) -> Any:
        return requesting.ask(work, ticket, kind, reason_of(form), facts_of(form))

    return deed


def _allows(kind: RequestKind) -> Callable[[Work, Ticket], object]:
    return lambda work, ticket: requesting.check(work, ticket, kind)


# As acts on the ticket, by the value of `kind`.
REQUEST_ACTS = {
    str(row.kind.value): Act(
        Action.REQUEST,
        row.form,
        _ask(row.kind),
        row.success,
        "request",
        title=row.kind.verb,
        allows=_allows(row.kind),
        lead=row.lead,
        kind=str(row.kind.value),
    )
    for row in TICKET_KINDS
}
HINTS = {row.kind: row.hint for row in TICKET_KINDS}
