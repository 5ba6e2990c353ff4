"""Which units may be asked about a ticket, and which one usually is. Reading only; one statement."""

from dataclasses import dataclass

from sqlalchemy import select

from assist.models import Ticket, Unit
from assist.services.work import Work

# As the dictionary of categories writes it: the government of the enterprise's area.
LOCAL_GOVERNMENT = "属地政府"
_GOVERNMENTS = ("人民政府", "管委会", "管理委员会")


@dataclass(frozen=True)
class UnitChoice:
    id: int
    name: str
    group: str


@dataclass(frozen=True)
class UnitChoices:
    """`usual_id`: the category's usual unit, a proposal only; None where there is none."""

    units: list[UnitChoice]
    usual_id: int | None
    usual_name: str


def choices(work: Work, ticket: Ticket) -> UnitChoices:
    """The active units: the city's, then those of the ticket's area, then the others'."""
    rows = list(
        work.session.scalars(
            select(Unit).where(Unit.is_active).order_by(Unit.level, Unit.sort, Unit.id)
        )
    )
    rows.sort(key=lambda unit: (unit.level != "city", unit.area_id != ticket.area_id))
    usual = _usual(work, ticket, rows)
    return UnitChoices(
        [UnitChoice(unit.id, unit.name, _group(work, unit)) for unit in rows],
        usual.id if usual else None,
        usual.name if usual else "",
    )


def _group(work: Work, unit: Unit) -> str:
    area = work.settings.areas.get(unit.area_id or 0)
    return area.name if unit.level == "county" and area else "市级（须经市助企办核发）"


def _usual(work: Work, ticket: Ticket, units: list[Unit]) -> Unit | None:
    category = work.settings.categories.get(ticket.category_id or 0)
    name = category.unit_name if category else ""
    if not name:
        return None
    if name == LOCAL_GOVERNMENT:
        local = [unit for unit in units if unit.level == "county" and unit.area_id == ticket.area_id]
        return next((unit for unit in local if unit.name.endswith(_GOVERNMENTS)), None)
    return next((unit for unit in units if name in (unit.name, unit.short_name, *unit.aliases)), None)
