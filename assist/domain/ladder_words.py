"""The ladder as people read and change it: whom a step is for, when it falls in words, and which rules may stand.

What the steps do is `ladder`. A red card can be neither put off nor switched off: it comes at the first late moment.
"""

from collections.abc import Iterable

from assist.domain.channel_names import ChannelName
from assist.domain.ladder import DEFAULTS, HELD_BY_ENTERPRISE, LadderRule
from assist.domain.status import ClockKind, Step, Worded


class Recipient(Worded):
    """The ladder's words for people; `services.recipients` finds them."""

    HOLDER = "holder", "承担人"
    HEAD = "head", "承办单位负责人"
    ENTERPRISE = "enterprise", "企业联系人"
    AREA = "area", "县（市、区）调度员"
    CITY = "city", "市级调度员"
    SUPERVISOR = "supervisor", "督查员"
    LEADER = "leader", "工作组领导"


RULES: dict[str, LadderRule] = {f"{rule.kind.value}.{rule.step.value}": rule for rule in DEFAULTS}
BEFORE = frozenset({Step.EARLY, Step.WARNING})
MOST = {"days": 30, "hours": 40}
_HOURS_A_DAY = 7


def ladder_title(kind: ClockKind, step: Step) -> str:
    return f"{kind.title}·{step.title}"


def when_words(rule: LadderRule) -> str:
    """When a step falls: 到期前1个工作日 · 超期满3个工作日，以后每5个工作日一次."""
    if rule.unit == "half":
        return "用去一半时间、仍无进展反馈时"
    if rule.unit == "due":
        return "超过时限的第一刻"
    unit = "个工作日" if rule.unit == "days" else "小时"
    text = f"到期前{-rule.amount}{unit}" if rule.amount < 0 else f"超期满{rule.amount}{unit}"
    return f"{text}，以后每{rule.repeat_every}个工作日一次" if rule.repeat_every else text


def who_words(rule: LadderRule) -> str:
    return "、".join(Recipient.of(word).title for word in rule.recipients)


def channel_words(rule: LadderRule) -> str:
    return "、".join(ChannelName.of(name).title for name in rule.channels)


def rule_words(rule: LadderRule) -> str:
    """A whole rule in one line, or that it is off."""
    if not rule.is_on:
        return "停用"
    return f"{when_words(rule)}，告知{who_words(rule)}（{channel_words(rule)}）"


def unfit(rule: LadderRule, others: Iterable[LadderRule]) -> tuple[str, str]:
    """(why a rule may not stand beside the others of its kind, the field it is about); empty when it may."""
    if rule.step is Step.BREACH and (not rule.is_on or rule.unit != "due"):
        return "红牌在超过时限的第一刻发出，不能停用，也不能改时间。", "is_on"
    if not rule.recipients:
        return "请至少选择一类接收人。", "recipients"
    if Recipient.ENTERPRISE.value in rule.recipients and rule.kind not in HELD_BY_ENTERPRISE:
        return "只有企业自己的时限（确认、补正）才提醒企业联系人。", "recipients"
    if rule.unit in MOST and not 0 < abs(rule.amount) <= MOST[rule.unit]:
        return f"请填写1至{MOST[rule.unit]}之间的数。", "amount"
    if rule.repeat_every is not None and not 0 < rule.repeat_every <= MOST["days"]:
        return f"重复间隔请填写1至{MOST['days']}之间的数。", "repeat_every"
    return _out_of_order([rule, *(one for one in others if one.step is not rule.step)])


def _out_of_order(rules: list[LadderRule]) -> tuple[str, str]:
    """The steps after the due time follow each other, and only the last may repeat."""
    order = list(Step)
    later = sorted(
        (one for one in rules if one.is_on and one.step not in BEFORE), key=lambda one: order.index(one.step)
    )
    for earlier, following in zip(later, later[1:], strict=False):
        if _distance(following) <= _distance(earlier):
            return f"“{following.step.title}”应晚于“{earlier.step.title}”。", "amount"
        if earlier.repeat_every:
            return f"只有最后一步可以重复，请先取消“{earlier.step.title}”的重复。", "repeat_every"
    return "", ""


def _distance(rule: LadderRule) -> int:
    """How far after the due time, in working hours."""
    return rule.amount * (_HOURS_A_DAY if rule.unit == "days" else 1)
