"""Kind × person: who may ask and who may decide, as the real addresses answer.

`o` may (the form is shown, or the act done, refused or asked to be filled in), `f` is forbidden, `.` is *not found*.
Written out to be read aloud; the last tests hold it against `domain.requests`.
"""

from datetime import date
from typing import Any

import pytest
from flask import Flask

from assist.domain.clock import shanghai
from assist.domain.policy import Relation
from assist.domain.requests import SPECS, RequestKind
from assist.models import Request, StandIn, Ticket
from tests.cast import Cast
from tests.make import Make
from tests.pages import Browser

K = RequestKind
# Of 甲's ticket: 陈 speaks for 甲, 张 is its officer and 代 acts for him now, 王 supervises, 赵 coordinates the city,
# 钱 the area, 刘 heads the work group; 孙 and 李 belong to 乙, 周 is a unit's, 系 an administrator.
ASKING = """
kind            陈 张 代 王 赵 钱 刘 孙 李 周 系
decline         f  o  o  f  f  f  f  .  .  .  .
decline_review  o  f  f  f  f  f  f  .  .  .  .
withdrawal      o  f  f  f  f  f  f  .  .  .  .
difficulty      f  o  o  f  f  f  f  .  .  .  .
urgency         o  o  o  f  f  f  f  .  .  .  .
deferral        f  o  o  f  f  f  f  .  .  .  .
suspension      f  o  o  f  f  f  f  .  .  .  .
coordination    f  o  o  f  f  f  f  .  .  .  .
objection       f  o  o  f  o  o  f  .  .  .  .
"""
# Asked by 张 (or, of the enterprise's own kinds, by 陈; about its task by 周). The second deferral is the city's.
DECIDING = """
kind             陈 张 代 王 赵 钱 刘 孙 李 周 系
decline          .  f  f  f  o  o  f  .  .  .  .
decline_review   .  f  f  o  f  f  f  .  .  .  .
withdrawal       .  f  f  f  o  o  f  .  .  .  .
difficulty       .  f  f  f  o  o  f  .  .  .  .
urgency          .  f  f  f  o  o  f  .  .  .  .
deferral         .  f  f  f  o  o  f  .  .  .  .
second_deferral  .  f  f  f  o  f  f  .  .  .  .
suspension       .  f  f  f  o  f  f  .  .  .  .
review           .  f  f  f  o  f  f  .  .  .  .
coordination     .  f  f  f  f  f  o  .  .  .  .
objection        .  f  f  o  f  f  f  .  .  .  .
task_deferral    .  o  o  f  f  f  f  .  .  f  .
task_return      .  f  f  f  o  o  f  .  .  f  .
"""
PEOPLE = {
    "陈": "chen",
    "张": "zhang",
    "代": "wu",
    "王": "wang",
    "赵": "zhao",
    "钱": "qian",
    "刘": "liu",
    "孙": "sun",
    "李": "li",
    "周": "zhou",
    "系": "xi",
}
MARKS = {403: "f", 404: "."}
DONE = (200, 302, 400, 409)
ENTERPRISES = {K.DECLINE_REVIEW, K.WITHDRAWAL}


def lines(table: str) -> list[tuple[str, dict[str, str]]]:
    head, *rows = [line.split() for line in table.strip().splitlines()]
    return [(row[0], dict(zip(head[1:], row[1:], strict=True))) for row in rows]


@pytest.fixture
def browsers(app: Flask, make: Make, cast: Cast) -> dict[str, Browser]:
    make.session.add(
        StandIn(
            officer_id=cast.zhang.id,
            stand_in_id=cast.wu.id,
            started_at=shanghai(2026, 11, 1),
            ended_at=shanghai(2026, 12, 31),
            made_at=shanghai(2026, 11, 1),
        )
    )
    make.session.commit()
    return {shown: Browser(app, getattr(cast, name)) for shown, name in PEOPLE.items()}


def ticket_for(kind: RequestKind, make: Make, cast: Cast) -> Ticket:
    """A ticket of 甲 in a status in which the kind may be asked."""
    if kind is K.DECLINE:
        return make.contacted()
    if kind is K.DECLINE_REVIEW:
        ticket = make.contacted()
        make.decided(make.asked(K.DECLINE, ticket), cast.qian)
        return ticket
    return make.handled()


