"""The forms of settings that one supervisor changes at once: categories, single values, the calendar. Shape only."""

from flask_wtf.file import FileField
from wtforms.validators import DataRequired

from assist.forms.fields import Day, OneOf, Shape, YesOrNo, line, unseen, words


class CategoryForm(Shape):
    parent = OneOf("所属大类", "请选择所属大类。")
    name = line("类别名称", "请填写类别名称。", most=40)
    unit_name = OneOf("通常承办单位", description="专员提请承办时先列出的单位，只是建议。")
    days = line("办结天数（工作日）", most=3, hint="这一类统一的办结时限；不填则按类型和难度。")
    is_restricted = YesOrNo("专项诉求（由指定的人办理，其他人看不到）", "是", "否")
    is_shielded = YesOrNo("承办单位不显示企业名称", "是", "否")
    is_note_required = YesOrNo("受理时必须写明事项", "是", "否")
    guide = words("给企业的提示", most=400, hint="企业选择这一类时看到的一句话，可不填。")

    def validate(self, extra_validators: object = None) -> bool:
        is_fine = super().validate(extra_validators)
        text = (self.days.data or "").strip()
        if text and not (text.isascii() and text.isdigit()):
            self.days.errors = [*self.days.errors, "请填写整数天数，或留空。"]
            return False
        return is_fine


class NamedForm(Shape):
    """Who is named for restricted matters."""

    owner = OneOf("指定办理人")


class ValueForm(Shape):
    value = line("新的值", "请填写。", most=60)


class HoursForm(Shape):
    """Office hours from a date on."""

    form_key = unseen()
    name = line("名称", "请填写名称，如“夏季”。", most=20)
    from_on = Day("从")
    to_on = Day("到", description="长期有效的留空。")
    windows = line(
        "办公时间", "请填写办公时间。", most=100, hint="各段用逗号隔开，如 08:30-12:00,14:30-18:00。"
    )


class YearForm(Shape):
    file = FileField("放假安排文件", validators=[DataRequired("请选择一个 .json 文件。")])


class ApplyForm(Shape):
    """What was looked at, to be applied as it was shown."""

    token = unseen()
