"""Names in a sheet found in the dictionaries: areas by any of their names and codes, chains, categories.

What is not found raises `Unreadable` with the closest name as a suggestion; the closest is never taken by itself.
Units, which may be new, are in `unit_names`.
"""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import TypeVar

from assist.domain.cells import Cell, Unreadable, digits_text, name_key, one_line
from assist.services.workbooks.dictionaries import AreaName, Dictionaries

T = TypeVar("T")

LEAST_LIKENESS = 0.5
AREA_ENDINGS = ("区", "县", "市")
CHAIN_ENDINGS = ("产业链", "产业", "链")


class Lookups:
    """Built once for a sheet."""

    def __init__(self, dictionaries: Dictionaries) -> None:
        self._city = dictionaries.city_name
        self._areas = _area_keys(dictionaries.areas)
        self._area_names = [area.name for area in dictionaries.areas]
        self._chains = _chain_keys(dictionaries.chains)
        self._chain_names = list(dictionaries.chains)
        self._categories = {name_key(name): code for name, code in dictionaries.categories.items()}
        self._categories.update({code: code for code in dictionaries.categories.values()})
        self._category_names = list(dictionaries.categories)

    def area(self, cell: Cell) -> AreaName:
        typed = one_line(cell)
        key = name_key(digits_text(cell))
        for prefix in (self._city, self._city.removesuffix("市"), ""):
            if key.startswith(prefix) and (area := self._areas.get(key.removeprefix(prefix))):
                return area
        raise Unreadable(
            f"县（市、区）名录中没有“{typed}”，请填" + "、".join(self._area_names),
            closest(typed, self._area_names),
        )

    def chain(self, cell: Cell) -> str:
        typed = one_line(cell)
        key = name_key(typed)
        for ending in ("", *CHAIN_ENDINGS):
            if key.endswith(ending) and (chain := self._chains.get(key.removesuffix(ending))):
                return chain
        raise Unreadable(
            f"产业链名录中没有“{typed}”，请填" + "、".join(self._chain_names),
            closest(typed, self._chain_names),
        )

    def category(self, cell: Cell) -> str:
        """The category's code."""
        typed = one_line(cell)
        if code := self._categories.get(name_key(typed)):
            return code
        raise Unreadable(f"诉求类别名录中没有“{typed}”", closest(typed, self._category_names))


def closest(typed: str, names: Iterable[str]) -> str | None:
    """The one name most like what was typed, if any is like it at all."""
    found = get_close_matches(typed, list(names), n=1, cutoff=LEAST_LIKENESS)
    return found[0] if found else None


def choice(cell: Cell, meanings: Mapping[str, T], offered: Iterable[str]) -> T:
    """The meaning of a word from a short list; `offered` are the words to name when it is none of them."""
    typed = one_line(cell)
    if (key := name_key(typed)) in meanings:
        return meanings[key]
    words = list(offered)
    raise Unreadable(f"“{typed}”不是可填的内容，请填" + "、".join(words), closest(typed, words))


def _area_keys(areas: Iterable[AreaName]) -> dict[str, AreaName]:
    """Names, aliases, codes now and formerly; and names without 区 县 市 where no other area claims them."""
    found: dict[str, AreaName] = {}
    short: dict[str, AreaName | None] = {}
    for area in areas:
        for name in (area.name, *area.aliases, area.code, *area.former_codes):
            found[name_key(name)] = area
        if len(area.name) > 2 and area.name.endswith(AREA_ENDINGS):
            key = name_key(area.name[:-1])
            short[key] = area if key not in short else None
    return {key: area for key, area in short.items() if area is not None} | found


def _chain_keys(chains: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for chain in chains:
        for ending in CHAIN_ENDINGS:
            found.setdefault(name_key(chain.removesuffix(ending)), chain)
        found[name_key(chain)] = chain
    return found
