"""The forms of accounts: a new one, a person's record, roles. Shape only."""

from wtforms import RadioField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional
from wtforms.widgets import CheckboxInput, ListWidget

from assist.domain.roles import Role
from assist.forms.fields import OneOf, Shape, YesOrNo, line


class Roles(SelectMultipleField):
    """Any number of roles, as check boxes; which go together the service says."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    @property
    def chosen(self) -> frozenset[Role]:
        return frozenset(Role(value) for value in self.data or ())


class StandingForm(Shape):
    """What an account may do."""

    roles = Roles("角色", choices=[SelectChoice(str(role.value), role.label) for role in Role])
    unit = OneOf("所在单位", description="承办单位人员必选；服务专员选其原单位。")
    area = OneOf("县（市、区）", description="区域调度员选所负责的县（市、区）；市级不选。")
    is_approver = YesOrNo("签发本单位的反馈", "是", "否")
    is_head = YesOrNo("单位负责人（红牌时告知）", "是", "否")


class PersonForm(Shape):
    name = line("姓名", "请填写姓名。")
    phone = line("手机号码", most=30)
    email = line("邮箱", most=120, hint="用于邮件通知，可不填。")
    position = line("职务", most=40)


class AccountForm(StandingForm, PersonForm):
    username = line("用户名", "请填写用户名。", most=40, hint="登录用，通常为手机号码；建立后不能更改。")


class StateForm(Shape):
    is_active = RadioField(choices=[SelectChoice("1", "启用"), SelectChoice("0", "停用")], validators=[Optional()])
