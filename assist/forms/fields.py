"""Fields all forms are made of: text that is cleaned, choices of an enum, days; with their complaints in Chinese.

Not here: whole forms, rules of a matter (the services check those and name the field).
"""

import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    HiddenField,
    MultipleFileField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from assist.domain.status import Worded

_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
WRONG_CHOICE = "请从列出的选项中选择。"
NO = frozenset({"", "0", "false", "no", "off", "n", "否"})


class Shape(FlaskForm):
    """The base of all forms: CSRF is checked once for the whole application, not by each form again."""

    class Meta:
        csrf = False


def clean(text: str | None) -> str | None:
    """Line ends as one character (browsers send two, and would be counted twice), nothing that cannot be written."""
    if text is None:
        return None
    return _UNWRITABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def trimmed(text: str | None) -> str | None:
    cleaned = clean(text)
    return cleaned.strip() if cleaned else cleaned


def unseen() -> HiddenField:
    """What the page itself sends along."""
    return HiddenField(filters=[trimmed])


def pressed() -> StringField:
    """What the button says that was pressed. Never drawn: a hidden field of the same name would be sent before it."""
    return StringField(filters=[trimmed])


def words(label: str, needed: str = "", *, most: int = 2000, hint: str = "") -> TextAreaField:
    """Several lines. `needed` is the sentence when nothing was written; empty: may be left out."""
    rules = [DataRequired(needed)] if needed else []
    return TextAreaField(label, [*rules, _length(label, most)], filters=[clean], description=hint)


def line(label: str, needed: str = "", *, most: int = 40, hint: str = "") -> StringField:
    """One line."""
    rules = [DataRequired(needed)] if needed else []
    return StringField(label, [*rules, _length(label, most)], filters=[trimmed], description=hint)


def _length(label: str, most: int) -> Length:
    return Length(max=most, message=f"{label}请控制在{most}字以内。")


def _member_of(kind: type[Worded]) -> Callable[[Any], Worded]:
    """From a value of the form (or a member) to the member. Raises ValueError."""

    def coerce(value: Any) -> Worded:
        try:
            return value if isinstance(value, kind) else kind.of(value)
        except KeyError:
            raise ValueError(WRONG_CHOICE) from None

    return coerce


def faces(members: Iterable[Worded]) -> list[SelectChoice]:
    return [SelectChoice(value=str(one.value), label=one.title) for one in members]


class ChoiceOf(RadioField):
    """One member of an enum, nothing preselected. `needed` as in `words`."""

    def __init__(
        self, label: str, kind: type[Worded], needed: str = "", *, only: Iterable[Worded] = (), **more: Any
    ) -> None:
        members = list(only) or list(kind)
        super().__init__(
            label,
            [DataRequired(needed)] if needed else [Optional()],
            choices=faces(members),
            coerce=_member_of(kind),
            validate_choice=False,
            **more,
        )
        self.members = frozenset(members)

    def process_formdata(self, valuelist: list[str]) -> None:
        if not valuelist or not valuelist[0]:
            return
        self.data = self.coerce(valuelist[0])
        if self.data not in self.members:
            self.data = None
            raise ValueError(WRONG_CHOICE)


class ChoicesOf(SelectMultipleField):
    """Any number of an enum's members, as check boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: str, kind: type[Worded], **more: Any) -> None:
        super().__init__(
            label,
            choices=faces(kind),
            coerce=_member_of(kind),
            validate_choice=False,
            **more,
        )

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = [self.coerce(value) for value in valuelist if value]


class YesOrNo(RadioField):
    """Yes or no by two faces or two buttons. `needed` empty: what is not said is no."""

    data: Any

    def __init__(self, label: str, yes: str, no: str, needed: str = "", **more: Any) -> None:
        self.needed = needed
        super().__init__(
            label,
            choices=[SelectChoice("1", yes), SelectChoice("0", no)],
            coerce=str,
            validate_choice=False,
            **more,
        )

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist:
            self.data = "0" if valuelist[0].strip().lower() in NO else "1"
        elif self.needed:
            self.data = None
            raise ValueError(self.needed)
        else:
            self.data = "0"

    @property
    def is_yes(self) -> bool:
        return bool(self.data == "1")


class Day(DateField):
    """A calendar date. `needed` as in `words`."""

    data: Any

    def __init__(self, label: str, needed: str = "", **more: Any) -> None:
        super().__init__(label, [DataRequired(needed)] if needed else [Optional()], **more)

    def process_formdata(self, valuelist: list[str]) -> None:
        if not valuelist or not valuelist[0].strip():
            return
        try:
            self.data = date.fromisoformat(valuelist[0].strip())
        except ValueError:
            self.data = None
            raise ValueError("请填写日期，例如 2026-12-11。") from None


class OneOf(SelectField):
    """A drop-down whose choices the page fills in (`field.choices = …`)."""

    def __init__(self, label: str, needed: str = "", **more: Any) -> None:
        super().__init__(
            label, [DataRequired(needed)] if needed else [], choices=[], validate_choice=False, **more
        )

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        offered = {str(value) for value, *_ in self.iter_choices()}
        if not validation_stopped and self.data and str(self.data) not in offered:
            raise ValidationError(WRONG_CHOICE)


def files(label: str = "附件") -> MultipleFileField:
    """Files to send; what may be sent is decided where they are received."""
    return MultipleFileField(label)
