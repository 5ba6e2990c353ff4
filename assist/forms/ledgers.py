"""The forms of ledgers: taking one out, sending one back in. Shape only."""

from flask_wtf.file import FileField
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired

from assist.forms.fields import Shape, unseen, words


class ExportForm(Shape):
    """`reason` is asked for with whole phone numbers; the service says so."""

    form_key = unseen()
    phones = RadioField(
        "电话号码",
        choices=[SelectChoice("masked", "隐去中间四位"), SelectChoice("whole", "完整号码")],
        default="masked",
        validators=[InputRequired("请选择电话号码的显示方式。")],
    )
    reason = words("需要完整号码的原因", most=200, hint="选“完整号码”时必填，将记入审计日志。")


class SheetForm(Shape):
    """A ledger that comes back."""

    file = FileField("表格文件", validators=[DataRequired("请选择一个 .xlsx 表格。")])
