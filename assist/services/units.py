"""承办单位 and 工作组: keeping the directory of departments, and the leaders' fixed order. In the audit log."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select, update

from assist.domain.cells import name_key, one_line, split_names
from assist.domain.errors import Conflict, Forbidden, Invalid, NotFound
from assist.domain.roles import Role
from assist.models import Account, Category, Unit, WorkGroup
from assist.models.account import holds
from assist.services import auditing, settings
from assist.services.work import Work

FIELDS = (
    "name",
    "short_name",
    "aliases",
    "level",
    "area_id",
    "is_active",
    "needs_signature",
    "is_vertical",
)


@dataclass(frozen=True)
class UnitWords:
    """`aliases`: other names offices write, by which a ledger's 专员单位 is found."""

    name: str
    short_name: str = ""
    aliases: str = ""
    level: str = "city"
    area_id: int | None = None
    is_active: bool = True
    needs_signature: bool = False
    is_vertical: bool = False


def in_scope(work: Work, unit_id: int) -> Unit:
    """A unit that the actor may change: any for the city, a county's own for its area."""
    unit = work.session.get(Unit, unit_id)
    own = work.actor.area_id
    if unit is None or (own is not None and unit.area_id != own):
        raise NotFound()
    return unit


def add(work: Work, words: UnitWords) -> Unit:
    last = work.session.scalar(select(func.max(Unit.sort))) or 0
    unit = Unit(name="", sort=last + 1)
    _fill(work, unit, words)
    work.session.add(unit)
    work.session.flush()
    auditing.record(work, "add_unit", unit.name, unit_id=unit.id, **_shown(unit))
    return unit


def change(work: Work, unit_id: int, words: UnitWords) -> Unit:
    unit = in_scope(work, unit_id)
    before = _shown(unit)
    with work.session.no_autoflush:
        _fill(work, unit, words)
    after = _shown(unit)
    changed = {name: [before[name], after[name]] for name in FIELDS if before[name] != after[name]}
    if "name" in changed:
        _rename_usual(work, *changed["name"])
    if changed:
        auditing.record(work, "change_unit", unit.name, unit_id=unit.id, **changed)
    return unit


def _has_approver(work: Work, unit: Unit) -> bool:
    query = select(Account.id).where(
        Account.unit_id == unit.id, holds(Role.UNIT), Account.is_approver, Account.is_active
    )
    return unit.id is not None and work.session.scalars(query).first() is not None


def _shown(unit: Unit) -> dict[str, Any]:
    return {name: getattr(unit, name) for name in FIELDS}


def _rename_usual(work: Work, old: str, new: str) -> None:
    """Categories name their usual unit: they go along with its new name."""
    moved = work.session.execute(update(Category).where(Category.unit_name == old).values(unit_name=new))
    if moved.rowcount:  # type: ignore[attr-defined]  # an UPDATE's result has it
        settings.changed(work.session)


def _fill(work: Work, unit: Unit, words: UnitWords) -> None:
    name = one_line(words.name)
    if not any(letter.isalpha() for letter in name):
        raise Invalid("请填写单位全称。", "name")
    own = work.actor.area_id
    if own is not None and (words.level != "county" or words.area_id != own):
        raise Invalid("您只能维护本县（市、区）的单位，市级单位由市助企办维护。", "level")
    if words.level == "county" and words.area_id not in work.settings.areas:
        raise Invalid("县级单位请选择县（市、区）。", "area")
    others = work.session.execute(select(Unit.id, Unit.name))
    if any(name_key(row.name) == name_key(name) and row.id != unit.id for row in others):
        raise Invalid("已有同名的单位。", "name")
    if words.needs_signature and not unit.needs_signature and not _has_approver(work, unit):
        raise Invalid("本单位还没有签发人，请先登记签发人，再设为须签发。", "needs_signature")
    unit.name, unit.short_name = name, one_line(words.short_name)
    unit.aliases = list(split_names(words.aliases))
    unit.level = words.level
    unit.area_id = words.area_id if words.level == "county" else None
    unit.is_active, unit.needs_signature = words.is_active, words.needs_signature
    unit.is_vertical = words.is_vertical


def move_group(work: Work, group_id: int, up: bool) -> WorkGroup:
    """One place up or down in the leaders' order, which is the city's to set. Raises Forbidden, Conflict."""
    if work.actor.area_id is not None:
        raise Forbidden("领导排序由市助企办维护。")
    groups = list(
        work.session.scalars(select(WorkGroup).order_by(WorkGroup.sort, WorkGroup.id).with_for_update())
    )
    place = next((number for number, one in enumerate(groups) if one.id == group_id), None)
    if place is None:
        raise NotFound()
    other = place - 1 if up else place + 1
    if not 0 <= other < len(groups):
        raise Conflict("已经在最前面或最后面了。")
    groups[place], groups[other] = groups[other], groups[place]
    for number, group in enumerate(groups, start=1):
        group.sort = number
    auditing.record(work, "order_groups", groups[other].name, place=other + 1)
    return groups[other]
