"""The forms of what is done to a task (承办任务): fields and their shape, as design 9 names them.

Not here: the form by which a unit is asked (`ticket_actions`); whether an act may be done (services).
"""

from assist.domain.requests import ObjectionSubject
from assist.domain.tasks import TaskResult
from assist.forms.fields import ChoiceOf, Day, OneOf, files, unseen, words
from assist.forms.ticket_actions import ActionForm

OF_CLOCK = (ObjectionSubject.CARD, ObjectionSubject.VERDICT, ObjectionSubject.RESPONSIBILITY)


class NoteForm(ActionForm):
    """核发: nothing has to be said."""

    note = words("说明", hint="随任务一并送达承办单位，可不填。")


class PlainForm(ActionForm):
    """An act that needs no words: 签收, 签发, 认可."""


class PassForm(ActionForm):
    handler = OneOf("转交给", "请选择本单位的承办人员。")
    note = words("说明", hint="只给接手的同事看，可不填。")


class TaskProgressForm(ActionForm):
    text = words("进展情况", "请填写进展情况。", hint="责任专员、调度员和督查员可见，企业看不到。")
    files = files()


class ReplyForm(ActionForm):
    """The day is asked for 需继续办理, the basis for 职权所限."""

    result = ChoiceOf("办理结果", TaskResult, "请选择办理结果。")
    reply = words(
        "办理情况", "请填写办理情况。", hint="写清做了什么、结果如何、依据是什么。责任专员据此答复企业。"
    )
    promised_on = Day("承诺办结日期")
    basis = words("职权所限的依据", hint="选“职权所限”时必填：哪条规定、应由哪个单位办理。")
    files = files()

    def validate(self, extra_validators: object = None) -> bool:
        is_fine = super().validate(extra_validators)
        if self.result.data is TaskResult.CONTINUING and self.promised_on.data is None:
            if not self.promised_on.errors:
                self.promised_on.errors = ["需继续办理的，请填写承诺办结日期。"]
            is_fine = False
        if self.result.data is TaskResult.BEYOND_POWERS and not (self.basis.data or "").strip():
            self.basis.errors = [*self.basis.errors, "请填写职权所限的依据。"]
            is_fine = False
        return is_fine


class BackForm(ActionForm):
    """退回重报, 退回修改."""

    reason = words("退回原因", "请填写退回原因。", hint="写清还缺什么，便于一次改好。")


class CancelForm(ActionForm):
    reason = words(
        "取消原因", "请填写取消原因。", hint="承办单位会收到。已经超期的任务，取消后仍计为超期。"
    )


class TaskNudgeForm(ActionForm):
    text = words("催办内容", hint="可不填。每人每天可催办一次。")


class RequestForm(ActionForm):
    """What a unit asks about its task; `kind` goes along."""

    kind = unseen()


class TaskDeferralForm(RequestForm):
    new_due_on = Day("延期至", description="由责任专员审批；每次最多7个工作日，最多两次。")
    work_done = words("已做的工作", "请填写已做的工作。")
    reason = words("延期原因", "请填写延期原因。")


class TaskReturnForm(RequestForm):
    reason = words("退回原因", "请填写退回原因。", hint="由助企办调度员审批；每项任务只能申请一次。")
    basis = words("不属于本单位职责的依据", "请填写不属于本单位职责的依据。", hint="写明哪条规定或三定方案。")
    unit = OneOf("建议的承办单位", "请选择建议的承办单位。")


class TaskObjectionForm(RequestForm):
    subject = ChoiceOf("异议事项", ObjectionSubject, "请选择异议事项。", only=OF_CLOCK)
    about = OneOf("所指时限", "请选择所指的时限。")
    reason = words("理由和依据", "请填写理由和依据。", hint="由督查员审核；当月数据冻结前提出。")
