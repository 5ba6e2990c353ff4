"""The lists: enterprises with their officers (`/roster/`), and officers with their enterprises (`/roster/officers`)."""

from math import ceil
from typing import Any

from flask import render_template, url_for

from assist.domain.policy import Deed
from assist.services.imports import first_passwords
from assist.services.queries import officers as officer_lists
from assist.services.queries import roster as queries
from assist.services.queries.roster import PAGE, RosterFilter
from assist.services.work import Work
from assist.web import guards
from assist.web.roster.place import asked, asked_page, blueprint, may_change

SHOWN = {"": "在岗专员", "free": "未结对的", "several": "服务多家的", "inactive": "已停用的"}


def wanted_filter() -> RosterFilter:
    return RosterFilter(asked("q"), asked("area"), asked("unpaired"), asked("state"))


def area_choices(work: Work) -> list[tuple[str, str]]:
    return [("", "全市")] + [(str(one.id), one.name) for one in work.settings.areas.values()]


@blueprint.get("/")
@guards.for_deed(Deed.SEE_ROSTER)
def index() -> str:
    work = guards.work()
    wanted = wanted_filter()
    rows, total = queries.enterprises(work, wanted, asked_page())
    return render_template(
        "roster/index.html",
        rows=rows,
        total=total,
        wanted=wanted,
        query=wanted.as_query(),
        presence=queries.presence(work),
        waiting=first_passwords.count(work) if may_change(work) else 0,
        areas=area_choices(work) if work.actor.area_id is None else [],
        may_change=may_change(work),
        **_pages("roster.index", wanted.as_query(), total),
    )


def _pages(endpoint: str, query: dict[str, Any], total: int) -> dict[str, Any]:
    page, last = asked_page(), max(1, ceil(total / PAGE))
    return {
        "previous_url": url_for(endpoint, **query, page=page - 1) if page > 1 else "",
        "next_url": url_for(endpoint, **query, page=page + 1) if page < last else "",
        "page_text": f"第{page}页，共{last}页，每页{PAGE}条" if last > 1 else "",
    }


@blueprint.get("/officers")
@guards.for_deed(Deed.SEE_ROSTER)
def officers() -> str:
    work = guards.work()
    q, show = asked("q"), asked("show") if asked("show") in SHOWN else ""
    rows, served, total = officer_lists.officers(work, q, show, asked_page())
    query = {name: value for name, value in (("q", q), ("show", show)) if value}
    return render_template(
        "roster/officers.html",
        rows=rows,
        served=served,
        total=total,
        q=q,
        show=show,
        shown=SHOWN,
        may_change=may_change(work),
        **_pages("roster.officers", query, total),
    )
