"""One line in the log for each request: who, what, how it ended, how long. Never words that people typed.

A query string is left out on purpose: it holds names and telephone numbers that were searched for.
"""

import logging
import sys
from time import perf_counter

import structlog
from flask import Flask, Response, g, request, session
from structlog.typing import Processor

QUIET = frozenset({"static", "health.alive", "health.ready", "health.jobs"})
log = structlog.get_logger("request")


def set_up(app: Flask) -> None:
    """JSON lines in production, readable lines in development; under test pytest keeps the log."""
    if app.testing:
        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
        return
    shared: list[Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: list[Processor] = [structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0)]
    if app.config["ASSIST_ENV"] == "production":
        last = [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
    structlog.configure(
        processors=[*shared, *last],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    _join_standard_logging(shared, last)


def _join_standard_logging(shared: list[Processor], last: list[Processor]) -> None:
    """What Flask, Alembic or the scheduler say by `logging` comes out in the same form."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
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
        account=session.get("_user_id"),
        address=request.remote_addr,
    )
    return response


def register(app: Flask) -> None:
    set_up(app)
    app.before_request(_start)
    app.after_request(_finish)