def asked(name: str, make: Make, cast: Cast) -> Request:
    """A request of the row's kind that waits for its decision (or, of `review`, a suspension that lasts)."""
    days = {"suspension": date(2026, 12, 18), "review": date(2026, 12, 18), "coordination": date(2026, 11, 27)}
    if name.startswith("task_"):
        kind = K.DEFERRAL if name == "task_deferral" else K.TASK_RETURN
        other = cast.zhang.actor.unit_id
        return make.asked_for_task(kind, make.signed(), on=date(2026, 12, 1), unit=other)
    if name == "second_deferral":
        ticket = make.handled()
        make.decided(make.asked(K.DEFERRAL, ticket, on=date(2026, 12, 4)), cast.qian)
        return make.asked(K.DEFERRAL, ticket, on=date(2026, 12, 8))
    if name == "review":
        return make.decided(make.asked(K.SUSPENSION, on=days[name]), cast.zhao)
    kind = RequestKind.of(name)
    ticket = ticket_for(kind, make, cast)
    by = cast.chen if kind in ENTERPRISES else cast.zhang
    about = {"about": f"clock:{first_clock(make, ticket)}"} if kind is K.OBJECTION else {}
    return make.asked(kind, ticket, by, on=days.get(name, date(2026, 12, 4)), **about)


def first_clock(make: Make, ticket: Ticket) -> int:
    from sqlalchemy import select

    from assist.domain.status import Verdict
    from assist.models import Clock

    ended = select(Clock.id).where(Clock.ticket_id == ticket.id, Clock.verdict == Verdict.MET)
    return make.session.scalars(ended.order_by(Clock.id)).first() or 0


def came(browser: Browser, verb: str, address: str) -> str:
    sent: dict[str, Any] = {}
    if verb == "post":
        token = browser.get("/me").form("/logout").values["csrf_token"][0]
        sent = {"data": {"csrf_token": token}}
    code = getattr(browser.client, verb)(address, **sent).status_code
    return MARKS.get(code, "o" if code in DONE else str(code))


@pytest.mark.parametrize("verb", ["get", "post"])
def test_who_may_ask_is_what_the_table_says(
    verb: str, make: Make, cast: Cast, browsers: dict[str, Browser]
) -> None:
    wrong = []
    for name, marks in lines(ASKING):
        number = ticket_for(RequestKind.of(name), make, cast).number
        make.session.rollback()
        for shown, mark in marks.items():
            found = came(browsers[shown], verb, f"/tickets/{number}/request?kind={name}")
            if found != mark:
                wrong.append(f"{verb} {name} by {shown}: {found}, the table says {mark}")
    assert wrong == []


def test_who_may_decide_is_what_the_table_says(
    make: Make, cast: Cast, browsers: dict[str, Browser]
) -> None:
    wrong = []
    for name, marks in lines(DECIDING):
        request_id = asked(name, make, cast).id
        make.session.rollback()
        act = "review" if name == "review" else "decide"
        for shown, mark in marks.items():
            found = came(browsers[shown], "post", f"/requests/{request_id}/{act}")
            if found != mark:
                wrong.append(f"{name} by {shown}: {found}, the table says {mark}")
    assert wrong == []


def test_the_buttons_are_those_of_the_table(make: Make, cast: Cast, browsers: dict[str, Browser]) -> None:
    wrong = []
    for name, marks in lines(DECIDING):
        request_id = asked(name, make, cast).id
        make.session.rollback()
        act = "review" if name == "review" else "decide"
        for shown, mark in marks.items():
            if mark == ".":
                continue
            page = browsers[shown].get(f"/requests/{request_id}")
            has_button = any(one.action == f"/requests/{request_id}/{act}" for one in page.forms)
            if has_button != (mark == "o"):
                wrong.append(f"{name} by {shown}: button {has_button}, the table says {mark}")
    assert wrong == []


def test_the_table_of_asking_is_the_kinds_own() -> None:
    told = dict(lines(ASKING))
    held = {
        "陈": {Relation.CONTACT},
        "张": {Relation.OWNER, Relation.FORMER},
        "代": {Relation.STAND_IN},
        "王": {Relation.SUPERVISOR},
        "赵": {Relation.COORDINATOR},
        "钱": {Relation.COORDINATOR},
        "刘": {Relation.GROUP},
    }
    assert set(told) == {kind.value for kind in SPECS}
    for kind, spec in SPECS.items():
        for shown, relations in held.items():
            assert told[kind.value][shown] == ("o" if relations & spec.asked_by else "f"), (kind, shown)


def test_every_kind_has_its_row_of_deciding() -> None:
    told = {name for name, _ in lines(DECIDING)}
    assert told == {kind.value for kind in SPECS} | {
        "second_deferral",
        "review",
        "task_deferral",
        "task_return",
    }


def test_of_a_restricted_matter_only_a_supervisor_decides(
    make: Make, cast: Cast, browsers: dict[str, Browser]
) -> None:
    from assist.services import configuring

    configuring.name_for_restricted(make.work(cast.wang), cast.zhao.id)
    make.session.commit()
    ticket = make.ticket(category="1301")
    request = make.asked(K.URGENCY, ticket, cast.chen)
    found = {shown: came(browsers[shown], "post", f"/requests/{request.id}/decide") for shown in PEOPLE}
    assert {shown for shown, mark in found.items() if mark == "o"} == {"王"}
    assert found["赵"] == "f", "he works on it"
    assert {shown for shown, mark in found.items() if mark == "."} == set(PEOPLE) - {"王", "赵"}
