"""The assistance platform. `create_app` puts it together: config → database → login → pages → errors → commands."""

from collections.abc import Mapping
from typing import Any

from flask import Flask
from flask.json.provider import DefaultJSONProvider
from werkzeug.middleware.proxy_fix import ProxyFix

import config
from assist.domain.clock import SystemTime
from assist.extensions import csrf, db, login_manager, migrate
from assist.models.engine import tune


def create_app(environ: Mapping[str, str] | None = None, overrides: dict[str, Any] | None = None) -> Flask:
    """The application for an environment. `overrides` win over what the environment says: for tests.

    Raises config.ConfigError. `app.extensions["assist_time"]` is the `TimeSource` of everything it runs.
    """
    from assist import cli, web
    from assist.web import request_log  # below, so that a part can be imported without all pages

    app = Flask(
        "assist",
        instance_path=str(config.INSTANCE),
        template_folder=str(config.PROJECT / "templates"),
        static_folder=str(config.PROJECT / "static"),
    )
    app.config.from_mapping(config.load(environ or {}))
    app.config.update(overrides or {})
    app.extensions["assist_time"] = SystemTime()
    request_log.register(app)
    _behind_proxies(app)
    _plain_json(app)
    _database(app)
    login_manager.init_app(app)
    csrf.init_app(app)
    web.register(app)
    cli.register(app)
    return app


def _database(app: Flask) -> None:
    db.init_app(app)
    migrate.init_app(
        app, db, directory=str(config.PROJECT / "migrations"), render_as_batch=True, compare_type=True
    )
    with app.app_context():
        tune(db.engine)


def _behind_proxies(app: Flask) -> None:
    """Believe the addresses told by as many proxies as stand before us, and by no more."""
    count = app.config["ASSIST_TRUSTED_PROXIES"]
    if count:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]  # the way Flask documents
            app.wsgi_app, x_for=count, x_proto=count, x_host=count
        )


def _plain_json(app: Flask) -> None:
    assert isinstance(app.json, DefaultJSONProvider)
    app.json.ensure_ascii = False
