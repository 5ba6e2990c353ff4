"""What the pages of visits share: the blueprint, and how an office is called beside a person."""

from typing import Any

from flask import Blueprint

from assist.services.queries.visit_month import office

blueprint = Blueprint("visits", __name__, url_prefix="/visits")


def unit_of(row: Any) -> str:
    """The visitor's unit, short where it has a short name; else the office."""
    return row.unit_short or row.unit_name or office(row.roles)
