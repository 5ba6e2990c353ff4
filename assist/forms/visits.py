"""The forms of 走访: planning one, writing down what came of it, merging, calling off. Shape only."""

from typing import Any

from wtforms import RadioField

from assist.domain.status import Method
from assist.domain.visits import VisitKind
from assist.forms.fields import WRONG_CHOICE, ChoiceOf, Day, OneOf, Shape, YesOrNo, line, unseen, words

OVER = "超出上限的理由"


class EnterpriseForm(Shape):
    """Which enterprise is meant."""

    enterprise = OneOf("企业")


class Joining(RadioField):
    """Alone, or along with somebody's planned visit; the page fills the choices in (id, words)."""

    def __init__(self, label: str, **more: Any) -> None:
        super().__init__(label, choices=[], coerce=str, validate_choice=False, **more)

    def pre_validate(self, form: Shape) -> None:
        if self.data and self.data not in {str(value) for value, *_ in self.iter_choices()}:
            raise ValueError(WRONG_CHOICE)

    @property
    def target_id(self) -> int | None:
        text = self.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


class PlanForm(Shape):
    form_key = unseen()
    joins = Joining("是否一并前往")
    kind = ChoiceOf("事项", VisitKind, "请选择事项。")
    visit_on = Day("计划日期")
    purpose = line("目的", "请填写目的。", most=200, hint="一句话，其他单位计划走访时会看到；不要写涉密和检查内容。")
    for_officer = YesOrNo("由谁前往", yes="该企业服务专员", no="本人")
    over_budget_reason = line(OVER, most=200)


class AmendForm(Shape):
    """What came of a visit in words: the columns of ledger C but its day."""

    form_key = unseen()
    method = ChoiceOf("方式", Method, "请选择方式。")
    companions = line("同行人员", most=200)
    situation = words("主要情况", "请填写主要情况。", hint="生产经营、订单、用工、项目进展等，有数据的写数据。")
    policies = words("宣讲政策")
    problems = words("发现问题", hint="企业提出或现场发现、需要帮助解决的。可以由服务专员一键生成诉求。")
    promises = words("承诺事项", hint="当场答应企业的事和时间，会列在一企一档里。")


class RecordForm(AmendForm):
    """Of a planned one."""

    visit_on = Day("日期", "请填写日期。")
    over_budget_reason = line(OVER, most=200)


class RecordNewForm(RecordForm):
    """Of one that was not planned."""

    kind = ChoiceOf("事项", VisitKind, "请选择事项。")


class CancelForm(Shape):
    form_key = unseen()
    reason = line("取消原因", most=200)


class JoinForm(Shape):
    form_key = unseen()
    joins = Joining("并入哪次走访")
