"""The forms of what its owner does with a ticket: fields and their shape, as design 9 names them.

Not here: the enterprise's forms (`enterprise_actions`); whether an act may be done (services).
"""

from typing import Any

from wtforms import RadioField
from wtforms.validators import DataRequired, Optional

from assist.domain.status import CallbackResult, Difficulty, Method, Outcome, Rating, TicketType
from assist.domain.tasks import TaskKind
from assist.forms.fields import ChoiceOf, Day, OneOf, Shape, YesOrNo, files, line, unseen, words


class ActionForm(Shape):
    """What every act carries: the version of the page it was read on, and a key that makes it happen once."""

    form_key = unseen()
    version = unseen()
    received: list[Any]  # the files that came with it, set by the page

    @property
    def read_version(self) -> int | None:
        """The version, or None when there is none that could be true."""
        text = (self.version.data or "").strip()
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


class AcceptForm(ActionForm):
    category = OneOf("诉求类别", "请选择诉求类别。")
    type = ChoiceOf("诉求类型", TicketType, "请选择诉求类型。")
    difficulty = ChoiceOf("难度", Difficulty, "请选择难度。")
    reason = words("说明", hint="更正企业所选类别、定为复杂或疑难、类别为“其他”时必填，企业可见。")


class ContactForm(ActionForm):
    method = ChoiceOf("联系方式", Method, "请选择联系方式。")
    person = line("联系人", "请填写联系人。", hint="企业方与您沟通的人。")
    summary = words("联系情况", "请填写联系情况。", hint="企业可见，并会请企业核对是否属实。")
    claimed_at = line(
        "实际联系时间", hint="仅在补登时填写，例如 11月20日 10:00；以登记时间计算时限，并标注补登。"
    )


class OpinionForm(ActionForm):
    opinion = words("初步意见", "请填写初步意见。", hint="告诉企业打算怎么办、由谁办、下一步做什么。")
    expected_on = Day("预计办结日期")


class FirstResponseForm(ActionForm):
    """Each part may wait; a part that is begun is asked for whole."""

    method = ChoiceOf("联系方式", Method)
    person = line("联系人")
    summary = words("联系情况", hint="企业可见，并会请企业核对是否属实。")
    claimed_at = line("实际联系时间", hint="仅在补登时填写；以登记时间计算时限，并标注补登。")
    category = OneOf("诉求类别")
    type = ChoiceOf("诉求类型", TicketType)
    difficulty = ChoiceOf("难度", Difficulty)
    reason = words("说明", hint="更正企业所选类别、定为复杂或疑难、类别为“其他”时必填，企业可见。")
    opinion = words("初步意见", hint="告诉企业打算怎么办、由谁办、下一步做什么。")
    expected_on = Day("预计办结日期")

    @property
    def has_contact(self) -> bool:
        return bool((self.summary.data or "").strip() or self.method.data)

    @property
    def has_grading(self) -> bool:
        return bool(self.type.data or self.difficulty.data)

    def validate(self, extra_validators: object = None) -> bool:
        is_fine = super().validate(extra_validators)
        if self.has_contact:
            is_fine &= self._asked(
                (self.method, "请选择联系方式。"),
                (self.person, "请填写联系人。"),
                (self.summary, "请填写联系情况。"),
            )
        if self.has_grading or (self.opinion.data or "").strip():
            is_fine &= self._asked(
                (self.category, "请选择诉求类别。"),
                (self.type, "请选择诉求类型。"),
                (self.difficulty, "请选择难度。"),
            )
        return is_fine

    def _asked(self, *pairs: tuple) -> bool:
        missing = [(field, sentence) for field, sentence in pairs if not field.data]
        for field, sentence in missing:
            field.errors = [*field.errors, sentence]
        return not missing


class ProgressForm(ActionForm):
    text = words("进展情况", "请填写进展情况。")
    is_visible = YesOrNo("谁可以看到", "企业可见（计为一次进展反馈）", "仅内部可见")


class CommentForm(ActionForm):
    text = words("内容")
    files = files()


class RequestSupplementForm(ActionForm):
    text = words(
        "需要企业补充什么",
        "请填写需要企业补充什么。",
        hint="补正期间受理、初步意见、办结时限暂停；最多补正两次。",
    )


class MergeForm(ActionForm):
    """Which tickets are offered says the page; whether one may be merged into another says the service."""

    parent = RadioField(
        "并入哪一件", [DataRequired("请选择并入哪一件。")], choices=[], coerce=str, validate_choice=False
    )


class AnswerForm(ActionForm):
    outcome = ChoiceOf("办理结果", Outcome, "请选择办理结果。")
    answer = words(
        "给企业的答复", "请填写给企业的答复。", hint="企业可见。写清结果、依据和企业下一步要做什么。"
    )
    account = words("内部办理情况", "请填写内部办理情况。", hint="企业看不到。写清找了谁、怎么办的。")
    files = files("附件（企业可见）")


class AssignTaskForm(ActionForm):
    unit = OneOf("承办单位", "请选择承办单位。")
    kind = ChoiceOf("承办方式", TaskKind, "请选择承办方式。")
    text = words("请单位办理的内容", "请填写请单位办理的内容。", hint="写清要核实或解决什么、要什么结果。企业看不到。")
    due_on = Day("要求反馈日期", description="不填的，按任务反馈时限计时。")
    files = files("附件（供承办单位）")


class CorrectAnswerForm(ActionForm):
    answer = words("更正后的答复", "请填写更正后的答复。")
    reason = words("更正原因", "请填写更正原因。", hint="企业可见；原答复仍保留在流转记录中。")


class InstructForm(ActionForm):
    """A leader fills in the words and the day; a supervisor who enters it for him the rest."""

    leader = RadioField("批示领导", [Optional()], choices=[], coerce=str, validate_choice=False)
    leader_name = line("其他领导", hint="不在上面列出的，填写姓名和职务。")
    text = words("批示内容", "请填写批示内容。")
    due_on = Day("要求落实的日期")
    document = line("批示件文号", most=120, hint="例如 聊政阅〔2026〕12号；没有文号的，上传批示件。")
    files = files("批示件")


class ReplyInstructionForm(ActionForm):
    """`instruction` says which, where several wait; the oldest when it does not."""

    instruction = unseen()
    text = words("落实情况", "请填写落实情况。", hint="写清做了什么、结果如何。批示领导会收到，企业看不到。")


class CallbackForm(ActionForm):
    """What a supervisor heard; nothing is chosen beforehand."""

    method = ChoiceOf("回访方式", Method, "请选择回访方式。")
    person = line("接听人", "请填写接听人。", hint="企业方与您通话的人。")
    result = ChoiceOf("企业的意见", CallbackResult, "请选择企业的意见。")
    rating = ChoiceOf("满意程度", Rating)
    text = words("回访情况", "请填写回访情况。", hint="企业可见。评价较低时，这段话不会显示给服务专员。")
