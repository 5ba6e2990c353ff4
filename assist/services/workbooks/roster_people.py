"""Who is who in a roster: a name that may be two people is asked, and a phone that two people give is asked.

A phone number is a login, so it belongs to one person, and an officer is never also an enterprise's contact. One
officer may serve several enterprises (warned), one contact may speak for several.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from assist.domain.cells import name_key
from assist.domain.masking import mask_phone
from assist.services.workbooks.dictionaries import Dictionaries
from assist.services.workbooks.findings import Findings
from assist.services.workbooks.reading import SheetRow

OFFICER = "服务专员"
CONTACT = "企业联系人"


class PeopledRow(Protocol):
    """The part of a roster row that is looked at here."""

    @property
    def row(self) -> int: ...
    @property
    def officer_name(self) -> str: ...
    @property
    def officer_phone(self) -> str: ...
    @property
    def contact_name(self) -> str: ...
    @property
    def contact_phone(self) -> str: ...


Peopled = tuple[SheetRow, PeopledRow]


@dataclass(frozen=True)
class Holder:
    """Who gives a phone number: in which role, and in which row (None: an account that exists)."""

    name: str
    role: str
    row: int | None

    @property
    def place(self) -> str:
        return f"第{self.row}行" if self.row else "已有账号中"


@dataclass(frozen=True)
class PhoneBook:
    """Accounts that exist: phones by officer's name, holders by phone."""

    phones: dict[str, frozenset[str]]
    holders: dict[str, Holder]

    @classmethod
    def of(cls, dictionaries: Dictionaries) -> "PhoneBook":
        phones: defaultdict[str, set[str]] = defaultdict(set)
        holders: dict[str, Holder] = {}
        for contact in dictionaries.contacts:
            if contact.phone:
                holders[contact.phone] = Holder(contact.name, CONTACT, None)
        for officer in dictionaries.officers:
            phones[name_key(officer.name)].add(officer.phone)
            if officer.phone:
                holders[officer.phone] = Holder(officer.name, OFFICER, None)
        return cls({name: frozenset(found) for name, found in phones.items()}, holders)

    def knows(self, row: PeopledRow) -> bool:
        """The officer of this row, by name and phone, is an account already."""
        return row.officer_phone in self.phones.get(name_key(row.officer_name), ())


def check_people(
    parsed: Sequence[Peopled],
    book: PhoneBook,
    different_people: frozenset[tuple[str, str]],
    findings: Findings,
) -> None:
    # Those who are known already come first: it is the unknown of two namesakes who is asked about.
    ordered = sorted(parsed, key=lambda pair: (not book.knows(pair[1]), pair[1].row))
    _same_name(ordered, book, different_people, findings)
    _same_phone(ordered, book, findings)
    _several_enterprises(parsed, findings)


def _same_name(
    ordered: Sequence[Peopled],
    book: PhoneBook,
    different_people: frozenset[tuple[str, str]],
    findings: Findings,
) -> None:
    first: dict[str, PeopledRow] = {}
    for source, row in ordered:
        key = name_key(row.officer_name)
        if not key or not row.officer_phone or book.knows(row):
            if key and row.officer_phone:
                first.setdefault(key, row)
            continue
        if (row.officer_name, row.officer_phone) in different_people:
            continue
        other = first.get(key)
        if other is not None and other.officer_phone != row.officer_phone:
            _ask(source, row, f"第{other.row}行", other.officer_phone, findings)
        elif other is None and (known := book.phones.get(key)):
            _ask(source, row, "已有账号中", min(known), findings)
        else:
            first.setdefault(key, row)


def _ask(source: SheetRow, row: PeopledRow, place: str, phone: str, findings: Findings) -> None:
    why = (
        f"{place}也有服务专员“{row.officer_name}”，电话是 {mask_phone(phone)}，与这里不同：是同一个人吗？"
        f"是同一人，请统一电话；不是同一人，请在姓名后加括号注明，如“{row.officer_name}（某某科）”"
    )
    findings.fault(source, "officer_name", why)


def _same_phone(ordered: Sequence[Peopled], book: PhoneBook, findings: Findings) -> None:
    holders = dict(book.holders)
    for source, row in ordered:
        if row.officer_phone and row.officer_name and not findings.is_faulted(source, "officer_name"):
            mine = Holder(row.officer_name, OFFICER, row.row)
            _claim(source, "officer_phone", row.officer_phone, mine, holders, findings)
    for source, row in ordered:
        if row.contact_phone and row.contact_name:
            mine = Holder(row.contact_name, CONTACT, row.row)
            _claim(source, "contact_phone", row.contact_phone, mine, holders, findings)


def _claim(
    source: SheetRow, key: str, phone: str, mine: Holder, holders: dict[str, Holder], findings: Findings
) -> None:
    other = holders.setdefault(phone, mine)
    if other.role != mine.role:
        why = f"这个电话在{other.place}是{other.role}“{other.name}”的；服务专员和企业联系人不能是同一个电话，请核对"
    elif name_key(other.name) != name_key(mine.name):
        why = f"这个电话在{other.place}是“{other.name}”的，一个电话只能属于一个人，请核对"
    else:
        return
    findings.fault(source, key, why)


def _several_enterprises(parsed: Sequence[Peopled], findings: Findings) -> None:
    """Normally one officer serves one enterprise; more is possible in a vacancy and is said."""
    rows: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for source, row in parsed:
        if row.officer_name and row.officer_phone and not findings.has_fault(source.number):
            rows[name_key(row.officer_name), row.officer_phone].append(row.row)
    names = {name_key(row.officer_name): row.officer_name for _, row in parsed}
    for (key, _), numbers in rows.items():
        if len(numbers) > 1:
            where = "、".join(map(str, numbers[:6])) + ("等" if len(numbers) > 6 else "")
            findings.note(numbers[0], f"服务专员“{names[key]}”同时服务{len(numbers)}家企业（第{where}行）")
