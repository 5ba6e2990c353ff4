"""How a change of limits, ladder or boards stands: proposed by one supervisor, decided by another (design 2).

It is in force from the first of the month after it was proposed, or after it was approved where that came later.
"""

from datetime import date

from assist.domain.status import Worded


class ChangeStatus(Worded):
    PROPOSED = "proposed", "待批准", "soon"
    APPROVED = "approved", "已批准", "ok"
    REFUSED = "refused", "未批准", "gr"
    WITHDRAWN = "withdrawn", "已撤回", "gr"


class ChangeKind(Worded):
    """Which rows a change would write."""

    LIMIT = "limit", "办理时限"
    LADDER = "ladder", "提醒阶梯"
    BOARD = "board", "榜单规则"


def first_of_next_month(on: date) -> date:
    return date(on.year + on.month // 12, on.month % 12 + 1, 1)


def in_force_from(proposed_for: date, approved_on: date) -> date:
    """Never a day that has begun: what was approved late holds from the next month on."""
    return proposed_for if proposed_for > approved_on else first_of_next_month(approved_on)
