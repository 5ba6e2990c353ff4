"""Keyset cursors in URLs: signed together with the filter, so that neither can be bent and an old one is refused."""

from datetime import datetime

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from assist.services.queries.ticket_lists import Cursor


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="cursor")


def sign(cursor: Cursor, wanted: dict[str, str]) -> str:
    key = cursor.key.isoformat() if cursor.key else ""
    return _serializer().dumps([key, cursor.id, cursor.back, sorted(wanted.items())])


def read(text: str | None, wanted: dict[str, str]) -> Cursor | None:
    """The cursor of a URL, or None (the first page) when there is none or it is not of this filter."""
    if not text:
        return None
    try:
        key, row_id, back, signed_for = _serializer().loads(text)
    except (BadSignature, ValueError, TypeError):
        return None
    if [tuple(pair) for pair in signed_for] != sorted(wanted.items()):
        return None
    return Cursor(datetime.fromisoformat(key) if key else None, int(row_id), bool(back))
