"""榜单规则的调整: what a change of one rule says, and the dated row that an approval writes."""

from typing import Any

from sqlalchemy import select

from assist.domain.board_rules import SPECS, RuleSpec
from assist.domain.errors import NotFound
from assist.models import BoardRule, SettingChange
from assist.services.work import Work


def spec_of(name: str) -> RuleSpec:
    """The rule of a name. Raises NotFound."""
    if name not in SPECS:
        raise NotFound()
    return SPECS[name]


def difference(work: Work, name: str, value: Any) -> tuple[dict[str, Any], dict[str, Any], str]:
    """(the new columns, the old ones, the difference in words). Raises NotFound."""
    spec = spec_of(name)
    old = work.settings.board_rules_on()[name]
    return {"value": value}, {"value": old}, f"{spec.title}：{spec.text(old)} → {spec.text(value)}"


def write(work: Work, change: SettingChange) -> None:
    """The row from its date on; a change approved before for the same date gives way to this one."""
    value = change.payload["new"]["value"]
    row = work.session.scalar(
        select(BoardRule).where(BoardRule.name == change.subject, BoardRule.from_on == change.from_on)
    )
    if row is None:
        work.session.add(BoardRule(name=change.subject, value=value, from_on=change.from_on))
    else:
        row.value = value
    work.session.flush()
