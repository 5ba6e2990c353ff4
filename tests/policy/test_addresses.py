"""Every address, asked as every person, gives what the table says, and never a 500.

Rows are addresses, columns people: `x` is a page (200 or a redirect onwards), `.` is *not found*, `l` is the login.
A new page fails `test_every_address_stands_in_the_table` until it has its row.
"""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from assist.domain.rates import month
from assist.domain.requests import RequestKind
from assist.domain.supervision import Addressee, SupervisionLevel
from assist.models import Export, Request, Supervision
from assist.services import export_runs, exporting, freezing
from tests.cast import Cast, Person
from tests.make import Make
from tests.pages import Browser
from tests.policy.address_table import PEOPLE, TABLE
from tests.supervisions import issued, order, proposed


def rows() -> list[tuple[str, str, str]]:
    lines = [line.split() for line in TABLE.strip().splitlines()]
    return [
        (row[0], person, mark) for row in lines[1:] for person, mark in zip(lines[0], row[1:], strict=True)
    ]


@pytest.fixture
def tickets(make: Make, cast: Cast) -> dict[str, Any]:
    """甲's and 乙's; a task of 甲's that 周's unit has signed, and one of 乙's that waits for its dispatch.

    Of 甲's ticket a request of each kind of asker, a notice to its owner, an order to 周's unit, and a proposal.
    """
    found: dict[str, Any] = {}
    found["jia"] = jia = make.handled()
    found["yi"] = yi = make.handled(make.ticket(by=cast.sun))
    found["task"] = make.signed(make.task(jia))
    found["waiting"] = make.task(yi)
    found["closed"] = make.closed()
    found["declined"] = make.ticket()
    make.decided(make.asked(RequestKind.DECLINE, found["declined"]), cast.qian)
    found["deferral"] = make.asked(RequestKind.DEFERRAL, make.handled(), on=date(2026, 12, 11))
    found["request"] = make.asked(RequestKind.DIFFICULTY, jia)
    found["task_request"] = make.asked_for_task(RequestKind.TASK_RETURN, found["task"], unit=cast.zhang.actor.unit_id)
    found["notice"] = issued(make, jia)
    found["to_unit"] = issued(make, jia, order(SupervisionLevel.ORDER, Addressee.UNIT, found["task"].number))
    found["proposal"] = proposed(make.session, jia)
    asked = exporting.wanted(make.work(cast.wang), "A", {})
    found["export"] = export_runs.ask(make.work(cast.wang), asked, 6_000)
    freezing.freeze(make.work(), month(2026, 10))
    make.session.commit()
    return found


def places(tickets: dict[str, Any], cast: Cast) -> dict[str, Any]:
    """What stands for the names in braces."""
    people = {f"{name}_id": getattr(cast, name).id for name in PEOPLE}
    by_id = (Export, Request, Supervision)
    numbers = {name: one.number for name, one in tickets.items() if not isinstance(one, by_id)}
    numbers |= {f"{name}_id": str(one.id) for name, one in tickets.items() if isinstance(one, by_id)}
    own = {"jia_id": cast.jia, "yi_id": cast.yi, "unit_id": cast.zhou.actor.unit_id}
    return {**people, **numbers, **own}


def what_came(client: FlaskClient, address: str) -> str:
    response = client.get(address)
    if response.status_code in (301, 302, 303):
        return "l" if "/login" in response.headers["Location"] else "x"
    return {200: "x", 403: "f", 404: ".", 405: "405"}.get(response.status_code, str(response.status_code))


def test_every_address_gives_everybody_what_the_table_says(
    app: Flask, tickets: dict[str, Any], cast: Cast
) -> None:
    numbers = places(tickets, cast)
    wrong = []
    clients: dict[str, FlaskClient] = {}
    for address, name, mark in rows():
        if name not in clients:
            person: Person = getattr(cast, name)
            clients[name] = Browser(app, person).client
        came = what_came(clients[name], address.format(**numbers))
        if came != mark:
            wrong.append(f"{address} as {name}: {came}, the table says {mark}")
    assert wrong == []


def test_whoever_has_not_signed_in_is_led_to_the_login(
    app: Flask, tickets: dict[str, Any], cast: Cast
) -> None:
    numbers = places(tickets, cast)
    client = app.test_client()
    open_doors = {"/healthz"}
    addresses = {address.format(**numbers) for address, _, _ in rows()} - open_doors
    assert {address: what_came(client, address) for address in addresses} == dict.fromkeys(addresses, "l")


def plain_addresses(app: Flask) -> set[str]:
    """Every GET address without a variable part, apart from the doors and the machines'."""
    doors = {"/login", "/readyz", "/healthz/jobs", "/portal/similar"}
    rules: list[Any] = list(app.url_map.iter_rules())
    return {rule.rule for rule in rules if "GET" in rule.methods and "<" not in rule.rule} - doors


def test_every_address_stands_in_the_table(app: Flask) -> None:
    told = {address for address, _, _ in rows()}
    assert plain_addresses(app) - told == set()
