"""Who may enter a view, the `Work` of a request, and its one commit.

Every view carries `guard`: `anybody()` for the doors, `signed_in()` for what every account has, `place(…)` for a role's
own. A view without one is refused (and a test fails). What may be done to one ticket is decided deeper, in services.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, Response, abort, current_app, g, redirect, request, session, url_for
from flask_login import current_user

from assist.domain.clock import TimeSource
from assist.domain.errors import NotFound
from assist.domain.policy import Deed, may
from assist.domain.roles import Actor, Role
from assist.extensions import db
from assist.models.engine import begin_writing
from assist.services.settings import KNOWN_REVISION
from assist.services.work import Work

View = TypeVar("View", bound=Callable[..., Any])
Guard = Callable[[Actor], bool]
NUL = "\x00"  # no address has one, and PostgreSQL takes none
# A slow hash, the reading of a whole workbook, another system's answer come before the write lock.
BEGINS_LATE = frozenset(
    {
        "auth.login",
        "auth.password",
        "ledgers.ask",
        "ledgers.send_in",
        "roster.add_contact",
        "roster.add_officer",
        "roster.add_staff",
        "roster.hand_out",
        "roster.import_roster",
        "roster.reset_password",
        "settings.account_password",
        "settings.add_account",
        "settings.add_hours",
        "settings.preview_year",
        "settings.test_channel",
        "supervisions.export",
        "visits.export",
    }
)


def _guarded(guard: Guard | None) -> Callable[[View], View]:
    def mark(view: View) -> View:
        view.guard = guard or "anybody"  # type: ignore[attr-defined]
        return view

    return mark


def anybody() -> Callable[[View], View]:
    """A door that needs no login."""
    return _guarded(None)


def signed_in() -> Callable[[View], View]:
    """For every account, whatever its roles."""
    return _guarded(lambda actor: True)


def place(*roles: Role) -> Callable[[View], View]:
    """For accounts that hold one of these roles; to others the page does not exist."""
    return _guarded(lambda actor: actor.has(*roles))


def for_deed(*deeds: Deed) -> Callable[[View], View]:
    """For accounts to whom the policy allows one of these deeds; to others the page does not exist."""
    return _guarded(lambda actor: any(may(actor, deed) for deed in deeds))


def actor() -> Actor:
    """Who is acting in this request; an actor without roles when nobody has signed in."""
    if current_user.is_authenticated:
        found: Actor = current_user.actor
        return found
    return Actor(account_id=0, name="未登录")


def time_source() -> TimeSource:
    source: TimeSource = current_app.extensions["assist_time"]
    return source


def work() -> Work:
    """The piece of work of this request, made once."""
    if "work" not in g:
        if (revision := g.get("revision")) is not None:
            db.session.info[KNOWN_REVISION] = revision
        else:
            db.session.info.pop(KNOWN_REVISION, None)
        g.work = Work(db.session, time_source(), actor(), request.remote_addr or "")  # type: ignore[arg-type]
    found: Work = g.work
    return found


def commit() -> None:
    """The one commit of an action."""
    db.session.commit()


def start_writing() -> None:
    """Begin anew as a writer, for the few readings that write; what was read before is read again."""
    begin_writing(db.session)  # type: ignore[arg-type]
    g.pop("work", None)


def _enter() -> Any:
    """Before each request: refuse a view without a guard, ask for a login, hide what is not this person's."""
    view = current_app.view_functions.get(request.endpoint or "")
    if view is None or request.endpoint == "static":
        return None
    if NUL in request.path or any(NUL in value for value in request.args.values()):
        abort(404)
    guard = getattr(view, "guard", None)
    if guard is None:
        current_app.logger.error("view without a guard: %s", request.endpoint)
        abort(500)
    if request.method == "POST" and request.endpoint not in BEGINS_LATE:
        _prepare_writing()
    if guard == "anybody":
        return None
    if not current_user.is_authenticated:
        wanted = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("auth.login", next=wanted))
    if current_user.must_change and request.endpoint not in ("auth.password", "auth.logout", "auth.large_text"):
        return redirect(url_for("auth.password"))
    if not guard(actor()):
        raise NotFound()
    return None


def _prepare_writing() -> None:
    """Read the whole body first (a slow phone must not hold the write lock), then begin as a writer."""
    if "_user_id" in session:
        request.form.get("")
    begin_writing(db.session)  # type: ignore[arg-type]


def _headers(response: Response) -> Response:
    response.headers.setdefault(
        "Content-Security-Policy",
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'self'; form-action 'self'; "
        "frame-ancestors 'self'",
    )
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def register(app: Flask) -> None:
    app.before_request(_enter)
    app.after_request(_headers)
