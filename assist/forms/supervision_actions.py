"""The forms of 督办: fields and their shape. Whom one may address is filled in by the page and checked by services."""

from wtforms import RadioField
from wtforms.validators import DataRequired

from assist.domain.supervision import SupervisionLevel
from assist.forms.fields import ChoiceOf, files, words
from assist.forms.ticket_actions import ActionForm


class SuperviseForm(ActionForm):
    """`addressee` is `owner`, `area`, or the number of the task of the unit that is addressed."""

    level = ChoiceOf("督办级别", SupervisionLevel, "请选择督办级别。")
    addressee = RadioField(
        "督办对象", [DataRequired("请选择督办对象。")], choices=[], coerce=str, validate_choice=False
    )
    demand = words("督办要求", "请填写督办要求。", hint="写入文件正文：要求做什么、反馈什么。企业看不到。")


class SupervisionReplyForm(ActionForm):
    text = words(
        "反馈内容", "请填写反馈内容。", hint="写清超期或未办理的原因、已采取的措施、下一步安排和完成时间。"
    )
    files = files("附件（盖章的反馈件等）")


class AcceptNoteForm(ActionForm):
    note = words("意见", hint="可不填。")


class RaiseForm(ActionForm):
    demand = words("新的督办要求", hint="不填的，沿用原督办要求。")
    note = words("升级原因", "请填写升级原因。", hint="例如逾期未反馈、反馈内容空泛。")


class VoidForm(ActionForm):
    note = words("作废原因", "请填写作废原因。", hint="文号保留，不再使用。")


class DismissForm(ActionForm):
    note = words("不予督办的理由", "请填写不予督办的理由。", hint="建议不会删除，理由留存备查。")
