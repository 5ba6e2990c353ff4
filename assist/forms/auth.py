"""The shapes of what is typed at the doors: signing in, changing the password, one's own choices."""

from wtforms import BooleanField, HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired, ValidationError

from assist.domain.password_policy import RULE
from assist.forms.fields import Shape


class LoginForm(Shape):
    username = StringField("用户名或手机号", [InputRequired("请输入用户名或手机号。")])
    password = PasswordField("密码", [InputRequired("请输入密码。")])
    next = HiddenField()


class PasswordForm(Shape):
    current_password = PasswordField("现在的密码", [InputRequired("请输入现在的密码。")])
    new_password = PasswordField("新密码", [InputRequired("请输入新密码。")], description=RULE)
    again = PasswordField("再输一次新密码", [InputRequired("请再输一次新密码。")])

    def validate_again(self, field: PasswordField) -> None:
        if field.data != self.new_password.data:
            raise ValidationError("两次输入的新密码不一致。")


class FirstPasswordForm(PasswordForm):
    """After a one-time password, which has just been typed: only the new one."""

    current_password = None


class ChoicesForm(Shape):
    inbox_only = BooleanField(
        "只收站内信", description="开启后，提醒只出现在本平台的“消息”里，不再发送邮件、短信等；红牌和特急仍会发送。"
    )
