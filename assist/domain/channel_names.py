"""The channels by name, with what a person calls them, whom they reach and how often they may be used.

How a message leaves by one is `assist.channels`; what goes out by which is `outward`.
"""

from assist.domain.status import Worded


class ChannelName(Worded):
    INBOX = "inbox", "站内信"
    EMAIL = "email", "邮件"
    WECOM = "wecom", "企业微信"
    DINGTALK = "dingtalk", "钉钉"
    FEISHU = "feishu", "飞书"
    SMS = "sms", "短信"
    WEBHOOK = "webhook", "外部系统推送"


# A robot speaks to a whole group: of one matter once, whoever else is told of it.
GROUPS = frozenset({ChannelName.WECOM.value, ChannelName.DINGTALK.value, ChannelName.FEISHU.value})
# Those that are set up: the inbox is always there.
OUTWARD = tuple(name for name in ChannelName if name is not ChannelName.INBOX)

# How many sends within how many seconds the other side takes.
RATES: dict[str, tuple[tuple[int, int], ...]] = {
    ChannelName.WECOM.value: ((20, 60),),
    ChannelName.DINGTALK.value: ((20, 60),),
    ChannelName.FEISHU.value: ((100, 60), (5, 1)),
}
