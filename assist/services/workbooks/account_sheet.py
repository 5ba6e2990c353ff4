"""初始密码表: the first passwords of new accounts, handed out once. Every cell is text."""

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Protocol

from assist.domain.clock import local

COLUMNS = (("序号", 6), ("姓名", 12), ("角色", 14), ("企业/单位", 40), ("登录名", 18), ("初始密码", 20))
ADVICE = "首次登录必须修改密码。本表只生成这一次，请妥善分发后销毁，不要通过群聊转发。"


class Line(Protocol):
    """What stands in a line of the sheet."""

    @property
    def name(self) -> str: ...
    @property
    def role(self) -> str: ...
    @property
    def place(self) -> str: ...
    @property
    def username(self) -> str: ...
    @property
    def password(self) -> str: ...


def write_accounts(lines: Sequence[Line], who: str, at: datetime) -> BytesIO:
    import xlsxwriter

    target = BytesIO()
    book = xlsxwriter.Workbook(
        target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet("初始密码")
    title = book.add_format({"bold": True, "font_size": 16, "align": "center"})
    head = book.add_format({"bold": True, "border": 1, "bg_color": "#E8F0FB"})
    cell = book.add_format({"border": 1, "num_format": "@", "text_wrap": True, "valign": "top"})
    secret = book.add_format({"border": 1, "num_format": "@", "font_name": "Consolas"})
    for place, (_, width) in enumerate(COLUMNS):
        sheet.set_column(place, place, width)
    sheet.merge_range(0, 0, 0, len(COLUMNS) - 1, "初始密码表", title)
    sheet.write_string(1, 0, f"生成人：{who}　　生成时间：{local(at):%Y年%m月%d日 %H:%M}　　{ADVICE}")
    for place, (name, _) in enumerate(COLUMNS):
        sheet.write_string(2, place, name, head)
    for number, line in enumerate(lines, start=1):
        values = (str(number), line.name, line.role, line.place, line.username, line.password)
        for place, value in enumerate(values):
            sheet.write_string(2 + number, place, value, secret if place == len(COLUMNS) - 1 else cell)
    sheet.freeze_panes(3, 0)
    sheet.repeat_rows(2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    book.close()
    target.seek(0)
    return target
