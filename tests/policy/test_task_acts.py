"""Role × relation × act on a task: what the tasks' own table allows is what the real addresses allow.

`o` may (the form is shown or the act done, refused or asked to be filled in), `f` is forbidden, `.` is *not found*.
The table is written out to be read aloud; the last test holds it against `domain.policy`.
"""

from typing import Any

import pytest
from flask import Flask

from assist.domain.policy import TASK_ACTS, TaskRelation
from assist.domain.tasks import TaskAction
from tests.cast import Cast, account, person
from tests.make import Make
from tests.pages import Browser
from tests.standing import stand_in_and_former

# Of a task that 周 of 市生态环境局 has signed, on a ticket of 甲: 张 owns the ticket, 赵 coordinates the city, 钱 the
# area, 王 supervises, 刘 leads the work group, 郑 signs for the unit; 外 works in another unit, 陈 speaks for 甲 (no
# enterprise ever sees a task), 李 is 乙's officer, 系 an administrator; 代 stands in for 张, 原 was 甲's officer
# before.
TABLE = """
act           张 赵 钱 王 刘 周 郑 外 陈 李 系 代 原
dispatch      f  o  f  f  f  f  f  .  .  .  .  f  f
sign          f  f  f  f  f  o  o  .  .  .  .  f  f
pass          f  f  f  f  f  o  o  .  .  .  .  f  f
progress      f  f  f  f  f  o  o  .  .  .  .  f  f
reply         f  f  f  f  f  o  o  .  .  .  .  f  f
sign-reply    f  f  f  f  f  f  o  .  .  .  .  f  f
hand-back     f  f  f  f  f  f  o  .  .  .  .  f  f
accept-reply  o  f  f  f  f  f  f  .  .  .  .  o  f
send-back     o  f  f  f  f  f  f  .  .  .  .  o  f
cancel        o  f  f  f  f  f  f  .  .  .  .  o  f
nudge         o  o  o  o  f  f  f  .  .  .  .  o  f
"""
# Before the city has dispatched it the unit does not know of it.
WAITING = {"张": "o", "赵": "o", "钱": "o", "王": "o", "刘": "o", "周": ".", "郑": ".", "外": ".", "陈": "."}
PEOPLE = {
    "张": "zhang",
    "赵": "zhao",
    "钱": "qian",
    "王": "wang",
    "刘": "liu",
    "周": "zhou",
    "郑": "zheng",
    "外": "other",
    "陈": "chen",
    "李": "li",
    "系": "xi",
    "代": "dai",
    "原": "yuan",
}
TR = TaskRelation
RELATIONS = {
    "张": {TR.OWNER, TR.READER},
    "赵": {TR.CITY, TR.OVERSEER, TR.READER},
    "钱": {TR.OVERSEER, TR.READER},
    "王": {TR.OVERSEER, TR.READER},
    "刘": {TR.READER},
    "周": {TR.UNIT},
    "郑": {TR.UNIT, TR.APPROVER},
    "代": {TR.OWNER, TR.READER},
    "原": {TR.READER},
}
MARKS = {403: "f", 404: "."}
DONE = (200, 302, 400, 409)
# At an address of its own (with its kind), or by a decision.
ELSEWHERE = {TaskAction.REQUEST, TaskAction.RETURN}


def lines() -> list[tuple[str, dict[str, str]]]:
    head, *rows = [line.split() for line in TABLE.strip().splitlines()]
    return [(row[0], dict(zip(head[1:], row[1:], strict=True))) for row in rows]


@pytest.fixture
def browsers(app: Flask, make: Make, cast: Cast) -> dict[str, Browser]:
    """Everybody's browser, with somebody of another unit among them."""
    roles = cast.zhou.actor.roles
    other = person(account(make.session, "other", "外单位", *roles, unit_id=cast.zhang.actor.unit_id))
    acting, former = stand_in_and_former(make, cast)
    beside = {"other": other, "dai": acting, "yuan": former}
    return {shown: Browser(app, beside.get(name) or getattr(cast, name)) for shown, name in PEOPLE.items()}


def came(browser: Browser, verb: str, address: str) -> str:
    sent: dict[str, Any] = {}
    if verb == "post":
        token = browser.get("/me").form("/logout").values["csrf_token"][0]
        sent = {"data": {"csrf_token": token}}
    code = getattr(browser.client, verb)(address, **sent).status_code
    return MARKS.get(code, "o" if code in DONE else str(code))


@pytest.mark.parametrize("verb", ["get", "post"])
def test_every_act_asked_by_everybody_gives_what_the_table_says(
    verb: str, make: Make, browsers: dict[str, Browser]
) -> None:
    number = make.signed().number
    make.session.close()
    wrong = []
    for slug, marks in lines():
        for shown, mark in marks.items():
            found = came(browsers[shown], verb, f"/tasks/{number}/{slug}")
            if found != mark:
                wrong.append(f"{verb} {slug} by {shown}: {found}, the table says {mark}")
    assert wrong == []


def test_a_task_that_waits_for_dispatch_is_not_the_units_to_see(
    make: Make, browsers: dict[str, Browser]
) -> None:
    number = make.task().number
    make.session.close()
    assert {shown: came(browsers[shown], "get", f"/tasks/{number}") for shown in WAITING} == WAITING


def test_unit_staff_never_get_at_the_ticket_itself(make: Make, browsers: dict[str, Browser]) -> None:
    number = make.signed().ticket.number
    make.session.close()
    for shown in ("周", "郑", "外"):
        for place in ("", "/comment", "/answer", "/assign-task", "/nudge"):
            assert came(browsers[shown], "get", f"/tickets/{number}{place}") == ".", (shown, place)


def test_the_table_here_is_the_policys_own() -> None:
    told = dict(lines())
    assert set(told) == {action.slug for action in TaskAction if action not in ELSEWHERE}
    for action in set(TaskAction) - ELSEWHERE:
        for shown, held in RELATIONS.items():
            allowed = bool(held & TASK_ACTS[action])
            assert told[action.slug][shown] == ("o" if allowed else "f"), (action, shown)
