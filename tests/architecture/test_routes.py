"""Every route says who may enter."""

import re

import pytest
from flask import Flask

from assist import create_app

OPEN = {"health.alive", "health.ready", "health.jobs"}


@pytest.fixture(scope="module")
def routes() -> Flask:
    return create_app({}, {"TESTING": True})


def test_every_route_has_a_guard(routes: Flask) -> None:
    without = [
        name
        for name, view in routes.view_functions.items()
        if not name.endswith("static") and getattr(view, "guard", None) is None
    ]
    assert not without


def test_few_doors_are_open_to_anybody(routes: Flask) -> None:
    doors = {
        name for name, view in routes.view_functions.items() if getattr(view, "guard", None) == "anybody"
    }
    assert doors - OPEN <= {name for name in doors if name.startswith("auth.")}


def test_addresses_are_lower_case_words(routes: Flask) -> None:
    odd = [
        rule.rule
        for rule in routes.url_map.iter_rules()
        if rule.endpoint != "static" and not re.fullmatch(r"[a-z0-9./<>:_\-]+", rule.rule)
    ]
    assert not odd


def test_nothing_is_changed_by_reading(routes: Flask) -> None:
    """A view takes GET or POST; one that takes both shows its form again, and is a form."""
    odd = [
        f"{rule.endpoint} {sorted(rule.methods or ())}"
        for rule in routes.url_map.iter_rules()
        if (rule.methods or set()) - {"GET", "HEAD", "OPTIONS", "POST"}
    ]
    assert not odd
