"""一企一档 (`/enterprises/<id>`): one enterprise with its people, tickets, visits, promises. Keeping it is `roster`."""

from flask import Blueprint, render_template

from assist.domain.clock import local_date
from assist.domain.deadlines import remaining_text
from assist.domain.masking import mask_phone
from assist.domain.policy import Deed, may
from assist.domain.roles import Role
from assist.domain.themes import ThemeStatus
from assist.services.queries.enterprise_file import enterprise_file
from assist.services.queries.visit_month import unit_of
from assist.web import guards

blueprint = Blueprint("enterprises", __name__, url_prefix="/enterprises")


@blueprint.get("/<int:enterprise_id>")
@guards.for_deed(Deed.SEE_ENTERPRISES)
def show(enterprise_id: int) -> str:
    work = guards.work()
    page = enterprise_file(work, enterprise_id)
    one, actor, calendar = page.enterprise, guards.actor(), work.settings.calendar
    return render_template(
        "enterprises/show.html",
        page=page,
        one=one,
        area=work.settings.areas[one.area_id].name,
        chain=work.settings.chains.get(one.chain_id or 0, ""),
        categories={key: entry.name for key, entry in work.settings.categories.items()},
        left={
            row.number: remaining_text(calendar, work.now, row.due_at)
            for row in page.tickets
            if row.is_open and row.due_at is not None
        },
        masked=[mask_phone(each.phone) for each in page.contacts],
        theme_states={str(each.value): each for each in ThemeStatus},
        unit_of=unit_of,
        today=local_date(work.now),
        needed=int(work.settings.value("monthly_contacts")),
        may_reveal=not page.is_former,
        may_visit=one.is_active and not page.is_former and may(actor, Deed.VISIT),
        may_enter=page.is_served and may(actor, Deed.ENTER_TICKET),
        may_see_roster=may(actor, Deed.SEE_ROSTER),
        may_see_themes=may(actor, Deed.SEE_THEMES),
        sees_handovers=actor.has(Role.COORDINATOR, Role.SUPERVISOR),
        mine=actor.account_id,
    )
