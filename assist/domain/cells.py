"""What offices type into cells, made plain: full-width digits, stray spaces, dates six ways.

Pure functions from one cell to one value. What cannot be read raises `Unreadable` with a Chinese sentence;
nothing is guessed. Not here: phones (`phone`), credit codes (`credit_code`), which column holds what
(`services.workbooks`).
"""

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from functools import lru_cache

Cell = str | int | float | bool | date | datetime | time | timedelta

PLACEHOLDERS = frozenset({"-", "--", "—", "——", "/", "\\", "无", "暂无", "无。", "、"})
LONGEST_PLACEHOLDER = 20  # with stray characters around it
YES = frozenset({"是", "√", "✓", "✔", "☑", "y", "yes", "true", "1", "已办结", "办结", "已完成", "完成"})
NO = frozenset({"否", "×", "✗", "✘", "x", "n", "no", "false", "0", "未办结", "未完成", "办理中", "在办"})
NAME_BREAKS = re.compile(r"[、，,;；/\n|]+")

_NARROW = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F) if chr(wide - 0xFEE0).isalnum()}
_NARROW |= {ord(wide): ord(plain) for wide, plain in zip("．－／＋＠＝　\u00a0", ".-/+@=  ", strict=True)}
_UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad\x00-\x08\x0c-\x1f\x7f]")
_BETWEEN_HAN = re.compile(r"(?<=[\u2e80-\u9fff（）]) +(?=[\u2e80-\u9fff（）])")
_DATE = re.compile(r"(\d{4})(?:[./\-年](\d{1,2})(?:[./\-月](\d{1,2})(?:日|号)?)?)?(?:[ T]+\d{1,2}[:时].*)?")
_COMPACT_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})")
_FIRST_SERIAL, _LAST_SERIAL = 20_000, 80_000  # 1954 to 2119: what a bare number may mean as a day
_SERIAL_ZERO = date(1899, 12, 30)
_SERIAL_ZERO_1904 = date(1904, 1, 1)


class Unreadable(ValueError):
    """A cell that does not say what its column asks for. `suggestion`: a value that would do, if clear."""

    def __init__(self, why: str, suggestion: str | None = None) -> None:
        super().__init__(why)
        self.why = why
        self.suggestion = suggestion


def narrow(text: str) -> str:
    """Full-width digits, letters and spaces as plain ones; Chinese punctuation stays as it is."""
    return text if text.isascii() else text.translate(_NARROW)


def digits_text(cell: Cell) -> str:
    """The cell as text, a whole number without `.0` or exponent. Dates as 2026-11-23."""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d %H:%M") if cell.time() != time() else cell.strftime("%Y-%m-%d")
    return str(cell)


def many_lines(cell: Cell) -> str:
    """Long text: line breaks kept, everything invisible gone."""
    text = digits_text(cell).replace("\r\n", "\n").replace("\r", "\n").replace("\x0b", "\n")
    text = narrow(_UNSEEN.sub("", text.replace("_x000D_", "")))
    return "\n".join(line.strip() for line in text.strip().split("\n"))


def one_line(cell: Cell) -> str:
    """A name or a short text on one line; spaces and breaks between Chinese characters are slips and go."""
    return _one_line(digits_text(cell))


@lru_cache(maxsize=4096)
def _one_line(text: str) -> str:
    """Remembered: a check asks for the same few cells again and again."""
    return _BETWEEN_HAN.sub("", " ".join(many_lines(text).split()))


def is_blank(cell: Cell) -> bool:
    """Empty, or one of the marks offices put for "nothing"."""
    if not isinstance(cell, str) or len(cell.strip()) > LONGEST_PLACEHOLDER:
        return False
    text = one_line(cell)
    return not text or text in PLACEHOLDERS


def starts_formula(text: str) -> bool:
    """Whether a spreadsheet might take the text for a formula when it is opened."""
    return text.lstrip()[:1] in ("=", "+", "-", "@", "＝", "＋", "－", "＠")


