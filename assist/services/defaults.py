"""The first configuration, from `assist/defaults`: dictionaries, office hours, holidays, limits, ladder.

Installed by key into what is missing, never over what somebody has changed; run after every migration.
"""

import json
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from assist.domain.holidays import parse_holidays
from assist.domain.ladder import DEFAULTS as LADDER
from assist.domain.limits import DEFAULTS as LIMITS
from assist.models import (
    Area,
    CalendarOverride,
    CalendarYear,
    Category,
    Chain,
    LadderStep,
    Limit,
    OfficeHours,
    Setting,
)
from assist.services.settings import changed

FOLDER = Path(__file__).parent.parent / "defaults"
SETTINGS: dict[str, Any] = {
    "revision": 1,
    "oversight_phone": "0635-8888110",
    "office_phone": "0635-8888120",
    "restricted_owner_id": 0,
    "channels": [],
    "programme_size": 200,
}


def _load(name: str) -> Any:
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


def install(session: Session) -> bool:
    """Put in what is missing. Returns whether anything was."""
    before = session.scalar(select(Setting.id).where(Setting.name == "revision"))
    if before is not None:
        return False
    for name, value in SETTINGS.items():
        session.add(Setting(name=name, value=value))
    _areas_and_chains(session)
    _categories(session)
    _calendar(session)
    for limit in LIMITS:
        session.add(
            Limit(
                kind=limit.kind,
                for_case=limit.case,
                measure=limit.measure,
                amount=limit.amount,
                from_on=date(2020, 1, 1),
            )
        )
    for rule in LADDER:
        session.add(
            LadderStep(
                kind=rule.kind,
                step=rule.step,
                unit=rule.unit,
                amount=rule.amount,
                repeat_every=rule.repeat_every,
                recipients=list(rule.recipients),
                channels=list(rule.channels),
            )
        )
    changed(session)
    return True


def _areas_and_chains(session: Session) -> None:
    aliases: dict[str, list[str]] = {}
    words = _load("chains.json")
    for alias, name in words["area_aliases"].items():
        aliases.setdefault(name, []).append(alias)
    for area in _load("areas.json")["areas"]:
        session.add(
            Area(
                code=area["code"],
                name=area["name"],
                sort=area["sort"],
                is_zone=area.get("zone", False),
                former_codes=area.get("former_codes", []),
                aliases=aliases.get(area["name"], []),
            )
        )
    for sort, name in enumerate(words["chains"], start=1):
        session.add(Chain(name=name, sort=sort))


def _categories(session: Session) -> None:
    sort = 0
    for parent in _load("categories.json")["categories"]:
        top = _category(parent, None, sort := sort + 1)
        session.add(top)
        session.flush()
        for child in parent["children"]:
            session.add(_category({"guide": parent.get("guide"), **child}, top.id, sort := sort + 1))


def _category(words: dict[str, Any], parent_id: int | None, sort: int) -> Category:
    return Category(
        code=words["code"],
        name=words["name"],
        parent_id=parent_id,
        unit_name=words.get("unit"),
        days=words.get("days"),
        is_restricted=words.get("restricted", False),
        is_shielded=words.get("shielded", False),
        is_note_required=words.get("note_required", False),
        guide=words.get("guide"),
        sort=sort,
    )


def _calendar(session: Session) -> None:
    session.add(
        OfficeHours(
            from_on=date(2020, 1, 1), to_on=None, windows=[["08:30", "12:00"], ["14:00", "17:30"]], name="常年"
        )
    )
    for path in sorted((FOLDER / "holidays").glob("*.json")):
        content = json.loads(path.read_text(encoding="utf-8"))
        year = parse_holidays(content, int(path.stem))
        row = CalendarYear(year=year.year, status=year.status, note=content.get("note", "")[:200])
        session.add(row)
        session.flush()
        for override in year.overrides:
            session.add(
                CalendarOverride(
                    on=override.on, year_id=row.id, name=override.name, is_working=not override.is_off
                )
            )
