"""Every address, asked as every person, gives what the table says, and never a 500.

Rows are addresses, columns people: `x` is a page (200 or a redirect onwards), `.` is *not found*, `l` is the login.
A new page fails `test_every_address_stands_in_the_table` until it has its row.
"""

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
from tests.supervisions import issued, order, proposed

PEOPLE = ("chen", "sun", "zhang", "li", "wang", "zhao", "qian", "liu", "zhou", "wu", "xi", "an", "shen")

TABLE = """
                                          chen  sun   zhang li    wang  zhao  qian  liu   zhou  wu    xi    an    shen
/                                         x     x     x     x     x     x     x     x     x     x     x     x     x
/me                                       x     x     x     x     x     x     x     x     x     x     x     x     x
/password                                 x     x     x     x     x     x     x     x     x     x     x     x     x
/inbox/                                   x     x     x     x     x     x     x     x     x     x     x     x     x
/portal/                                  x     x     .     .     .     .     .     .     .     .     .     .     .
/portal/tickets/new                       x     x     .     .     .     .     .     .     .     .     .     .     .
/desk/                                    .     .     x     x     .     .     .     .     .     x     .     .     .
/desk/tickets/new                         .     .     x     x     .     .     .     .     .     x     .     .     .
/tickets/                                 .     .     x     x     x     x     x     x     .     x     .     .     .
/leader/                                  .     .     .     .     .     .     .     x     .     .     .     .     .
/oversight/                               .     .     .     .     x     .     .     .     .     .     .     .     .
/oversight/callbacks                      .     .     .     .     x     .     .     .     .     .     .     .     .
/oversight/deliveries                     .     .     .     .     x     .     .     .     .     .     .     .     .
/oversight/figures/on_time                .     .     .     .     x     .     .     .     .     .     .     .     .
/figures/                                 .     .     .     .     x     x     x     x     .     .     .     .     .
/figures/?period=2026&area=1              .     .     .     .     x     x     x     x     .     .     .     .     .
/figures/officers                         .     .     .     .     x     x     x     x     .     .     .     .     .
/roster/                                  .     .     .     .     x     x     x     .     .     .     .     .     .
/roster/officers                          .     .     .     .     x     x     x     .     .     .     .     .     .
/roster/units                             .     .     .     .     x     x     x     .     .     .     .     .     .
/roster/import                            .     .     .     .     .     x     x     .     .     .     .     .     .
/roster/work-groups                       .     .     .     .     x     x     x     .     .     .     .     .     .
/roster/enterprises/new                   .     .     .     .     .     x     x     .     .     .     .     .     .
/roster/officers/new                      .     .     .     .     .     x     x     .     .     .     .     .     .
/roster/units/new                         .     .     .     .     x     x     x     .     .     .     .     .     .
/roster/units/{unit_id}/staff             .     .     .     .     .     x     .     .     .     .     .     .     .
/roster/units/{unit_id}/staff/new         .     .     .     .     .     x     .     .     .     .     .     .     .
/roster/units/{unit_id}/staff/{zhou_id}   .     .     .     .     .     x     .     .     .     .     .     .     .
/roster/units/{unit_id}/staff/{zhang_id}  .     .     .     .     .     .     .     .     .     .     .     .     .
/roster/import/template.xlsx              .     .     .     .     .     x     x     .     .     .     .     .     .
/roster/export                            .     .     .     .     x     x     x     .     .     .     .     .     .
/roster/enterprises/{jia_id}              .     .     .     .     x     x     x     .     .     .     .     .     .
/roster/enterprises/{yi_id}               .     .     .     .     x     x     .     .     .     .     .     .     .
/roster/enterprises/{jia_id}/edit         .     .     .     .     .     x     x     .     .     .     .     .     .
/roster/enterprises/{yi_id}/edit          .     .     .     .     .     x     .     .     .     .     .     .     .
/roster/enterprises/{jia_id}/pair         .     .     .     .     .     x     x     .     .     .     .     .     .
/roster/enterprises/{jia_id}/hand-over/{wu_id}  .  .  .     .     .     x     x     .     .     .     .     .     .
/roster/enterprises/{yi_id}/hand-over/{wu_id}  .   .  .     .     .     x     .     .     .     .     .     .     .
/boards/                                  .     .     .     .     x     x     x     x     .     .     .     .     .
/boards/print                             .     .     .     .     x     x     x     x     .     .     .     .     .
/boards/?month=2001-01                    .     .     .     .     .     .     .     .     .     .     .     .     .
/settings/boards                          .     .     .     .     x     .     .     .     .     .     .     .     .
/settings/boards/least_due                .     .     .     .     x     .     .     .     .     .     .     .     .
/settings/boards/nothing                  .     .     .     .     .     .     .     .     .     .     .     .     .
/figures/screen                           .     .     .     .     x     x     x     x     .     .     .     .     .
/figures/screen.json                      .     .     .     .     x     x     x     x     .     .     .     .     .
/figures/months/                          .     .     .     .     x     x     x     x     .     .     .     .     .
/figures/months/2026-11                   .     .     .     .     x     x     x     .     .     .     .     .     .
/figures/months/2026-11/correct           .     .     .     .     .     .     .     .     .     .     .     .     .
/figures/months/2026-10                   .     .     .     .     x     x     x     .     .     .     .     .     .
/figures/months/2026-10/print             .     .     .     .     x     x     x     .     .     .     .     .     .
/figures/months/2026-10/correct           .     .     .     .     x     .     .     .     .     .     .     .     .
/figures/months/2026-10/content.json      .     .     .     .     x     .     .     .     .     .     .     .     .
/figures/months/2030-01                   .     .     .     .     .     .     .     .     .     .     .     .     .
/figures/months/times                     .     .     .     .     .     .     .     .     .     .     .     .     .
/figures/months/times?figure=feedback&since=2026-11-01&until=2026-11-30  .  .  .  .  x  x  x  x  .  .  .  .  .
/themes/                                  .     .     x     x     x     x     x     .     .     x     .     .     .
/themes/new                               .     .     .     .     x     x     x     .     .     .     .     .     .
/themes/999999                            .     .     .     .     .     .     .     .     .     .     .     .     .
/ledgers/                                 .     .     x     x     x     x     x     x     x     x     .     .     .
/ledgers/A                                .     .     x     x     x     x     x     x     .     x     .     .     .
/ledgers/b                                .     .     .     .     x     x     x     .     .     .     .     .     .
/ledgers/C                                .     .     x     x     x     x     x     x     x     x     .     .     .
/ledgers/D                                .     .     x     x     x     x     x     x     x     x     .     .     .
/ledgers/E                                .     .     .     .     x     x     x     x     .     .     .     .     .
/ledgers/F                                .     .     .     .     x     x     x     x     .     .     .     .     .
/ledgers/A.xlsx                           .     .     x     x     x     x     x     x     .     x     .     .     .
/ledgers/B.xlsx                           .     .     .     .     x     x     x     .     .     .     .     .     .
/ledgers/F.xlsx                           .     .     .     .     x     x     x     x     .     .     .     .     .
/ledgers/exports/{export_id}              .     .     .     .     x     .     .     .     .     .     .     .     .
/ledgers/exports/{export_id}/progress     .     .     .     .     x     .     .     .     .     .     .     .     .
/ledgers/exports/{export_id}/file         .     .     .     .     .     .     .     .     .     .     .     .     .
/ledgers/import                           .     .     x     x     .     .     .     .     .     x     .     .     .
/ledgers/import/nonsense                  .     .     .     .     .     .     .     .     .     .     .     .     .
/ledgers/exports/999999                   .     .     .     .     .     .     .     .     .     .     .     .     .
/handovers/                               .     .     x     x     x     x     x     .     .     x     .     .     .
/handovers/999999                         .     .     .     .     .     .     .     .     .     .     .     .     .
/visits/                                  .     .     x     x     x     x     x     x     x     x     .     .     .
/visits/new                               .     .     x     x     x     x     x     .     x     x     .     .     .
/visits/completion                        .     .     .     .     x     x     x     .     .     .     .     .     .
/visits/disturbing                        .     .     .     .     x     .     .     .     .     .     .     .     .
/visits/999999                            .     .     .     .     .     .     .     .     .     .     .     .     .
/enterprises/{jia_id}                     .     .     x     .     x     x     x     x     .     .     .     .     .
/enterprises/{yi_id}                      .     .     .     x     x     x     .     .     .     .     .     .     .
/roster/enterprises/{yi_id}/end-pairing   .     .     .     .     .     x     .     .     .     .     .     .     .
/roster/enterprises/{jia_id}/phones       .     .     x     .     x     x     x     x     .     .     .     .     .
/roster/enterprises/{yi_id}/phones        .     .     .     x     x     x     .     .     .     .     .     .     .
/roster/enterprises/{jia_id}/contacts/new  .     .     .     .     .     x     x     .     .     .     .     .     .
/roster/officers/{zhang_id}/stand-ins     .     .     .     .     x     x     x     .     .     .     .     .     .
/roster/officers/{zhang_id}/phone         .     .     .     .     x     x     x     .     .     .     .     .     .
/roster/people/{zhang_id}/password        .     .     .     .     .     x     x     .     .     .     .     .     .
/roster/people/{li_id}/password           .     .     .     .     .     x     .     .     .     .     .     .     .
/roster/people/{wang_id}/password         .     .     .     .     .     .     .     .     .     .     .     .     .
/roster/people/{chen_id}/edit             .     .     .     .     .     x     x     .     .     .     .     .     .
/supervisions/                            .     .     x     x     x     x     x     x     x     x     .     .     .
/supervisions/dismiss-made-good           .     .     .     .     x     .     .     .     .     .     .     .     .
/supervisions/999999                      .     .     .     .     .     .     .     .     .     .     .     .     .
/supervisions/{notice_id}                 .     .     x     .     x     x     x     x     .     .     .     .     .
/supervisions/{notice_id}/print           .     .     x     .     x     x     x     x     .     .     .     .     .
/supervisions/{notice_id}/reply           .     .     x     .     x     x     x     x     .     .     .     .     .
/supervisions/{notice_id}/nothing         .     .     .     .     .     .     .     .     .     .     .     .     .
/supervisions/{to_unit_id}                .     .     x     .     x     x     x     x     x     .     .     .     .
/supervisions/{to_unit_id}/print          .     .     x     .     x     x     x     x     x     .     .     .     .
/supervisions/{proposal_id}               .     .     .     .     x     .     .     .     .     .     .     .     .
/tickets/{jia}                            x     .     x     .     x     x     x     x     .     .     .     .     .
/tickets/{jia}/print                      x     .     x     .     x     x     x     x     .     .     .     .     .
/tickets/{jia}/reminders                  .     .     x     .     x     x     x     x     .     .     .     .     .
/tickets/{yi}                             .     x     .     x     x     x     .     .     .     .     .     .     .
/tickets/{jia}/comment                    x     .     x     .     f     f     f     f     .     .     .     .     .
/tickets/{jia}/progress                   f     .     x     .     f     f     f     f     .     .     .     .     .
/tickets/{jia}/answer                     f     .     x     .     f     f     f     f     .     .     .     .     .
/tickets/{jia}/nudge                      x     .     f     .     x     x     x     f     .     .     .     .     .
/tickets/{jia}/assign-task                f     .     x     .     f     f     f     f     .     .     .     .     .
/unit/                                    .     .     .     .     .     .     .     .     x     .     .     .     .
/unit/print                               .     .     .     .     .     .     .     .     x     .     .     .     .
/tasks/{task}                             .     .     x     .     x     x     x     x     x     .     .     .     .
/tasks/{waiting}                          .     .     .     x     x     x     .     .     .     .     .     .     .
/tasks/{task}/reply                       .     .     f     .     f     f     f     f     x     .     .     .     .
/tasks/LC-20990101-0001-01                .     .     .     .     .     .     .     .     .     .     .     .     .
/tickets/LC-20990101-0001                 .     .     .     .     .     .     .     .     .     .     .     .     .
/files/999999                             .     .     .     .     .     .     .     .     .     .     .     .     .
/settings/                                .     .     .     .     x     .     .     .     .     .     x     x     .
/settings/limits                          .     .     .     .     x     .     .     .     .     .     .     .     .
/settings/limits/acceptance               .     .     .     .     x     .     .     .     .     .     .     .     .
/settings/limits/resolution.complex       .     .     .     .     x     .     .     .     .     .     .     .     .
/settings/limits/nothing                  .     .     .     .     .     .     .     .     .     .     .     .     .
/settings/ladder                          .     .     .     .     x     .     .     .     .     .     .     .     .
/settings/ladder/resolution.breach        .     .     .     .     x     .     .     .     .     .     .     .     .
/settings/changes/                        .     .     .     .     x     .     .     .     .     .     .     .     .
/settings/changes/999999                  .     .     .     .     .     .     .     .     .     .     .     .     .
/settings/categories                      .     .     .     .     x     .     .     .     .     .     .     .     .
/settings/categories/new                  .     .     .     .     x     .     .     .     .     .     .     .     .
/settings/categories/0502                 .     .     .     .     x     .     .     .     .     .     .     .     .
/settings/categories/05                   .     .     .     .     .     .     .     .     .     .     .     .     .
/settings/values                          .     .     .     .     x     .     .     .     .     .     .     .     .
/settings/values/visit_budget             .     .     .     .     x     .     .     .     .     .     .     .     .
/settings/values/revision                 .     .     .     .     .     .     .     .     .     .     .     .     .
/settings/calendar                        .     .     .     .     x     .     .     .     .     .     .     .     .
/settings/calendar?year=99999             .     .     .     .     x     .     .     .     .     .     .     .     .
/settings/calendar/hours/new              .     .     .     .     x     .     .     .     .     .     .     .     .
/settings/calendar/hours/999999/remove    .     .     .     .     .     .     .     .     .     .     .     .     .
/settings/channels                        .     .     .     .     .     .     .     .     .     .     x     .     .
/settings/channels/email                  .     .     .     .     .     .     .     .     .     .     x     .     .
/settings/channels/dingtalk               .     .     .     .     .     .     .     .     .     .     x     .     .
/settings/channels/pigeon                 .     .     .     .     .     .     .     .     .     .     .     .     .
/settings/jobs                            .     .     .     .     .     .     .     .     .     .     x     .     .
/settings/jobs?name=sweep&show=failed     .     .     .     .     .     .     .     .     .     .     x     .     .
/settings/accounts                        .     .     .     .     .     .     .     .     .     .     x     x     .
/settings/accounts?state=locked             .     .     .     .     .     .     .     .     .     .     x     x     .
/settings/accounts/new                    .     .     .     .     .     .     .     .     .     .     x     .     .
/settings/locks                           .     .     .     .     .     .     .     .     .     .     .     x     .
/settings/accounts/{zhang_id}             .     .     .     .     .     .     .     .     .     .     x     x     .
/settings/accounts/{zhang_id}/state       .     .     .     .     .     .     .     .     .     .     x     f     .
/settings/accounts/{zhang_id}/roles       .     .     .     .     .     .     .     .     .     .     .     x     .
/settings/accounts/{xi_id}                .     .     .     .     .     .     .     .     .     .     x     x     .
/settings/accounts/{xi_id}/state          .     .     .     .     .     .     .     .     .     .     f     f     .
/settings/accounts/{xi_id}/roles          .     .     .     .     .     .     .     .     .     .     .     x     .
/settings/accounts/{an_id}                .     .     .     .     .     .     .     .     .     .     x     x     .
/settings/accounts/{an_id}/state          .     .     .     .     .     .     .     .     .     .     x     f     .
/settings/accounts/{an_id}/roles          .     .     .     .     .     .     .     .     .     .     .     f     .
/settings/accounts/{wang_id}              .     .     .     .     .     .     .     .     .     .     x     x     .
/settings/accounts/{wang_id}/state        .     .     .     .     .     .     .     .     .     .     x     f     .
/settings/accounts/{wang_id}/roles        .     .     .     .     .     .     .     .     .     .     .     x     .
/settings/accounts/{wang_id}/password     .     .     .     .     .     .     .     .     .     .     x     .     .
/settings/accounts/{zhang_id}/password    .     .     .     .     .     .     .     .     .     .     f     .     .
/settings/accounts/{an_id}/password       .     .     .     .     .     .     .     .     .     .     f     .     .
/settings/accounts/{shen_id}/password     .     .     .     .     .     .     .     .     .     .     f     .     .
/settings/accounts/{xi_id}/password       .     .     .     .     .     .     .     .     .     .     f     .     .
/settings/accounts/{wang_id}/edit         .     .     .     .     .     .     .     .     .     .     x     .     .
/settings/accounts/{zhang_id}/edit        .     .     .     .     .     .     .     .     .     .     f     .     .
/settings/accounts/999999                 .     .     .     .     .     .     .     .     .     .     .     .     .
/audit/                                   .     .     .     .     .     .     .     .     .     .     .     .     x
/audit/?since=2026-11-01&before=9         .     .     .     .     .     .     .     .     .     .     .     .     x
/roster/work-groups/1                     .     .     .     .     .     x     .     .     .     .     .     .     .
/coordination/                            .     .     .     .     .     x     x     .     .     .     .     .     .
/requests/                                .     .     x     x     x     x     x     x     x     x     .     .     .
/requests/{request_id}                    .     .     x     .     x     x     x     x     .     .     .     .     .
/requests/{task_request_id}               .     .     x     .     x     x     x     x     x     .     .     .     .
/requests/999999                          .     .     .     .     .     .     .     .     .     .     .     .     .
/tickets/{jia}/request                    x     .     x     .     f     x     x     f     .     .     .     .     .
/tickets/{jia}/request?kind=coordination  f     .     x     .     f     f     f     f     .     .     .     .     .
/tickets/{jia}/request?kind=withdrawal    x     .     f     .     f     f     f     f     .     .     .     .     .
/tickets/{jia}/request?kind=nothing       x     .     x     .     f     x     x     f     .     .     .     .     .
/healthz                                  x     x     x     x     x     x     x     x     x     x     x     x     x
"""


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
