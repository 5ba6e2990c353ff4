"""提醒阶梯的调整: what a change of one step says, and the dated row that an approval writes."""

from dataclasses import asdict
from typing import Any

from sqlalchemy import select

from assist.domain.clock import local_date
from assist.domain.errors import Conflict, Invalid, NotFound
from assist.domain.ladder import LadderRule
from assist.domain.ladder_words import RULES, ladder_title, rule_words, unfit
from assist.domain.status import ClockKind
from assist.models import LadderStep, SettingChange
from assist.services.work import Work

COLUMNS = ("unit", "amount", "repeat_every", "recipients", "channels", "is_on")


def known(key: str) -> LadderRule:
    """The first configuration of a key (`resolution.breach`), which says that the step exists. Raises NotFound."""
    if key not in RULES:
        raise NotFound()
    return RULES[key]


def rules_on(work: Work, kind: ClockKind, on: Any = None) -> list[LadderRule]:
    """Every step of a kind as it stands on a date (None: as it will stand last), those that are off too."""
    found = {}
    for from_on, rule in work.settings.ladder.get(kind, ()):
        if on is None or from_on <= on:
            found[rule.step] = rule
    return list(found.values())


def in_force(work: Work, kind: ClockKind) -> list[LadderRule]:
    return rules_on(work, kind, local_date(work.now))


def latest(work: Work, key: str) -> LadderRule:
    """The step as it will stand last, with the changes that are approved already."""
    first = known(key)
    return next((one for one in rules_on(work, first.kind) if one.step is first.step), first)


def difference(work: Work, rule: LadderRule) -> tuple[dict[str, Any], dict[str, Any], str]:
    """(the new columns, the old ones, the difference in words). Raises Invalid naming the field."""
    why, field = unfit(rule, rules_on(work, rule.kind))
    if why:
        raise Invalid(why, field)
    old = latest(work, f"{rule.kind.value}.{rule.step.value}")
    words = f"{ladder_title(rule.kind, rule.step)}：{rule_words(old)} → {rule_words(rule)}"
    return _columns(rule), _columns(old), words


def _columns(rule: LadderRule) -> dict[str, Any]:
    values = asdict(rule)
    values["recipients"], values["channels"] = list(rule.recipients), list(rule.channels)
    return {name: values[name] for name in COLUMNS}


def write(work: Work, change: SettingChange) -> None:
    """The row from its date on. Raises Conflict when it no longer fits beside the other steps."""
    first, new = known(change.subject), change.payload["new"]
    values = {**new, "recipients": tuple(new["recipients"]), "channels": tuple(new["channels"])}
    why, _ = unfit(LadderRule(first.kind, first.step, **values), rules_on(work, first.kind))
    if why:
        raise Conflict(f"与此后批准的其他调整不合：{why}请退回重新提出。")
    row = work.session.scalar(
        select(LadderStep).where(
            LadderStep.kind == first.kind,
            LadderStep.step == first.step,
            LadderStep.from_on == change.from_on,
        )
    )
    if row is None:
        row = LadderStep(kind=first.kind, step=first.step, from_on=change.from_on)
        work.session.add(row)
    for name in COLUMNS:
        setattr(row, name, new[name])
    work.session.flush()
