"""The forms of the roster: enterprises, people, units, pairing, phones and imports. Shape only."""

from flask_wtf.file import FileField
from wtforms import RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired

from assist.domain.handovers import Side
from assist.forms.fields import ChoiceOf, Day, OneOf, Shape, YesOrNo, line, unseen, words


class EnterpriseForm(Shape):
    name = line("企业名称", "请填写企业名称。", most=80)
    short_name = line("简称", most=40, hint="列表和消息中使用，可不填。")
    credit_code = line("统一社会信用代码", "请填写统一社会信用代码。", most=30)
    code_reason = line(
        "代码与校验规则不符的原因", most=200, hint="仅当系统提示校验不符、而营业执照确为此代码时填写。"
    )
    area = OneOf("县（市、区）", "请选择县（市、区）。")
    chain = OneOf("产业链")
    leader_name = line("牵头领导", most=40)
    group_names = line("工作组成员", most=200, hint="多人用顿号隔开。")
    address = line("地址", most=120)
    honour = line("企业荣誉", most=80, hint="如：国家级专精特新“小巨人”企业。")
    joined_on = Day("纳入日期")
    state = RadioField(
        "状态",
        choices=[SelectChoice("1", "在列"), SelectChoice("0", "已退出")],
        default="1",
        validators=[InputRequired("请选择状态。")],
    )


class PersonForm(Shape):
    """A contact, or (with its unit) an officer."""

    name = line("姓名", "请填写姓名。", most=40)
    phone = line("手机号码", "请填写手机号码。", most=30, hint="也是登录名。")
    position = line("职务", most=40)


class OfficerForm(PersonForm):
    unit = OneOf("所在单位", "请选择所在单位。")


class UnitForm(Shape):
    name = line("单位全称", "请填写单位全称。", most=80)
    short_name = line("简称", most=40, hint="如：市税务局。")
    aliases = line("其他叫法", most=200, hint="台账里可能出现的写法，用顿号隔开。")
    level = RadioField(
        "级别",
        choices=[SelectChoice("city", "市级"), SelectChoice("county", "县（市、区）级")],
        default="city",
        validators=[InputRequired("请选择级别。")],
    )
    area = OneOf("县（市、区）", description="县级单位必选。")
    is_vertical = YesOrNo("隶属关系", "中央和省驻聊单位", "本市单位")
    needs_signature = YesOrNo("反馈须由签发人签发", "须签发", "经办人直接反馈")
    state = RadioField(
        "状态",
        choices=[SelectChoice("1", "在用"), SelectChoice("0", "停用")],
        default="1",
        validators=[InputRequired("请选择状态。")],
    )


class StaffForm(PersonForm):
    """Somebody of a unit: `signs` its replies, `heads` it (hears of its red cards)."""

    signs = YesOrNo("签发人", "是，可以签发本单位的反馈", "否")
    heads = YesOrNo("单位负责人", "是，任务超期时收到红牌", "否")


class StaffFlagsForm(Shape):
    signs = YesOrNo("签发人", "是，可以签发本单位的反馈", "否")
    heads = YesOrNo("单位负责人", "是，任务超期时收到红牌", "否")
    active = YesOrNo("账号", "在用", "停用，不能登录")


class MemberForm(Shape):
    """A leader of a work group."""

    person = OneOf("领导", "请选择一位领导。")
    is_head = YesOrNo("身份", "组长（收到提请协调和红牌升级）", "成员")


class ReasonForm(Shape):
    """An act that needs nothing but its reason."""

    reason = words("原因", "请填写原因。", most=200)


class HandoverForm(Shape):
    form_key = unseen()
    reason = line("交接原因", "请填写交接原因。", most=200, hint="如：岗位调整、抽调。两位专员都会看到。")
    notes = words("交接说明", hint="企业情况、正在推进的事项、需要特别留意的地方，可由移交专员在确认时补充。")


class AcknowledgeForm(Shape):
    """An officer's own word needs nothing; a coordinator names whom he speaks for, and why."""

    side = ChoiceOf("代哪一位专员确认", Side, only=(Side.FORMER, Side.SUCCESSOR))
    reason = line("代为确认的原因", most=200, hint="如：本人已离岗、在外学习无法登录。")
    notes = words("补充交接说明", most=1000)


class StandInForm(Shape):
    """Days are whole ones, the last included."""

    form_key = unseen()
    stand_in = OneOf("代办专员", "请选择代办的专员。")
    from_on = Day("开始日期", "请填写开始日期。")
    until_on = Day("结束日期", "请填写结束日期。", description="含当天。")
    reason = line("原因", "请填写代办原因。", most=200, hint="如：参加培训、休假、外出招商。")


class ConfirmForm(Shape):
    """A button on a page of its own."""


class UploadForm(Shape):
    kind = RadioField(
        "台账",
        choices=[
            SelectChoice("roster", "包联台账（企业、专员、联系人、结对）"),
            SelectChoice("history", "诉求办理台账（原有诉求转入为历史）"),
        ],
        default="roster",
        validators=[InputRequired("请选择台账。")],
    )
    file = FileField("表格文件", validators=[DataRequired("请选择一个 .xlsx 表格。")])


class TakeOverForm(Shape):
    """`rows`: all of them, or the good ones only."""

    rows = SelectField(choices=["all", "good"], validators=[DataRequired()])
