"""Role × relation × act on a 督办: what its own table allows is what the real addresses allow.

`o` may (done, refused as things stand, or asked to be filled in), `f` is forbidden, `.` is *not found*. One is
addressed to the owner, one to a unit, one to the area, one is only proposed.
"""

from typing import Any

import pytest
from flask import Flask

from assist.domain.policy import SUPERVISION_ACTS, SupervisionRelation
from assist.domain.supervision import Addressee, SupervisionAction, SupervisionLevel
from tests.cast import Cast
from tests.make import Make
from tests.pages import Browser
from tests.supervisions import issued, order, proposed

# Of 甲's ticket: 张 owns it, 王 supervises, 赵 coordinates the city, 钱 the area, 刘 leads the work group, 周 works in
# the unit that has a task of it; 陈 speaks for 甲 (no enterprise ever finds one), 李 is 乙's officer, 系 administers.
TABLE = """
to        act      王 张 周 钱 赵 刘 陈 李 系
owner     reply    f  o  .  f  f  f  .  .  .
unit      reply    f  f  o  f  f  f  .  .  .
area      reply    f  f  .  o  f  f  .  .  .
owner     accept   o  f  .  f  f  f  .  .  .
owner     raise    o  f  .  f  f  f  .  .  .
owner     void     o  f  .  f  f  f  .  .  .
unit      void     o  f  f  f  f  f  .  .  .
proposal  issue    o  .  .  .  .  .  .  .  .
proposal  dismiss  o  .  .  .  .  .  .  .  .
"""
PEOPLE = {
    "王": "wang",
    "张": "zhang",
    "周": "zhou",
    "钱": "qian",
    "赵": "zhao",
    "刘": "liu",
    "陈": "chen",
    "李": "li",
    "系": "xi",
}
MARKS = {403: "f", 404: "."}
DONE = (200, 302, 400, 409)
A, L = Addressee, SupervisionLevel


def lines() -> list[tuple[str, str, dict[str, str]]]:
    head, *rows = [line.split() for line in TABLE.strip().splitlines()]
    return [(row[0], row[1], dict(zip(head[2:], row[2:], strict=True))) for row in rows]


@pytest.fixture
def ids(make: Make) -> dict[str, int]:
    ticket = make.handled()
    task = make.signed(make.task(ticket))
    made = {
        "owner": issued(make, ticket),
        "unit": issued(make, ticket, order(L.ORDER, A.UNIT, task.number)),
        "area": issued(make, ticket, order(L.NOTICE, A.AREA)),
        "proposal": proposed(make.session, ticket),
    }
    found = {name: row.id for name, row in made.items()}
    make.session.close()
    return found


def test_every_act_by_everybody_gives_what_the_table_says(
    app: Flask, ids: dict[str, int], cast: Cast
) -> None:
    wrong = []
    for shown, name in PEOPLE.items():
        browser = Browser(app, getattr(cast, name))
        token = browser.get("/me").form("/logout").values["csrf_token"][0]
        for to, slug, marks in lines():
            sent: dict[str, Any] = {"csrf_token": token}
            code = browser.client.post(f"/supervisions/{ids[to]}/{slug}", data=sent).status_code
            came = MARKS.get(code, "o" if code in DONE else str(code))
            if came != marks[shown]:
                wrong.append(f"{slug} of {to} by {shown}: {came} ({code}), the table says {marks[shown]}")
    assert wrong == []


def test_the_table_here_is_the_policys_own() -> None:
    assert {slug for _, slug, _ in lines()} == {action.value for action in SupervisionAction}
    for to, slug, marks in lines():
        allowed = SUPERVISION_ACTS[SupervisionAction.of(slug)]
        assert (marks["王"] == "o") == (SupervisionRelation.SUPERVISOR in allowed), (to, slug)
        assert ("o" in set(marks.values()) - {marks["王"]} or marks["王"] == "o") == bool(allowed)
        others = {shown for shown, mark in marks.items() if mark == "o" and shown != "王"}
        assert bool(others) == (SupervisionRelation.ADDRESSEE in allowed), (to, slug)
