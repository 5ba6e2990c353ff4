"""拼音 of names, by pypinyin and an override table: for search by spelling or initials, and for sorting.

`person` reads surnames as surnames (单 shan, 曾 zeng, 尉迟 yuchi); `organisation` reads local words right and
leaves surnames alone. Both keep the usual reading searchable. Not here: tables of surnames and composition
(`domain.pinyin`).
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from assist.domain.cells import one_line
from assist.domain.pinyin import LONG_SURNAMES, SURNAMES, NamePinyin, compose

# Words of this city's enterprises that pypinyin reads wrongly or does not know.
WORDS: dict[str, tuple[str, ...]] = {
    "单县": ("shan", "xian"), "东阿": ("dong", "e"), "莘县": ("shen", "xian"), "莘州": ("shen", "zhou"),
    "冠县": ("guan", "xian"), "茌平": ("chi", "ping"), "阳谷": ("yang", "gu"), "高唐": ("gao", "tang"),
    "东昌": ("dong", "chang"), "长顺": ("chang", "shun"), "长城": ("chang", "cheng"), "长江": ("chang", "jiang"),
    "长丰": ("chang", "feng"), "长兴": ("chang", "xing"), "兴长": ("xing", "chang"),
    "重工": ("zhong", "gong"), "重汽": ("zhong", "qi"),
    "银行": ("yin", "hang"), "行业": ("hang", "ye"), "调度": ("diao", "du"), "调味": ("tiao", "wei"),
    "乐器": ("yue", "qi"), "音乐": ("yin", "yue"), "中兴": ("zhong", "xing"), "轴承": ("zhou", "cheng"),
}  # fmt: skip
_U_UMLAUT = {"lv": "lu", "nv": "nu", "lve": "lue", "nve": "nue"}


@lru_cache(maxsize=4096)
def person(name: str) -> NamePinyin:
    """A person's name (40 characters are looked at); `full` ≤ 200 characters, `initials` ≤ 60."""
    plain = _plain(name, 40)
    surname = _surname(plain)
    rest = _syllables(plain[len(surname[0]) :]) if surname else _syllables(plain)
    readings = [[*first, *rest] for first in surname] if surname else [rest]
    usual = _syllables(plain)
    return compose(plain, _with_typed_forms([*readings, usual]), longest_full=200, longest_initials=60)


@lru_cache(maxsize=4096)
def organisation(name: str) -> NamePinyin:
    """An enterprise, unit or place (80 characters are looked at); `full` ≤ 400, `initials` ≤ 80."""
    plain = _plain(name, 80)
    readings = [_overridden(plain), _syllables(plain)]
    return compose(plain, _with_typed_forms(readings), longest_full=400, longest_initials=80)


def _plain(name: str, longest: int) -> str:
    """Letters, digits and characters only, lower case: what somebody would type."""
    return "".join(character for character in one_line(name).lower() if character.isalnum())[:longest]


def _surname(name: str) -> list[tuple[str, ...]]:
    """The surname's readings, right one first; empty when its usual reading is right."""
    if name[:2] in LONG_SURNAMES and len(name) > 2:
        return [LONG_SURNAMES[name[:2]]]
    return [(reading,) for reading in SURNAMES.get(name[:1], ())]


def _syllables(text: str) -> list[str]:
    """One plain lower-case syllable a character; letters and digits stand for themselves."""
    return [syllable for word in _cut()(text) for syllable in _spelt(word)] if text else []


@lru_cache(maxsize=1)
def _cut() -> Callable[[str], list[str]]:
    """pypinyin's own way of cutting a text into words, each of which it spells by itself."""
    from pypinyin.core import Pinyin

    cut: Callable[[str], list[str]] = Pinyin().seg
    return cut


@lru_cache(maxsize=20_000)
def _spelt(word: str) -> tuple[str, ...]:
    """Remembered: ten thousand names are made of a few thousand words."""
    from pypinyin import Style, lazy_pinyin

    spelt = lazy_pinyin(word, style=Style.NORMAL, errors=_one_each)
    return tuple("".join(letter for letter in syllable.lower() if letter.isalnum()) for syllable in spelt)


def _one_each(text: str) -> Any:
    """What pypinyin cannot read, character by character; its annotations know of strings only."""
    return list(text)


def _overridden(text: str) -> list[str]:
    syllables = _syllables(text)
    for word, spelt in WORDS.items():
        at = text.find(word)
        while at >= 0:
            syllables[at : at + len(word)] = spelt
            at = text.find(word, at + len(word))
    return syllables


def _with_typed_forms(readings: Sequence[Sequence[str]]) -> list[list[str]]:
    """Each reading, then the same with ü typed as u: 吕 is found by lv and by lu."""
    forms = [list(reading) for reading in readings]
    for reading in readings:
        typed = [_U_UMLAUT.get(syllable, syllable) for syllable in reading]
        if typed != list(reading):
            forms.append(typed)
    return forms
