"""Every act on a task as one row: its form, the service that does it, what is said afterwards.

How a row is run is `task_actions`; a unit's request is `task_requests`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from assist.domain.tasks import TaskAction
from assist.forms import task_actions as forms
from assist.forms.ticket_actions import ActionForm
from assist.models import Task, TicketEvent
from assist.services import tasking
from assist.services.work import Work

Deed = Callable[[Work, Task, Any, int | None], TicketEvent]


@dataclass(frozen=True)
class TaskAct:
    """`lead` is said above the form: what the act does."""

    action: TaskAction
    form: type[ActionForm]
    deed: Deed
    success: str
    lead: str = ""

    @property
    def heading(self) -> str:
        return self.action.title

    @property
    def has_files(self) -> bool:
        return "files" in self.form.__dict__

    @property
    def needs_words(self) -> bool:
        """Whether it has a form to fill in; otherwise its button does it at once."""
        return self.form is not forms.PlainForm


def _pass(work: Work, task: Task, form: Any, version: int | None) -> TicketEvent:
    handler = int(form.handler.data) if (form.handler.data or "").isdigit() else None
    return tasking.pass_on(work, task, handler, form.note.data or "")


def _reply(work: Work, task: Task, form: Any, version: int | None) -> TicketEvent:
    return tasking.reply(
        work, task, form.result.data, form.reply.data, form.promised_on.data, form.basis.data or ""
    )


A = TaskAction
ROWS = (
    TaskAct(
        A.DISPATCH,
        forms.NoteForm,
        lambda work, task, form, version: tasking.dispatch(work, task, form.note.data or ""),
        "已核发，承办单位会立即收到。",
        "以市助企办名义发给承办单位；核发后单位的签收、反馈时限开始计算。",
    ),
    TaskAct(
        A.SIGN,
        forms.PlainForm,
        lambda work, task, form, version: tasking.sign(work, task),
        "已签收，责任专员会收到通知。",
        "签收后由您承办，也可以再转交同事。",
    ),
    TaskAct(A.PASS, forms.PassForm, _pass, "已转交，接手的同事会收到通知。"),
    TaskAct(
        A.PROGRESS,
        forms.TaskProgressForm,
        lambda work, task, form, version: tasking.progress(work, task, form.text.data),
        "进展已保存。",
    ),
    TaskAct(A.REPLY, forms.ReplyForm, _reply, "反馈已提交。"),
    TaskAct(
        A.SIGN_REPLY,
        forms.PlainForm,
        lambda work, task, form, version: tasking.sign_reply(work, task),
        "已签发，责任专员会收到反馈。",
        "签发后反馈即发给责任专员，单位的反馈时限停止计算。",
    ),
    TaskAct(
        A.HAND_BACK,
        forms.BackForm,
        lambda work, task, form, version: tasking.hand_back(work, task, form.reason.data),
        "已退回修改。",
        "退回给拟稿的同事，单位的反馈时限继续计算。",
    ),
    TaskAct(
        A.ACCEPT_REPLY,
        forms.PlainForm,
        lambda work, task, form, version: tasking.accept_reply(work, task, version=version),
        "已认可。",
        "认可后任务办结；结果为“需继续办理”的，单位按承诺日期继续办理，到时再反馈。",
    ),
    TaskAct(
        A.SEND_BACK,
        forms.BackForm,
        lambda work, task, form, version: tasking.send_back(work, task, form.reason.data, version=version),
        "已退回，承办单位重新反馈。",
        "退回后单位在1个工作日内重新反馈；原来的时限结论不变。",
    ),
    TaskAct(
        A.CANCEL,
        forms.CancelForm,
        lambda work, task, form, version: tasking.cancel(work, task, form.reason.data, version=version),
        "任务已取消。",
    ),
    TaskAct(
        A.NUDGE,
        forms.TaskNudgeForm,
        lambda work, task, form, version: tasking.nudge(work, task, form.text.data or ""),
        "已催办。",
    ),
)
ACTS = {act.action.slug: act for act in ROWS}