def name_key(text: str) -> str:
    """For comparing names: width, case, spaces and kinds of brackets do not count."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def split_names(cell: Cell) -> tuple[str, ...]:
    """张三、李四，王五 as single names, in order, each once."""
    if is_blank(cell):
        return ()
    names = (one_line(name) for name in NAME_BREAKS.split(many_lines(cell)))
    return tuple(dict.fromkeys(name for name in names if name and name not in PLACEHOLDERS))


def parse_yes_no(cell: Cell) -> bool | None:
    """是 √ 已办结 / 否 办理中 ...; None for an empty cell."""
    if isinstance(cell, bool):
        return cell
    if is_blank(cell):
        return None
    text = "".join(digits_text(cell).split()).lower().rstrip("。")
    if text in YES:
        return True
    if text in NO:
        return False
    raise Unreadable(f"看不出“{one_line(cell)}”是“是”还是“否”，请填“是”或“否”")


def parse_date(cell: Cell, *, is_1904: bool = False) -> date | None:
    """A calendar date out of any of the ways offices write one; None for an empty cell."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return _sensible(cell)
    if isinstance(cell, (time, timedelta, bool)):
        raise Unreadable("这里应填日期，如 2026-11-23")
    if isinstance(cell, (int, float)):
        return _numeric_date(float(cell), is_1904)
    if is_blank(cell):
        return None
    return _written_date(cell, is_1904)


def _numeric_date(number: float, is_1904: bool) -> date:
    """An Excel day count (with or without a time of day), or 20260820 typed as a number."""
    if _FIRST_SERIAL <= number <= _LAST_SERIAL:
        zero = _SERIAL_ZERO_1904 if is_1904 else _SERIAL_ZERO
        return zero + timedelta(days=int(number))
    if number.is_integer() and (match := _COMPACT_DATE.fullmatch(str(int(number)))):
        return _calendar_day(*match.groups())
    raise Unreadable(f"“{digits_text(number)}”不是日期，请写成 2026-11-23 这样")


def _written_date(cell: str, is_1904: bool) -> date:
    text = unicodedata.normalize("NFKC", one_line(cell)).replace("。", ".").strip(".")
    text = re.sub(r"\s*([./\-年月日号])\s*", r"\1", text)
    if match := _COMPACT_DATE.fullmatch(text):
        return _calendar_day(*match.groups())
    if re.fullmatch(r"\d{5}(\.\d+)?", text):
        return _numeric_date(float(text), is_1904)
    if re.match(r"\d{1,2}[./\-月]\d{1,2}(日|号)?$", text):
        raise Unreadable(f"日期“{text}”没有年份，请写成 2026-11-23 这样")
    if re.match(r"\d{2}[./\-年]\d{1,2}[./\-月]\d{1,2}", text):
        raise Unreadable(f"日期“{text}”的年份不全，请写四位年份", _full_year(text))
    match = _DATE.fullmatch(re.sub(r"(日|号)(?=\d)", " ", text))
    if match is None:
        raise Unreadable(f"“{one_line(cell)}”不是日期，请写成 2026-11-23 这样")
    year, month, day = match.groups()
    if month is None or day is None:
        raise Unreadable(f"日期“{text}”不完整，年、月、日都要写")
    return _calendar_day(year, month, day)


def _full_year(text: str) -> str | None:
    parts = [int(part) for part in re.findall(r"\d+", text)[:3]]
    try:
        return date(2000 + parts[0], parts[1], parts[2]).isoformat()
    except ValueError:
        return None


def _calendar_day(year: str, month: str, day: str) -> date:
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        raise Unreadable(f"没有{int(year)}年{int(month)}月{int(day)}日这一天，请核对") from None
    return _sensible(found)


def _sensible(found: date) -> date:
    if not 1950 <= found.year <= 2100:
        raise Unreadable(f"年份{found.year}不合理，请核对日期")
    return found
