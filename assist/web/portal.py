"""企业端: my problem, now. The list as parcels, submitting, own similar cases. One ticket is `ticket_page`."""

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from assist.domain.policy import Deed
from assist.domain.roles import Role
from assist.forms.submission import SubmissionForm
from assist.services import intake, searching
from assist.services.queries.portal import portal
from assist.services.queries.themes import published
from assist.web import guards, submitting

blueprint = Blueprint("portal", __name__, url_prefix="/portal")
ABOUT_OFFICER = "1304"
LONGEST_WORDS = 300


@blueprint.get("/")
@guards.place(Role.ENTERPRISE)
def index() -> str:
    work = guards.work()
    chosen = request.args.get("enterprise", type=int)
    before = request.args.get("before", type=int)
    found = portal(work, chosen, before)
    return render_template(
        "portal/index.html",
        portal=found,
        chosen=chosen,
        before=before,
        now=work.now,
        about_officer=ABOUT_OFFICER if work.settings.restricted_owner_id else "",
        oversight_phone=work.settings.oversight_phone,
        visit_budget=work.settings.value("visit_budget"),
    )


@blueprint.route("/tickets/new", methods=["GET", "POST"])
@guards.for_deed(Deed.SUBMIT_TICKET)
def new() -> str | Response | tuple[str, int]:
    form = SubmissionForm()
    if request.method == "GET":
        form.category.data = request.args.get("category", "")
        form.enterprise.data = request.args.get("enterprise", "")
        form.linked.data = request.args.get("linked", "")
        return submitting.asked(form, "portal/new.html")
    location, again = submitting.submitted(form, "portal/new.html")
    return redirect(location) if location else (again, 400)


@blueprint.get("/similar")
@guards.place(Role.ENTERPRISE, Role.OFFICER)
def similar() -> str:
    """Own earlier tickets and published themes with words like these, while one types; never another's ticket."""
    work = guards.work()
    words = request.args.get("description", "").strip()[:LONGEST_WORDS]
    own = [one.id for one in intake.enterprises_of(work)] if len(words) >= 4 else []
    wanted = request.args.get("enterprise", type=int)
    ids = [one for one in own if wanted in (None, one)]
    return render_template(
        "portal/similar.html",
        found=searching.similar(work, ids, words) if ids else [],
        themes=published(work, words) if len(words) >= 4 else [],
    )
