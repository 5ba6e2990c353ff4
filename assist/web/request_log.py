"""One line in the log for each request: who, what, how it ended, how long. Never words that people typed.

A query string is left out on purpose: it holds names and telephone numbers that were searched for.
"""

import logging
import sys
from time import perf_counter

import structlog
from flask import Flask, Response, g, request
from flask_login import current_user

QUIET = frozenset({"static", "health.alive", "health.ready", "health.jobs"})
log = structlog.get_logger("request")


def set_up(app: Flask) -> None:
    """JSON lines in production, readable lines in development; warnings only under test."""
    production = app.config["ASSIST_ENV"] == "production"
    last = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if production
        else structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0)
    )
    shared = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info if production else structlog.dev.set_exc_info,
    ]
    structlog.configure(
        processors=[structlog.contextvars.merge_contextvars, *shared, last],
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING if app.testing else logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=not app.testing,
    )
    _join_standard_logging(app, shared, last)


def _join_standard_logging(app: Flask, shared: list[structlog.typing.Processor], last: object) -> None:
    """What Flask, Alembic or the scheduler say by `logging` comes out in the same form."""
    if app.testing:
        return
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],  # type: ignore[list-item]
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)


def _start() -> None:
    g.request_started = perf_counter()


def _finish(response: Response) -> Response:
    if request.endpoint in QUIET and response.status_code < 400:
        return response
    started = g.get("request_started")
    log.info(
        "request",
        method=request.method,
        path=request.path,
        status=response.status_code,
        ms=round((perf_counter() - started) * 1000, 1) if started is not None else None,
        account=_account(),
        address=request.remote_addr,
    )
    return response


def _account() -> str | None:
    """The account's id, if the request has asked who it is; never a reason to read the database."""
    user = g.get("_login_user")
    return user.get_id() if user is not None and current_user.is_authenticated else None


def register(app: Flask) -> None:
    set_up(app)
    app.before_request(_start)
    app.after_request(_finish)
