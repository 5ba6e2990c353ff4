"""提醒阶梯 (`/settings/ladder`): every step of every clock; a change is proposed after a look at its words."""

import secrets
from dataclasses import replace
from typing import Any

from flask import render_template, request, url_for

from assist.domain.changes import ChangeKind
from assist.domain.channel_names import ChannelName
from assist.domain.clock import local_date
from assist.domain.errors import Invalid, Refused
from assist.domain.ladder import HELD_BY_ENTERPRISE, LadderRule
from assist.domain.ladder_words import (
    BEFORE,
    Recipient,
    channel_words,
    ladder_title,
    rule_words,
    when_words,
    who_words,
)
from assist.domain.policy import Deed
from assist.domain.status import OWNER_CLOCKS, TASK_CLOCKS, ClockKind, Step
from assist.forms.settings import LadderForm
from assist.services import proposed_ladder
from assist.services.proposing import Proposal
from assist.services.queries import setting_changes
from assist.services.work import Work
from assist.web import guards
from assist.web.settings.limits import preview, proposed
from assist.web.settings.place import afresh, asked, blueprint, refused

K = ClockKind
GROUPS: dict[str, tuple[str, tuple[ClockKind, ...]]] = {
    "owner": ("责任专员的时限", OWNER_CLOCKS),
    "unit": ("承办单位的时限", TASK_CLOCKS),
    "enterprise": ("企业的时限", (K.CONFIRMATION, K.SUPPLEMENT)),
    "office": ("审批、回访、督办、批示", (K.DECISION, K.REVIEW, K.CALLBACK, K.SUPERVISION_REPLY, K.INSTRUCTION)),
}


@blueprint.get("/ladder")
@guards.for_deed(Deed.KEEP_SETTINGS)
def ladder() -> str:
    work = guards.work()
    group = asked("group") if asked("group") in GROUPS else "owner"
    waiting = setting_changes.waiting(work, ChangeKind.LADDER.value)
    return render_template(
        "settings/ladder.html",
        kinds=[{"kind": kind, "rows": _rows(work, kind, waiting)} for kind in GROUPS[group][1]],
        tab_items=[
            {"label": title, "url": url_for("settings.ladder", group=name), "is_current": name == group}
            for name, (title, _) in GROUPS.items()
        ],
    )


def _rows(work: Work, kind: ClockKind, waiting: dict[str, Any]) -> list[dict[str, Any]]:
    order = list(Step)
    rules = sorted(proposed_ladder.in_force(work, kind), key=lambda rule: order.index(rule.step))
    return [_row(work, rule, waiting.get(_key(rule))) for rule in rules]


def _key(rule: LadderRule) -> str:
    return f"{rule.kind.value}.{rule.step.value}"


def _row(work: Work, rule: LadderRule, waiting: Any) -> dict[str, Any]:
    today = local_date(work.now)
    return {
        "key": _key(rule),
        "step": rule.step,
        "is_on": rule.is_on,
        "when": when_words(rule),
        "who": who_words(rule),
        "how": channel_words(rule),
        "coming": [
            {"from_on": on, "text": rule_words(one)}
            for on, one in work.settings.ladder.get(rule.kind, ())
            if on > today and one.step is rule.step
        ],
        "waiting": waiting,
    }


@blueprint.route("/ladder/<key>", methods=["GET", "POST"])
@guards.for_deed(Deed.KEEP_SETTINGS)
def step(key: str) -> Any:
    work = guards.work()
    rule = proposed_ladder.latest(work, key)
    form = _form(rule)
    told = ""
    if request.method == "GET":
        form.form_key.data = secrets.token_hex(16)
    elif form.validate():
        try:
            wanted = _wanted(form, rule)
            found = Proposal(ChangeKind.LADDER, key, *proposed_ladder.difference(work, wanted))
            if request.form.get("step") == "propose":
                return proposed(work, form, found)
            told = preview(work, found)
        except Refused as error:
            refused(form, error)
    return _page(form, key, told)


def _form(rule: LadderRule) -> LadderForm:
    form = LadderForm(
        data={
            "is_on": "1" if rule.is_on else "0",
            "unit": rule.unit,
            "amount": str(abs(rule.amount) or ""),
            "repeat_every": str(rule.repeat_every or ""),
            "recipients": [Recipient.of(word) for word in rule.recipients],
            "channels": [ChannelName.of(name) for name in rule.channels if name != "inbox"],
        }
    )
    if rule.kind not in HELD_BY_ENTERPRISE:
        form.recipients.choices = [one for one in form.recipients.choices if one.value != "enterprise"]
    form.channels.choices = [one for one in form.channels.choices if one.value != "inbox"]
    if rule.step is Step.BREACH:
        del form.is_on, form.unit, form.amount, form.repeat_every
    elif rule.step in BEFORE:
        del form.repeat_every
    if rule.step is not Step.EARLY and form.unit is not None:
        form.unit.choices = form.unit.choices[1:]
    return form


def _wanted(form: LadderForm, rule: LadderRule) -> LadderRule:
    """The rule that the form asks for. Raises Invalid naming the field."""
    people = tuple(one.value for one in form.recipients.data or ())
    ways = ("inbox", *(one.value for one in form.channels.data or ()))
    if rule.step is Step.BREACH:
        return replace(rule, recipients=people, channels=ways)
    unit = form.unit.data
    if unit not in {choice.value for choice in form.unit.choices}:
        raise Invalid("请从列出的选项中选择。", "unit")
    amount = 0 if unit == "half" else _number(form.amount.data, "amount") or 0
    repeat = _number(form.repeat_every.data, "repeat_every") if form.repeat_every is not None else None
    return LadderRule(
        rule.kind,
        rule.step,
        unit,
        -amount if rule.step in BEFORE else amount,
        repeat,
        people,
        ways,
        form.is_on.is_yes,
    )


def _number(text: str | None, field: str) -> int | None:
    plain = (text or "").strip()
    if not plain:
        return None
    if not (plain.isascii() and plain.isdigit()):
        raise Invalid("请填写整数。", field)
    return int(plain)


def _page(form: LadderForm, key: str, told: str) -> Any:
    work = afresh()
    is_wrong = bool(form.errors or form.form_errors)
    rule = proposed_ladder.latest(work, key)
    waiting = setting_changes.waiting(work, ChangeKind.LADDER.value)
    words = {
        "row": _row(work, rule, waiting.get(key)),
        "title": ladder_title(rule.kind, rule.step),
        "is_before": rule.step in BEFORE,
    }
    return render_template("settings/step.html", form=form, told=told, **words), 400 if is_wrong else 200
