"""走访完成率 with the enterprises behind it; 谁在打扰企业: who disturbs most. Every number opens its list."""

from datetime import date
from typing import Any

from flask import render_template, request, url_for

from assist.domain.clock import local_date
from assist.domain.policy import Deed
from assist.domain.rates import month_of
from assist.domain.roles import Role
from assist.domain.visits import VisitKind
from assist.services import visit_budget
from assist.services.queries import visit_figures
from assist.services.queries.visit_month import unit_of
from assist.services.work import Work
from assist.web import guards
from assist.web.visits.lists import month_ends
from assist.web.visits.place import blueprint

MONTHS = 12
PARTS = {"d": "有在岗专员的企业", "n": "本月已联系", "missed": "本月尚未联系"}


@blueprint.get("/completion")
@guards.place(Role.COORDINATOR, Role.SUPERVISOR)
def completion() -> str:
    work = guards.work()
    back = min(max(request.args.get("back", 0, type=int), 0), MONTHS - 1)
    period = month_of(work.now, back)
    part = request.args.get("part", "missed")
    part = part if part in PARTS else "missed"
    found = visit_figures.completion(work, period)
    counts = {"d": found.rate.d, "n": found.rate.n, "missed": found.rate.d - found.rate.n}
    since, until = month_ends(period.first_on)
    return render_template(
        "visits/completion.html",
        found=found,
        rows=visit_figures.completion_rows(work, part, period),
        part=part,
        areas=work.settings.areas,
        unit_of=unit_of,
        since=since,
        until=until,
        months=_months(work, part, back),
        tab_items=[
            {
                "label": title if not back else title.removeprefix("本月"),
                "url": url_for("visits.completion", part=key, back=back or None),
                "is_current": key == part,
                "count": counts[key],
            }
            for key, title in PARTS.items()
        ],
    )


def _months(work: Work, part: str, back: int) -> list[dict[str, Any]]:
    return [
        {
            "label": month_of(work.now, each).label,
            "url": url_for("visits.completion", part=part, back=each or None),
            "is_current": each == back,
        }
        for each in range(6)
    ]


@blueprint.get("/disturbing")
@guards.for_deed(Deed.OVERSEE)
def disturbing() -> str:
    """Counted visits by unit, person and enterprise, this month, the last one, or this quarter."""
    work = guards.work()
    spans = _spans(local_date(work.now))
    wanted = request.args.get("span", "month")
    wanted = wanted if wanted in spans else "month"
    label, first, last = spans[wanted]
    return render_template(
        "visits/disturbing.html",
        found=visit_figures.disturbing(work, first, last),
        label=label,
        kinds=list(VisitKind),
        budget=visit_budget.budget(work),
        query={"state": "counted", "since": first.isoformat(), "until": last.isoformat()},
        tab_items=[
            {
                "label": title,
                "url": url_for("visits.disturbing", span=None if key == "month" else key),
                "is_current": key == wanted,
            }
            for key, (title, _, _) in spans.items()
        ],
    )


def _spans(on: date) -> dict[str, tuple[str, date, date]]:
    """By the URL's word: (title, first day, last day)."""

    def last_of(first: date) -> date:
        return date.fromisoformat(month_ends(first)[1])

    this = on.replace(day=1)
    before = date(this.year - (this.month == 1), (this.month - 2) % 12 + 1, 1)
    quarter = date(this.year, (this.month - 1) // 3 * 3 + 1, 1)
    return {
        "month": ("本月", this, last_of(this)),
        "before": ("上月", before, last_of(before)),
        "quarter": ("本季度", quarter, last_of(date(quarter.year, quarter.month + 2, 1))),
    }
