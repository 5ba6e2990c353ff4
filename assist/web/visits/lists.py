"""走访列表 with its filter and 走访台账 (ledger C); one visit, and its 走访记录表 for paper."""

from calendar import monthrange
from dataclasses import fields
from datetime import date
from typing import Any

from flask import render_template, request, url_for

from assist.domain.clock import local_date
from assist.domain.ledgers import Ledger
from assist.domain.policy import Deed, may
from assist.domain.roles import Role
from assist.domain.visits import VISIT_ACTS, VisitAction, VisitKind, may_act
from assist.services import exporting
from assist.services.queries import visit_figures
from assist.services.queries import visits as queries
from assist.services.queries.visit_month import unit_of
from assist.services.queries.visits import PARTIES, STATES, VisitFilter, VisitPage
from assist.services.work import Work
from assist.web import guards, paging
from assist.web.ledgers.lists import given_or_asked
from assist.web.visits.place import blueprint

LONGEST = 60
SEES_ALL = (Role.COORDINATOR, Role.SUPERVISOR)


def wanted_filter() -> VisitFilter:
    given = {each.name: request.args.get(each.name, "").strip()[:LONGEST] for each in fields(VisitFilter)}
    return VisitFilter(**{name: value for name, value in given.items() if value})


@blueprint.get("/")
@guards.for_deed(Deed.SEE_VISITS)
def index() -> str:
    work, wanted = guards.work(), wanted_filter()
    query = wanted.as_query()
    page = queries.page(work, wanted, paging.read(request.args.get("at"), query))
    counts = queries.counts(work, wanted)
    sees_all = guards.actor().has(*SEES_ALL)
    return render_template(
        "visits/index.html",
        rows=page.rows,
        unit_of=unit_of,
        today=local_date(work.now),
        wanted=wanted,
        query=query,
        counts=counts,
        export_url=url_for("visits.export", **query),
        export_count=counts.done,
        spans=_spans(work, query),
        choices=_choices(work),
        completion=visit_figures.completion(work) if sees_all and not query else None,
        month=local_date(work.now).replace(day=1),
        sees_all=sees_all,
        is_supervisor=may(work.actor, Deed.OVERSEE),
        may_visit=may(work.actor, Deed.VISIT),
        previous_url=_beside(page, query, back=True),
        next_url=_beside(page, query, back=False),
    )


def _beside(page: Any, query: dict[str, Any], *, back: bool) -> str:
    if not page.rows or not (page.has_previous if back else page.has_next):
        return ""
    cursor = queries.cursor_at(page.rows[0 if back else -1], back=back)
    return url_for("visits.index", **query, at=paging.sign(cursor, query))


def _choices(work: Work) -> dict[str, list[tuple[str, str]]]:
    return {
        "state": [("", "全部状态"), *STATES.items()],
        "kind": [("", "全部事项"), *((str(one.value), one.title) for one in VisitKind)],
        "area": [("", "全市"), *((str(one.id), one.name) for one in work.settings.areas.values())],
        "party": [("", "不限"), *((key, title) for key, (title, _) in PARTIES.items())],
    }


def month_ends(first: date) -> tuple[str, str]:
    """The first and the last day of a month as they stand in a URL."""
    return first.isoformat(), first.replace(day=monthrange(first.year, first.month)[1]).isoformat()


def _spans(work: Work, query: dict[str, Any]) -> list[dict[str, Any]]:
    """上月 本月 下月 本年 as one-click filters."""
    today = local_date(work.now)
    this = today.replace(day=1)
    before = date(this.year - (this.month == 1), (this.month - 2) % 12 + 1, 1)
    after = date(this.year + this.month // 12, this.month % 12 + 1, 1)
    year = (date(today.year, 1, 1).isoformat(), date(today.year, 12, 31).isoformat())
    beside = {name: value for name, value in query.items() if name not in ("since", "until")}
    held = (query.get("since"), query.get("until"))
    found: list[dict[str, Any]] = [
        {"label": "不限", "url": url_for("visits.index", **beside), "is_current": held == (None, None)}
    ]
    months = {"上月": before, "本月": this, "下月": after}
    for label, (since, until) in {**{name: month_ends(on) for name, on in months.items()}, "本年": year}.items():
        url = url_for("visits.index", **beside, since=since, until=until)
        found.append({"label": label, "url": url, "is_current": held == (since, until)})
    return found


@blueprint.post("/export.xlsx")
@guards.for_deed(Deed.SEE_VISITS)
def export() -> Any:
    """走访台账 (ledger C): what was written down of what the filter holds, with who and when; logged."""
    wanted = exporting.wanted(guards.work(), Ledger.VISITS.letter, wanted_filter().as_query())
    return given_or_asked(wanted)


@blueprint.get("/<int:visit_id>")
@guards.for_deed(Deed.SEE_VISITS)
def show(visit_id: int) -> str:
    return render_template("visits/show.html", **shown(queries.one(guards.work(), visit_id)))


def shown(page: VisitPage) -> dict[str, Any]:
    """What the templates of a visit draw: acts are those open to the reader."""
    work = guards.work()
    visit = page.visit
    may_do = may(work.actor, Deed.VISIT)
    open_acts = {
        one.slug
        for one in VISIT_ACTS
        if may_do and may_act(one, page.stands, visit.status) and _makes_sense(one, page)
    }
    return {
        "page": page,
        "one": visit,
        "row": page.row,
        "unit": unit_of(page.row),
        "unit_of": unit_of,
        "acts": open_acts,
        "area": work.settings.areas[page.row.area_id].name,
        "is_overdue": "record" in open_acts and visit.visit_on < local_date(work.now),
        "may_see_file": may(work.actor, Deed.SEE_ENTERPRISES),
        "today": local_date(work.now),
    }


def _makes_sense(action: VisitAction, page: VisitPage) -> bool:
    """A ticket is made once, and only of something."""
    return action is not VisitAction.MAKE_TICKET or (bool(page.visit.problems) and page.visit.ticket_id is None)
