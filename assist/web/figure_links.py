"""Where a number of a figure leads: to the list of the tickets, or of the times, that it counts."""

from typing import Any

from flask import url_for

from assist.domain.rates import Period
from assist.services.queries.figures.catalogue import FIGURES


def list_url(key: str, part: str, period: Period, told_at: Any = None, **more: Any) -> str:
    """The list behind one number; `told_at` (an instant): as it stood then. `more` narrows it."""
    since, until = period.first_on.isoformat(), period.last_on.isoformat()
    if told_at is not None:
        more["told_at"] = told_at.isoformat()
    place = "months.times" if key in FIGURES and FIGURES[key].counts_times else "tickets.index"
    return url_for(place, figure=key, part=part, since=since, until=until, **more)
