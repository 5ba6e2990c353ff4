"""The forms of settings that two supervisors change (limits, ladder), and of what one changes at once. Shape only."""

from decimal import Decimal, InvalidOperation

from wtforms import RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from assist.domain.channel_names import ChannelName
from assist.domain.deadlines import Budget, Measure
from assist.domain.ladder_words import Recipient
from assist.forms.fields import ChoicesOf, Shape, YesOrNo, line, unseen, words

MEASURES = {
    "working_days": (Measure.WORKING_DAYS, 1, "个工作日"),
    "working_hours": (Measure.WORKING_MINUTES, 60, "个工作小时"),
    "any_hours": (Measure.ANY_MINUTES, 60, "小时（不分昼夜）"),
    "calendar_days": (Measure.CALENDAR_DAYS, 1, "个自然日"),
}


class ProposalForm(Shape):
    """What every proposed change carries."""

    form_key = unseen()
    reason = words("调整理由", "请填写调整理由。", most=400, hint="审批人会看到，并记入审计日志。")


class LimitForm(ProposalForm):
    amount = line("时限", "请填写时限。", most=6, hint="正数；以小时计的可以有半小时，如 1.5。")
    measure = RadioField(
        "单位",
        choices=[SelectChoice(name, title) for name, (_, _, title) in MEASURES.items()],
        validators=[InputRequired("请选择单位。")],
    )

    @staticmethod
    def known(budget: Budget) -> dict[str, str]:
        """How a budget stands in the fields."""
        name, times = next(
            (name, times) for name, (measure, times, _) in MEASURES.items() if measure is budget.measure
        )
        number = Decimal(budget.amount) / times
        return {"amount": f"{number.normalize():f}", "measure": name}

    def validate(self, extra_validators: object = None) -> bool:
        is_fine = super().validate(extra_validators)
        if is_fine and self._counted() is None:
            self.amount.errors = [*self.amount.errors, "请填写正数；天数为整数，小时最多到半小时。"]
            return False
        return is_fine

    def _counted(self) -> int | None:
        """The amount in days or minutes; None when it is none."""
        _, times, _ = MEASURES[self.measure.data]
        try:
            number = Decimal((self.amount.data or "").strip())
        except InvalidOperation:
            return None
        if not number.is_finite() or not 0 < number < 10_000:
            return None
        step = Decimal(1) if times == 1 else Decimal("0.5")
        return int(number * times) if number % step == 0 else None

    @property
    def budget(self) -> Budget:
        """Once `validate` has said yes."""
        return Budget(MEASURES[self.measure.data][0], self._counted() or 1)


class LadderForm(ProposalForm):
    is_on = YesOrNo("这一步", "启用", "停用")
    unit = RadioField(
        "什么时候",
        choices=[
            SelectChoice("half", "用去一半时间时"),
            SelectChoice("days", "按工作日"),
            SelectChoice("hours", "按小时"),
        ],
        validators=[InputRequired("请选择什么时候。")],
        validate_choice=False,  # which of them a step has, the page knows
    )
    amount = line("数量", most=3, hint="到期前或超期后多少个工作日（小时）。")
    repeat_every = line("以后每几个工作日重复", most=3, hint="不重复的留空；只有最后一步可以重复。")
    recipients = ChoicesOf("告知谁", Recipient)
    channels = ChoicesOf("通过什么渠道", ChannelName)


class DecisionForm(Shape):
    """批准 or 不批准; what the buttons say decides."""

    note = words("审批意见", most=400, hint="不批准的必填。")


class RuleForm(ProposalForm):
    """One rule of the boards; what it may be says `domain.board_rules`."""

    value = line("改为", "请填写新的数值。", most=120)
