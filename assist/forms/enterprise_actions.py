"""The forms of what an enterprise does with its ticket: fields and their shape, as design 9 names them."""

from assist.domain.status import Rating, RatingReason, Result
from assist.forms.fields import ChoiceOf, ChoicesOf, YesOrNo, files, words
from assist.forms.ticket_actions import ActionForm

ENTERPRISE_RESULTS = (Result.SOLVED, Result.PARTLY, Result.ACKNOWLEDGED)


class RateForm(ActionForm):
    rating = ChoiceOf("您对这次办理满意吗", Rating, "请选择满意程度。")
    reasons = ChoicesOf("不满意的原因", RatingReason)
    comment = words("还想说的话", most=500)


class ConfirmForm(ActionForm):
    result = ChoiceOf("问题解决了吗", Result, "请选择办理结果。", only=ENTERPRISE_RESULTS)
    rating = ChoiceOf("您对这次办理满意吗", Rating, "请选择满意程度。")
    reasons = ChoicesOf("不满意的原因", RatingReason)
    comment = words("还想说的话", most=500)


class ReturnForm(ActionForm):
    reason = words("哪里还没有解决", "请填写哪里还没有解决。", hint="写清还差什么，专员会接着办。")


class ReopenForm(ActionForm):
    reason = words("重新办理的原因", "请填写重新办理的原因。")


class WithdrawForm(ActionForm):
    reason = words("撤回原因", "请填写撤回原因。", hint="撤回后不再办理；需要时可以重新提交。")


class SupplementForm(ActionForm):
    text = words("补充的内容")
    files = files()


class NudgeForm(ActionForm):
    text = words("想说的话", hint="可以不填。每天可催办一次。")


class VerifyForm(ActionForm):
    is_true = YesOrNo("是否属实", "属实", "不属实", "请选择是否属实。")
