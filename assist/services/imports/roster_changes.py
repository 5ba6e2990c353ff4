"""What a checked roster would change: each row against what stands, in words a person can read.

A row without changes is not touched, so that importing a file twice changes nothing. What the sheet leaves empty is
left as it is. Not here: the sheet's own faults (`workbooks.roster_sheet`), writing (`roster`).
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assist.domain.cells import name_key
from assist.domain.masking import mask_phone
from assist.domain.roles import Role
from assist.models import Account, Enterprise
from assist.services.imports.present import Present
from assist.services.workbooks.roster_sheet import RosterRow

GROUP_BREAK = "、"


@dataclass(frozen=True)
class Change:
    """One thing that would be different: what it is called, the old words ("" for none) and the new ones."""

    what: str
    old: str
    new: str


@dataclass(frozen=True)
class RowPlan:
    """A row and what it brings. `is_new`: the enterprise is not known yet; then `changes` is empty."""

    row: RosterRow
    is_new: bool
    changes: tuple[Change, ...] = ()

    @property
    def is_unchanged(self) -> bool:
        return not self.is_new and not self.changes

    @property
    def words(self) -> str:
        if self.is_new:
            return "新增"
        return "；".join(
            f"{one.what}由“{one.old}”改为“{one.new}”" if one.old else f"{one.what}补为“{one.new}”"
            for one in self.changes
        )


@dataclass(frozen=True)
class RosterPlan:
    """All rows of a sheet. `handlers`: the row whose word holds for an officer who stands in several."""

    rows: tuple[RowPlan, ...]

    @property
    def new(self) -> list[RowPlan]:
        return [one for one in self.rows if one.is_new]

    @property
    def changed(self) -> list[RowPlan]:
        return [one for one in self.rows if one.changes]

    @property
    def unchanged_count(self) -> int:
        return sum(one.is_unchanged for one in self.rows)


def plan(present: Present, rows: Sequence[RosterRow]) -> RosterPlan:
    leading = leading_rows(rows)
    found = []
    for row in rows:
        enterprise = present.enterprises.get(row.credit_code)
        if enterprise is None:
            found.append(RowPlan(row, True))
        else:
            is_leading = leading[row.officer_phone] is row
            found.append(RowPlan(row, False, tuple(_changes(present, enterprise, row, is_leading))))
    return RosterPlan(tuple(found))


def leading_rows(rows: Iterable[RosterRow]) -> dict[str, RosterRow]:
    """By officer's phone the first row he stands in: its unit and post hold for him."""
    leading: dict[str, RosterRow] = {}
    for row in rows:
        leading.setdefault(row.officer_phone, row)
    return leading


def _changes(present: Present, enterprise: Enterprise, row: RosterRow, is_leading: bool) -> Iterable[Change]:
    area = present.areas[row.area_code]
    old_area = next((one.name for one in present.areas.values() if one.id == enterprise.area_id), "")
    old_chain = next((one.name for one in present.chains.values() if one.id == enterprise.chain_id), "")
    if name_key(enterprise.name) != name_key(row.enterprise_name):
        yield Change("企业名称", enterprise.name, row.enterprise_name)
    if not enterprise.is_active:
        yield Change("状态", "已退出", "在列")
    if enterprise.area_id != area.id:
        yield Change("县（市、区）", old_area, area.name)
    if row.chain and row.chain != old_chain:
        yield Change("产业链", old_chain, row.chain)
    if row.leader and row.leader != enterprise.leader_name:
        yield Change("牵头领导", enterprise.leader_name, row.leader)
    members = GROUP_BREAK.join(row.members)
    if members[:200] != enterprise.group_names and members:
        yield Change("工作组成员", enterprise.group_names, members)
    yield from _officer(present, enterprise, row, is_leading)
    yield from _contact(present, enterprise, row)


def _officer(present: Present, enterprise: Enterprise, row: RosterRow, is_leading: bool) -> Iterable[Change]:
    pairing = present.pairings.get(enterprise.id)
    old = present.accounts[pairing.officer_id] if pairing else None
    wanted = present.person(row.officer_phone, Role.OFFICER, row.officer_name)
    if old is None or wanted is None or old.id != wanted.id:
        yield Change("服务专员", _called(old), f"{row.officer_name}（{mask_phone(row.officer_phone)}）")
    if wanted is None or not is_leading:
        return
    unit = wanted.unit.name if wanted.unit else ""
    if unit != row.officer_unit:
        yield Change("专员单位", unit, row.officer_unit)
    if row.officer_title and row.officer_title != wanted.position:
        yield Change("专员职务", wanted.position, row.officer_title)


def _contact(present: Present, enterprise: Enterprise, row: RosterRow) -> Iterable[Change]:
    main = present.main_contact(enterprise.id)
    old = present.accounts[main.account_id] if main else None
    wanted = present.person(row.contact_phone, Role.ENTERPRISE, row.contact_name)
    if old is not None and wanted is None and name_key(old.name) == name_key(row.contact_name):
        yield Change("联系人电话", mask_phone(old.phone), mask_phone(row.contact_phone))
    elif old is None or wanted is None or old.id != wanted.id:
        yield Change("企业联系人", _called(old), f"{row.contact_name}（{mask_phone(row.contact_phone)}）")


def _called(account: Account | None) -> str:
    return f"{account.name}（{mask_phone(account.phone)}）" if account else ""


def summary(found: RosterPlan) -> str:
    """新增200家，变更0家，不变0家；其中…"""
    kinds = Counter(change.what for one in found.changed for change in one.changes)
    words = f"新增{len(found.new)}家，变更{len(found.changed)}家，不变{found.unchanged_count}家"
    return words + (
        "（" + "，".join(f"{what}{count}" for what, count in kinds.items()) + "）" if kinds else ""
    )
