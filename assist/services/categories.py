"""诉求类别: kept by one supervisor, in force at once. In the audit log with old and new.

A ticket keeps what it was given: its own restricted mark, and the days of its running clock.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select, update

from assist.domain.cells import one_line
from assist.domain.errors import Conflict, Forbidden, Invalid, NotFound
from assist.domain.policy import Deed, may
from assist.models import Category, Unit
from assist.services import auditing, settings
from assist.services.work import Work

LOCAL = "属地政府"  # as a usual unit: the government of the enterprise's own area
MOST_DAYS = 120
FIELDS = ("name", "unit_name", "days", "is_restricted", "is_shielded", "is_note_required", "guide")


@dataclass(frozen=True)
class CategoryWords:
    """What is kept of a category; `days` in working days, None: by type and difficulty."""

    name: str
    unit_name: str = ""
    days: int | None = None
    is_restricted: bool = False
    is_shielded: bool = False
    is_note_required: bool = False
    guide: str = ""


def leaf(work: Work, code: str) -> Category:
    """A category that tickets may have, by its code. Raises NotFound."""
    row = work.session.scalar(select(Category).where(Category.code == code, Category.parent_id.is_not(None)))
    if row is None:
        raise NotFound()
    return row


def change(work: Work, code: str, words: CategoryWords) -> Category:
    """Raises Forbidden, NotFound, Invalid naming the field."""
    _keeper(work)
    row = leaf(work, code)
    before = _shown(row)
    with work.session.no_autoflush:
        _fill(work, row, words)
    after = _shown(row)
    changed = {name: [before[name], after[name]] for name in FIELDS if before[name] != after[name]}
    if changed:
        settings.changed(work.session)
        work.__dict__.pop("settings", None)
        auditing.record(work, "change_category", row.name, code=row.code, category_id=row.id, **changed)
    return row


def add_leaf(work: Work, parent_code: str, words: CategoryWords) -> Category:
    """A new category under a group, with the next code of the group (two digits beside the group's two)."""
    _keeper(work)
    parent = work.session.scalar(
        select(Category).where(Category.code == parent_code, Category.parent_id.is_(None)).with_for_update()
    )
    if parent is None:
        raise Invalid("请选择所属大类。", "parent")
    row = Category(code=_next_code(work, parent), name="", parent_id=parent.id, sort=_make_room(work, parent))
    _fill(work, row, words)
    work.session.add(row)
    settings.changed(work.session)
    work.__dict__.pop("settings", None)
    auditing.record(work, "add_category", row.name, code=row.code, category_id=row.id, **_shown(row))
    return row


def _keeper(work: Work) -> None:
    if not may(work.actor, Deed.KEEP_SETTINGS):
        raise Forbidden()


def _shown(row: Category) -> dict[str, Any]:
    return {name: getattr(row, name) for name in FIELDS}


def _fill(work: Work, row: Category, words: CategoryWords) -> None:
    name = one_line(words.name)
    if not any(letter.isalpha() for letter in name):
        raise Invalid("请填写类别名称。", "name")
    same = select(Category.id).where(Category.name == name, Category.parent_id.is_not(None))
    if any(found != row.id for found in work.session.scalars(same)):
        raise Invalid("已有同名的类别。", "name")
    if words.days is not None and not 0 < words.days <= MOST_DAYS:
        raise Invalid(f"办结天数应为1至{MOST_DAYS}，不填则按类型和难度。", "days")
    if words.is_restricted and not row.is_restricted and work.settings.restricted_owner_id is None:
        raise Invalid("请先在“诉求类别”页指定专项诉求办理人，再设为专项。", "is_restricted")
    row.name, row.days = name, words.days
    row.unit_name = _unit_name(work, one_line(words.unit_name), row.unit_name)
    row.is_restricted, row.is_shielded = words.is_restricted, words.is_shielded
    row.is_note_required, row.guide = words.is_note_required, words.guide.strip() or None


def _unit_name(work: Work, name: str, present: str | None) -> str | None:
    """A unit in use by its name; what stands there already may stay."""
    if not name or name in (LOCAL, present):
        return name or None
    found = work.session.scalars(select(Unit.name).where(Unit.is_active, Unit.name == name)).first()
    if found is None:
        raise Invalid("请从在用的单位中选择。", "unit_name")
    return found


def _next_code(work: Work, parent: Category) -> str:
    last = work.session.scalar(select(func.max(Category.code)).where(Category.parent_id == parent.id))
    number = int(last[2:]) + 1 if last else 1
    if number > 99:
        raise Conflict("这一大类已满99个类别。")
    return f"{parent.code[:2]}{number:02d}"


def _make_room(work: Work, parent: Category) -> int:
    """The place after the last of the group; those behind it move on by one."""
    own = select(func.max(Category.sort)).where(Category.parent_id == parent.id)
    last = work.session.scalar(own) or parent.sort
    work.session.execute(update(Category).where(Category.sort > last).values(sort=Category.sort + 1))
    return last + 1
