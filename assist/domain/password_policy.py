"""Which passwords are good enough: length, kinds of characters, and what is left without all that is easily guessed.

Not here: hashing, one-time passwords (`services.passwords`).
"""

import re
import unicodedata
from collections.abc import Iterable

DEMO_PASSWORD = "Yuanhang-2026"  # everybody's in the demo world, and one that nobody may choose
LEAST, MOST = 10, 128
LEAST_KINDS = 3
LEAST_OWN = 6
RULE = (
    "至少10个字符，含大写字母、小写字母、数字、符号中的三种；不要用姓名、单位、企业名、“远航”“聊城”或年份。"
)
WEAK = "密码太容易猜到：去掉姓名、单位、“远航”“聊城”、年份和常见组合后所剩无几，请换一个。"

_GUESSED = """
yuanhang liaocheng zhuqi zhuqiyuanhang yuanhangqiye zhuqiban shandong zhuanyuan diaodu duban chengban lingdao qiye
dongchangfu linqing guanxian shenxian yanggu donge chiping gaotang gongxinju fagaiju zhengfu
password passwd admin administrator root welcome letmein login master monkey dragon secret default changeme change
test demo user guest system manager hello qwerty abc iloveyou woaini woaizhongguo zhongguo china beijing
mima taobao baidu tencent weixin wechat alibaba huawei spring summer autumn winter january february
远航 助企 聊城 山东 企业 专员 密码 中国 市政府
"""
_WORDS = frozenset(_GUESSED.split())
_RUNS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
    "qazwsxedcrfvtgbyhnujm",
    "!@#$%^&*()",
    "147258369",
    "123321",
    "5201314",
    "88888888",
)
_RUN_LENGTH = 3
_DATE = re.compile(r"(?:19|20)\d\d(?:[-./年]?(?:0?[1-9]|1[0-2])(?:[-./月]?(?:0?[1-9]|[12]\d|3[01]))?)?")
_REPEAT = re.compile(r"(.)\1{2,}")
# How letters are dressed up; 1 is taken for l and for i.
_DRESSED = (str.maketrans("013457@$!", "oieastasi"), str.maketrans("013457@$!", "oleastasi"))
_KINDS = (
    ("大写字母", str.isupper),
    ("小写字母", str.islower),
    ("数字", str.isdigit),
)


def normalise(password: str) -> str:
    """One form for what a Chinese input method may type in two widths."""
    return unicodedata.normalize("NFKC", password)


def kinds(password: str) -> list[str]:
    """Which of the four kinds of characters occur, by their Chinese names."""
    found = [name for name, test in _KINDS if any(test(character) for character in password)]
    if any(not any(test(character) for _, test in _KINDS) for character in password):
        found.append("符号")
    return found


def weakness(password: str, own_words: Iterable[str] = ()) -> str | None:
    """Why this password will not do, as a Chinese sentence; None when it will.

    `own_words` are the person's: names, user name, phone, unit, enterprises, also spelt in pinyin.
    """
    text = normalise(password)
    if len(text) < LEAST:
        return f"密码至少{LEAST}个字符，现在有{len(text)}个。"
    if len(text) > MOST:
        return f"密码最多{MOST}个字符。"
    if any(unicodedata.category(character).startswith("C") for character in text):
        return "密码里有不能使用的字符，请只用字母、数字和符号。"
    found = kinds(text)
    if len(found) < LEAST_KINDS:
        return f"密码要含大写字母、小写字母、数字、符号中的至少三种，现在只有{'、'.join(found)}。"
    words = _weak_words(own_words)
    plain = text.casefold()
    if any(_own_share(variant, words) < LEAST_OWN for variant in (plain, *_undressed(plain))):
        return WEAK
    return None


def _undressed(text: str) -> list[str]:
    return [text.translate(table) for table in _DRESSED]


def _weak_words(own_words: Iterable[str]) -> list[str]:
    """Longest first. Short Latin words (li, ma) are in every text and mean nothing."""
    found = set(_WORDS)
    for word in own_words:
        plain = normalise(word).casefold().strip()
        if len(plain) >= (3 if plain.isascii() else 2):
            found.add(plain)
    return sorted(found, key=len, reverse=True)


def _own_share(text: str, words: list[str]) -> int:
    """How many different characters are left when dates, weak words, runs and repetitions are cut out."""
    text = _DATE.sub("\n", text)
    for word in words:
        text = text.replace(word, "\n")
    text = _REPEAT.sub("\n", _without_runs(text))
    return len({character for character in text if not character.isspace()})


def _without_runs(text: str) -> str:
    """Cut out stretches of three or more that lie beside each other in the alphabet or on the keyboard."""
    kept = []
    index = 0
    while index < len(text):
        length = _run_at(text, index)
        if length:
            kept.append("\n")
            index += length
        else:
            kept.append(text[index])
            index += 1
    return "".join(kept)


def _run_at(text: str, index: int) -> int:
    longest = 0
    for run in _RUNS:
        for line in (run, run[::-1]):
            length = _RUN_LENGTH
            while index + length <= len(text) and text[index : index + length] in line:
                longest = max(longest, length)
                length += 1
    return longest
