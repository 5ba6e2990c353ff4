"""Every act on a 督办 as one row: its form, the service that does it, what is said afterwards.

How a row is run is `supervision_actions`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from assist.domain.supervision import Addressee, SupervisionAction
from assist.forms import supervision_actions as forms
from assist.forms.ticket_actions import ActionForm
from assist.models import Supervision, TicketEvent
from assist.services import supervising
from assist.services.work import Work

Done = tuple[Supervision, TicketEvent | None]
Deed = Callable[[Work, int, Any], Done]
DEMAND = "{why}。请说明原因，采取措施尽快办理，并书面反馈办理情况、下一步措施和完成时间。"
OWNER, AREA = str(Addressee.OWNER.value), str(Addressee.AREA.value)


@dataclass(frozen=True)
class SupervisionAct:
    """`lead` is said above the form: what the act does."""

    action: SupervisionAction
    form: type[ActionForm]
    deed: Deed
    success: str
    lead: str = ""

    @property
    def has_files(self) -> bool:
        return "files" in self.form.__dict__


def order_of(form: Any) -> supervising.Order:
    """What the form of 签发 says: the addressee is `owner`, `area`, or the number of a task."""
    to = (form.addressee.data or "").strip()
    addressee = {OWNER: Addressee.OWNER, AREA: Addressee.AREA}.get(to, Addressee.UNIT if to else None)
    task = to if addressee is Addressee.UNIT else ""
    return supervising.Order(form.level.data, addressee, task, form.demand.data or "")


def _raise(work: Work, id: int, form: Any) -> Done:
    return supervising.raise_level(work, id, form.demand.data or "", form.note.data or ""), None


A = SupervisionAction
ROWS = (
    SupervisionAct(
        A.REPLY,
        forms.SupervisionReplyForm,
        lambda work, id, form: supervising.reply(work, id, form.text.data),
        "反馈已提交，督查室会收到。",
    ),
    SupervisionAct(
        A.ISSUE,
        forms.SuperviseForm,
        lambda work, id, form: supervising.issue_proposal(work, id, order_of(form)),
        "已签发，督办对象会立即收到。",
        "签发时编定文号，督办对象立即收到并开始计时。",
    ),
    SupervisionAct(
        A.ACCEPT,
        forms.AcceptNoteForm,
        lambda work, id, form: (supervising.accept(work, id, form.note.data or ""), None),
        "已认可。",
    ),
    SupervisionAct(
        A.RAISE,
        forms.RaiseForm,
        _raise,
        "已升级，新的督办文件已签发。",
        "以新的文号签发下一级督办，原件标注“已升级”。",
    ),
    SupervisionAct(
        A.VOID,
        forms.VoidForm,
        lambda work, id, form: (supervising.void(work, id, form.note.data or ""), None),
        "已作废，文号保留。",
    ),
    SupervisionAct(
        A.DISMISS,
        forms.DismissForm,
        lambda work, id, form: (supervising.dismiss(work, id, form.note.data or ""), None),
        "已记录，不予督办。",
    ),
)
ACTS = {str(act.action.value): act for act in ROWS}
