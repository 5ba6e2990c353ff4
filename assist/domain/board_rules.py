"""榜单规则: each number, label and order of the 蓝黄红榜 by name, what it usually is, and how it is read from a form.

Proposed by one supervisor, approved by another, in force from the next month on. What the rules make of figures is
`boards`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assist.domain.errors import Invalid
from assist.domain.status import Worded

# What areas and units may be put in order by.
ORDERS: dict[str, str] = {
    "own_on_time": "原时限按期率（本地责任）",
    "solved": "解决率",
    "satisfied": "满意率",
    "feedback": "承办首次反馈率",
    "promise": "承诺兑现率",
}
AREA_ORDER, UNIT_ORDER = ("own_on_time", "solved", "satisfied"), ("feedback", "promise")
_LABEL = re.compile(r"[\u4e00-\u9fff·]{2,10}")


class RuleKind(Worded):
    PERCENT = "percent", "百分数"
    COUNT = "count", "整数"
    LABEL = "label", "汉字"
    ORDER = "order", "先后"


@dataclass(frozen=True)
class RuleSpec:
    """One rule. `usual` holds where nothing is set; `least` and `most` bound a number."""

    name: str
    title: str
    kind: RuleKind
    usual: Any
    hint: str
    least: int = 0
    most: int = 100

    def read(self, text: str) -> Any:
        """The value of what a person typed. Raises Invalid (`value`) with what it should be."""
        plain = text.strip().removesuffix("%")
        if self.kind is RuleKind.ORDER:
            return self._order(plain)
        if self.kind is RuleKind.LABEL:
            if not _LABEL.fullmatch(plain):
                raise Invalid(f"{self.title}应为2至10个汉字，如“{self.usual}”。", "value")
            return plain
        if not (plain.isascii() and plain.isdigit()) or not self.least <= int(plain[:9]) <= self.most:
            raise Invalid(f"{self.title}应为{self.least}至{self.most}的整数。", "value")
        return int(plain)

    def _order(self, text: str) -> list[str]:
        names = {title: key for key, title in ORDERS.items() if key in self.usual}
        words = [one for one in re.split(r"[，,、；;\s]+", text) if one]
        if sorted(words) != sorted(names):
            raise Invalid(f"{self.title}应把{'、'.join(names)}各写一次，先写的先比。", "value")
        return [names[one] for one in words]

    def text(self, value: Any) -> str:
        if self.kind is RuleKind.ORDER:
            return "、".join(ORDERS[key] for key in value)
        return f"{value}%" if self.kind is RuleKind.PERCENT else str(value)


K = RuleKind
ORDER_HINT = "先比第一项，相同再比第二项，都相同的并列。"
SPECS: dict[str, RuleSpec] = {
    spec.name: spec
    for spec in (
        RuleSpec("months", "滚动月数", K.COUNT, 3, "榜单看最近几个月合计，当月列在旁边。", 1, 12),
        RuleSpec("least_due", "排名的最少件数", K.COUNT, 10, "滚动期内到期件数不足的，列出但不排名。", 1, 1000),
        RuleSpec("blue_on_time", "蓝榜：按期率不低于", K.PERCENT, 95, "县（市、区）看原时限按期率，单位看首次反馈率。"),
        RuleSpec("blue_satisfied", "蓝榜：满意率不低于", K.PERCENT, 95, "单位不看满意率。"),
        RuleSpec("blue_rated", "蓝榜：有效评价率不低于", K.PERCENT, 50, "单位不看有效评价率。"),
        RuleSpec("blue_first", "蓝榜：限于前几名", K.COUNT, 3, "并列的一并计入。", 1, 50),
        RuleSpec("red_under", "红榜：按期率或满意率低于", K.PERCENT, 90, "单位只看承办首次反馈率。"),
        RuleSpec("red_last", "红榜：限于后几名", K.COUNT, 2, "并列的一并计入。", 1, 50),
        RuleSpec("red_of", "红榜：参加排名的至少", K.COUNT, 6, "参加排名的不足这个数时不设红榜。", 1, 200),
        RuleSpec("yellow_under", "黄榜：按期率或满意率低于", K.PERCENT, 95, "单位只看承办首次反馈率。"),
        RuleSpec("yellow_cards", "黄榜：红牌率高于", K.PERCENT, 5, "红牌率：超期的时限占到期时限的比例。"),
        RuleSpec("area_order", "县（市、区）排名先后", K.ORDER, list(AREA_ORDER), ORDER_HINT),
        RuleSpec("unit_order", "承办单位排名先后", K.ORDER, list(UNIT_ORDER), ORDER_HINT),
        RuleSpec("blue_label", "蓝榜名称", K.LABEL, "蓝榜·先进", "显示和印发用的名称。"),
        RuleSpec("normal_label", "不上榜的名称", K.LABEL, "正常", "显示和印发用的名称。"),
        RuleSpec("yellow_label", "黄榜名称", K.LABEL, "黄榜·提醒", "显示和印发用的名称。"),
        RuleSpec("red_label", "红榜名称", K.LABEL, "红榜·警告", "显示和印发用的名称。"),
    )
}


@dataclass(frozen=True)
class BoardRules:
    """The rules as they hold; what is not set is as usual."""

    values: Mapping[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.values.get(name, SPECS[name].usual)

    def changed(self, name: str, value: Any) -> "BoardRules":
        return BoardRules({**self.values, name: value})
