"""Hiding phone numbers (138****5678) and names. Who may see them whole is decided in `policy`, not here."""

import re

_PHONE = re.compile(r"(?<!\d)(?:1[3-9]\d{9}|1[3-9]\d-\d{4}-\d{4}|0\d{2,3}-\d{7,8}(?:-\d{1,6})?)(?!\d)")
_MASKED = re.compile(r"\d{3}\*{4}\d{4}|0\d{2,3}-\*{3,4}\d{4}")
_LANDLINE = re.compile(r"(0\d{2,3})-(\d{7,8})(?:-\d{1,6})?")


def mask_phone(phone: str) -> str:
    """A mobile keeps its first three and last four digits, a landline its area code and last four.

    Anything else keeps at most its last two characters: what is not understood is not shown.
    """
    plain = phone.strip()
    if match := _LANDLINE.fullmatch(plain):
        return f"{match[1]}-{'*' * (len(match[2]) - 4)}{match[2][-4:]}"
    digits = plain.replace("-", "").replace(" ", "")
    if len(digits) == 11 and digits.isdigit():
        return f"{digits[:3]}****{digits[-4:]}"
    return "*" * max(len(plain) - 2, 0) + plain[-2:] if len(plain) > 4 else "*" * len(plain)


def is_masked(text: str) -> bool:
    """Whether a number has been hidden in this way already."""
    return _MASKED.fullmatch(text.strip()) is not None


def mask_phones_in(text: str) -> str:
    """Free text with every phone number in it hidden."""
    return _PHONE.sub(lambda match: mask_phone(match[0]), text)


_FORMS = ("集团股份有限公司", "集团有限公司", "股份有限公司", "有限责任公司", "有限公司", "合作社", "公司", "厂")


def mask_person(name: str) -> str:
    """张**: the family name's first character; how long the rest is stays hidden, too."""
    plain = name.strip()
    return f"{plain[0]}**" if plain else ""


def mask_enterprise(name: str) -> str:
    """聊城****有限公司: at most the first two characters and the legal form."""
    plain = name.strip()
    form = next((one for one in _FORMS if plain.endswith(one) and len(plain) > len(one)), "")
    kept = plain[: min(2, max(1, (len(plain) - len(form)) // 2))]
    return f"{kept}****{form}" if plain else ""
