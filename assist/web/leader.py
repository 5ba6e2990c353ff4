"""领导页 (`/leader/`): two minutes on a phone. What is decided from here goes to `requests.decide`."""

import secrets
from collections import Counter
from typing import Any

from flask import Blueprint, render_template, url_for

from assist.domain.policy import Deed
from assist.domain.rates import Period, Rate
from assist.services.queries.leader import LeaderPage, leader
from assist.services.queries.leader_week import Change
from assist.web import guards

blueprint = Blueprint("leader", __name__, url_prefix="/leader")
SHOWN = 12


@blueprint.get("/")
@guards.for_deed(Deed.LEAD)
def index() -> str:
    work = guards.work()
    found = leader(work)
    return render_template(
        "leader/index.html",
        found=found,
        numbers=_numbers(found),
        keys={one.id: secrets.token_hex(16) for one in found.asked},
        summary=_summary(found.changes),
        changes=found.changes[:SHOWN],
        now=work.now,
        has_input=bool(found.asked),
    )


def _numbers(found: LeaderPage) -> list[dict[str, Any]]:
    """Five numbers, each opening the very tickets it counts."""
    closed = found.rates["rated"].d
    return [
        {"value": found.open, "label": "在办", "url": url_for("tickets.index", state="open")},
        {
            "value": found.late,
            "label": "超期",
            "url": url_for("tickets.index", lateness="late", sort="due"),
            "tone": "late" if found.late else "",
        },
        {"value": closed, "label": "本月办结", "url": _behind("rated", "d", found.month)},
        _rate("按期办结率", "on_time", found),
        _rate("满意率", "satisfied", found),
    ]


def _rate(label: str, key: str, found: LeaderPage) -> dict[str, Any]:
    """93.8%, with 15 / 16 beneath; under ten only the fraction."""
    rate: Rate = found.rates[key]
    return {
        "value": rate.fraction if rate.is_few and rate.d else rate.percent,
        "label": label,
        "note": rate.fraction if rate.d and not rate.is_few else "本月",
        "url": _behind(key, "d", found.month),
    }


def _behind(key: str, part: str, period: Period) -> str:
    since, until = period.first_on.isoformat(), period.last_on.isoformat()
    return url_for("tickets.index", figure=key, part=part, since=since, until=until)


def _summary(changes: list[Change]) -> str:
    """新提交3件，已答复2件"""
    counted = Counter(one.word for one in changes)
    return "，".join(f"{word}{count}件" for word, count in counted.items())
