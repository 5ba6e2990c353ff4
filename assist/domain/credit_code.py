"""统一社会信用代码 (GB 32100-2015): 18 characters without I O S V Z, the last one a check character.

python-stdnum checks those that begin with digits; it refuses the letter-led ones (A military, N rural
collectives, Y others), which are checked here by the same arithmetic. A code that a real licence bears in spite
of its check character may be let in with a reason: `CodeCheck.is_overridable` says when; keeping the reason is
the caller's part.
"""

import re
import unicodedata
from dataclasses import dataclass

from stdnum.cn import uscc
from stdnum.exceptions import ValidationError

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LENGTH = 18

_LETTER_LED = re.compile(rf"[ANY][{ALPHABET}]\d{{6}}[{ALPHABET}]{{10}}")
_MEANT = {"O": "0", "I": "1", "Z": "2", "S": "5"}
_LOOKALIKES = str.maketrans(_MEANT)


@dataclass(frozen=True)
class CodeCheck:
    """What was found: the normalised code; why it is wrong (None: it is right); what was probably meant."""

    code: str
    why: str | None = None
    suggestion: str | None = None
    is_overridable: bool = False

    @property
    def is_valid(self) -> bool:
        return self.why is None


def normalise(text: str) -> str:
    """Upper case, half-width, without spaces, dashes and invisible characters."""
    text = unicodedata.normalize("NFKC", text).upper()
    return re.sub(r"[\s\-‐-―_.'`\u200b-\u200f\u2060\ufeff\u00ad]", "", text)


def check_character(first: str) -> str:
    """The check character that belongs to the first 17."""
    return str(uscc.calc_check_digit(first))


def is_valid(code: str) -> bool:
    """Whether an already normalised code is right in every part."""
    if _LETTER_LED.fullmatch(code):
        return check_character(code[:-1]) == code[-1]
    try:
        return uscc.validate(code) == code
    except ValidationError:
        return False


def check(text: str) -> CodeCheck:
    """Normalise and examine what was typed."""
    code = normalise(text)
    if not code:
        return CodeCheck(code, "没有填写统一社会信用代码")
    if len(code) != LENGTH:
        return CodeCheck(code, f"统一社会信用代码应为18位，这里是{len(code)}位")
    if strangers := [character for character in dict.fromkeys(code) if character not in ALPHABET]:
        return _with_strangers(code, strangers)
    if is_valid(code):
        return CodeCheck(code)
    if not re.fullmatch(r"(\d\d|[ANY].)\d{6}.{10}", code):
        return CodeCheck(code, "统一社会信用代码第3至8位应为数字的行政区划码，请对照营业执照核对")
    expected = check_character(code[:-1])
    why = f"校验不符：按前17位，末位应为“{expected}”，这里是“{code[-1]}”；请对照营业执照逐位核对"
    return CodeCheck(code, why, is_overridable=True)


def _with_strangers(code: str, strangers: list[str]) -> CodeCheck:
    """Characters that no code has. Look-alike digits are suggested only if they make the whole code right."""
    meant = code.translate(_LOOKALIKES)
    suggestion = meant if is_valid(meant) else None
    words = "、".join(
        f"字母“{letter}”（可能是数字“{_MEANT[letter]}”）" if letter in _MEANT else f"“{letter}”"
        for letter in strangers
    )
    return CodeCheck(code, f"统一社会信用代码里不会有{words}，请核对", suggestion)
