"""How a Chinese name is spelt for search and sorting, given its syllables; how surnames are really read.

Plain composition only. Where the syllables of ordinary characters come from: `services.pinyin`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

MOST_READINGS = 4

# Right reading first, then others that people type. Often it is not the character's usual reading.
SURNAMES: dict[str, tuple[str, ...]] = {
    "单": ("shan", "dan"), "曾": ("zeng", "ceng"), "仇": ("qiu", "chou"), "解": ("xie", "jie"),
    "区": ("ou", "qu"), "查": ("zha", "cha"), "覃": ("qin", "tan"), "朴": ("piao", "pu"),
    "任": ("ren",), "华": ("hua",), "盖": ("ge", "gai"), "乐": ("yue", "le"),
    "翟": ("zhai", "di"), "缪": ("miao", "mou"), "晁": ("chao",), "员": ("yun", "yuan"),
    "召": ("shao", "zhao"), "种": ("chong", "zhong"), "谌": ("chen", "shen"), "折": ("she", "zhe"),
    "黑": ("he", "hei"), "逄": ("pang",), "佴": ("nai", "er"), "繁": ("po", "fan"),
    "冼": ("xian",), "洗": ("xian", "xi"), "郇": ("xun", "huan"), "隗": ("wei", "kui"),
    "葛": ("ge",), "宁": ("ning",), "占": ("zhan",), "燕": ("yan",),
    "尉": ("wei", "yu"), "贾": ("jia", "gu"), "车": ("che", "ju"), "石": ("shi", "dan"),
    "沈": ("shen", "chen"), "柏": ("bai", "bo"), "秘": ("bi", "mi"), "哈": ("ha",),
    "那": ("na",), "应": ("ying",), "能": ("nai", "neng"), "贲": ("ben",),
    "费": ("fei", "bi"), "过": ("guo",), "句": ("gou", "ju"), "相": ("xiang",),
    "强": ("qiang",), "都": ("du", "dou"), "藏": ("zang", "cang"), "祭": ("zhai", "ji"),
    "牟": ("mu", "mou"), "卜": ("bu",), "撒": ("sa",), "乜": ("nie", "mie"),
    "訾": ("zi",), "臧": ("zang",), "褚": ("chu",), "瞿": ("qu",),
    "长": ("chang", "zhang"), "重": ("chong", "zhong"), "行": ("xing", "hang"), "曲": ("qu",),
    "纪": ("ji",), "尹": ("yin",), "荀": ("xun",), "殷": ("yin",),
    "干": ("gan",), "庞": ("pang",), "万": ("wan",), "幺": ("yao",),
    "么": ("yao", "me"), "适": ("kuo", "shi"), "阚": ("kan",), "郝": ("hao",),
}  # fmt: skip
LONG_SURNAMES: dict[str, tuple[str, ...]] = {
    "尉迟": ("yu", "chi"), "万俟": ("mo", "qi"), "单于": ("chan", "yu"), "长孙": ("zhang", "sun"),
    "令狐": ("ling", "hu"), "澹台": ("tan", "tai"), "鲜于": ("xian", "yu"), "宰父": ("zai", "fu"),
    "皇甫": ("huang", "fu"), "呼延": ("hu", "yan"), "赫连": ("he", "lian"), "宇文": ("yu", "wen"),
    "尉犁": ("yu", "li"), "乐正": ("yue", "zheng"), "濮阳": ("pu", "yang"), "亓官": ("qi", "guan"),
    "南宫": ("nan", "gong"), "夏侯": ("xia", "hou"), "诸葛": ("zhu", "ge"), "欧阳": ("ou", "yang"),
    "司马": ("si", "ma"), "上官": ("shang", "guan"), "公孙": ("gong", "sun"), "慕容": ("mu", "rong"),
}  # fmt: skip


@dataclass(frozen=True)
class NamePinyin:
    """`full` and `initials` hold every reading, the right one first: "shanxiongxin danxiongxin", "sxx dxx".

    `sort_key` orders by spelling and keeps equal surnames together, under any collation.
    """

    full: str
    initials: str
    sort_key: str


def compose(
    name: str, readings: Sequence[Sequence[str]], *, longest_full: int, longest_initials: int
) -> NamePinyin:
    """From several readings (each one syllable per character of `name`), the right one first."""
    best = list(dict.fromkeys(map(tuple, readings)))[:MOST_READINGS]
    full = dict.fromkeys("".join(reading) for reading in best)
    initials = dict.fromkeys("".join(syllable[:1] for syllable in reading) for reading in best)
    pieces = (_sort_piece(character, syllable) for character, syllable in zip(name, best[0], strict=True))
    return NamePinyin(
        _joined(full, longest_full), _joined(initials, longest_initials), "".join(pieces)[:longest_full]
    )


def _sort_piece(character: str, syllable: str) -> str:
    return syllable if character.isascii() else f"{syllable}{ord(character):05x}"


def _joined(words: dict[str, None], longest: int) -> str:
    """Whole words only, as many as fit; a first one that is too long is cut."""
    text = ""
    for word in words:
        longer = f"{text} {word}".strip()
        if len(longer) > longest:
            break
        text = longer
    return text or next(iter(words), "")[:longest]
