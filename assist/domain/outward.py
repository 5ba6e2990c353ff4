"""站外发送: what leaves the house by which channel, to whom it may go, and what is never held back. Rules only.

A reminder goes by the channels of its ladder step; every other message by the row of its kind, else as `USUAL`. By SMS
goes only what has a row of its own here (an operator approves each template beforehand), and reminders. No row holds
an enterprise's name or a word of its problem. Enqueuing is `services.outgoing`, holding and joining `services.holding`.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass

from assist.domain.channel_names import GROUPS, ChannelName
from assist.domain.ladder import FROM_BREACH, HELD_BY_ENTERPRISE
from assist.domain.roles import Role
from assist.domain.status import ClockKind, Step

EMAIL, SMS, WEBHOOK = (one.value for one in (ChannelName.EMAIL, ChannelName.SMS, ChannelName.WEBHOOK))
REMINDER, DIGEST = "reminder", "digest"
# An enterprise hears from us outside the inbox no oftener than this in a day.
ENTERPRISE_DAILY = 2
NUMBER = re.compile(r"LC-\d{8}-\d{4,}(?:-\d{2,})?")


@dataclass(frozen=True)
class Outward:
    """How a kind of message leaves. `sms` is its template; `always`: not counted under the enterprises' two a day."""

    channels: tuple[str, ...] = (EMAIL, WEBHOOK)
    sms: str = ""
    always: bool = False


USUAL = Outward()
_BOTH = (EMAIL, SMS, WEBHOOK)
BY_KIND: dict[str, Outward] = {
    "answered": Outward(_BOTH, "您好，编号{number}的诉求已答复，请登录平台查看并评价。", always=True),
    "request_supplement": Outward(_BOTH, "您好，编号{number}的诉求需要补充材料，请登录平台查看。"),
    "declined": Outward(_BOTH, "您好，编号{number}的诉求有了受理结果，请登录平台查看。", always=True),
    "contact_denied": Outward(_BOTH, "企业反映没有接到编号{number}的联系，请尽快联系并登记。"),
    "return": Outward(_BOTH, "企业未认可编号{number}的办理结果，请登录平台继续办理。"),
    "escalate": Outward(_BOTH, "编号{number}的诉求提请您协调，请登录平台查看。"),
    "coordination": Outward(_BOTH, "编号{number}的诉求提请您协调，请登录平台查看。"),
}
# What a leader hears of outside the inbox: coordination asked of him, one weekly digest, level 3.
FOR_LEADERS = frozenset({"escalate", "coordination", DIGEST})
URGENT_SMS = "特急：编号{number}有新情况，请登录平台查看。"


@dataclass(frozen=True)
class Sending:
    """What is particular about one message on its way out.

    `is_urgent` (红牌, 特急): never held, and it overrides 只收站内信. `always`: see `Outward`. `may_group`: it may be
    said before a group. `step`: of a reminder, its step.
    """

    is_urgent: bool = False
    always: bool = False
    may_group: bool = False
    step: Step | None = None


PLAIN = Sending()


def of_reminder(kind: ClockKind, step: Step, *, is_critical: bool, is_restricted: bool) -> Sending:
    """A reminder's sending. No group hears of what an enterprise owes, nor of a restricted matter."""
    is_ours = kind not in HELD_BY_ENTERPRISE
    return Sending(
        is_urgent=is_critical or (is_ours and step in FROM_BREACH),
        always=kind is ClockKind.CONFIRMATION,
        may_group=is_ours and not is_restricted,
        step=step,
    )


def channels_of(kind: str, named: Collection[str] | None, sending: Sending) -> set[str]:
    """By which channels a message may leave. `named`: those of its ladder step, when it has one."""
    found = set(BY_KIND.get(kind, USUAL).channels if named is None else named)
    if sending.is_urgent and kind != REMINDER:
        found.add(SMS)
    found.discard(ChannelName.INBOX.value)
    return found if sending.may_group else found - GROUPS


def may_reach(roles: frozenset[Role], kind: str, sending: Sending, *, inbox_only: bool) -> bool:
    """Whether this message may reach such a person outside his inbox."""
    if inbox_only and not sending.is_urgent:
        return False
    return roles != {Role.LEADER} or kind in FOR_LEADERS or sending.step is Step.ESCALATE_3


def is_capped(roles: frozenset[Role], kind: str, sending: Sending) -> bool:
    """Whether it counts under the two a day of an enterprise's contact."""
    return Role.ENTERPRISE in roles and not (sending.always or BY_KIND.get(kind, USUAL).always)


def number_in(text: str) -> str:
    """The first number of a ticket or task in a text; empty when there is none."""
    match = NUMBER.search(text)
    return match[0] if match else ""


def sms_text(kind: str, title: str, location: str) -> str:
    """What an SMS says of one message, without link: a reminder's title (number, card, time left), else a template."""
    if kind == REMINDER:
        return f"{title}。请登录平台办理。"
    number = number_in(location) or number_in(title)
    template = BY_KIND.get(kind, USUAL).sms or URGENT_SMS
    return template.format(number=number) if number else "您有一条新消息，请登录平台查看。"
