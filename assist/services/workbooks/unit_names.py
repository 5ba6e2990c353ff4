"""专员单位 and 承办单位 as offices write them: 市税务局 is 国家税务总局聊城市税务局.

A short name that fits exactly one known unit is that unit; one that fits several is asked; one that fits none is
a new unit under its full name. Not here: areas and other dictionaries (`lookups`).
"""

from collections import defaultdict
from dataclasses import dataclass

from assist.domain.cells import Unreadable, name_key, one_line
from assist.services.workbooks.dictionaries import Dictionaries

LOCAL_GOVERNMENT = (
    "属地政府"  # means the government of the enterprise's area; resolved where the area is known
)
LEAST_ENDING = 3

ABBREVIATIONS = {
    "发改委": "发展和改革委员会",
    "工信局": "工业和信息化局",
    "人社局": "人力资源和社会保障局",
    "住建局": "住房和城乡建设局",
    "自规局": "自然资源和规划局",
    "自然资源局": "自然资源和规划局",
    "行政审批局": "行政审批服务局",
    "审批服务局": "行政审批服务局",
    "审批局": "行政审批服务局",
    "市场监管局": "市场监督管理局",
    "环保局": "生态环境局",
    "交通局": "交通运输局",
    "科技局": "科学技术局",
    "教体局": "教育和体育局",
    "应急局": "应急管理局",
    "城管局": "城市管理局",
    "文旅局": "文化和旅游局",
    "卫健委": "卫生健康委员会",
    "国资委": "国有资产监督管理委员会",
    "金融监管局": "地方金融监管局",
    "退役军人局": "退役军人事务局",
}


@dataclass(frozen=True)
class UnitMatch:
    """The unit's full name, and whether it would be a new one."""

    name: str
    is_new: bool


class UnitNames:
    """Built once for a sheet; remembers what it has resolved."""

    def __init__(self, dictionaries: Dictionaries) -> None:
        self._city = dictionaries.city_name
        self._names = [unit.name for unit in dictionaries.units]
        self._exact: defaultdict[str, list[str]] = defaultdict(list)
        for unit in dictionaries.units:
            for name in dict.fromkeys((unit.name, *unit.aliases)):
                if name:
                    self._exact[name_key(name)].append(unit.name)
        self._resolved: dict[str, UnitMatch] = {}

    def resolve(self, text: str) -> UnitMatch:
        typed = one_line(text)
        if typed not in self._resolved:
            self._resolved[typed] = self._find(typed)
        return self._resolved[typed]

    def _find(self, typed: str) -> UnitMatch:
        if typed == LOCAL_GOVERNMENT:
            return UnitMatch(typed, False)
        forms = list(dict.fromkeys([typed, self.full_name(typed)]))
        for form in forms:
            if found := self._exact.get(name_key(form)):
                return _only(typed, found)
        for form in reversed(forms):
            key = name_key(form)
            if len(key) >= LEAST_ENDING and (
                found := [name for name in self._names if name_key(name).endswith(key)]
            ):
                return _only(typed, found)
        return UnitMatch(forms[-1], True)

    def full_name(self, typed: str) -> str:
        """市发改委 → 聊城市发展和改革委员会."""
        name = typed
        for short, full in ABBREVIATIONS.items():
            if name.endswith(short) and not name.endswith(full):
                name = name.removesuffix(short) + full
                break
        return self._city + name[1:] if name.startswith("市") and not name.startswith("市中") else name


def _only(typed: str, found: list[str]) -> UnitMatch:
    names = list(dict.fromkeys(found))
    if len(names) > 1:
        raise Unreadable(f"“{typed}”可能是" + "，也可能是".join(names[:4]) + "，请写全称")
    return UnitMatch(names[0], False)
