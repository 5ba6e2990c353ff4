"""The forms of requests, one a kind, and of their decision: fields and their shape, as design 9 names them.

Every form of a request carries its `kind`. What beside its shape is wrong with one is said by `request_checks`.
"""

from assist.domain.requests import (
    DeclineReason,
    ObjectionSubject,
    SuspensionReason,
    UrgencyReason,
)
from assist.domain.status import Difficulty, TicketType
from assist.forms.fields import ChoiceOf, Day, OneOf, YesOrNo, pressed, unseen, words
from assist.forms.ticket_actions import ActionForm


class RequestForm(ActionForm):
    kind = unseen()


class DeclineForm(RequestForm):
    reason = ChoiceOf("不予受理的原因", DeclineReason, "请选择不予受理的原因。")
    basis = words("依据", "请填写依据。", hint="哪条规定、什么事实。同意后企业可见。")
    guidance = words(
        "请企业去哪里办", "请填写请企业去哪里办。", hint="写清部门、窗口、电话或渠道。同意后发给企业。"
    )


class ReasonForm(RequestForm):
    """撤回, 复核: the enterprise's own words."""

    reason = words("理由", "请填写理由。")


class DifficultyForm(RequestForm):
    category = OneOf("诉求类别")
    type = ChoiceOf("诉求类型", TicketType)
    difficulty = ChoiceOf("难度", Difficulty)
    reason = words("理由", "请填写理由。", hint="企业可见。")


class UrgencyForm(RequestForm):
    reason = ChoiceOf("特急的原因", UrgencyReason, "请选择特急的原因。")
    basis = words("具体情况", "请填写具体情况。", hint="什么时候发生、影响多大、最晚什么时候要解决。")


class DeferralForm(RequestForm):
    new_due_on = Day("延期至")
    reason = words("延期原因", "请填写延期原因。", hint="企业可见。")
    work_done = words("已做的工作", "请填写已做的工作。", hint="找了谁、做了什么、到了哪一步。企业看不到。")
    is_told = YesOrNo(
        "是否已告知企业", "已把延期的原因和日期告知企业", "还没有", "请选择是否已告知企业。"
    )


class SuspensionForm(RequestForm):
    reason = ChoiceOf("挂账的原因", SuspensionReason, "请选择挂账的原因。")
    plan = words("挂账期间的工作计划", "请填写挂账期间的工作计划。", hint="等什么、谁去跟、多久跟一次。")
    review_on = Day("复核日期", description="最长30天；到时由市助企办决定继续挂账还是恢复办理。")


class CoordinationForm(RequestForm):
    reason = words("卡点", "请填写卡在哪里。", hint="一两句话说清卡在哪里，领导在手机上就能看明白。")
    work_done = words("已做的工作", "请填写已做的工作。")
    who_does = words("请谁做什么", "请填写请谁做什么。", hint="例如：请市住建局明确验收时间。")
    due_on = Day("希望何时前协调")


class ObjectionForm(RequestForm):
    subject = ChoiceOf("异议事项", ObjectionSubject, "请选择异议事项。")
    about = OneOf("具体是哪一项", "请选择具体是哪一项。")
    party = OneOf("应由哪一方负责", description="对超期责任方有异议时可以指明；不指明的，成立后不计任何一方。")
    reason = words("理由和依据", "请填写理由和依据。", hint="由督查员审核。成立的，统计时按审核结果计算。")


class DecideForm(ActionForm):
    decision = pressed()
    note = words("审批意见", hint="不同意时必填。申请人可见；同意后需告知企业的，企业也可见。")


class ReviewForm(ActionForm):
    decision = pressed()
    review_on = Day("下次复核日期", description="继续挂账时填写，最长30天。")
    note = words("复核意见", hint="企业可见。")


class ResumeForm(ActionForm):
    reason = words("恢复办理的原因", "请填写恢复办理的原因。", hint="企业可见。恢复后办理时限继续计算。")
