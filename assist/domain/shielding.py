"""隐去企业名称: of a shielded matter (检查, 处罚, 环保整改) a unit reads the problem, not whose it is.

Only words: which categories are shielded is configuration, who may read what is `policy`.
"""

import re
from collections.abc import Iterable

from assist.domain.masking import mask_phones_in

INSTEAD = "该企业"
_BEFORE = re.compile(r"^(?:山东省?|聊城市?)+")
_BEHIND = re.compile(r"(?:集团)?(?:股份|控股)?(?:有限)?(?:责任)?公司$|集团$")
_LEAST = 3  # a shorter core is an ordinary word


def shielded(text: str, names: Iterable[str]) -> str:
    """`text` without these names (long, short, and what is left of a company's name without place and form) and
    with its phone numbers hidden.
    """
    known = {name.strip() for name in names}
    known |= {core for name in known if len(core := _core(name)) >= _LEAST}
    for name in sorted((one for one in known if len(one) > 1), key=len, reverse=True):
        text = text.replace(name, INSTEAD)
    return mask_phones_in(text)


def _core(name: str) -> str:
    """聊城市瑞丰化工有限公司 → 瑞丰化工"""
    return _BEHIND.sub("", _BEFORE.sub("", name))
