"""初始密码表: the first passwords of new accounts, handed out once. Every cell is text."""

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Protocol

from assist.domain.clock import local
from assist.services.workbooks.table import Column as C
from assist.services.workbooks.table import Shape as S
from assist.services.workbooks.table import Table
from assist.services.workbooks.writer import Stamp, workbook

ADVICE = "首次登录必须修改密码。本表只生成这一次，请妥善分发后销毁，不要通过群聊转发。"
TABLE = Table(
    "初始密码",
    "初始密码表",
    (
        C("serial", "序号", 6, S.NUMBER),
        C("name", "姓名", 12),
        C("role", "角色", 14),
        C("place", "企业/单位", 40),
        C("username", "登录名", 18, S.CODE),
        C("password", "初始密码", 20, S.CODE),
    ),
    frozen=0,
    is_counted=False,
)


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
    told = f"生成人：{who}　　生成时间：{local(at):%Y年%m月%d日 %H:%M}　　{ADVICE}"
    names = [column.key for column in TABLE.columns[1:]]
    rows = ({name: getattr(line, name) for name in names} for line in lines)
    content, _ = workbook(TABLE, rows, Stamp("", who, at), told=told)
    return content
