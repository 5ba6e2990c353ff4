"""When problems come: more every month, in office hours mostly, sometimes in the evening, at weekends, on holidays."""

from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from random import Random

from assist.domain.clock import local_date, shanghai
from assist.domain.workdays import WorkCalendar

GROWTH = (0.45, 1.55)  # the first day's share of an ordinary day, and the last one's
WEEKDAYS = (1.25, 1.1, 1.05, 1.0, 0.95, 0.16, 0.1)
HOLIDAY = 0.08
# Hours of the day and how many problems begin in them on a working day.
WORKING_HOURS = {
    7: 2, 8: 12, 9: 24, 10: 22, 11: 14, 12: 4, 13: 4, 14: 16, 15: 18, 16: 15, 17: 8, 18: 4, 19: 4, 20: 4, 21: 2,
}  # fmt: skip
FREE_HOURS = {8: 3, 9: 8, 10: 9, 11: 6, 14: 5, 15: 7, 16: 6, 17: 4, 19: 6, 20: 7, 21: 4}


def times(
    rng: Random, calendar: WorkCalendar, start: datetime, until: datetime, count: int
) -> list[datetime]:
    """So many instants between start and until, in order."""
    first, last = local_date(start) + timedelta(days=1), local_date(until - timedelta(seconds=1))
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    weights = list(accumulate(_weight(calendar, day, place / len(days)) for place, day in enumerate(days)))
    chosen = rng.choices(days, cum_weights=weights, k=count)
    return sorted(_on(rng, calendar, day) for day in chosen)


def _weight(calendar: WorkCalendar, day: date, share: float) -> float:
    growth = GROWTH[0] + (GROWTH[1] - GROWTH[0]) * share
    if calendar.is_working(day):
        return growth * max(WEEKDAYS[day.weekday()], 0.9)
    return growth * (HOLIDAY if day.weekday() < 5 else WEEKDAYS[day.weekday()])


def _on(rng: Random, calendar: WorkCalendar, day: date) -> datetime:
    hours = WORKING_HOURS if calendar.is_working(day) else FREE_HOURS
    hour = rng.choices(list(hours), weights=list(hours.values()))[0]
    at = shanghai(day.year, day.month, day.day, hour, rng.randrange(60))
    return at.astimezone(UTC) + timedelta(seconds=rng.randrange(60))
