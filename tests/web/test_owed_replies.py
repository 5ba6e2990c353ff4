"""督办 and 批示 that wait stand on the desk of whoever owes the reply, and on nobody else's."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from assist.domain.supervision import Addressee, SupervisionLevel
from assist.services import instructing, supervising
from tests.cast import Cast
from tests.make import Make
from tests.supervisions import act, issued, order
from tests.tasks import SHIELDED

HEADING = "督办与批示，待我反馈"
L, A = SupervisionLevel, Addressee


def test_the_owner_finds_both_on_his_desk_until_he_has_replied(
    make: Make, cast: Cast, browse: Any, session: Session
) -> None:
    ticket = make.handled()
    row = issued(make, ticket)
    make.act(cast.liu, ticket, instructing.instruct, instructing.Given("请抓紧", date(2026, 11, 27)))
    session.rollback()
    page = browse(cast.zhang).get("/desk/")
    assert f"{HEADING} 2 件" in page.text
    assert f'href="/supervisions/{row.id}"' in page.html
    assert f"/tickets/{ticket.number}/reply-instruction" in page.html
    assert HEADING not in browse(cast.li).get("/desk/").text
    act(make, cast.zhang, supervising.reply, row.id, "已办")
    make.act(cast.zhang, ticket, instructing.reply, "已办")
    assert HEADING not in browse(cast.zhang).get("/desk/").text


def test_a_unit_finds_its_own_without_a_shielded_name(
    make: Make, cast: Cast, browse: Any, session: Session
) -> None:
    ticket = make.handled(make.ticket("甲企业被要求停产整改。"), category=SHIELDED)
    task = make.signed(make.task(ticket))
    issued(make, ticket, order(L.ORDER, A.UNIT, task.number))
    session.rollback()
    page = browse(cast.zhou).get("/unit/")
    assert HEADING in page.text
    assert "督办单 聊助企督〔2026〕1号" in page.text
    assert "甲企业" not in page.text


def test_the_areas_coordinator_finds_the_areas_and_the_citys_does_not(
    make: Make, cast: Cast, browse: Any, session: Session
) -> None:
    issued(make, make.handled(), order(L.NOTICE, A.AREA))
    session.rollback()
    assert HEADING in browse(cast.qian).get("/coordination/").text
    assert HEADING not in browse(cast.zhao).get("/coordination/").text
