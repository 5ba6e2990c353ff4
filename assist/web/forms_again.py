"""What pages with forms share: words of the address, a refusal shown at its field, work begun afresh after it."""

from typing import Any

from flask import g, request

from assist.domain.errors import Invalid, Refused
from assist.extensions import db
from assist.forms.fields import Shape
from assist.services.work import Work
from assist.web import guards

LONGEST = 60


def asked(name: str) -> str:
    """A word of the address, cut to a sane length."""
    return request.args.get(name, "").strip()[:LONGEST]


def asked_page() -> int:
    page = request.args.get("page", 1, type=int)
    return min(max(page, 1), 1000)


def refused(form: Shape, error: Refused) -> None:
    """Let go of what was begun and show the refusal in the form, at its field when it has one."""
    db.session.rollback()
    field: Any = form[error.field] if isinstance(error, Invalid) and error.field in form else None
    if field is not None:
        field.errors = [*field.errors, error.sentence]
    elif error.sentence:
        form.form_errors = [*form.form_errors, error.sentence]


def afresh() -> Work:
    """A piece of work after a refusal: what was read before is read again."""
    g.pop("work", None)
    return guards.work()
