"""What a roster's cells cannot know: whose area it is, whose login a phone already is, who has left.

Added to the sheet's own faults at the same cells. An area's coordinator brings in his own area's enterprises only.
"""

from collections.abc import Iterable
from dataclasses import replace

from assist.domain.cells import name_key
from assist.domain.roles import Role, conflicting
from assist.models import Account
from assist.services.imports.present import Present
from assist.services.work import Work
from assist.services.workbooks.findings import Fault
from assist.services.workbooks.reading import Sheet
from assist.services.workbooks.roster_sheet import RosterCheck, RosterRow

# Who may become an officer beside what he is: not a supervisor, who judges officers, and no administrator.
MAY_BECOME_OFFICER = frozenset({Role.OFFICER, Role.UNIT, Role.LEADER, Role.COORDINATOR})

Found = tuple[str, str, str]  # the column's key, the value, why


def narrowed(work: Work, present: Present, sheet: Sheet, check: RosterCheck) -> RosterCheck:
    """The check with the faults that only the present roster shows; their rows are good no longer."""
    faults = [
        at_cell(sheet, row.row, key, value, why)
        for row in check.rows
        for key, value, why in _found(work, present, row)
    ]
    faulty = {fault.row for fault in faults}
    return replace(
        check,
        rows=tuple(row for row in check.rows if row.row not in faulty),
        faults=in_order((*check.faults, *faults)),
    )


def at_cell(sheet: Sheet, row: int, key: str, value: str, why: str) -> Fault:
    column = sheet.columns[key]
    return Fault(row, column.title, column.letter, value, why)


def in_order(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """By row, then column."""
    return tuple(sorted(faults, key=lambda one: (one.row, len(one.column_letter), one.column_letter)))


def _found(work: Work, present: Present, row: RosterRow) -> Iterable[Found]:
    area = present.areas[row.area_code]
    if (own := work.actor.area_id) is not None:
        known = present.enterprises.get(row.credit_code)
        if area.id != own:
            yield "area", area.name, f"{area.name}不在您负责的范围内，请由该县（市、区）或市助企办导入"
        elif known is not None and known.area_id != own:
            yield "credit_code", row.credit_code, "这家企业现由其他县（市、区）维护，变更属地请联系市助企办"
    yield from _officer(present, row)
    yield from _contact(present, row)


def _officer(present: Present, row: RosterRow) -> Iterable[Found]:
    held = present.person(row.officer_phone, Role.OFFICER, row.officer_name)
    if held is None:
        yield from _username_taken(present, "officer_phone", row.officer_phone)
    elif not held.has(Role.OFFICER) and name_key(held.name) != name_key(row.officer_name):
        yield "officer_phone", row.officer_phone, f"这个电话已是“{held.name}”（{_titles(held)}）的，请核对"
    elif not held.roles <= MAY_BECOME_OFFICER or conflicting(held.roles | {Role.OFFICER}):
        yield "officer_name", row.officer_name, f"“{held.name}”已是{_titles(held)}，不能兼任服务专员"
    elif not held.is_active:
        yield "officer_name", row.officer_name, f"服务专员“{held.name}”的账号已停用，请先启用或更换专员"


def _contact(present: Present, row: RosterRow) -> Iterable[Found]:
    held = present.person(row.contact_phone, Role.ENTERPRISE, row.contact_name)
    if held is None:
        yield from _username_taken(present, "contact_phone", row.contact_phone)
    elif not held.has(Role.ENTERPRISE):
        yield "contact_phone", row.contact_phone, f"这个电话已是“{held.name}”（{_titles(held)}）的，请核对"
    elif not held.is_active:
        yield "contact_name", row.contact_name, f"企业联系人“{held.name}”的账号已停用，请先启用或更换联系人"


def _username_taken(present: Present, key: str, phone: str) -> Iterable[Found]:
    if (holder := present.usernames.get(phone)) is not None:
        yield key, phone, f"这个号码是“{holder.name}”的登录名，请先更改其登录名或核对号码"


def _titles(account: Account) -> str:
    return "、".join(role.label for role in Role if role in account.roles)
