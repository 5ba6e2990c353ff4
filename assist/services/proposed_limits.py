"""办理时限的调整: what a change of one limit says, and the dated row that an approval writes."""

from typing import Any

from sqlalchemy import select

from assist.domain.clock import local_date
from assist.domain.deadlines import Budget, Measure
from assist.domain.errors import Invalid, NotFound
from assist.domain.limits import LIMITS, LimitRule, limit_title, unfit
from assist.models import Limit, SettingChange
from assist.services.work import Work


def rule_of(key: str) -> LimitRule:
    """The limit of a key (`resolution.complex`). Raises NotFound."""
    if key not in LIMITS:
        raise NotFound()
    return LIMITS[key]


def in_force(work: Work, rule: LimitRule) -> Budget:
    """What new clocks get today."""
    return work.settings.budget(rule.kind, rule.case, local_date(work.now))


def latest(work: Work, rule: LimitRule) -> Budget:
    """What will hold last, with the changes that are approved already: a further change starts from there."""
    return work.settings.budget(rule.kind, rule.case)


def difference(work: Work, key: str, budget: Budget) -> tuple[dict[str, Any], dict[str, Any], str]:
    """(the new columns, the old ones, the difference in words). Raises NotFound, Invalid (`amount`)."""
    rule = rule_of(key)
    if why := unfit(rule.kind, budget):
        raise Invalid(why, "amount")
    old = latest(work, rule)
    words = f"{limit_title(rule.kind, rule.case)}：{old.text} → {budget.text}"
    return _columns(budget), _columns(old), words


def _columns(budget: Budget) -> dict[str, Any]:
    return {"measure": budget.measure.value, "amount": budget.amount}


def write(work: Work, change: SettingChange) -> None:
    """The row from its date on; a change approved before for the same date gives way to this one."""
    rule, new = rule_of(change.subject), change.payload["new"]
    row = work.session.scalar(
        select(Limit).where(
            Limit.kind == rule.kind, Limit.for_case == rule.case, Limit.from_on == change.from_on
        )
    )
    if row is None:
        row = Limit(kind=rule.kind, for_case=rule.case, from_on=change.from_on)
        work.session.add(row)
    row.measure, row.amount = Measure.of(new["measure"]), int(new["amount"])
    work.session.flush()
