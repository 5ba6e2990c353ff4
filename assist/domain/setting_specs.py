"""The single settings: what each is called, what it may be, and what holds where nothing is set.

A setting with rules of its own (who is named for restricted matters, which channels are on) is not here.
"""

import re
from dataclasses import dataclass

from assist.domain.errors import Invalid
from assist.domain.status import Worded
from assist.domain.supervision import PREFIX
from assist.domain.visits import MONTHLY_BUDGET

_PHONE = re.compile(r"[0-9+\-—－ （）()转]{3,30}")
_PREFIX = re.compile(r"[\u4e00-\u9fff]{2,12}")


class SettingKind(Worded):
    """What a setting is made of."""

    PHONE = "phone", "电话号码"
    COUNT = "count", "整数"
    PREFIX = "prefix", "汉字"


@dataclass(frozen=True)
class SettingSpec:
    """`usual` holds where nothing is set; `least` and `most` bound a count."""

    name: str
    title: str
    kind: SettingKind
    usual: str | int
    hint: str
    least: int = 0
    most: int = 0

    def read(self, text: str) -> str | int:
        """The value of what a person typed. Raises Invalid (field `value`) with what it should be."""
        plain = text.strip()
        if self.kind is SettingKind.COUNT:
            if not (plain.isascii() and plain.isdigit()) or not self.least <= int(plain[:9]) <= self.most:
                raise Invalid(f"{self.title}应为{self.least}至{self.most}的整数。", "value")
            return int(plain)
        if self.kind is SettingKind.PHONE and not _PHONE.fullmatch(plain):
            raise Invalid(f"{self.title}应为电话号码，如 0635-8888110。", "value")
        if self.kind is SettingKind.PREFIX and not _PREFIX.fullmatch(plain):
            raise Invalid(f"{self.title}应为2至12个汉字，如“{self.usual}”。", "value")
        return plain


SPECS: dict[str, SettingSpec] = {
    spec.name: spec
    for spec in (
        SettingSpec(
            "oversight_phone", "监督电话", SettingKind.PHONE, "", "显示在企业端：诉求超期时企业看得到的监督电话。"
        ),
        SettingSpec("office_phone", "助企办电话", SettingKind.PHONE, "", "显示在登录页：忘记密码时找谁。"),
        SettingSpec(
            "programme_size", "远航企业总数", SettingKind.COUNT, 200, "专员到位率的分母。", 1, 99_999
        ),
        SettingSpec(
            "visit_budget",
            "每家企业每月走访调研上限",
            SettingKind.COUNT,
            MONTHLY_BUDGET,
            "无事不扰：走访、调研、会议、报送材料合计；办理企业自己的诉求不算。",
            1,
            31,
        ),
        SettingSpec(
            "monthly_contacts", "专员每月至少联系企业次数", SettingKind.COUNT, 1, "没有诉求的企业也要联系。", 0, 31
        ),
        SettingSpec(
            "supervision_prefix",
            "督办文号的机关代字",
            SettingKind.PREFIX,
            PREFIX,
            "如“聊助企督”，文号写作 聊助企督〔2026〕3号；此后签发的文件才用新的代字。",
        ),
    )
}
