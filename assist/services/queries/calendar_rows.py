"""The working calendar as it is kept: years and how well they are known, special days, office hours. Reads only."""

import re
from datetime import date
from typing import Any

from sqlalchemy import case, func, select

from assist.domain.office_hours import YearStatus
from assist.models import CalendarOverride, CalendarYear, OfficeHours
from assist.services.work import Work

AHEAD = 2
_CHINESE = re.compile(r"[\u4e00-\u9fff]")  # the words of a file in another language say nothing here


def years(work: Work, present: int) -> list[dict[str, Any]]:
    """Every known year and the next two, the latest first, with how many days off and make-up days each has."""
    query = (
        select(
            CalendarYear.year,
            CalendarYear.status,
            CalendarYear.note,
            func.count(CalendarOverride.id),
            func.coalesce(func.sum(case((CalendarOverride.is_working, 1), else_=0)), 0),
        )
        .outerjoin(CalendarOverride, CalendarOverride.year_id == CalendarYear.id)
        .group_by(CalendarYear.id)
    )
    found = {
        year: {
            "year": year,
            "status": status,
            "note": note if _CHINESE.search(note) else "",
            "off": count - working,
            "working": working,
        }
        for year, status, note, count, working in work.session.execute(query)
    }
    for year in range(present, present + AHEAD + 1):
        found.setdefault(
            year, {"year": year, "status": YearStatus.ABSENT, "note": "", "off": 0, "working": 0}
        )
    return [found[year] for year in sorted(found, reverse=True)]


def special_days(work: Work, year: int) -> list[CalendarOverride]:
    """The dates of a year that differ from their weekday, in order."""
    if not 1900 <= year <= 9998:
        return []
    query = select(CalendarOverride).where(
        CalendarOverride.on >= date(year, 1, 1), CalendarOverride.on <= date(year, 12, 31)
    )
    return list(work.session.scalars(query.order_by(CalendarOverride.on)))


def hours_ids(work: Work) -> dict[date, int]:
    """By the day they begin, the ids of the office hours."""
    rows = work.session.execute(select(OfficeHours.from_on, OfficeHours.id))
    return {row.from_on: row.id for row in rows}
