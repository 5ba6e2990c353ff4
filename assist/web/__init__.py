"""The pages, one place a file. `register` hangs them all on the app; the order of blueprints does not matter."""

from importlib import import_module

from flask import Flask, redirect, url_for
from flask_login import current_user
from werkzeug.routing import BaseConverter, IntegerConverter, Map
from werkzeug.wrappers import Response

from assist.domain.ledgers import Ledger
from assist.domain.policy import HOME_WITHOUT_PLACE, HOMES
from assist.domain.roles import Role
from assist.web import errors, filters, guards, navigation


def home_url() -> str:
    """A person's own place: that of the first role that has one, else the inbox."""
    held = current_user.actor.roles
    endpoint = next((HOMES[role] for role in Role if role in held and role in HOMES), HOME_WITHOUT_PLACE)
    return url_for(endpoint)


@guards.signed_in()
def home() -> Response:
    return redirect(home_url())


class RowId(IntegerConverter):
    """A row's id in an address: larger numbers than a column holds are no address at all (404, never a 500)."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=2**31 - 1)


class LedgerLetter(BaseConverter):
    """The letter of a ledger, small or capital; other words under the same place stay free."""

    regex = f"[{''.join(one.letter + one.letter.lower() for one in Ledger)}]"


# The places, each a module here with its blueprint; one a line.
PLACES = (
    "audit",
    "auth",
    "boards",
    "coordination",
    "desk",
    "documents",
    "enterprises",
    "entry",
    "figures",
    "files",
    "handovers",
    "health",
    "inbox",
    "leader",
    "months",
    "ledgers",
    "oversight",
    "portal",
    "requests",
    "roster",
    "settings",
    "supervision_actions",
    "supervisions",
    "task_actions",
    "task_requests",
    "tasks",
    "ticket_actions",
    "ticket_page",
    "ticket_reminders",
    "themes",
    "tickets",
    "unit",
    "visits",
)


def register(app: Flask) -> None:
    """Hang every blueprint, filter, hook and error page on the app."""
    app.url_map.converters["int"] = RowId
    app.url_map.converters["ledger"] = LedgerLetter
    for module in (filters, navigation, errors, guards):
        module.register(app)
    for name in PLACES:  # imported here and not above: the pages themselves import from this package
        app.register_blueprint(import_module(f"assist.web.{name}").blueprint)
    app.add_url_rule("/", "home", home)
