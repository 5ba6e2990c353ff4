"""Role × relation × act: what the policy's one table allows is what the real addresses allow, for everybody.

`o` may (the form is shown or the act done, refused or asked to be filled in), `f` is forbidden, `.` is *not found*.
The table is written out to be read aloud; the second test holds it against `domain.policy`.
"""

from typing import Any

import pytest
from flask import Flask

from assist.domain.policy import TICKET_ACTS, Relation
from assist.domain.transitions import Action
from tests.cast import Cast
from tests.make import Make
from tests.pages import Browser
from tests.standing import stand_in_and_former

# Of 甲's ticket: 陈 speaks for 甲, 张 is its officer, 王 a supervisor, 赵 the city's coordinator, 钱 the area's,
# 刘 leads the work group; 孙 and 李 belong to 乙, 周 is a unit's, 吴 nobody's officer, 系 an administrator; 代 stands
# in for 张 these days, 原 was 甲's officer before him (reads, and may object to figures).
TABLE = """
act                 陈 张 王 赵 钱 刘 孙 李 周 吴 系 代 原
comment             o  o  f  f  f  f  .  .  .  .  .  o  f
request-supplement  f  o  f  f  f  f  .  .  .  .  .  o  f
supplement          o  f  f  f  f  f  .  .  .  .  .  f  f
accept              f  o  f  f  f  f  .  .  .  .  .  o  f
contact             f  o  f  f  f  f  .  .  .  .  .  o  f
opinion             f  o  f  f  f  f  .  .  .  .  .  o  f
first-response      f  o  f  f  f  f  .  .  .  .  .  o  f
progress            f  o  f  f  f  f  .  .  .  .  .  o  f
answer              f  o  f  f  f  f  .  .  .  .  .  o  f
correct-answer      f  o  f  f  f  f  .  .  .  .  .  o  f
confirm             o  f  f  f  f  f  .  .  .  .  .  f  f
return              o  f  f  f  f  f  .  .  .  .  .  f  f
rate                o  f  f  f  f  f  .  .  .  .  .  f  f
reopen              o  f  f  f  f  f  .  .  .  .  .  f  f
withdraw            o  f  f  f  f  f  .  .  .  .  .  f  f
assign-task         f  o  f  f  f  f  .  .  .  .  .  o  f
merge               f  f  f  o  o  f  .  .  .  .  .  f  f
callback            f  f  o  f  f  f  .  .  .  .  .  f  f
supervise           f  f  o  f  f  f  .  .  .  .  .  f  f
instruct            f  f  o  f  f  o  .  .  .  .  .  f  f
reply-instruction   f  o  f  f  f  f  .  .  .  .  .  o  f
nudge               o  f  o  o  o  f  .  .  .  .  .  f  f
verify-entry        o  f  f  f  f  f  .  .  .  .  .  f  f
verify-contact      o  f  f  f  f  f  .  .  .  .  .  f  f
request             o  o  f  o  o  f  .  .  .  .  .  o  o
resume              f  o  f  f  f  f  .  .  .  .  .  o  f
"""
PEOPLE = {
    "陈": "chen",
    "张": "zhang",
    "王": "wang",
    "赵": "zhao",
    "钱": "qian",
    "刘": "liu",
    "孙": "sun",
    "李": "li",
    "周": "zhou",
    "吴": "wu",
    "系": "xi",
    "代": "dai",
    "原": "yuan",
}
MARKS = {403: "f", 404: "."}
DONE = (200, 302, 400, 409)
RELATIONS = {
    "陈": Relation.CONTACT,
    "张": Relation.OWNER,
    "王": Relation.SUPERVISOR,
    "赵": Relation.COORDINATOR,
    "钱": Relation.COORDINATOR,
    "刘": Relation.GROUP,
    "代": Relation.STAND_IN,
    "原": Relation.FORMER,
}


# At the address of the request, supervision or theme.
ELSEWHERE = {Action.DECIDE, Action.REVIEW, Action.REPLY_SUPERVISION, Action.SETTLE_SUPERVISION, Action.GROUP}


def lines() -> list[tuple[str, dict[str, str]]]:
    head, *rows = [line.split() for line in TABLE.strip().splitlines()]
    return [(row[0], dict(zip(head[1:], row[1:], strict=True))) for row in rows]


@pytest.mark.parametrize("verb", ["get", "post"])
def test_every_act_asked_by_everybody_gives_what_the_table_says(
    verb: str, app: Flask, make: Make, cast: Cast
) -> None:
    number = make.ticket().number
    beside = dict(zip(("dai", "yuan"), stand_in_and_former(make, cast), strict=True))
    make.session.close()
    wrong = []
    for shown, name in PEOPLE.items():
        browser = Browser(app, beside.get(name) or getattr(cast, name))
        token = browser.get("/me").form("/logout").values["csrf_token"][0]
        for slug, marks in lines():
            address = f"/tickets/{number}/{slug}"
            sent: dict[str, Any] = {} if verb == "get" else {"data": {"csrf_token": token}}
            code = getattr(browser.client, verb)(address, **sent).status_code
            came = MARKS.get(code, "o" if code in DONE else str(code))
            if came != marks[shown]:
                wrong.append(f"{verb} {slug} by {shown}: {came} ({code}), the table says {marks[shown]}")
    assert wrong == []


def test_the_table_here_is_the_policys_own() -> None:
    told = dict(lines())
    by_people = {action for action, relations in TICKET_ACTS.items() if relations - {Relation.SYSTEM}}
    pages = by_people - {Action.OPEN_ANSWER, Action.REASSIGN} - ELSEWHERE
    assert set(told) == {action.slug for action in pages}
    for action in pages:
        for shown, relation in RELATIONS.items():
            allowed = relation in TICKET_ACTS[action]
            assert told[action.slug][shown] == ("o" if allowed else "f"), (action, shown)
