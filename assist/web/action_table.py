"""Every act on a ticket as one row: its form, the service that does it, what is said afterwards.

A new act is a new row here, a form in `assist/forms` and, where the plain form is not enough, a template. How a row
is run (once, locked, stale, files, one commit) is `ticket_actions`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from assist.domain.errors import Invalid
from assist.domain.transitions import Action
from assist.forms import enterprise_actions as own
from assist.forms import ticket_actions as office
from assist.forms.requests import ResumeForm
from assist.forms.supervision_actions import SuperviseForm
from assist.forms.ticket_actions import ActionForm
from assist.models import Ticket, TicketEvent
from assist.services import (
    answering,
    closing,
    conversing,
    handling,
    merging,
    suspending,
    tasking,
)
from assist.services.work import Work
from assist.web import pressing_deeds

Deed = Callable[[Work, Ticket, Any, int | None], TicketEvent]


@dataclass(frozen=True)
class Act:
    """`template` is under templates/ticket_actions; `leads_home`: afterwards one expects one's own list.

    `allows` raises what else than the act itself is in the way (of a request's `kind`); `lead` is said above the form.
    """

    action: Action
    form: type[ActionForm]
    deed: Deed
    success: str
    template: str = "form"
    title: str = ""
    leads_home: bool = False
    allows: Callable[[Work, Ticket], object] | None = None
    lead: str = ""
    kind: str = ""

    @property
    def has_files(self) -> bool:
        return "files" in self.form.__dict__

    @property
    def key(self) -> str:
        """The act (and kind) by name, for what is kept of its form on the device."""
        return f"{self.action.slug}-{self.kind}" if self.kind else self.action.slug

    @property
    def heading(self) -> str:
        return self.title or self.action.title


def _contact_words(form: Any) -> handling.ContactWords:
    return handling.ContactWords(
        form.method.data, form.person.data, form.summary.data, form.claimed_at.data or ""
    )


def _grading(form: Any) -> handling.Grading:
    return handling.Grading(
        form.category.data, form.type.data, form.difficulty.data, (form.reason.data or "").strip()
    )


def _grade(form: Any) -> closing.Grade:
    return closing.Grade(form.rating.data, form.reasons.data or [], (form.comment.data or "").strip())


def _first_response(work: Work, ticket: Ticket, form: Any, version: int | None) -> TicketEvent:
    said = _contact_words(form) if form.has_contact else None
    grading = _grading(form) if form.has_grading else None
    opinion, expected_on = form.opinion.data or "", form.expected_on.data
    return handling.first_response(work, ticket, said, grading, opinion, expected_on, version=version)


def _answer(work: Work, ticket: Ticket, form: Any, version: int | None) -> TicketEvent:
    return answering.answer(
        work, ticket, form.outcome.data, form.answer.data, form.account.data, version=version
    )


def _progress(work: Work, ticket: Ticket, form: Any, version: int | None) -> TicketEvent:
    return handling.progress(work, ticket, form.text.data, is_visible=form.is_visible.is_yes)


def _assign(work: Work, ticket: Ticket, form: Any, version: int | None) -> TicketEvent:
    unit_id = int(form.unit.data) if (form.unit.data or "").isdigit() else None
    _, event = tasking.ask_with_event(
        work, ticket, unit_id, form.kind.data, form.text.data, form.due_on.data
    )
    return event


def _has_files(form: Any) -> bool:
    return bool(form.received)


def _no_kind(work: Work, ticket: Ticket, form: Any, version: int | None) -> TicketEvent:
    """Each kind has a form of its own (`request_table`)."""
    raise Invalid("请先选择要申请的事项。")


A = Action
ROWS = (
    Act(A.FIRST_RESPONSE, office.FirstResponseForm, _first_response, "首联登记已保存。", "first_response"),
    Act(
        A.ACCEPT,
        office.AcceptForm,
        lambda work, ticket, form, version: handling.accept(work, ticket, _grading(form), version=version),
        "已受理。",
        "accept",
    ),
    Act(
        A.CONTACT,
        office.ContactForm,
        lambda work, ticket, form, version: handling.contact(work, ticket, _contact_words(form)),
        "联系情况已登记，企业会收到核对请求。",
    ),
    Act(
        A.OPINION,
        office.OpinionForm,
        lambda work, ticket, form, version: handling.opinion(
            work, ticket, form.opinion.data, form.expected_on.data
        ),
        "初步意见已发给企业。",
    ),
    Act(A.PROGRESS, office.ProgressForm, _progress, "进展已保存。"),
    Act(
        A.COMMENT,
        office.CommentForm,
        lambda work, ticket, form, version: conversing.comment(
            work, ticket, form.text.data, has_files=_has_files(form)
        ),
        "已发送。",
    ),
    Act(
        A.REQUEST_SUPPLEMENT,
        office.RequestSupplementForm,
        lambda work, ticket, form, version: conversing.request_supplement(
            work, ticket, form.text.data, version=version
        ),
        "已请企业补正，补正期间相关时限暂停。",
    ),
    Act(
        A.SUPPLEMENT,
        own.SupplementForm,
        lambda work, ticket, form, version: conversing.supplement(
            work, ticket, form.text.data, has_files=_has_files(form), version=version
        ),
        "补充的内容已提交，办理时限继续计算。",
    ),
    Act(
        A.MERGE,
        office.MergeForm,
        lambda work, ticket, form, version: merging.merge(work, ticket, form.parent.data, version=version),
        "已并单，企业和责任专员都已收到消息。",
        "merge",
    ),
    Act(A.ASSIGN_TASK, office.AssignTaskForm, _assign, "已提请承办单位。"),
    Act(A.ANSWER, office.AnswerForm, _answer, "已答复，等待企业确认。"),
    Act(
        A.CORRECT_ANSWER,
        office.CorrectAnswerForm,
        lambda work, ticket, form, version: answering.correct_answer(
            work, ticket, form.answer.data, form.reason.data, version=version
        ),
        "答复已更正，企业重新确认。",
    ),
    Act(
        A.CONFIRM,
        own.ConfirmForm,
        lambda work, ticket, form, version: closing.confirm(
            work, ticket, form.result.data, _grade(form), version=version
        ),
        "已确认办结，感谢您的评价。",
        "confirm",
        leads_home=True,
    ),
    Act(
        A.RETURN,
        own.ReturnForm,
        lambda work, ticket, form, version: closing.send_back(
            work, ticket, form.reason.data, version=version
        ),
        "已退回，专员会继续办理。",
        title="未解决，请继续办理",
    ),
    Act(
        A.RATE,
        own.RateForm,
        lambda work, ticket, form, version: closing.rate(work, ticket, _grade(form)),
        "感谢您的评价。",
        "confirm",
        leads_home=True,
    ),
    Act(
        A.REOPEN,
        own.ReopenForm,
        lambda work, ticket, form, version: closing.reopen(work, ticket, form.reason.data, version=version),
        "已重新办理。",
    ),
    Act(
        A.WITHDRAW,
        own.WithdrawForm,
        lambda work, ticket, form, version: closing.withdraw(work, ticket, form.reason.data, version=version),
        "诉求已撤回。",
        leads_home=True,
    ),
    Act(
        A.SUPERVISE,
        SuperviseForm,
        pressing_deeds.supervise,
        "已签发，督办对象会立即收到。",
        "supervise",
        title="签发督办",
    ),
    Act(A.INSTRUCT, office.InstructForm, pressing_deeds.instruct, "批示已送责任专员。", "instruct"),
    Act(
        A.REPLY_INSTRUCTION,
        office.ReplyInstructionForm,
        pressing_deeds.reply_instruction,
        "已反馈，批示领导会收到。",
        "reply_instruction",
    ),
    Act(A.CALLBACK, office.CallbackForm, pressing_deeds.callback, "回访已登记。", "callback", title="回访登记"),
    Act(
        A.RESUME,
        ResumeForm,
        lambda work, ticket, form, version: suspending.resume(work, ticket, form.reason.data, version=version),
        "已恢复办理，办理时限继续计算。",
    ),
    Act(A.REQUEST, ActionForm, _no_kind, "", "request_kinds", title="提出申请"),
    Act(
        A.NUDGE,
        own.NudgeForm,
        lambda work, ticket, form, version: conversing.nudge(work, ticket, form.text.data),
        "已催办。",
    ),
    Act(
        A.VERIFY_ENTRY,
        own.VerifyForm,
        lambda work, ticket, form, version: conversing.verify_entry(work, ticket, form.is_true.is_yes),
        "已记录，谢谢您的核对。",
        "verify",
    ),
    Act(
        A.VERIFY_CONTACT,
        own.VerifyForm,
        lambda work, ticket, form, version: conversing.verify_contact(work, ticket, form.is_true.is_yes),
        "已记录，谢谢您的核对。",
        "verify",
    ),
)
ACTS = {act.action.slug: act for act in ROWS}
