"""领导页: on a phone, what is asked of him with a 批示 to start from, the week, five numbers that open their lists."""

import re
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from assist.domain.clock import shanghai
from assist.domain.requests import RequestKind, RequestStatus
from assist.domain.supervision import Addressee, SupervisionLevel
from assist.extensions import db
from assist.models import Request, Setting
from assist.services import digesting, instructing, settings
from assist.services.queries.leader import proposed
from tests.cast import Cast
from tests.make import Make
from tests.statements import counted
from tests.supervisions import issued, order
from tests.tasks import told


def test_a_leader_lands_on_his_page_and_decides_with_one_click_and_comes_back(
    make: Make, cast: Cast, browse: Any, session: Session
) -> None:
    asked = make.asked(
        RequestKind.COORDINATION,
        on=date(2026, 11, 30),
        reason="消防验收排队两月。",
        who_does="请住建局明确验收时间。",
    )
    browser = browse(cast.liu)
    page = browser.get("/leader/")
    assert "需您协调 1 件" in page.text
    assert "卡点：消防验收排队两月。" in page.text
    assert "请住建局明确验收时间，11月30日前落实并反馈；责任专员跟踪到底。" in page.html
    done = browser.send(page, action=f"/requests/{asked.id}/decide", decision="approve")
    assert "目前没有需您协调的事项" in done.text
    session.rollback()
    found = session.scalars(select(Request)).one()
    assert (found.status, found.decided_by_id) == (RequestStatus.APPROVED, cast.liu.id)
    assert found.note.startswith("请住建局明确验收时间")


def test_the_proposed_words_read_well_whatever_was_asked() -> None:
    assert proposed("住建局明确时间；", "12月2日") == "请住建局明确时间，12月2日前落实并反馈；责任专员跟踪到底。"
    assert proposed("", "") == "请有关单位研究解决，尽快落实并反馈；责任专员跟踪到底。"


def test_each_number_opens_exactly_the_tickets_it_counts(make: Make, cast: Cast, browse: Any) -> None:
    make.closed()
    make.handled(make.ticket("在办的一件"))
    make.handled(make.ticket("乙的，不在他的组", by=cast.sun))
    browser = browse(cast.liu)
    page = browser.get("/leader/")
    links = re.findall(r'<a href="(/tickets/[^"]+)"><b>(\d+)(?: / (\d+))?</b>', page.html)
    assert len(links) == 5
    for address, n, d in links:
        listed = browser.get(address.replace("&amp;", "&")).text
        assert f"共 {d or n} 件" in listed, (address, n, d)


def test_his_instructions_and_the_orders_of_the_third_level_stand_until_answered(
    make: Make, cast: Cast, browse: Any
) -> None:
    ticket = make.handled()
    given = instructing.Given("请一周内解决。", date(2026, 11, 27))
    make.act(cast.liu, ticket, instructing.instruct, given)
    issued(make, ticket, order(SupervisionLevel.KEY_ORDER, Addressee.OWNER))
    make.session.rollback()
    page = browse(cast.liu).get("/leader/").text
    assert "请一周内解决" in page
    assert "待落实" in page
    assert "重点督办单 聊助企督〔2026〕1号" in page
    make.act(cast.zhang, ticket, instructing.reply, "已约定验收。")
    page = browse(cast.liu).get("/leader/").text
    assert "落实情况：已约定验收。" in page
    make.at(shanghai(2026, 12, 1, 9, 0))
    assert "请一周内解决" not in browse(cast.liu).get("/leader/").text


def test_the_week_tells_what_changed_and_no_more_of_last_week(make: Make, cast: Cast, browse: Any) -> None:
    make.closed()
    page = browse(cast.liu).get("/leader/").text
    assert "新提交1件" in page
    assert "企业确认1件" in page
    assert "已解决" in page
    make.at(shanghai(2026, 11, 30, 9, 0))
    assert "本周还没有变化" in browse(cast.liu).get("/leader/").text


def test_a_restricted_matter_is_nowhere_on_it(make: Make, cast: Cast, browse: Any, session: Session) -> None:
    session.scalars(select(Setting).where(Setting.name == "restricted_owner_id")).one().value = cast.wang.id
    settings.changed(session)
    session.commit()
    make.ticket("专员态度冷淡，请换人。", category="1304")
    page = browse(cast.liu).get("/leader/").text
    assert "态度冷淡" not in page
    assert "在办 0 件" in page


def test_the_page_costs_the_same_whatever_its_length(
    make: Make, cast: Cast, browse: Any, session: Session
) -> None:
    for number in range(4):
        ticket = make.handled(make.ticket(f"第{number}件"))
        make.asked(RequestKind.COORDINATION, ticket, on=date(2026, 11, 30))
        make.act(cast.liu, ticket, instructing.instruct, instructing.Given("请抓紧", date(2026, 11, 27)))
    session.close()
    browser = browse(cast.liu)
    with browser.client.application.app_context():
        engine = db.engine
    browser.get("/leader/")
    with counted(engine) as statements:
        browser.get("/leader/")
    assert len(statements) <= 8, statements


def test_on_the_first_day_of_the_week_a_leader_is_told_once_what_waits_for_him(
    make: Make, cast: Cast, session: Session
) -> None:
    ticket = make.handled()
    make.asked(RequestKind.COORDINATION, ticket, on=date(2026, 11, 30))
    issued(make, ticket, order(SupervisionLevel.KEY_ORDER))
    session.rollback()
    digesting.digest(make.work())
    session.commit()
    (message,) = told(session, cast.liu.id, "digest")
    assert message.title == "本周企业诉求：需您协调1件，重点督办1件，在办1件"
    assert message.location == "/leader/"
    make.at(shanghai(2026, 11, 24, 9, 0))
    digesting.digest(make.work())
    session.commit()
    assert len(told(session, cast.liu.id, "digest")) == 1
