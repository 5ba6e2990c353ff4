"""代录诉求: an officer enters a ticket for an enterprise he serves. The enterprise's own form is in `portal`."""

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from assist.domain.policy import Deed
from assist.forms.submission import EntryForm
from assist.web import guards, submitting

blueprint = Blueprint("entry", __name__, url_prefix="/desk")


@blueprint.route("/tickets/new", methods=["GET", "POST"])
@guards.for_deed(Deed.ENTER_TICKET)
def new() -> str | Response | tuple[str, int]:
    form = EntryForm()
    if request.method == "GET":
        form.enterprise.data = request.args.get("enterprise", "")
        return submitting.asked(form, "entry/new.html")
    location, again = submitting.submitted(form, "entry/new.html")
    return redirect(location) if location else (again, 400)
