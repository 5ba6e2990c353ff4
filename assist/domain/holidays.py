"""Reading one year's holiday file (already parsed JSON) into special days.

    {"year": 2026, "status": "official",
     "days": [{"name": "元旦", "date": "2026-01-01", "isOffDay": true}, …]}

`status` may be missing: the file is official then. Not here: opening files, storing rows.
"""

from collections.abc import Mapping
from datetime import date

from assist.domain.office_hours import CalendarError, DayOverride, HolidayYear, YearStatus

_STATUSES = {"official": YearStatus.OFFICIAL, "provisional": YearStatus.PROVISIONAL}


def parse_holidays(content: object, expected_year: int | None = None) -> HolidayYear:
    """The year in a holiday file, or `CalendarError` with the first thing that is wrong with it."""
    if not isinstance(content, Mapping):
        raise CalendarError("放假安排文件格式不正确：最外层应包含 year 和 days。")
    year = _year(content.get("year"), expected_year)
    status = _STATUSES.get(str(content.get("status", "official")))
    if status is None:
        raise CalendarError("放假安排文件的 status 应为 official（已公布）或 provisional（暂定）。")
    days = content.get("days")
    if not isinstance(days, list) or not days:
        raise CalendarError("放假安排文件没有 days，至少应有一天。")
    overrides: dict[date, DayOverride] = {}
    for number, entry in enumerate(days, start=1):
        override = _override(number, entry, year)
        if override.on in overrides:
            raise CalendarError(f"放假安排第{number}条：日期{override.on}重复。")
        overrides[override.on] = override
    return HolidayYear(year, status, tuple(overrides[on] for on in sorted(overrides)))


def _year(value: object, expected: int | None) -> int:
    # bool is an int to Python, but not a year to anybody.
    if not isinstance(value, int) or isinstance(value, bool):
        raise CalendarError("放假安排文件的 year 应为年份，如 2027。")
    if expected is not None and value != expected:
        raise CalendarError(f"放假安排文件是{value}年的，不是{expected}年的。")
    return value


def _override(number: int, entry: object, year: int) -> DayOverride:
    if not isinstance(entry, Mapping):
        raise CalendarError(f"放假安排第{number}条格式不正确：应包含 name、date、isOffDay。")
    name, is_off = entry.get("name"), entry.get("isOffDay")
    if not isinstance(name, str) or not name.strip():
        raise CalendarError(f"放假安排第{number}条没有节日名称（name）。")
    written = str(entry.get("date"))
    try:
        on = date.fromisoformat(written)
    except ValueError:
        raise CalendarError(f"放假安排第{number}条的日期“{written}”不正确，应如 2027-01-01。") from None
    if on.year != year:
        raise CalendarError(f"放假安排第{number}条：日期{on}不在{year}年内。")
    if not isinstance(is_off, bool):
        raise CalendarError(f"放假安排第{number}条的 isOffDay 应为 true（放假）或 false（上班）。")
    return DayOverride(on, name.strip(), is_off)
