"""调度台: a coordinator's own place, everything that waits for him with one click to it."""

from typing import Any

from flask import Blueprint, render_template

from assist.domain.deadlines import remaining_text
from assist.domain.policy import Deed
from assist.services.queries import owed_replies
from assist.services.queries.coordination import Coordination, coordination
from assist.services.work import Work
from assist.web import guards
from assist.web.requests import shown_row

blueprint = Blueprint("coordination", __name__, url_prefix="/coordination")


@blueprint.get("/")
@guards.for_deed(Deed.COORDINATE)
def index() -> str:
    work = guards.work()
    found = coordination(work)
    return render_template(
        "coordination/index.html",
        found=found,
        owed_by_me=owed_replies.owed(work),
        is_city=work.actor.area_id is None,
        area=work.settings.areas[work.actor.area_id].name if work.actor.area_id else "全市",
        areas={area.id: area.name for area in work.settings.areas.values()},
        requests=[shown_row(work, row) for row in found.to_decide.rows],
        left=_lefts(work, found),
        now=work.now,
    )


def _lefts(work: Work, found: Coordination) -> dict[Any, Any]:
    """How the due time of each dispatch, review and silence reads now, by what it is of."""
    calendar = work.settings.calendar
    rows = [*found.to_dispatch.rows, *found.reviews.rows, *found.silent.rows]
    return {row.due_at: remaining_text(calendar, work.now, row.due_at) for row in rows}
