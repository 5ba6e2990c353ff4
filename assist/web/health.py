"""What machines ask: alive, ready to serve, does the scheduler still run. JSON, no login, nothing confidential."""

from typing import Any

from flask import Blueprint, jsonify
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from assist.domain.clock import local
from assist.extensions import db, migrate
from assist.services.queries.database_state import state
from assist.services.queries.jobs_health import has_ever_run, silent_jobs
from assist.web.guards import anybody, time_source

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@anybody()
def alive() -> Any:
    return jsonify(status="ok")


@blueprint.get("/readyz")
@anybody()
def ready() -> Any:
    """The database answers and has every migration this programme expects."""
    try:
        found = state(db.session.connection(), str(migrate.directory))
    except (DBAPIError, PoolTimeout):
        db.session.rollback()
        return jsonify(status="unready", reason="数据库无法连接"), 503
    if not found.is_current:
        return jsonify(status="unready", reason="数据库不是最新版本，请执行 flask --app wsgi db upgrade"), 503
    return jsonify(status="ok")


@blueprint.get("/healthz/jobs")
@anybody()
def jobs() -> Any:
    """503 while a job is silent, or when the scheduler was never started here."""
    try:
        started = has_ever_run(db.session)  # type: ignore[arg-type]  # the scoped session stands for one
        silent = silent_jobs(db.session, time_source().now())  # type: ignore[arg-type]
    except (DBAPIError, PoolTimeout):
        db.session.rollback()
        return jsonify(status="unknown", reason="数据库无法读取"), 503
    if not started:
        return jsonify(status="silent", reason="调度程序从未启动", silent=[]), 503
    if silent:
        names = [{"job": job.name, "since": local(job.since).isoformat()} for job in silent]
        return jsonify(status="silent", reason="有定时任务没有按时完成", silent=names), 503
    return jsonify(status="ok", silent=[])
