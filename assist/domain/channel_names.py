"""The channels by name, with what a person calls them. How a message leaves by one is `assist.channels`."""

from assist.domain.status import Worded


class ChannelName(Worded):
    INBOX = "inbox", "站内信"
    EMAIL = "email", "邮件"
    WECOM = "wecom", "企业微信"
    DINGTALK = "dingtalk", "钉钉"
    FEISHU = "feishu", "飞书"
    SMS = "sms", "短信"
    WEBHOOK = "webhook", "外部系统推送"
