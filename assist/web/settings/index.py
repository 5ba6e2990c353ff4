"""What this person may set, with who changed it last."""

from flask import render_template, url_for

from assist.domain.policy import Deed, may
from assist.services.queries import audit_log, setting_changes
from assist.web import guards
from assist.web.settings.place import ENTRIES, KEEPERS, blueprint


@blueprint.get("/")
@guards.for_deed(*KEEPERS)
def index() -> str:
    work = guards.work()
    mine = [entry for entry in ENTRIES if may(work.actor, entry.deed)]
    last = audit_log.last_by_deed(work, {deed for entry in mine for deed in entry.audited})
    rows = [
        {
            "title": entry.title,
            "text": entry.text,
            "url": url_for(entry.endpoint),
            "last": max(
                (last[deed] for deed in entry.audited if deed in last), key=lambda one: one.seq, default=None
            ),
        }
        for entry in mine
    ]
    to_decide = setting_changes.to_decide(work) if may(work.actor, Deed.KEEP_SETTINGS) else 0
    return render_template("settings/index.html", rows=rows, to_decide=to_decide)
