"""The form of one channel, made of its fields (`domain.channel_specs`), and that of a test line. Shape only."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from wtforms import PasswordField, StringField, TextAreaField
from wtforms.validators import DataRequired, ValidationError

from assist.domain.channel_specs import ChannelField, ChannelSpec, FieldKind
from assist.domain.errors import Invalid
from assist.forms.fields import Shape, YesOrNo, clean, line, trimmed

SET = "••• 已设置。留空则不变；填写则替换，原来的不再显示。"


def channel_form(spec: ChannelSpec, values: Mapping[str, Any] | None, known_secrets: Collection[str]) -> type[Shape]:
    """A form class for this channel. `values`: what is set (None: never), `known_secrets`: which secrets there are."""
    made: dict[str, Any] = {
        one.name: _field(one, values, one.name in known_secrets) for one in spec.fields
    }
    made["is_on"] = YesOrNo("启用", "启用", "停用")
    form: type[Shape] = type("ChannelForm", (Shape,), made)
    return form


def _field(one: ChannelField, values: Mapping[str, Any] | None, is_known: bool) -> Any:
    present = str(values.get(one.name, "")) if values is not None else one.usual
    rules: list[Any] = [DataRequired(f"请填写{one.title}。")] if one.is_needed and not is_known else []
    rules.append(_fits(one))
    if one.is_secret:
        return PasswordField(one.title, rules, filters=[trimmed], description=SET if is_known else one.hint)
    if one.kind is FieldKind.SWITCH:
        is_yes = bool(values.get(one.name)) if values is not None else one.usual == "1"
        return YesOrNo(one.title, "是", "否", description=one.hint, default="1" if is_yes else "0")
    if one.kind is FieldKind.LINES:
        return TextAreaField(one.title, rules, filters=[clean], description=one.hint, default=present)
    return StringField(one.title, rules, filters=[trimmed], description=one.hint, default=present)


def _fits(one: ChannelField) -> Callable[[Any, Any], None]:
    """What the service will say to this field, said with all the others."""

    def check(_form: Any, field: Any) -> None:
        if (field.data or "").strip():
            try:
                one.read(field.data)
            except Invalid as error:
                raise ValidationError(error.sentence) from None

    return check


class TestLineForm(Shape):
    """测试发送: whom to."""

    __test__ = False
    to = line("发给", "请填写发给谁。", most=120)
