"""提交诉求: the enterprise's form and, with whom, from where and whether it was checked, the officer's 代录诉求."""

from typing import Any

from wtforms import BooleanField
from wtforms.validators import DataRequired

from assist.domain.status import Source
from assist.forms.fields import NO, ChoiceOf, OneOf, Shape, files, line, unseen, words

ENTERED_SOURCES = tuple(one for one in Source if one is not Source.SELF)
FALSE = tuple(NO)


class SubmissionForm(Shape):
    """Required is only what the problem is."""

    form_key = unseen()
    linked = unseen()  # an ended ticket of the same matter
    enterprise = OneOf("企业")
    description = words(
        "遇到了什么问题", "请填写遇到了什么问题。", hint="什么事、卡在哪里、影响有多大，按平时说话写就行。"
    )
    files = files("照片和文件")
    wish = words("希望怎么解决", most=500)
    category = OneOf("诉求类别")
    title = line("标题", most=60, hint="不填时由系统按内容拟定。")
    is_pressing = BooleanField("情况紧急", false_values=(False, *FALSE))
    pressing_reason = words(
        "紧急的原因", most=400, hint="例如停产停工、断水断电、安全环保险情、资金三天内断裂。"
    )
    received: list[Any]


class EntryForm(SubmissionForm):
    """代录诉求, by the enterprise's officer."""

    enterprise = OneOf("企业", "请选择企业。")
    source = ChoiceOf("诉求来源", Source, "请选择诉求来源。", only=ENTERED_SOURCES)
    is_checked = BooleanField(
        "以上内容已与企业核对",
        [DataRequired("请先与企业核对内容，再勾选确认。")],
        false_values=(False, *FALSE),
        description="提交后企业会收到核对请求，确认属实后计入统计。",
    )
