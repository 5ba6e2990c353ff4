"""The forms of 共性问题. Shape only; which act needs which says `web.themes`."""

from assist.forms.fields import OneOf, Shape, line, unseen, words


class ThemeForm(Shape):
    """A new one, with the tickets it begins with."""

    form_key = unseen()
    title = line("标题", "请填写标题。", most=60, hint="一句话说清是什么问题；公开后企业可见，不要写企业名称。")
    category = OneOf("诉求类别")
    description = words("问题说明", hint="涉及哪些环节、目前的做法、卡在哪里。仅工作人员可见。")
    numbers = words("列入的诉求", most=4000, hint="诉求编号，一行一个，也可以以后再列入。")

    @property
    def wanted(self) -> list[str]:
        return (self.numbers.data or "").replace("，", " ").replace("、", " ").replace(",", " ").split()


class TicketForm(Shape):
    """Which ticket is put in, or taken out."""

    number = line("诉求编号", "请填写诉求编号。", most=30)


class KeptForm(Shape):
    """What a keeper's act carries: the version he read."""

    version = unseen()

    @property
    def read_version(self) -> int | None:
        text = (self.version.data or "").strip()
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


class EditForm(KeptForm):
    title = line("标题", "请填写标题。", most=60)
    description = words("问题说明")
    solution = words("解决方案", hint="尚未研究清楚的可以先记下思路；形成方案后专员即可据此答复。")


class SolveForm(KeptForm):
    solution = words(
        "解决方案",
        "请填写解决方案。",
        hint="写清依据、做法和企业要做什么；会预填到各件诉求的答复里，由责任专员核对后答复。",
    )


class PublishForm(KeptForm):
    public_text = words(
        "公开内容", "请填写公开内容。", hint="企业填写类似诉求时会看到。不要出现企业名称、人名、电话和信用代码。"
    )
