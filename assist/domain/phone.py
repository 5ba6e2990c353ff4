"""Phone numbers: 11-digit mobiles, or landlines with their area code (0635-1234567).

Not here: hiding them (`masking`).
"""

import re
import unicodedata

from assist.domain.cells import Cell, Unreadable, digits_text, is_blank, one_line

LOCAL_AREA_CODE = "0635"

_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"(0(?:10|2\d|[3-9]\d{2}))-?([1-9]\d{6,7})(?:(?:-|转|ext\.?)(\d{1,6}))?")
_LOCAL = re.compile(r"[2-8]\d{6,7}")
_SEVERAL = re.compile(r"[/、,;，；\n]| (?=1[3-9]\d{9}$)")


def normalise(cell: Cell) -> str:
    """The number as 13812345678 or 0635-1234567 (extension: 0635-1234567-801). Raises `Unreadable`."""
    typed = one_line(cell)
    if is_blank(cell):
        raise Unreadable(f"“{typed}”不是电话号码，请填写手机号" if typed else "没有填写电话")
    if len(parts := [part for part in _SEVERAL.split(typed) if part.strip()]) > 1:
        raise Unreadable("一格里只能写一个电话号码", _first_good(parts))
    text = _plain(typed)
    if _MOBILE.fullmatch(text.replace("-", "")):
        return text.replace("-", "")
    if match := _LANDLINE.fullmatch(text):
        number = f"{match[1]}-{match[2]}"
        return f"{number}-{match[3]}" if match[3] else number
    raise Unreadable(*_complaint(typed, text))


def is_mobile(phone: str) -> bool:
    return _MOBILE.fullmatch(phone) is not None


def _plain(text: str) -> str:
    """Without spaces, brackets, dots and the country's +86; dashes of all kinds as one."""
    text = unicodedata.normalize("NFKC", digits_text(text)).lower()
    text = re.sub(r"[\s()·.'`]", "", re.sub(r"[‐-―−－—_]", "-", text.replace(")", "-")))
    text = re.sub(r"^(电话|手机|tel)?:?", "", text)
    text = re.sub(r"^(\+86|0086|86(?=1[3-9]\d{9}$))-?", "", text)
    return re.sub(r"-+", "-", text).strip("-")


def _first_good(parts: list[str]) -> str | None:
    for part in parts:
        try:
            return normalise(part)
        except Unreadable:
            continue
    return None


def _complaint(typed: str, text: str) -> tuple[str, str | None]:
    digits = re.sub(r"\D", "", text)
    if not digits:
        return f"“{typed}”不是电话号码，请填写手机号", None
    swapped = text.replace("o", "0").replace("l", "1").replace("i", "1")
    if swapped != text and _MOBILE.fullmatch(swapped):
        return "电话里混有字母，像是把数字 0、1 打成了字母", swapped
    if _LOCAL.fullmatch(text):
        return f"固定电话请带区号，如 {LOCAL_AREA_CODE}-{text}", f"{LOCAL_AREA_CODE}-{text}"
    if re.search(r"[^\d\-]", text):
        return f"“{typed}”里有不是数字的内容，请只填电话号码", None
    if len(digits) < 11:
        return f"电话位数不够：手机号应为11位，这里只有{len(digits)}位", None
    if len(digits) > 12:
        return f"电话位数太多：手机号应为11位，这里有{len(digits)}位", None
    return f"“{typed}”不是有效的手机号或带区号的固定电话，请核对", None
