"""The forms of a month's figures: 签发 and 更正. Shape only."""

from assist.forms.fields import Shape, line, unseen, words


class PublishForm(Shape):
    form_key = unseen()
    signed_name = line("签发人", "请填写您的姓名。", hint="填写本人姓名，即为签发。签发后数据公布，不能撤回。")
    note = words("签发意见", most=400, hint="可不填，随数据一起公布。")


class CorrectForm(Shape):
    form_key = unseen()
    reason = words("更正原因", "请填写更正原因。", most=1000, hint="写明依据。原数值保留，更正数值列在旁边，注明日期。")
