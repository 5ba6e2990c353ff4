"""What each channel is set up with: its fields, which of them are secret, and what each may be."""

import re
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Any
from urllib.parse import urlsplit

from assist.domain.channel_names import ChannelName
from assist.domain.errors import Invalid
from assist.domain.status import Worded


class FieldKind(Worded):
    """What a field is made of."""

    TEXT = "text", "文字"
    URL = "url", "网址"
    HOST = "host", "主机名"
    PORT = "port", "端口"
    MAILBOX = "mailbox", "邮箱"
    NAME = "name", "字段名"
    LINES = "lines", "多行"
    SWITCH = "switch", "是否"
    SECRET = "secret", "密钥"


K = FieldKind
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,250}[A-Za-z0-9])?")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,39}")
MOST = {K.LINES: 1000, K.URL: 400}


@dataclass(frozen=True)
class ChannelField:
    """One field. `usual` stands in an empty form; a secret is written and never shown."""

    name: str
    title: str
    kind: FieldKind = K.TEXT
    usual: str = ""
    hint: str = ""
    is_needed: bool = False

    @property
    def is_secret(self) -> bool:
        return self.kind is K.SECRET

    def read(self, text: str) -> Any:
        """The value of what was typed. Raises Invalid naming the field."""
        plain = text.strip()
        if self.kind is K.SWITCH:
            return plain == "1"
        if not plain:
            if self.is_needed:
                raise Invalid(f"请填写{self.title}。", self.name)
            return ""
        if len(plain) > MOST.get(self.kind, 200):
            raise Invalid(f"{self.title}太长，请控制在{MOST.get(self.kind, 200)}字以内。", self.name)
        if why := _unfit(self.kind, plain):
            raise Invalid(f"{self.title}{why}", self.name)
        return int(plain) if self.kind is K.PORT else plain


def _unfit(kind: FieldKind, plain: str) -> str:
    """Why this is no such value, as the end of a sentence; empty when it is."""
    if kind is K.URL and not _is_url(plain):
        return "应是以 http:// 或 https:// 开头的完整网址，不含账号和问号后的内容。"
    if kind is K.HOST and not _HOST.fullmatch(plain):
        return "应是主机名或地址，如 mail.example.gov.cn。"
    if kind is K.PORT and not (plain.isascii() and plain.isdigit() and 0 < int(plain[:6]) < 65536):
        return "应是1至65535的整数。"
    if kind is K.MAILBOX and not all(parseaddr(plain)[1].partition("@")):
        return "应是邮箱地址，如 助企办 <zqyh@example.gov.cn>。"
    if kind is K.NAME and not _NAME.fullmatch(plain):
        return "应由英文字母、数字和下划线组成。"
    if kind is K.LINES and any("=" not in line for line in plain.splitlines() if line.strip()):
        return "每行应写成“字段名=值”。"
    return ""


def _is_url(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return (
            parts.scheme in ("http", "https")
            and bool(parts.hostname)
            and parts.username is None
            and not parts.query
            and not parts.fragment
            and (parts.port or 1) > 0
            and text.isprintable()
            and " " not in text
        )
    except ValueError:
        return False


@dataclass(frozen=True)
class ChannelSpec:
    """A channel as it is set up. `to`: whom a test line asks for (a mobile, a mailbox), empty when for nobody."""

    name: ChannelName
    text: str
    fields: tuple[ChannelField, ...]
    to: str = ""

    @property
    def secrets(self) -> tuple[ChannelField, ...]:
        return tuple(one for one in self.fields if one.is_secret)


_ROBOT = "把提醒发到一个工作群：只写编号、牌子、剩余时间和链接，同一件事只发一次。"
_N = ChannelName
SPECS: dict[str, ChannelSpec] = {
    spec.name.value: spec
    for spec in (
        ChannelSpec(
            _N.EMAIL,
            "发到账号登记的邮箱：标题和链接，不含诉求内容。",
            (
                ChannelField("host", "邮件服务器", K.HOST, is_needed=True),
                ChannelField("port", "端口", K.PORT, "465", is_needed=True),
                ChannelField("is_tls", "一开始就加密（SMTPS）", K.SWITCH, "1", "465 端口选是；25、587 端口选否。"),
                ChannelField("user", "登录名"),
                ChannelField("password", "登录口令", K.SECRET),
                ChannelField("sender", "发件人", K.MAILBOX, is_needed=True),
            ),
            "邮箱",
        ),
        ChannelSpec(
            _N.WECOM,
            _ROBOT,
            (
                ChannelField(
                    "url", "接口地址", K.URL, "https://qyapi.weixin.qq.com/cgi-bin/webhook/send", is_needed=True
                ),
                ChannelField("key", "密钥（key）", K.SECRET, hint="机器人地址里 key= 后面的内容。", is_needed=True),
            ),
        ),
        ChannelSpec(
            _N.DINGTALK,
            _ROBOT,
            (
                ChannelField("url", "接口地址", K.URL, "https://oapi.dingtalk.com/robot/send", is_needed=True),
                ChannelField(
                    "token", "令牌", K.SECRET, hint="机器人地址里 access_token= 后面的内容。", is_needed=True
                ),
                ChannelField("secret", "加签密钥", K.SECRET, hint="安全设置选“加签”时给出，以 SEC 开头。"),
                ChannelField("has_mentions", "在群里点名（@）承担人", K.SWITCH, "0", "点名须把手机号写进群消息。"),
            ),
        ),
        ChannelSpec(
            _N.FEISHU,
            _ROBOT,
            (
                ChannelField(
                    "url", "接口地址", K.URL, "https://open.feishu.cn/open-apis/bot/v2/hook", is_needed=True
                ),
                ChannelField("hook", "机器人编号", K.SECRET, hint="机器人地址最后一段。", is_needed=True),
                ChannelField("secret", "签名密钥", K.SECRET, hint="安全设置选“签名校验”时给出。"),
            ),
        ),
        ChannelSpec(
            _N.SMS,
            "发到账号登记的手机号：红牌、特急，以及答复、补正等固定句式，不含链接；模板须先向运营商报备。",
            (
                ChannelField("url", "网关地址", K.URL, is_needed=True),
                ChannelField("phone_field", "手机号字段名", K.NAME, "mobile", is_needed=True),
                ChannelField("text_field", "内容字段名", K.NAME, "content", is_needed=True),
                ChannelField("id_field", "消息编号字段名", K.NAME, hint="网关据此去重；没有的留空。"),
                ChannelField("secret_field", "密钥字段名", K.NAME, "password"),
                ChannelField("secret", "密钥或口令", K.SECRET),
                ChannelField("more", "其他固定字段", K.LINES, hint="每行一个，如 account=zqyh。"),
                ChannelField("signature", "签名", K.TEXT, "【聊城助企】", is_needed=True),
                ChannelField("success", "成功时返回内容包含", hint='如 "code":0；留空则返回 200 即为成功。'),
            ),
            "手机号",
        ),
        ChannelSpec(
            _N.WEBHOOK,
            "把每条消息推送给另一个系统（如政务协同平台），带签名，不含诉求内容。",
            (
                ChannelField("url", "接收地址", K.URL, is_needed=True),
                ChannelField("secret", "签名密钥", K.SECRET, is_needed=True),
            ),
        ),
    )
}
