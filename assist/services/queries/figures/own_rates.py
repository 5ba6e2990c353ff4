"""原时限按期率（本地责任）: areas compared by their own lateness; what others answer for does not count."""

from collections import Counter
from collections.abc import Mapping

from assist.domain.rates import Period, Rate
from assist.services.queries.figures import frozen
from assist.services.queries.figures.facts import AsOf
from assist.services.queries.figures.own_lateness import own_late
from assist.services.work import Work

KEY = "own_on_time"
TITLE = "原时限按期率（本地责任）"
DEFINITION = (
    "口径同原时限按期办结率；超期而责任方不是本县（市、区）的（市级承办单位、审批、交接期等），"
    "不算未按期。被企业退回的仍算未按期。"
)


def own_on_time(work: Work, period: Period, at: AsOf) -> dict[int, Rate]:
    """By area; two statements whatever the number of tickets."""
    table = frozen.now_by(work, {"area": ("original_on_time",)}, period, at)
    return excusing(work, period, at, {area_id: rate for (_, _, area_id), rate in table.items()})


def excusing(work: Work, period: Period, at: AsOf, rates: Mapping[int, Rate]) -> dict[int, Rate]:
    """原时限按期办结率 by area, less what others answer for; one statement."""
    others = Counter(
        one.area_id
        for one in own_late(work, "original_on_time", period, at).lates
        if one.party_area_id != one.area_id
    )
    return {area_id: Rate(rate.n + others[area_id], rate.d) for area_id, rate in rates.items()}
