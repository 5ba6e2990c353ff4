"""What a person sees when something cannot be done: what happened, what to do, whom to call."""

import secrets
from typing import Any

from flask import Flask, current_app, redirect, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from assist.domain.errors import AlreadyDone, Refused
from assist.extensions import db

PAGES = frozenset({400, 403, 404, 409, 413, 429, 500})


def page(code: int, message: str = "", **more: Any) -> tuple[str, int]:
    """The error page of a status; others are shown as 400 or 500 by their hundred."""
    name = code if code in PAGES else (500 if code >= 500 else 400)
    return render_template(f"errors/{name}.html", message=message, **more), code


def _refused(error: Refused) -> Any:
    db.session.rollback()
    return page(error.status_code, error.sentence)


def _already(error: AlreadyDone) -> Any:
    db.session.rollback()
    return redirect(error.location)


def _http(error: HTTPException) -> Any:
    if error.code is not None and error.code < 400:
        return error
    db.session.rollback()
    return page(error.code or 500)


def _csrf(error: CSRFError) -> Any:
    db.session.rollback()
    return page(400, "页面停留时间过长，安全校验已过期。请返回上一页刷新后重新提交，已填写的内容会为您保留。")


def _busy(error: OperationalError) -> Any:
    db.session.rollback()
    reference = secrets.token_hex(4)
    current_app.logger.exception("database refused %s [%s]", request.path, reference)
    return page(500, "系统正忙，这次操作没有生效，请稍候再试。", reference=reference)


def _unexpected(error: Exception) -> Any:
    db.session.rollback()
    reference = secrets.token_hex(4)
    current_app.logger.exception("unexpected error at %s [%s]", request.path, reference)
    if current_app.testing:
        raise error
    return page(500, reference=reference)


def register(app: Flask) -> None:
    app.register_error_handler(AlreadyDone, _already)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(OperationalError, _busy)
    app.register_error_handler(Exception, _unexpected)
