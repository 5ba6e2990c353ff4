"""专员工作台: what do I do today? One click to the form. Entering a ticket for an enterprise is `entry`."""

from flask import Blueprint, render_template, url_for

from assist.domain.clock import local_date
from assist.domain.masking import mask_phone
from assist.domain.rates import year_of
from assist.domain.roles import Role
from assist.services.queries import owed_replies
from assist.services.queries.desk import desk
from assist.services.queries.desk_tasks import waiting
from assist.services.queries.desk_visits import week_visits
from assist.services.work import Work
from assist.web import guards

blueprint = Blueprint("desk", __name__, url_prefix="/desk")


@blueprint.get("/")
@guards.place(Role.OFFICER)
def index() -> str:
    work = guards.work()
    found, tasks = desk(work), waiting(work)
    return render_template(
        "desk/index.html",
        desk=found,
        owed=owed_replies.owed(work, instructions=True),
        to_accept=[one for one in tasks if one.is_mine],
        with_units=[one for one in tasks if not one.is_mine],
        visits=week_visits(work),
        areas=work.settings.areas,
        chains=work.settings.chains,
        now=work.now,
        year_url=_year_url(work),
        is_working=work.settings.calendar.is_working(local_date(work.now)),
        masked={one.id: mask_phone(one.contact_phone) for one in found.enterprises},
    )


def _year_url(work: Work) -> str:
    """The list behind this year's rate: exactly the officer's own tickets that it counts."""
    year = year_of(work.now)
    return url_for(
        "tickets.index",
        figure="on_time",
        part="d",
        since=year.first_on.isoformat(),
        until=year.last_on.isoformat(),
        officer=work.actor.account_id,
    )
